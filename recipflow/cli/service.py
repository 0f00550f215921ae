"""`recipflow service`: the daemon at login."""

from __future__ import annotations

import json
import os
import sys
from collections import deque
from time import monotonic, sleep
from typing import TYPE_CHECKING, Annotated

import typer

from recipflow.cli.render import paragraph, say
from recipflow.errors import UserError

if TYPE_CHECKING:
    from recipflow.home import Home

BEGINS = 15.0
"""Seconds in which a service begins on a slow computer, or something is in its way."""
_OPEN = (
    "This system lets no program of yours be kept apart from the rest, so it runs as any program of yours does, "
    "with access to all your files."
)

service = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@service.callback()
def _service() -> None:
    """Run recipflow by itself from login on, by your system's own means; no administrator is needed."""


@service.command(epilog="Example: recipflow service install")
def install() -> None:
    """Install the service: it starts now, and at each login. Again, and it is brought up to date."""
    from recipflow.home import find
    from recipflow.service import here, installing
    from recipflow.session import Session

    home = find(os.environ)
    with Session.open(home) as session:  # what is wrong with config.toml is said now, not in a log
        settings = session.settings
    known, other = here(), _started_by_hand(home)
    folders = installing.written_to(settings.digest.via, settings.reminders.via)
    kept_apart = installing.install(known, installing.program(home, folders))
    say(paragraph(f"Installed: {known.path}"))
    if not kept_apart:
        say(paragraph(_OPEN))
    if other:
        say(paragraph(f"recipflow run is at work (process {other}). Stop it, and the service takes over."))
        return
    process = _running_soon(home)
    if process is None:
        raise UserError("It was started, but does not run. What is in its way, this says: recipflow run")
    say(paragraph(f"Running as process {process}, and again at each login."))
    say(paragraph("Look at it: recipflow service status. Take it away: recipflow service uninstall"))


@service.command(epilog="Example: recipflow service status")
def status() -> None:
    """Say whether it is installed and runs, and when it acts next. Fails when nothing runs."""
    from recipflow.daemon.engine import Engine
    from recipflow.daemon.lock import running
    from recipflow.home import find
    from recipflow.service import here, installing

    home, known = find(os.environ), here()
    process = running(home.database)
    installed = known.path.exists()
    say(paragraph(f"Installed: {known.path}" if installed else "Not installed: recipflow service install"))
    by_itself = installed and installing.runs(known)
    say(paragraph(f"Running as process {process}." if process else "Not running."))
    if process and not by_itself:
        say(paragraph("It was started by hand: recipflow run."))
    if installed and not process:
        say(paragraph("It should: recipflow run says what is in its way, recipflow service logs what was."))
    if process and home.database.exists():
        first = Engine(home).due().first
        say(paragraph(f"Next: {first.astimezone():%Y-%m-%d %H:%M}." if first else "Nothing is due."))
    if not process:
        sys.exit(1)


@service.command(epilog="Example: recipflow service logs -n 20")
def logs(
    lines: Annotated[int, typer.Option("--lines", "-n", min=1, help="How many of the newest.")] = 50,
    as_json: Annotated[
        bool, typer.Option("--json", help="As they are written: JSON, an object a line.")
    ] = False,
) -> None:
    """Show the newest lines of the log. Nobody's name or words stand in it."""
    from recipflow.home import find

    path = find(os.environ).logs
    if not path.exists():
        raise UserError(f"There is no log yet ({path}): recipflow run writes it.")
    with path.open(encoding="utf-8", errors="replace") as file:
        newest = deque(file, maxlen=lines)
    for line in newest:
        say(line.rstrip() if as_json else _readable(line))


@service.command(epilog="Example: recipflow service uninstall")
def uninstall() -> None:
    """Stop the service and take it away; what recipflow knows stays."""
    from recipflow.service import here, installing

    known = here()
    if not installing.remove(known):
        raise UserError(f"It is not installed: there is no {known.path}.")
    say(paragraph("Stopped and taken away. All that recipflow knows is still there."))


def _started_by_hand(home: Home) -> int | None:
    """The process that runs without the service, and keeps it from beginning."""
    from recipflow.daemon.lock import running
    from recipflow.service import here, installing

    process = running(home.database)
    return process if process and not installing.runs(here()) else None


def _running_soon(home: Home) -> int | None:
    """The process of the service, once it has begun."""
    from recipflow.daemon.lock import running

    until = monotonic() + BEGINS
    while (process := running(home.database)) is None and monotonic() < until:
        sleep(0.2)
    return process


def _readable(line: str) -> str:
    try:
        one = json.loads(line)
    except ValueError:
        return line.rstrip()
    more = {key: value for key, value in one.items() if key not in ("at", "level", "logger", "message")}
    told = " ".join(f"{key}={value}" for key, value in more.items())
    return f"{one.get('at', '')[:19]}  {one.get('level', ''):7}  {one.get('message', '')}  {told}".rstrip()
