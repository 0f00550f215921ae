"""`recipflow service`: the daemon at login."""

from __future__ import annotations

import json
import os
import sys
from collections import deque
from typing import Annotated

import typer

from recipflow.cli.render import paragraph, say
from recipflow.errors import UserError

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
    known = here()
    folders = installing.written_to(settings.digest.via, settings.reminders.via)
    installing.install(known, installing.program(home, folders))
    say(paragraph(f"Running, and again at each login ({known.path})."))
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


def _readable(line: str) -> str:
    try:
        one = json.loads(line)
    except ValueError:
        return line.rstrip()
    more = {key: value for key, value in one.items() if key not in ("at", "level", "logger", "message")}
    told = " ".join(f"{key}={value}" for key, value in more.items())
    return f"{one.get('at', '')[:19]}  {one.get('level', ''):7}  {one.get('message', '')}  {told}".rstrip()
