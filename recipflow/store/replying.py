"""What makes a mail to oneself the user's own word: tokens that are good for a while, and which mails were heard already."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime

from recipflow.store.rows import seconds


class Replying:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def issue(self, tokens: Mapping[str, tuple[str, str]], until: datetime) -> None:
        """Tokens, each with its nudge's key and contact; only their hashes are kept."""
        self._db.executemany(
            "REPLACE INTO reply_token VALUES (?, ?, ?, ?, NULL)",
            [(_hash(token), nudge, contact, seconds(until)) for token, (nudge, contact) in tokens.items()],
        )

    def use(self, token: str, nudge: str, now: datetime) -> bool:
        """Use a token, again perhaps; False when it is none for that nudge, or is too old."""
        used = self._db.execute(
            "UPDATE reply_token SET used_at = ? WHERE hash = ? AND nudge = ? AND until >= ?",
            (seconds(now), _hash(token), nudge, seconds(now)),
        )
        return used.rowcount == 1

    def drop_old(self, now: datetime) -> None:
        """What can no longer be used need not be kept."""
        self._db.execute("DELETE FROM reply_token WHERE until < ?", (seconds(now),))

    def unheard(self, me: Iterable[str], since: datetime) -> list[int]:
        """The user's mails to nobody but themselves, sent since then, found among their sent mail, not heard yet."""
        rows = self._db.execute(
            "WITH me AS (SELECT id FROM party WHERE address IN (SELECT value FROM json_each(?))) "
            "SELECT i.id FROM interaction i WHERE i.at >= ? AND +i.type = 'message' "  # +: by time
            "AND char(10) || i.labels || char(10) LIKE '%' || char(10) || 'sent' || char(10) || '%' "
            "AND EXISTS (SELECT 1 FROM part p WHERE p.interaction = i.id AND p.role = 'from' AND p.party IN me) "
            "AND EXISTS (SELECT 1 FROM part p WHERE p.interaction = i.id AND p.role = 'to') "
            "AND NOT EXISTS (SELECT 1 FROM part p WHERE p.interaction = i.id AND p.party NOT IN me) "
            "AND NOT EXISTS (SELECT 1 FROM heard h WHERE h.interaction = i.id) ORDER BY i.at, i.id",
            (json.dumps(sorted(me)), seconds(since)),
        )
        return [key for (key,) in rows]

    def heard(self, key: int, now: datetime) -> bool:
        """This mail is dealt with; False when it was already, by another process."""
        found = self._db.execute("INSERT OR IGNORE INTO heard VALUES (?, ?)", (key, seconds(now)))
        return found.rowcount == 1


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
