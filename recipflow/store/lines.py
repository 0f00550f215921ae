"""The lines of a ledger: each interaction in which some addresses take part, with what its reading says of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from recipflow.model import ContactId
from recipflow.store.acts import day_of
from recipflow.store.rows import Row, instant, seconds


class Line(NamedTuple):
    """An interaction in the ledger of some addresses: all an `Entry` is made of but its acts."""

    key: int
    id: str  #: Message-ID or meeting id
    type: str  #: message | meeting
    at: datetime
    machine: str | None
    sender: str  #: or organizer
    role: str  #: what the addresses are in it: from, to, cc, bcc, organizer, attendee
    thread: str
    question: bool
    question_quote: str
    unread: bool
    away_until: date | None
    readers: int = 1  #: how many it is addressed to, counted up to five
    reply: bool = False  #: it answers something
    answers: str = ""  #: the alias of the message it says it answers
    subject: str = ""


class Passed(NamedTuple):
    """An interaction between the user and some addresses: who sent it, and what they are in it."""

    key: int
    at: datetime
    role: str  #: from, to, cc, bcc, organizer, attendee
    sender: str  #: or organizer


def lines(db: sqlite3.Connection, addresses: Iterable[str]) -> Iterator[Line]:
    """The interactions read so far in which these take part, in the order of time, then id."""
    return map(_line, db.execute(_LINES, (json.dumps(list(addresses)),)))


def passed(
    db: sqlite3.Connection, whose: Mapping[str, ContactId], since: datetime, until: datetime
) -> dict[ContactId, list[Passed]]:
    """The interactions read so far, of a time, in which these addresses take part: by whose they are, in order."""
    found: dict[ContactId, list[Passed]] = {}
    for contact, key, at, role, sender in db.execute(
        _PASSED, (json.dumps(whose), seconds(since), seconds(until))
    ):
        found.setdefault(contact, []).append(Passed(key, instant(at), role, sender or ""))
    return found


_PASSED = """
SELECT mine.contact, i.id, i.at, mine.role, sender.address
FROM (SELECT whose.value contact, interaction, role, min(position)
      FROM json_each(?) whose JOIN party ON party.address = whose.key JOIN part ON party = party.id
      GROUP BY contact, interaction) mine
JOIN interaction i ON i.id = mine.interaction AND i.at BETWEEN ? AND ?
JOIN reading r ON r.interaction = i.id
LEFT JOIN part first ON first.interaction = i.id AND first.position = 0 AND first.role IN ('from', 'organizer')
LEFT JOIN party sender ON sender.id = first.party
ORDER BY i.at, i.ext
"""

_LINES = """
SELECT i.id, i.ext, i.type, i.at, i.machine,
  (SELECT address FROM part p JOIN party ON party.id = p.party
    WHERE p.interaction = i.id AND p.position = 0 AND p.role IN ('from', 'organizer')),
  mine.role,
  first.ext, r.question, r.question_quote, r.unread, r.away_until,
  (SELECT count(*) FROM (SELECT 1 FROM part p WHERE p.interaction = i.id AND p.role = 'to' LIMIT 5)),
  i.in_reply_to <> '' OR lower(substr(i.subject, 1, 3)) = 're:', i.in_reply_to, i.subject
FROM (SELECT interaction, role, min(position) FROM part
      WHERE party IN (SELECT id FROM party WHERE address IN (SELECT value FROM json_each(?)))
      GROUP BY interaction) mine
JOIN interaction i ON i.id = mine.interaction
JOIN reading r ON r.interaction = i.id
LEFT JOIN thread t ON t.interaction = i.id
LEFT JOIN interaction first ON first.id = t.thread
ORDER BY i.at, i.ext
"""


def _line(row: Row) -> Line:
    key, ext, kind, at, machine, sender, role, thread, asks, quote, unread, away, *rest = row
    readers, reply, answers, subject = rest
    return Line(
        key,
        ext,
        kind,
        instant(at),
        machine,
        sender or "",
        role,
        thread or ext,
        bool(asks),
        quote,
        bool(unread),
        day_of(away),
        readers,
        bool(reply),
        answers,
        subject,
    )
