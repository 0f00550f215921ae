"""What meetings and mail say of hours: when the user is busy, and when a contact is known to answer."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime

from recipflow.store.rows import instant, seconds

_NEWEST = 200


def busy(
    db: sqlite3.Connection, me: Iterable[str], since: datetime, until: datetime
) -> list[tuple[datetime, datetime]]:
    """The meetings known between these instants that the user did not decline; whole days do not count."""
    rows = db.execute(
        "SELECT m.starts, m.ends FROM interaction i JOIN meeting m ON m.interaction = i.id WHERE i.type = 'meeting' "
        "AND m.starts < ? AND m.ends > ? AND NOT m.cancelled AND NOT m.all_day AND NOT EXISTS (SELECT 1 FROM part p "
        "JOIN party ON party.id = p.party WHERE p.interaction = i.id AND p.partstat = 'declined' "
        "AND party.address IN (SELECT value FROM json_each(?))) ORDER BY m.starts",
        (seconds(until), seconds(since), json.dumps(sorted(me))),
    )
    return [(instant(starts), instant(ends)) for starts, ends in rows]


def written_at(db: sqlite3.Connection, addresses: Iterable[str]) -> list[datetime]:
    """When these wrote, the newest first."""
    rows = db.execute(
        "SELECT i.at FROM party JOIN part p ON p.party = party.id AND p.role = 'from' "
        "JOIN interaction i ON i.id = p.interaction WHERE party.address IN (SELECT value FROM json_each(?)) "
        "AND i.type = 'message' AND i.machine IS NULL ORDER BY i.at DESC LIMIT ?",
        (json.dumps(list(addresses)), _NEWEST),
    )
    return [instant(at) for (at,) in rows]
