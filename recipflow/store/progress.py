"""How far deriving has come: up to that row nothing waits, so looking for work costs what is new, not what is stored."""

from __future__ import annotations

import sqlite3
from typing import Final

READING: Final = "reading"
THREAD: Final = "thread"
"""Tables with a row for each interaction that was read, or for each message that was linked."""

MARKED: Final = "marked"
"""Not a table: up to that row, the ledgers of all who take part were marked for being folded."""

_WAITING = {
    table: f"FROM interaction i NOT INDEXED WHERE i.id > ? {among} AND NOT EXISTS "
    f"(SELECT 1 FROM {table} d WHERE d.interaction = i.id)"
    for table, among in ((READING, ""), (THREAD, "AND i.type = 'message'"))
}


def waiting(db: sqlite3.Connection, table: str) -> list[int]:
    """The rows without one in `table`, in the order of time, then id."""
    sql = f"SELECT i.id {_WAITING[table]} ORDER BY i.at, i.ext"
    return [key for (key,) in db.execute(sql, (reached(db, table),))]


def advance(db: sqlite3.Connection, table: str) -> None:
    """Note up to which row nothing waits any more."""
    db.execute(
        f"REPLACE INTO meta SELECT ?, coalesce((SELECT min(i.id) - 1 {_WAITING[table]}), max(id), 0) FROM interaction",
        (_key(table), reached(db, table)),
    )


def reach(db: sqlite3.Connection, table: str, row: int) -> None:
    """Note that up to this row nothing waits."""
    db.execute("REPLACE INTO meta VALUES (?, ?)", (_key(table), str(row)))


def step_back(db: sqlite3.Connection, table: str, before: int = 0) -> None:
    """Rows from `before` on may wait again."""
    if reached(db, table) >= before:
        reach(db, table, max(0, before - 1))


def begin_again(db: sqlite3.Connection) -> None:
    """What waits for being read or linked may be anywhere from now on."""
    for table in (READING, THREAD):
        step_back(db, table)


def reached(db: sqlite3.Connection, table: str) -> int:
    """The row up to which nothing waits."""
    row = db.execute("SELECT value FROM meta WHERE key = ?", (_key(table),)).fetchone()
    return int(row[0]) if row else 0


def _key(table: str) -> str:
    return f"{table}_up_to"
