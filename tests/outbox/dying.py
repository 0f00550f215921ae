"""The daemon's jobs in processes that are killed: each is forked off this one, which has loaded all they need.

    python -m tests.outbox.dying HOME

Takes lines of `STEP INSTANT` and answers each with the process's number, then, when it is over, how it ended: by 0 and
the number of steps it took, or by the signal that killed it. A step is the beginning or the end of a transaction; at
that of the given number (0: none) the process kills itself as SIGKILL does, before the database hears of it.
"""

from __future__ import annotations

import os
import random
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from recipflow_connectors.google import gmail, letters, reminders, wire

from recipflow import assembly
from recipflow.daemon.engine import Engine
from recipflow.home import Home, find
from recipflow.session import Session

__all__ = ["gmail", "letters", "reminders", "wire"]


def main(home: Home) -> None:
    warm(home)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        step, at = line.split()
        reading, writing = os.pipe()
        if (child := os.fork()) == 0:
            os.close(reading)
            taken = work(home, int(step), datetime.fromisoformat(at))
            os.write(writing, str(taken).encode())
            os._exit(0)
        os.close(writing)
        tell(f"{child}")
        _, status = os.waitpid(child, 0)
        with os.fdopen(reading) as told:
            tell(f"{os.waitstatus_to_exitcode(status)} {told.read() or 0}")


def tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def warm(home: Home) -> None:
    with Session.open(home) as session:
        for table in session.settings.accounts:
            session.opened(table)
        assembly.reader(session.own_packs.tables)


def work(home: Home, dies_at: int, at: datetime) -> int:
    """Stage, send, mark: what one wake of the daemon does. How many steps it took."""
    taken = 0

    def step(statement: str) -> None:
        nonlocal taken
        if statement.startswith(("BEGIN", "COMMIT")):
            taken += 1
            if taken == dies_at:
                os.kill(os.getpid(), signal.SIGKILL)

    engine = Engine(
        home,
        open_session=lambda where: traced(where, step),
        clock=lambda: at,
        random=random.Random(1).randrange,
    )
    engine.digest()
    engine.remind()
    engine.deliver()
    return taken


def traced(home: Home, step: Callable[[str], None]) -> Session:
    session = Session.open(home)
    session.store._db.set_trace_callback(step)
    return session


if __name__ == "__main__":
    main(find({"RECIPFLOW_HOME": str(Path(sys.argv[1]))}))
