"""Who sent what goes out in the user's name, and whom it counts for: that may change with what the user says."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator

from recipflow.model import Message
from recipflow.store.interactions import Interactions
from recipflow.store.rows import Stored
from recipflow.writers import writer_of


class Writers:
    def __init__(self, db: sqlite3.Connection, interactions: Interactions) -> None:
        self._db, self._interactions = db, interactions

    def sent(self) -> Iterator[Stored]:
        """What people's messages name somebody as their Sender, in the order in which they came."""
        return self._interactions.get(self._naming("sender"))

    def count(self) -> Counter[str]:
        """How many messages each has sent in the user's name."""
        found = self._interactions.get(self._naming("from"))
        return Counter(writer_of(one.interaction) for one in found if isinstance(one.interaction, Message))

    def put(self, key: int, message: Message) -> None:
        """Let the message count for its `sender`, as its `headers` say. What was derived of it is not looked at."""
        sender = message.sender
        self._db.execute("INSERT OR IGNORE INTO party (address, name) VALUES (?, ?)", sender)
        self._db.execute(
            "UPDATE part SET party = (SELECT id FROM party WHERE (address, name) = (?, ?)) "
            "WHERE interaction = ? AND role = 'from'",
            (*sender, key),
        )
        headers = json.dumps(dict(message.headers), ensure_ascii=False)
        self._db.execute("UPDATE interaction SET headers = ? WHERE id = ?", (headers, key))

    def _naming(self, header: str) -> list[int]:
        rows = self._db.execute(
            "SELECT id FROM interaction WHERE machine IS NULL AND instr(headers, ?)", (f'"{header}": ',)
        )
        return [key for (key,) in rows]
