"""Where messages were found: how their accounts find them again, and of which only the head was fetched."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Final, NamedTuple

from recipflow.model import Interaction, Message
from recipflow.threads.aliases import digest

HEAD: Final = "head"
"""The state of a message whose body was not fetched, and the language it is stored under: it cannot be read."""
_WHOLE, _GONE = "whole", "gone"


class Head(NamedTuple):
    """A message of which only the head is here."""

    ref: str
    sender: str


class Sources:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def note(self, account: int, page: Iterable[Interaction]) -> None:
        """Keep where these stored messages were found; what was whole once stays whole."""
        rows = [
            (account, one.ref, HEAD if one.partial else _WHOLE, digest("message", one.id))
            for one in page
            if isinstance(one, Message) and one.ref
        ]
        self._db.executemany(
            "INSERT INTO source SELECT ?, ?, id, iif(language = 'head', ?, 'whole') FROM interaction "
            "WHERE digest = ? ON CONFLICT DO UPDATE SET interaction = excluded.interaction, "
            "state = iif(state = 'whole', state, excluded.state)",
            rows,
        )

    def refs(self, account: int) -> frozenset[str]:
        """Every ref that was found in this account."""
        return frozenset(
            ref for (ref,) in self._db.execute("SELECT ref FROM source WHERE account = ?", (account,))
        )

    def whole(self, account: int, refs: Iterable[str]) -> frozenset[str]:
        """Those of these refs whose messages are here as a whole, or can no longer be."""
        rows = self._db.execute(
            "SELECT ref FROM source WHERE account = ? AND state <> 'head' "
            "AND ref IN (SELECT value FROM json_each(?))",
            (account, json.dumps(list(refs))),
        )
        return frozenset(ref for (ref,) in rows)

    def heads(self, account: int, senders: Iterable[str]) -> list[Head]:
        """The messages from these senders of which only the head is here, newest first; no machine's."""
        rows = self._db.execute(
            "SELECT ref, address FROM source s JOIN interaction i ON i.id = s.interaction "
            "JOIN part ON part.interaction = i.id AND position = 0 JOIN party ON party.id = party "
            "WHERE s.account = ? AND s.state = 'head' AND machine IS NULL "
            "AND address IN (SELECT value FROM json_each(?)) ORDER BY at DESC, ref",
            (account, json.dumps(list(senders))),
        )
        return [Head(*row) for row in rows]

    def waiting_for(self, account: int) -> list[str]:
        """Who sent the messages of which only the head is here; no machine."""
        rows = self._db.execute(
            "SELECT DISTINCT address FROM source s JOIN interaction i ON i.id = s.interaction "
            "JOIN part ON part.interaction = i.id AND position = 0 JOIN party ON party.id = party "
            "WHERE s.account = ? AND s.state = 'head' AND machine IS NULL",
            (account,),
        )
        return [address for (address,) in rows]

    def has_heads(self, account: int) -> bool:
        """Whether there is a message of which only the head is here, and more might be fetched."""
        row = self._db.execute(
            "SELECT 1 FROM source WHERE account = ? AND state = 'head' LIMIT 1", (account,)
        )
        return row.fetchone() is not None

    def known_as_heads(self, page: Iterable[Interaction]) -> frozenset[str]:
        """The ids of those of these messages of which only the head is here."""
        numbers = [digest("message", one.id) for one in page if isinstance(one, Message) and not one.partial]
        rows = self._db.execute(
            "SELECT ext FROM interaction WHERE language = 'head' AND digest IN (SELECT value FROM json_each(?))",
            (json.dumps(numbers),),
        )
        return frozenset(ext for (ext,) in rows)

    def settle(self, account: int, refs: Iterable[str]) -> None:
        """Note that there is nothing more to fetch of these: they came whole, or are gone."""
        self._db.executemany(
            "UPDATE source SET state = iif((SELECT language FROM interaction WHERE id = interaction) = 'head', ?, ?) "
            "WHERE account = ? AND ref = ?",
            [(_GONE, _WHOLE, account, ref) for ref in refs],
        )
