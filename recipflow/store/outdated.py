"""What was read by rules that hold no more: it stands until it is read anew, the newest first."""

from __future__ import annotations

import sqlite3

_KEY = "outdated_up_to"


class Outdated:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def all(self) -> None:
        """All that was read so far was read by other rules; what comes from now on is not."""
        newest = self._db.execute("SELECT coalesce(max(id), 0) FROM interaction").fetchone()[0]
        self._reach(int(newest))

    def left(self) -> bool:
        """Whether something is not done yet that other rules ask for."""
        return self._db.execute("SELECT 1 FROM meta WHERE key = ?", (_KEY,)).fetchone() is not None

    def next(self, most: int) -> list[int]:
        """The newest rows that wait for being read anew, so many at most."""
        rows = self._db.execute(
            "SELECT id FROM interaction i WHERE id <= (SELECT CAST(value AS INTEGER) FROM meta WHERE key = ?) "
            "AND EXISTS (SELECT 1 FROM reading r WHERE r.interaction = i.id) "
            "ORDER BY id DESC LIMIT ?",
            (_KEY, most),
        )
        return [key for (key,) in rows]

    def read_down_to(self, key: int) -> None:
        """This row, and all that came after it, are read by the rules that hold."""
        self._reach(key - 1)

    def none(self) -> None:
        """All is as these rules have it."""
        none(self._db)

    def _reach(self, row: int) -> None:
        self._db.execute("REPLACE INTO meta VALUES (?, ?)", (_KEY, str(row)))


def none(db: sqlite3.Connection) -> None:
    """Nothing waits: all was done, or dropped."""
    db.execute("DELETE FROM meta WHERE key = ?", (_KEY,))
