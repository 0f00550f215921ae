"""When the user was away, by what their calendar says."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime

from recipflow.store.rows import seconds

_WORDS = ("out of office", "vacation", "annual leave", "on leave", "holiday", "urlaub", "férias", "ooo")
"""In the title of a whole day with nobody else in it."""


def away_on(db: sqlite3.Connection, me: Iterable[str], noon: datetime) -> bool:
    """Whether a whole-day event with nobody else in it says so; `noon` is the middle of the day in the user's zone."""
    mine = json.dumps(sorted(me))
    rows = db.execute(
        "SELECT i.subject FROM meeting m JOIN interaction i ON i.id = m.interaction WHERE m.all_day AND NOT m.cancelled "
        "AND m.starts <= ? AND m.ends > ? AND NOT EXISTS (SELECT 1 FROM part p JOIN party ON party.id = p.party "
        "WHERE p.interaction = i.id AND party.address NOT IN (SELECT value FROM json_each(?)))",
        (seconds(noon), seconds(noon), mine),
    )
    return any(word in subject.lower() for (subject,) in rows for word in _WORDS)
