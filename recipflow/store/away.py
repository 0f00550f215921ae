"""When the user was away, by what their calendar says, and by what their mailbox answers for them."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta

from recipflow.store.rows import seconds

_WORDS = re.compile(
    r"\b(?:out of (?:the )?office|vacations?|annual leave|on leave|holidays?|ooo|férias|vacaciones)\b|urlaub",
    re.IGNORECASE,
)
"""In the title of an event with nobody else in it; German ends compounds with it."""
_ANSWERS = (
    "automatic reply",
    "auto-reply",
    "autoreply",
    "out of office",
    "abwesenheit",
    "automatische antwort",
    "resposta automática",
    "respuesta automática",
    "ausência",
    "ausencia",
)
"""How the subjects of answers begin that a mailbox gives by itself, after "Re:"."""
_DAY = timedelta(hours=6)
"""An event so long takes the day."""
_LATELY = timedelta(hours=24)
"""Who was answered so long before noon was told that the user is away today."""


def away_on(db: sqlite3.Connection, me: Iterable[str], noon: datetime) -> bool:
    """Whether the user was away on the day whose middle, in their zone, is `noon`."""
    mine = json.dumps(sorted(me))
    return _by_calendar(db, mine, noon) or _by_answers(db, mine, noon)


def _by_calendar(db: sqlite3.Connection, mine: str, noon: datetime) -> bool:
    rows = db.execute(
        "SELECT i.subject, m.away FROM meeting m JOIN interaction i ON i.id = m.interaction "
        "WHERE (m.all_day OR m.ends - m.starts >= ?) AND NOT m.cancelled "
        "AND m.starts <= ? AND m.ends > ? AND NOT EXISTS (SELECT 1 FROM part p JOIN party ON party.id = p.party "
        "WHERE p.interaction = i.id AND party.address NOT IN (SELECT value FROM json_each(?)))",
        (_DAY.total_seconds(), seconds(noon), seconds(noon), mine),
    )
    return any(away or _WORDS.search(subject) for subject, away in rows)


def _by_answers(db: sqlite3.Connection, mine: str, noon: datetime) -> bool:
    rows = db.execute(
        "SELECT i.subject FROM interaction i JOIN part p ON p.interaction = i.id AND p.role = 'from' "
        "JOIN party ON party.id = p.party WHERE i.type = 'message' AND i.at > ? AND i.at <= ? "
        "AND party.address IN (SELECT value FROM json_each(?))",
        (seconds(noon - _LATELY), seconds(noon), mine),
    )
    return any(_bare(subject).startswith(_ANSWERS) for (subject,) in rows)


def _bare(subject: str) -> str:
    return subject.lower().removeprefix("re:").removeprefix("aw:").strip()
