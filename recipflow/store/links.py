"""Derived: which message is in which thread; the index that linking asks, over the tables."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from recipflow.store import progress
from recipflow.store.rows import instant, seconds
from recipflow.threads.aliases import digest, number
from recipflow.threads.links import MOST_NAMED, Link, link_told

_SELECT = """
SELECT i.id, t.parent, first.ext
FROM thread t JOIN interaction i ON i.id = t.interaction JOIN interaction first ON first.id = t.thread
"""

_HEADS = """
SELECT id, ext, at, subject, in_reply_to, refs, thread_hint FROM interaction NOT INDEXED
WHERE type = 'message' AND id IN (SELECT value FROM json_each(?))
"""
_PARTIES = """
SELECT interaction, role, address FROM part JOIN party ON id = party
WHERE role IN ('from', 'to', 'cc') AND interaction IN (SELECT value FROM json_each(?)) ORDER BY interaction, position
"""
_BATCH = 500


class Links:
    """A `threads.ThreadIndex`: what a message says is told from the message, only what was found is kept."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def put(self, links: Iterable[Link], keys: Mapping[str, int] | None = None) -> None:
        """Keep these, in place of what was known of them; a thread's first message must be stored.

        `keys` are the rows of all these messages, if they are known.
        """
        known = list(links)
        keys = keys or self._keys({one.id for one in known} | {one.thread for one in known})
        self._db.executemany(
            "REPLACE INTO thread VALUES (?, ?, ?, ?, ?)",
            [(keys[one.id], keys[one.thread], one.key, seconds(one.at), one.parent) for one in known],
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO node VALUES (?, ?)",
            [(number(node), keys[one.id]) for one in known for node in one.nodes[1:]],
        )

    def count(self) -> int:
        """How many messages were linked so far."""
        return int(self._db.execute("SELECT count(*) FROM thread").fetchone()[0])

    def all(self) -> dict[int, int]:
        """The row of every message that was linked, with that of the first one of its thread."""
        return dict(self._db.execute("SELECT interaction, thread FROM thread").fetchall())

    def parties(self, messages: Iterable[str]) -> frozenset[str]:
        """The addresses that take part in these messages."""
        return self.parties_of(self._keys(messages).values())

    def parties_of(self, keys: Iterable[int]) -> frozenset[str]:
        """The addresses that take part in the messages of these rows."""
        rows = self._db.execute(
            "SELECT DISTINCT address FROM party WHERE id IN (SELECT party FROM part WHERE interaction IN "
            "(SELECT value FROM json_each(?)))",
            (json.dumps(list(keys)),),
        )
        return frozenset(address for (address,) in rows)

    def missing(self) -> list[int]:
        """The messages that wait for being linked, in the order of time, then id."""
        return progress.waiting(self._db, progress.THREAD)

    def told(self, keys: Iterable[int]) -> Iterator[tuple[int, Link]]:
        """What linking needs of the messages among these rows, in their order: far less than the whole message."""
        rows = iter(keys)
        known: dict[str, str] = {}  # one string for each id and address: all links may be in memory at once
        while batch := list(islice(rows, _BATCH)):
            yield from self._told(batch, known)

    def drop(self) -> None:
        """All messages wait for being linked."""
        for table in ("node", "thread"):
            self._db.execute(f"DELETE FROM {table}")
        progress.step_back(self._db, progress.THREAD)

    def all_linked(self) -> None:
        """Note that what is stored so far was linked, as far as it was."""
        progress.advance(self._db, progress.THREAD)

    def threads(self, keys: Iterable[int]) -> dict[int, str]:
        """The thread of each of these interactions, as far as they are linked."""
        rows = self._db.execute(
            "SELECT t.interaction, first.ext FROM thread t JOIN interaction first ON first.id = t.thread "
            "WHERE t.interaction IN (SELECT value FROM json_each(?))",
            (json.dumps(list(keys)),),
        )
        return dict(rows.fetchall())

    def get(self, message: str) -> Link | None:
        return next(iter(self._links("WHERE i.digest = ?", (digest("message", message),))), None)

    def threads_with(self, nodes: Iterable[str]) -> set[str]:
        """The threads in which any of these nodes occurs."""
        wanted = json.dumps([number(one) for one in nodes])
        rows = self._db.execute(
            "SELECT DISTINCT first.ext FROM ("
            "SELECT id AS found FROM interaction WHERE digest IN (SELECT value FROM json_each(?)) "
            "UNION SELECT interaction FROM node WHERE digest IN (SELECT value FROM json_each(?))) "
            "JOIN thread t ON t.interaction = found JOIN interaction first ON first.id = t.thread",
            (wanted, wanted),
        )
        return {thread for (thread,) in rows}

    def members(self, thread: str) -> Sequence[Link]:
        """The messages of a thread, in the order of time, then id."""
        return self._links("WHERE first.digest = ? ORDER BY t.at, i.ext", (digest("message", thread),))

    def before(self, key: str, place: tuple[datetime, str], since: datetime, limit: int) -> Sequence[Link]:
        """Messages of that subject before `place`, from `since` on: the latest `limit`, newest first."""
        return self._links(
            "WHERE t.key = ? AND t.at BETWEEN ? AND ? AND (t.at, i.ext) < (?, ?) "
            "ORDER BY t.at DESC, i.ext DESC LIMIT ?",
            (key, seconds(since), seconds(place[0]), seconds(place[0]), place[1], limit),
        )

    def after(self, key: str, place: tuple[datetime, str], until: datetime, limit: int) -> Sequence[Link]:
        """Messages of that subject after `place`, up to `until`: the earliest `limit`, oldest first."""
        return self._links(
            "WHERE t.key = ? AND t.at BETWEEN ? AND ? AND (t.at, i.ext) > (?, ?) "
            "ORDER BY t.at, i.ext LIMIT ?",
            (key, seconds(place[0]), seconds(until), seconds(place[0]), place[1], limit),
        )

    def under(self, key: str, after: datetime, until: datetime) -> list[int]:
        """The rows of the messages of that subject after one instant, up to another, in the order of time."""
        rows = self._db.execute(
            "SELECT interaction FROM thread WHERE key = ? AND at > ? AND at <= ? ORDER BY at, interaction",
            (key, seconds(after), seconds(until)),
        )
        return [row for (row,) in rows]

    def _keys(self, messages: Iterable[str]) -> dict[str, int]:
        return dict(
            self._db.execute(
                "SELECT ext, id FROM interaction WHERE digest IN (SELECT value FROM json_each(?))",
                (_digests(messages),),
            ).fetchall()
        )

    def _links(self, where: str, values: tuple[str | int, ...]) -> Sequence[Link]:
        rows = self._db.execute(_SELECT + where, values).fetchall()
        links = dict(self.told(key for key, _, _ in rows))
        return [links[key]._replace(parent=parent, thread=thread) for key, parent, thread in rows]

    def _told(self, keys: list[int], known: dict[str, str]) -> Iterator[tuple[int, Link]]:
        wanted = json.dumps(keys)
        heads = {row[0]: row[1:] for row in self._db.execute(_HEADS, (wanted,))}
        senders: dict[int, str] = {}
        others: dict[int, list[str]] = {}
        for key, role, told in self._db.execute(_PARTIES, (wanted,)):
            address = known.setdefault(told, told)
            if role == "from":
                senders[key] = address
            else:
                others.setdefault(key, []).append(address)
        for key in keys:
            if key in heads:
                ext, at, subject, reply, refs, hint = heads[key]
                ids = (ext, reply, *reversed(refs.split(" ")[-MOST_NAMED:]))
                ext, *named = (known.setdefault(one, one) for one in ids)
                sender, rest = senders.get(key, ""), others.get(key, ())
                yield key, link_told(ext, instant(at), subject, named, hint, sender, rest)


def _digests(messages: Iterable[str]) -> str:
    return json.dumps([digest("message", one) for one in messages])
