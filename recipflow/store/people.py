"""Derived: whose address is whose, and who is a person at all."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from recipflow.model import ContactId
from recipflow.store.rows import Row, maybe_instant, maybe_seconds, seconds


class Person(NamedTuple):
    """A contact as the mail shows them; what the user says of them stands in config.toml and the decisions."""

    id: ContactId
    addresses: tuple[str, ...]  #: the primary one first
    name: str = ""
    first_seen: datetime | None = None
    last_seen: datetime | None = None


_UNTOLD = "renewal WHERE contact NOT IN (SELECT contact FROM nudge_life) AND contact"
"""Of whom nothing was ever advised, nothing has to end."""


class People:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def put(self, people: Iterable[Person]) -> None:
        """Keep these, in place of what was known of them."""
        known = list(people)
        self._db.executemany("DELETE FROM address WHERE contact = ?", ((one.id,) for one in known))
        self._db.executemany("REPLACE INTO contact VALUES (?, ?, ?, ?)", map(_row, known))
        self._db.executemany(
            "REPLACE INTO address VALUES (?, ?, 1)",
            ((address, one.id) for one in known for address in one.addresses),
        )

    def remove(self, contacts: Iterable[ContactId]) -> None:
        """These are contacts no more (merged into another, split)."""
        gone = list(contacts)
        for table in ("contact WHERE id", "address WHERE contact", "relationship WHERE contact", _UNTOLD):
            self._db.executemany(f"DELETE FROM {table} = ?", ((one,) for one in gone))

    def any(self) -> bool:
        """Whether there is anybody."""
        return self._db.execute("SELECT 1 FROM contact LIMIT 1").fetchone() is not None

    def all(self) -> tuple[Person, ...]:
        return self._select("", ())

    def those(self, contacts: Iterable[ContactId]) -> tuple[Person, ...]:
        """These, as far as there are any, in the order of their ids."""
        return self._select("WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(contacts)),))

    def heard(self, since: datetime, until: datetime) -> tuple[Person, ...]:
        """Those who took part in anything between these instants."""
        return self._select(
            "WHERE id IN (SELECT address.contact FROM interaction i JOIN part p ON p.interaction = i.id "
            "JOIN party ON party.id = p.party JOIN address ON address.address = party.address "
            "WHERE i.at BETWEEN ? AND ?)",
            (seconds(since), seconds(until)),
        )

    def get(self, contact: ContactId) -> Person | None:
        return next(iter(self._select("WHERE id = ?", (contact,))), None)

    def contacts_of(self, addresses: Iterable[str]) -> dict[str, ContactId]:
        """Whose each of these addresses is, as far as it is anybody's."""
        rows = self._db.execute(
            "SELECT address, contact FROM address WHERE address IN (SELECT value FROM json_each(?))",
            (json.dumps(list(addresses)),),
        )
        return dict(rows.fetchall())

    def owned(self, addresses: Iterable[str]) -> frozenset[str]:
        """Those of these addresses that belong to a contact."""
        return frozenset(self.contacts_of(addresses))

    def called(self, names: Iterable[str]) -> list[tuple[str, str]]:
        """Whose addresses go by one of these names, contacts or not: (address, name)."""
        return self._db.execute(
            "SELECT address, name FROM party WHERE name IN (SELECT value FROM json_each(?))",
            (json.dumps(list(names)),),
        ).fetchall()

    def names(self, addresses: Iterable[str]) -> list[tuple[str, str, int]]:
        """How people and calendars called each of these, and how often: (address, name, times)."""
        return self._db.execute(
            "SELECT address, name, count(*) FROM party JOIN part ON party = party.id "
            "JOIN interaction ON interaction.id = interaction "
            "WHERE name <> '' AND machine IS NULL AND address IN "
            "(SELECT value FROM json_each(?)) GROUP BY address, name",
            (json.dumps(list(addresses)),),
        ).fetchall()

    def _select(self, where: str, values: tuple[str | int, ...]) -> tuple[Person, ...]:
        rows = self._db.execute(
            "SELECT id, name, first_seen, last_seen, (SELECT json_group_array(address) FROM address "
            f"WHERE contact = id) FROM contact {where} ORDER BY id",
            values,
        )
        return tuple(_person(row) for row in rows)


def _row(one: Person) -> Row:
    return one.id, one.name, maybe_seconds(one.first_seen), maybe_seconds(one.last_seen)


def _person(row: Row) -> Person:
    contact, name, first, last, addresses = row
    others = sorted(set(json.loads(addresses)) - {contact})
    return Person(contact, (contact, *others), name, maybe_instant(first), maybe_instant(last))
