"""Facts as they arrive: messages and meetings written a page at a time, read back in the order of time."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby, islice
from operator import itemgetter
from typing import NamedTuple

from recipflow.model import Interaction, Meeting, Message, Party
from recipflow.store import progress
from recipflow.store.identity import merged, number_of, place
from recipflow.store.rows import (
    MEETING_COLUMNS,
    MESSAGE_COLUMNS,
    Prepared,
    Row,
    Stored,
    crowded,
    interaction_row,
    meeting_row,
    parts,
    scrubbed,
    seconds,
    stored,
    utf8,
)
from recipflow.threads.aliases import digest

_BATCH = 500


class Saved(NamedTuple):
    """The rows a page made or changed."""

    new: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    messages: tuple[
        Stored, ...
    ] = ()  #: the new ones, as they come out again; none if the page had to be mended


class Interactions:
    """Messages, by Message-ID the first that came; meetings, by id the latest version."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, account: int, items: Iterable[Prepared]) -> Saved:
        """Store what is new; of what is known, new labels are joined and an older version of a meeting ignored."""
        page = merged(items)
        known = self._known(page)
        fresh = [(number, item) for number, item in page.items() if number not in known]
        changed = [row[0] for number, row in known.items() if self._renew(account, number, page[number], row)]
        self._forget_reading(changed)
        first = self._next()
        keyed = [Stored(key, *item) for key, (_, item) in enumerate(fresh, first)]
        messages = [one for one in keyed if isinstance(one.interaction, Message)]
        as_it_was = self._insert(account, first, fresh)
        return Saved(tuple(one.key for one in keyed), tuple(changed), tuple(messages) if as_it_was else ())

    def complete(self, items: Iterable[Prepared]) -> tuple[int, ...]:
        """Put whole messages in the place of their heads: they are read anew, and their people folded."""
        rows = [interaction_row(0, number_of(item.interaction), item) for item in items]
        self._write(
            "UPDATE interaction SET (machine, language, sealed, attachments, headers, text) = (?, ?, ?, ?, ?, ?) "
            "WHERE digest = ?",
            [(row[5], row[6], row[7], row[12], row[13], row[15], row[3]) for row in rows],
        )
        keys = self._keys(
            "SELECT id FROM interaction WHERE digest IN (SELECT value FROM json_each(?))",
            _json(row[3] for row in rows),
        )
        self._forget_reading(keys)
        return tuple(keys)

    def get(self, keys: Sequence[int]) -> Iterator[Stored]:
        """The interactions of these rows, in the order given; in batches, so writing meanwhile is allowed."""
        rows = iter(keys)
        while batch := list(islice(rows, _BATCH)):
            yield from self._batch(batch)

    def by_ext(self, ids: Iterable[str]) -> dict[str, Stored]:
        """The interactions of these Message-IDs or meeting ids, as far as there are any."""
        digests = (digest(kind, one) for one in ids for kind in ("message", "meeting"))
        found = self._keys(
            "SELECT id FROM interaction WHERE digest IN (SELECT value FROM json_each(?))", _json(digests)
        )
        return {one.interaction.id: one for one in self.get(found)}

    def in_order(self, *, since: datetime | None = None) -> list[int]:
        """All rows in the order of time, then id."""
        where, values = ("WHERE at >= ?", (seconds(since),)) if since else ("", ())
        return self._keys(f"SELECT id FROM interaction {where} ORDER BY at, ext", *values)

    def of(self, addresses: Iterable[str]) -> list[int]:
        """The rows in which one of these addresses takes part, in the order of time, then id."""
        return self._keys(
            "SELECT id FROM interaction WHERE id IN (SELECT interaction FROM part WHERE party IN "
            "(SELECT id FROM party WHERE address IN (SELECT value FROM json_each(?)))) ORDER BY at, ext",
            _json(addresses),
        )

    def unread(self) -> list[int]:
        """The rows that wait for being read, in the order of time, then id: new ones, ones that changed."""
        return progress.waiting(self._db, progress.READING)

    def forgotten(self) -> int:
        """How many messages were read whose text was dropped for age since."""
        (count,) = self._db.execute(
            "SELECT count(*) FROM interaction WHERE type = 'message' AND text IS NULL "
            "AND id IN (SELECT interaction FROM reading)"
        ).fetchone()
        return int(count)

    def all_read(self) -> None:
        """Note that what is stored so far was read, as far as it was."""
        progress.advance(self._db, progress.READING)

    def correspondents(self, me: Iterable[str]) -> dict[str, int]:
        """Whom the user wrote to, with how many messages (To, Cc and Bcc)."""
        return dict(
            self._db.execute(
                "SELECT address, count(DISTINCT other.interaction) FROM part mine "
                "JOIN part other ON other.interaction = mine.interaction JOIN party ON party.id = other.party "
                "WHERE mine.role = 'from' AND mine.party IN "
                "(SELECT id FROM party WHERE address IN (SELECT value FROM json_each(?))) "
                "AND other.role IN ('to', 'cc', 'bcc') GROUP BY address",
                (_json(me),),
            )
        )

    def written_to(self, addresses: Iterable[str], me: Iterable[str]) -> list[str]:
        """Those of these addresses that the user wrote to (To, Cc and Bcc)."""
        rows = self._db.execute(
            "SELECT address FROM party WHERE address IN (SELECT value FROM json_each(?)) AND EXISTS "
            "(SELECT 1 FROM part other JOIN part mine ON mine.interaction = other.interaction "
            "WHERE other.party = party.id AND other.role IN ('to', 'cc', 'bcc') AND mine.role = 'from' "
            "AND mine.party IN (SELECT id FROM party WHERE address IN (SELECT value FROM json_each(?))))",
            (_json(addresses), _json(me)),
        )
        return [address for (address,) in rows]

    def senders(self, label: str) -> dict[str, int]:
        """Who sent the messages under a label, with how many: of "sent", the user's own addresses."""
        return dict(
            self._db.execute(
                "SELECT address, count(*) FROM interaction i JOIN part ON interaction = i.id "
                "JOIN party ON party.id = party WHERE instr(char(10) || labels || char(10), "
                "char(10) || ? || char(10)) AND position = 0 AND type = 'message' GROUP BY address",
                (label,),
            )
        )

    def written(self, after: datetime, until: datetime, machine: str = "") -> list[tuple[int, Party]]:
        """The rows of what was written after one instant, up to another, and by whom: persons, or a kind of machine."""
        rows = self._db.execute(
            "SELECT i.id, address, name FROM interaction i JOIN part ON interaction = i.id AND position = 0 "
            "JOIN party ON party.id = party WHERE i.at > ? AND i.at <= ? AND i.type = 'message' "
            "AND coalesce(i.machine, '') = ? ORDER BY i.at, i.id",
            (seconds(after), seconds(until), machine),
        )
        return [(key, Party(address, name)) for key, address, name in rows]

    def _keys(self, sql: str, *values: str | int) -> list[int]:
        return [key for (key,) in self._db.execute(sql, values)]

    def _batch(self, keys: list[int]) -> Iterator[Stored]:
        wanted = _json(keys)
        parties = self._db.execute(
            "SELECT interaction, role, address, name, partstat FROM part JOIN party ON id = party "
            "WHERE interaction IN (SELECT value FROM json_each(?)) ORDER BY interaction, position",
            (wanted,),
        )
        rows = {
            row[0]: row
            for row in self._db.execute(
                f"SELECT id, {MESSAGE_COLUMNS}, {MEETING_COLUMNS} FROM interaction "
                "LEFT JOIN meeting ON interaction = id WHERE id IN (SELECT value FROM json_each(?))",
                (wanted,),
            )
        }
        of = {key: [row[1:] for row in group] for key, group in groupby(parties, itemgetter(0))}
        for key in keys:
            if key in rows:
                yield stored(rows[key], of.get(key, ()))

    def _known(self, page: Iterable[int]) -> dict[int, Row]:
        """What identifies, and what can still change in, those of the page that are stored already."""
        rows = self._db.execute(
            "SELECT digest, id, labels, sequence, known, version FROM interaction "
            "LEFT JOIN meeting ON interaction = id WHERE digest IN (SELECT value FROM json_each(?))",
            (_json(page),),
        )
        return {row[0]: row[1:] for row in rows}

    def _next(self) -> int:
        return int(self._db.execute("SELECT coalesce(max(id), 0) + 1 FROM interaction").fetchone()[0])

    def _insert(self, account: int, first: int, fresh: list[tuple[int, Prepared]]) -> bool:
        """Whether what it is told in could be stored just as it is."""
        keyed = [(key, item.interaction) for key, (_, item) in enumerate(fresh, first)]
        as_it_was = self._write(
            f"INSERT INTO interaction (id, {MESSAGE_COLUMNS}) VALUES ({_marks(17)})",
            [(key, *interaction_row(account, *item)) for key, item in enumerate(fresh, first)],
        )
        self._write(
            f"INSERT INTO meeting (interaction, {MEETING_COLUMNS}) VALUES ({_marks(12)})",
            [(key, *meeting_row(one)) for key, one in keyed if isinstance(one, Meeting)],
        )
        return self._insert_parts(keyed) and as_it_was

    def _renew(self, account: int, number: int, item: Prepared, known: Row) -> bool:
        key, labels, *version = known
        if isinstance(item.interaction, Meeting):
            newer = place(item.interaction) > tuple(version)
            if newer:
                self._replace(key, interaction_row(account, number, item), item.interaction)
            return newer
        joined = "\n".join(sorted({*labels.split("\n"), *item.interaction.labels} - {""}))
        if joined != labels:
            self._write("UPDATE interaction SET labels = ? WHERE id = ?", [(joined, key)])
        return bool(joined != labels)

    def _replace(self, key: int, row: Row, meeting: Meeting) -> None:
        """The row stays, so that what refers to it stays; those it named before are folded anew."""
        self._db.execute(
            "INSERT OR IGNORE INTO refold SELECT address FROM part JOIN party ON id = party WHERE interaction = ?",
            (key,),
        )
        self._db.execute("DELETE FROM part WHERE interaction = ?", (key,))
        self._write(
            f"UPDATE interaction SET ({MESSAGE_COLUMNS}) = ({_marks(16)}) WHERE id = ?", [(*row, key)]
        )
        self._write(
            f"UPDATE meeting SET ({MEETING_COLUMNS}) = ({_marks(11)}) WHERE interaction = ?",
            [(*meeting_row(meeting), key)],
        )
        self._insert_parts([(key, meeting)])

    def _insert_parts(self, keyed: list[tuple[int, Interaction]]) -> bool:
        """Whether all who take part could be stored, just as they are called."""
        rows: list[Row] = [(key, at, *part) for key, one in keyed for at, part in enumerate(parts(one))]
        # A NUL in an address ends it for SQLite's JSON.
        clean = {one: Party(utf8(one.address.replace("\x00", "")), utf8(one.name)) for one in _named(rows)}
        numbers = self._parties(clean)
        self._db.executemany(
            "INSERT INTO part VALUES (?, ?, ?, ?, ?)",
            [(key, at, role, numbers[party], partstat) for key, at, role, party, partstat in rows],
        )
        return clean.keys() == set(clean.values()) and not any(crowded(one) for _, one in keyed)

    def _parties(self, clean: Mapping[Party, Party]) -> dict[Party, int]:
        """The number of each party, by its key, as it is to be stored; new ones are given one."""
        self._db.executemany("INSERT OR IGNORE INTO party (address, name) VALUES (?, ?)", clean.values())
        rows = self._db.execute(
            "SELECT address, name, id FROM party WHERE address IN (SELECT value FROM json_each(?))",
            (_json({party.address for party in clean.values()}),),
        )
        numbers = {(address, name): number for address, name, number in rows}
        return {party: numbers[known] for party, known in clean.items()}

    def _forget_reading(self, keys: Iterable[int]) -> None:
        """Puts them back among the unread, but for those whose words were dropped: they cannot be read again."""
        for key in keys:
            self._db.execute(
                "DELETE FROM reading WHERE interaction IN "
                "(SELECT id FROM interaction WHERE id = ? AND text IS NOT NULL)",
                (key,),
            )
            progress.step_back(self._db, progress.READING, key)

    def _write(self, sql: str, rows: list[Row]) -> bool:
        """Whether the rows were written just as they are."""
        self._db.execute("SAVEPOINT write")
        try:
            self._db.executemany(sql, rows)
        except UnicodeEncodeError:
            self._db.execute("ROLLBACK TO write")
            self._db.executemany(sql, map(scrubbed, rows))
            return False
        finally:
            self._db.execute("RELEASE write")
        return True


def _named(rows: list[Row]) -> Iterable[Party]:
    """Everybody once, in the order in which they are named."""
    return dict.fromkeys(row[3] for row in rows)


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def _json(values: Iterable[str] | Iterable[int]) -> str:
    return json.dumps(list(values))
