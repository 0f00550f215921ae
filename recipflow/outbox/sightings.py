"""Which digest the mailbox showed last, whichever computer of the user's sent it. Digests themselves are not stored."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from recipflow.model import Interaction, Message
from recipflow.outbox.keys import token_in

if TYPE_CHECKING:
    from recipflow.store import Store

_NOTE = "last digest seen"
_AHEAD = timedelta(days=1)
"""So far another computer's clock may go before ours; what is dated later was not written by us."""


class Sighting(NamedTuple):
    """A digest that lies in the mailbox."""

    at: datetime
    token: str
    account: int  #: by which it was read
    message: str
    twice: bool = False  #: two computers sent it, and neither knows of the other


def last(store: Store) -> Sighting | None:
    """The latest one."""
    kept = store.noted(_NOTE)
    if kept is None:
        return None
    at, *others = json.loads(kept)
    return Sighting(datetime.fromisoformat(at), *others)


def look(store: Store, account: int, came: Iterable[Interaction], me: Collection[str], now: datetime) -> None:
    """Note the latest among what came, in the transaction that is open."""
    seen = [
        Sighting(one.at, token, account, one.id)
        for one in came
        if isinstance(one, Message) and one.sender.address in me and one.at <= now + _AHEAD
        if (token := token_in(one.subject))
    ]
    known = last(store)
    every = [*seen, *([known] if known else [])]
    if not every:
        return
    latest = max(every)
    same = [one for one in every if one.token == latest.token]
    twice = any(one.twice or one.message != latest.message for one in same)
    store.note(_NOTE, json.dumps([latest.at.isoformat(), *latest[1:-1], twice]))
