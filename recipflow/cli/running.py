"""`recipflow run`: the daemon in the foreground."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from recipflow.cli.render import paragraph, say


def run(
    once: Annotated[
        bool, typer.Option("--once", help="Do all that is due, once, and end: for a timer of your own.")
    ] = False,
) -> None:
    """Read what is new as it comes, make the digest in the morning, and keep the reminders, until it is stopped.

    It does the same as the service, and says on the terminal what it does. Ctrl-C stops it.
    """
    from recipflow.daemon import logs
    from recipflow.daemon.lock import held
    from recipflow.home import find

    home = find(os.environ)
    with held(home.database):
        logs.start(home.logs, debug="--debug" in sys.argv, terminal=sys.stderr.isatty())
        if once:
            _once()
            return
        _forever()


def _forever() -> None:
    from recipflow.daemon.engine import Engine
    from recipflow.daemon.running import Daemon
    from recipflow.home import find
    from recipflow.store.database import kept_open

    home = find(os.environ)
    if sys.stderr.isatty():
        say(paragraph("Running. Ctrl-C stops it; recipflow service install starts it by itself at login."))
    with kept_open(home.database):
        Daemon(Engine(home)).run()


def _once() -> None:
    from recipflow.daemon.engine import Engine
    from recipflow.home import find

    engine = Engine(find(os.environ))
    failed = [name for name in engine.accounts() if not engine.pull(name)]
    engine.advise()
    engine.remind()
    engine.digest()
    engine.deliver()
    for name in failed:
        sys.stderr.write(f"{name} did not go on: recipflow doctor says why.\n")
    if failed:
        sys.exit(1)
