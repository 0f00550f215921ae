"""Messages and meetings, read back in the order of time; who wrote them, and to whom."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby, islice
from operator import itemgetter

from recipflow.model import Party
from recipflow.store import progress
from recipflow.store.rows import MEETING_COLUMNS, MESSAGE_COLUMNS, Stored, instant, seconds, stored
from recipflow.threads.aliases import digest

_BATCH = 500
_NEWEST = 200


class Interactions:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

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

    def bounces(self, until: datetime) -> list[tuple[int, datetime]]:
        """The rows of the reports, up to an instant, that mail was not delivered, and when they came."""
        rows = self._db.execute(
            "SELECT id, at FROM interaction WHERE type = 'message' AND machine = 'bounce' AND +at <= ? ORDER BY at, id",
            (seconds(until),),
        )
        return [(key, instant(at)) for key, at in rows]

    def written(self, after: datetime, until: datetime) -> list[tuple[int, Party]]:
        """The rows of what persons wrote after one instant, up to another, and who did."""
        rows = self._db.execute(
            "SELECT i.id, address, name FROM interaction i JOIN part ON interaction = i.id AND position = 0 "
            "JOIN party ON party.id = party WHERE i.at > ? AND i.at <= ? AND i.type = 'message' "
            "AND i.machine IS NULL ORDER BY i.at, i.id",
            (seconds(after), seconds(until)),
        )
        return [(key, Party(address, name)) for key, address, name in rows]

    def wrote(self, addresses: Iterable[str], until: datetime, count: int) -> datetime:
        """When these wrote the last but so many of their mails to others up to an instant; before all time, if never."""
        mine = "(SELECT id FROM party WHERE address IN (SELECT value FROM json_each(?)))"
        who = _json(addresses)
        row = self._db.execute(
            # CROSS: from the newest back until there are so many; else all they ever wrote is sorted first
            "SELECT i.at FROM interaction i CROSS JOIN part ON interaction = i.id AND position = 0 "
            "WHERE i.at <= ? AND +i.type = 'message' AND +i.machine IS NULL "
            f"AND party IN {mine} AND EXISTS "
            f"(SELECT 1 FROM part other WHERE other.interaction = i.id AND other.party NOT IN {mine}) "
            "ORDER BY i.at DESC LIMIT 1 OFFSET ?",
            (seconds(until), who, who, count - 1),
        ).fetchone()
        return instant(row[0]) if row else datetime.min.replace(tzinfo=UTC)

    def newest(self) -> datetime | None:
        """When the last message was written that is here; None without any."""
        (at,) = self._db.execute("SELECT max(at) FROM interaction WHERE type = 'message'").fetchone()
        return None if at is None else instant(at)

    def written_at(self, addresses: Iterable[str]) -> list[datetime]:
        """When these wrote lately, the newest first."""
        rows = self._db.execute(
            "SELECT i.at FROM party JOIN part p ON p.party = party.id AND p.role = 'from' "
            "JOIN interaction i ON i.id = p.interaction WHERE party.address IN (SELECT value FROM json_each(?)) "
            "AND i.type = 'message' AND i.machine IS NULL ORDER BY i.at DESC LIMIT ?",
            (_json(addresses), _NEWEST),
        )
        return [instant(at) for (at,) in rows]

    def writers(self, after: datetime, until: datetime) -> list[tuple[Party, datetime]]:
        """The persons who wrote after one instant, up to another, by each name they went by, and when last."""
        rows = self._db.execute(
            "SELECT address, name, max(i.at) FROM interaction i JOIN part ON interaction = i.id AND position = 0 "
            "JOIN party ON party.id = party WHERE i.at > ? AND i.at <= ? AND +i.type = 'message' "
            "AND +i.machine IS NULL GROUP BY party",
            (seconds(after), seconds(until)),
        )
        return [(Party(address, name), instant(at)) for address, name, at in rows]

    def written_by(self, person: Party, after: datetime, until: datetime) -> list[int]:
        """The rows of what who goes by this name and address wrote after one instant, up to another."""
        return self._keys(
            "SELECT i.id FROM party CROSS JOIN part ON party = party.id AND role = 'from' AND position = 0 "
            "CROSS JOIN interaction i ON i.id = interaction WHERE address = ? AND name = ? "
            "AND i.at > ? AND i.at <= ? AND i.type = 'message' AND i.machine IS NULL ORDER BY i.at, i.id",
            person.address,
            person.name,
            seconds(after),
            seconds(until),
        )

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


def _json(values: Iterable[str] | Iterable[int]) -> str:
    return json.dumps(list(values))
