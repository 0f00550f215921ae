"""How much there is, and all of it written out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field

from recipflow.store.sources import HEAD

FACTS = {
    "account": "SELECT * FROM account",
    "interaction": "SELECT * FROM interaction",
    "meeting": "SELECT * FROM meeting",
    "party": "SELECT interaction, position, role, address, name, partstat FROM part JOIN party ON id = party",
    "source": "SELECT * FROM source",
    "set_aside": "SELECT * FROM set_aside",
    "decision": "SELECT * FROM decision",
    "nudge_life": "SELECT * FROM nudge_life",
    "delivery": "SELECT * FROM delivery",
    "reply_token": "SELECT * FROM reply_token",
    "heard": "SELECT * FROM heard",
}
"""What `export` writes; tombstones and salt say nothing to anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What was read. `languages` counts the messages people wrote, by language, "" for unknown.

    `heads` are those of strangers, of which only the head was fetched.
    """

    messages: int = 0
    meetings: int = 0
    sealed: int = 0
    heads: int = 0
    people: int = 0
    set_aside: int = 0
    machines: dict[str, int] = field(default_factory=dict)
    languages: dict[str, int] = field(default_factory=dict)


def counts(db: sqlite3.Connection) -> Counts:
    """From one index, without touching a message."""
    groups = db.execute(
        "SELECT type, machine, language, sealed, count(*) FROM interaction "
        "GROUP BY type, machine, language, sealed"
    ).fetchall()
    messages = [row[1:] for row in groups if row[0] == "message"]
    machines: dict[str, int] = {}
    languages: dict[str, int] = {}
    for machine, language, _, number in messages:
        tally, name = (languages, language) if machine is None else (machines, machine)
        tally[name] = tally.get(name, 0) + number
    return Counts(
        messages=sum(row[-1] for row in messages),
        meetings=sum(row[-1] for row in groups if row[0] == "meeting"),
        sealed=sum(row[-1] for row in messages if row[2]),
        heads=languages.pop(HEAD, 0),
        people=_count(db, "contact"),
        set_aside=_count(db, "set_aside"),
        machines=machines,
        languages=languages,
    )


def exported(db: sqlite3.Connection) -> Iterator[tuple[str, dict[str, str | int | None]]]:
    """Every row of every table of facts, by column name."""
    for table, query in FACTS.items():
        rows = db.execute(query)
        names = [column[0] for column in rows.description]
        for row in rows:
            yield table, dict(zip(names, row, strict=True))


def _count(db: sqlite3.Connection, table: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
