"""Derived: what was read in each interaction, and the fold of each contact's ledger."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from recipflow.model import TANGIBLE, Act, ContactId
from recipflow.store import generosity, progress
from recipflow.store.acts import COLUMNS, act_of, act_row, iso
from recipflow.store.lines import Line, Passed, lines, passed
from recipflow.store.rows import instant, maybe_instant, maybe_seconds, seconds


class Read(NamedTuple):
    """What was read in one interaction; `Act.contact` is the address it is for, whoever's that may come to be."""

    key: int
    acts: tuple[Act, ...] = ()
    question: bool = False
    question_quote: str = ""
    unread: bool = False
    away_until: date | None = None


class Kept(NamedTuple):
    """A relationship as stored: `state` is the fold's own text."""

    contact: ContactId
    state: str
    at: datetime | None = None  #: of the last entry folded in
    interaction: str = ""  #: of the last entry folded in
    next_due: datetime | None = None


class Ledgers:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def put_read(self, read: Iterable[Read]) -> None:
        """Keep what was read, in place of what was read before."""
        known = list(read)
        self._db.executemany("DELETE FROM act WHERE interaction = ?", ((one.key,) for one in known))
        self._db.executemany(
            "REPLACE INTO reading VALUES (?, ?, ?, ?, ?)",
            [(r.key, int(r.question), r.question_quote, int(r.unread), iso(r.away_until)) for r in known],
        )
        self._db.executemany(
            f"INSERT INTO act VALUES ({', '.join('?' * COLUMNS)})",
            [act_row(one.key, number, act) for one in known for number, act in enumerate(one.acts)],
        )

    def acts(self, addresses: Iterable[str]) -> dict[int, tuple[Act, ...]]:
        """The acts towards or by these addresses, by interaction, in the order of the text."""
        rows = self._db.execute(
            "SELECT * FROM act WHERE address IN (SELECT value FROM json_each(?)) ORDER BY interaction, number",
            (json.dumps(list(addresses)),),
        )
        return {key: tuple(map(act_of, group)) for key, group in groupby(rows, itemgetter(0))}

    def everything(self) -> Iterator[tuple[str, datetime, Act]]:
        """Every act with the id and time of its interaction, in the order of time."""
        rows = self._db.execute(
            "SELECT i.ext, i.at, act.* FROM act JOIN interaction i ON i.id = act.interaction "
            "ORDER BY i.at, i.ext, act.number"
        )
        for ext, at, *row in rows:
            yield ext, instant(at), act_of(tuple(row))

    def read_by(self, rules: Iterable[str]) -> frozenset[str]:
        """The addresses of whom there is an act that one of these rules found."""
        rows = self._db.execute(
            "SELECT DISTINCT address FROM act WHERE rule IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(rules)),),
        )
        return frozenset(address for (address,) in rows)

    def lines(self, addresses: Iterable[str]) -> Iterator[Line]:
        """The interactions read so far in which these take part, in the order of time, then id."""
        return lines(self._db, addresses)

    def passed(
        self, whose: Mapping[str, ContactId], since: datetime, until: datetime
    ) -> dict[ContactId, list[Passed]]:
        """What passed from one instant to another with the contacts whose these addresses are, in the order of time."""
        return passed(self._db, whose, since, until)

    def with_gifts(self) -> frozenset[str]:
        """The addresses by or to whom something tangible was given, as the mail shows."""
        kinds = json.dumps([kind.value for kind in TANGIBLE])
        rows = self._db.execute(
            "SELECT DISTINCT address FROM act WHERE act = 'give' AND kind IN (SELECT value FROM json_each(?))",
            (kinds,),
        )
        return frozenset(address for (address,) in rows)

    def generous(self) -> bool:
        """Whether much of what is given in this mailbox is more than duty."""
        return generosity.generous(self._db)

    def notice_generosity(self) -> None:
        """Ask that again; where the answer is another one, mark all ledgers."""
        generosity.notice(self._db)

    def mark(self, addresses: Iterable[str]) -> None:
        """The ledgers of these changed in their past."""
        self._db.executemany("INSERT OR IGNORE INTO refold VALUES (?)", ((one,) for one in addresses))

    def mark_new(self) -> None:
        """Mark the ledgers of all contacts who take part in what came since the last time; of a machine, its sender's.

        What came may also settle what others are reminded of: the advice that stands is to be renewed.
        """
        before = progress.reached(self._db, progress.MARKED)
        self._db.execute(_MARK_NEW, (before,))
        newest = self._db.execute("SELECT coalesce(max(id), 0) FROM interaction").fetchone()[0]
        if newest > before:
            self._db.execute(_RENEW_STANDING)
        progress.reach(self._db, progress.MARKED, newest)

    def marked(self) -> frozenset[str]:
        """Addresses whose ledger waits for being folded anew."""
        return frozenset(one for (one,) in self._db.execute("SELECT address FROM refold"))

    def unmark(self, addresses: Iterable[str]) -> None:
        self._db.executemany("DELETE FROM refold WHERE address = ?", ((one,) for one in addresses))

    def put(self, relationships: Iterable[Kept]) -> None:
        """Keep these folds, in place of what was known; the advice on them is to be renewed."""
        known = list(relationships)
        self._db.executemany(
            "REPLACE INTO relationship VALUES (?, ?, ?, ?, ?)",
            [
                (k.contact, k.state, maybe_seconds(k.at), k.interaction, maybe_seconds(k.next_due))
                for k in known
            ],
        )
        self._db.executemany("INSERT OR IGNORE INTO renewal VALUES (?)", ((k.contact,) for k in known))

    def to_renew(self) -> list[ContactId]:
        """Those whose ledger was folded since their advice was renewed."""
        rows = self._db.execute("SELECT contact FROM renewal ORDER BY contact")
        return [contact for (contact,) in rows]

    def any_to_renew(self) -> bool:
        return self._db.execute("SELECT 1 FROM renewal LIMIT 1").fetchone() is not None

    def renewed(self, contacts: Iterable[ContactId]) -> None:
        """The advice on these is renewed."""
        self._db.executemany("DELETE FROM renewal WHERE contact = ?", ((one,) for one in contacts))

    def get(self, contacts: Iterable[ContactId]) -> dict[ContactId, Kept]:
        """The folds of these contacts, as far as there are any."""
        wanted = json.dumps(list(contacts))
        return {k.contact: k for k in self._kept("WHERE contact IN (SELECT value FROM json_each(?))", wanted)}

    def all(self) -> Iterator[Kept]:
        """Every fold, in the order of the contacts' ids."""
        return self._kept("ORDER BY contact")

    def due(self, now: datetime) -> list[ContactId]:
        """Those whose advice may change by `now`, earliest first, and those folded when the clock was ahead of it."""
        rows = self._db.execute(
            # with the plus both are found by index; without, all are gone through in the order of their time
            "SELECT contact FROM relationship WHERE next_due <= ? OR at > ? ORDER BY +next_due, contact",
            (seconds(now), seconds(now)),
        )
        return [contact for (contact,) in rows]

    def all_due(self) -> None:
        """All are to be folded anew, though nothing of what they are folded from changed."""
        self._db.execute("UPDATE relationship SET next_due = 0")

    def live(self) -> Iterator[Kept]:
        """Those about whom something stands now or will by itself: all others have nothing to say."""
        return self._kept("WHERE next_due IS NOT NULL ORDER BY contact")

    def asked_since(self, since: datetime, until: datetime) -> list[tuple[str, datetime]]:
        """Whom the user asked for something between these instants, and when: each thing that a letter asks for."""
        rows = self._db.execute(
            "SELECT act.address, interaction.at FROM interaction JOIN act ON act.interaction = interaction.id "
            "WHERE interaction.at BETWEEN ? AND ? AND act.by = 'me' AND act.act = 'ask' AND act.counts",
            (seconds(since), seconds(until)),
        )
        return [(address, instant(at)) for address, at in rows]

    def next_due(self) -> datetime | None:
        """The earliest instant at which any advice can change by itself."""
        return maybe_instant(self._db.execute("SELECT min(next_due) FROM relationship").fetchone()[0])

    def _kept(self, where: str, *values: str | int) -> Iterator[Kept]:
        rows = self._db.execute(
            f"SELECT contact, state, at, interaction, next_due FROM relationship {where}", values
        )
        for contact, state, at, interaction, due in rows:
            yield Kept(contact, state, maybe_instant(at), interaction, maybe_instant(due))


_MARK_NEW = """
INSERT OR IGNORE INTO refold SELECT address.address
FROM interaction i CROSS JOIN part p ON p.interaction = i.id CROSS JOIN party ON party.id = p.party
CROSS JOIN address ON address.address = party.address
WHERE i.id > ? AND (i.machine IS NULL OR p.role = 'from')
"""


_RENEW_STANDING = """
INSERT OR IGNORE INTO renewal SELECT DISTINCT contact FROM nudge_life
WHERE state IN ('new', 'shown') AND kind IN ('keep_promise', 'reply_owed', 'follow_up')
"""
