"""What may change under the daemon: the clock, config.toml, and what the user says at the command line.

Nothing is opened, and nothing asked of anybody, when nothing changed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recipflow.home import Home

SLEPT = timedelta(minutes=3)
"""The wall clock so far from the running one: the computer slept, or somebody set the clock."""


class Surroundings:
    def __init__(self, home: Home, clock: Callable[[], datetime]) -> None:
        self._home, self._clock = home, clock
        self._last = (monotonic(), clock())
        self._config: tuple[int, int] | None = None
        self._said: tuple[int, int] | None = None

    def jumped(self) -> timedelta | None:
        """How far the wall clock went from the running one since this was asked last, if that is no small thing."""
        running, wall = monotonic(), self._clock()
        before, was = self._last
        self._last = (running, wall)
        drift = wall - was - timedelta(seconds=running - before)
        return drift if abs(drift) > SLEPT else None

    def other_config(self) -> bool:
        """Whether config.toml is another one than when this was asked last."""
        before, self._config = self._config, self._stamp()
        return self._config != before

    def user_spoke(self) -> bool:
        """Whether the user said something, or took it back, since this was asked last."""
        # Not created where `restore` has just taken it away.
        place = f"{self._home.database.absolute().as_uri()}?mode=rw"
        with closing(sqlite3.connect(place, uri=True)) as db:
            said, undone = db.execute(
                "SELECT coalesce(max(id), 0), coalesce(max(undone_at), 0) FROM decision"
            ).fetchone()
        before, self._said = self._said, (said, undone)
        return before not in (None, self._said)

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = self._home.config.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size
