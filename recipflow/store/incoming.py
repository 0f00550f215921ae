"""Facts as they arrive: messages and meetings, written a page at a time."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
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
    utf8,
)
from recipflow.store.sources import Sources


class Saved(NamedTuple):
    """The rows a page made or changed."""

    new: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    messages: tuple[
        Stored, ...
    ] = ()  #: the new ones, as they come out again; none if the page had to be mended


class Incoming:
    """Messages, by Message-ID the first that came; meetings, by id the latest version."""

    def __init__(self, db: sqlite3.Connection, sources: Sources) -> None:
        self._db, self._sources = db, sources

    def save(self, account: int, kept: list[Prepared]) -> Saved:
        """Store what an account gave, and that it gave it: what is new, what changed, what was known as a head only."""
        page = [item.interaction for item in kept]
        heads = self._sources.known_as_heads(page)
        completed = self._complete(item for item in kept if item.interaction.id in heads)
        saved = self._add(account, kept)
        self._sources.note(account, page)
        return saved._replace(changed=(*saved.changed, *completed))

    def _add(self, account: int, items: Iterable[Prepared]) -> Saved:
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

    def _complete(self, items: Iterable[Prepared]) -> tuple[int, ...]:
        """Put whole messages in the place of their heads: they are read anew, and their people folded."""
        rows = [interaction_row(0, number_of(item.interaction), item) for item in items]
        self._write(
            "UPDATE interaction SET (machine, language, sealed, attachments, headers, text) = (?, ?, ?, ?, ?, ?) "
            "WHERE digest = ?",
            [(row[5], row[6], row[7], row[12], row[13], row[15], row[3]) for row in rows],
        )
        found = self._db.execute(
            "SELECT id FROM interaction WHERE digest IN (SELECT value FROM json_each(?))",
            (_json(row[3] for row in rows),),
        )
        keys = tuple(key for (key,) in found)
        self._forget_reading(keys)
        return keys

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
