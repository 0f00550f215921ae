"""Whether computing everything anew gives what was there: what is derived, put aside and compared."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

_OF_INTERACTIONS = ("thread", "reading", "act")
_OF_CONTACTS = ("address", "contact", "relationship")
COMPARED = _OF_INTERACTIONS + _OF_CONTACTS
"""Every derived table but `node`, of which only the threads it leads to mean anything, and `refold`."""


class Difference(NamedTuple):
    """A row that is not as it was, by what it is about: a Message-ID, a meeting's id, an address."""

    table: str
    about: str


def put_aside(db: sqlite3.Connection) -> None:
    """Copy what is derived to where it outlives a rebuild in this connection."""
    for table in COMPARED:
        db.execute(f"DROP TABLE IF EXISTS temp.was_{table}")
        db.execute(f"CREATE TEMP TABLE was_{table} AS SELECT * FROM {table}")


def differences(db: sqlite3.Connection) -> tuple[Difference, ...]:
    """What is not as it was put aside, bit for bit."""
    found = [one for table in COMPARED for one in _different(db, table)]
    for table in COMPARED:
        db.execute(f"DROP TABLE temp.was_{table}")
    return tuple(found)


def _different(db: sqlite3.Connection, table: str) -> list[Difference]:
    now, was = f"SELECT * FROM main.{table}", f"SELECT * FROM temp.was_{table}"
    key = db.execute(f"{now} LIMIT 0").description[0][0]
    name = "(SELECT ext FROM interaction WHERE id = about)" if table in _OF_INTERACTIONS else "about"
    rows = db.execute(
        f"SELECT DISTINCT {name} FROM (SELECT {key} AS about FROM (SELECT * FROM ({now} EXCEPT {was}) "
        f"UNION ALL SELECT * FROM ({was} EXCEPT {now}))) ORDER BY 1"
    )
    return [Difference(table, about) for (about,) in rows]
