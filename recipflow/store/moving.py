"""All of it as rows, and rows as all of it again: moving to another computer.

Besides the facts these are the notes, what was forgotten (as it is: hashes and their salt), and what was read in texts
that were dropped for age since, which nothing can read again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from recipflow.errors import UserError
from recipflow.store import dropping
from recipflow.store.summary import FACTS
from recipflow.threads.aliases import aliases

_OLD = "WHERE interaction IN (SELECT id FROM interaction WHERE type = 'message' AND text IS NULL)"
ALL = {
    **FACTS,
    "tombstone": "SELECT * FROM tombstone",
    "meta": "SELECT * FROM meta",
    "act": f"SELECT * FROM act {_OLD}",
    "reading": f"SELECT * FROM reading {_OLD}",
}
_PARTY = "party"
SENT_HERE = "digest sent here"
"""The note of the last digest that this computer sent: of another one it says nothing."""
Columns = Mapping[str, Any]


def everything(db: sqlite3.Connection) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row to be kept, with its table, in an order in which they can be put back."""
    for table, query in ALL.items():
        rows = db.execute(query)
        names = [column[0] for column in rows.description]
        for row in rows:
            yield table, dict(zip(names, row, strict=True))


def put_back(db: sqlite3.Connection, rows: Iterable[tuple[str, Columns]]) -> int:
    """Put rows into an empty database, in the transaction that is open; says how many. A UserError names what is none."""
    if db.execute("SELECT 1 FROM interaction LIMIT 1").fetchone():
        raise UserError("There is mail in this database already: import into a new one (RECIPFLOW_HOME).")
    known = {table: _columns(db, table) for table in ALL if table != _PARTY}
    db.execute("PRAGMA defer_foreign_keys = ON")
    count = 0
    for table, one in rows:
        row = _by_alias(one) if table == "interaction" else one
        if table == _PARTY:
            _put_party(db, row)
        elif table in known and set(row) <= known[table]:
            names = list(row)
            places = ", ".join("?" * len(names))
            quoted = ", ".join(f'"{name}"' for name in names)
            db.execute(f"REPLACE INTO {table} ({quoted}) VALUES ({places})", [row[name] for name in names])
        else:
            raise UserError(f"row {count + 1}: is of a recipflow that is newer than this one: {table!r}.")
        count += 1
    db.execute("DELETE FROM meta WHERE key = ?", (SENT_HERE,))
    dropping.drop_derived(db)  # the notes say that all was derived: there, not here
    return count


def _by_alias(row: Columns) -> Columns:
    """What a message refers to, by alias: an older recipflow wrote Message-IDs."""
    changed = {name: aliases(str(row[name])) for name in ("in_reply_to", "refs") if row.get(name)}
    return {**row, **changed}


def _put_party(db: sqlite3.Connection, row: Columns) -> None:
    """Who takes part: an address under a name, known once."""
    who = row["address"], row["name"]
    db.execute("INSERT OR IGNORE INTO party (address, name) VALUES (?, ?)", who)
    db.execute(
        "INSERT INTO part (interaction, position, role, party, partstat) "
        "SELECT ?, ?, ?, id, ? FROM party WHERE address = ? AND name = ?",
        (row["interaction"], row["position"], row["role"], row["partstat"], *who),
    )


def _columns(db: sqlite3.Connection, table: str) -> set[str]:
    return {str(row[1]) for row in db.execute(f"PRAGMA table_info({table})")}
