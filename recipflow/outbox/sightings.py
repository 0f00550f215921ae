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

_NOTE = "digest seen"
_AHEAD = timedelta(days=1)
"""So far another computer's clock may go before ours; what is dated later was not written by us."""


class Sighting(NamedTuple):
    """A digest that lies in the mailbox."""

    at: datetime
    token: str
    account: int  #: by which it was read


def last(store: Store) -> Sighting | None:
    """The latest one."""
    kept = store.noted(_NOTE)
    if kept is None:
        return None
    at, token, account = json.loads(kept)
    return Sighting(datetime.fromisoformat(at), token, account)


def look(store: Store, account: int, came: Iterable[Interaction], me: Collection[str], now: datetime) -> None:
    """Note the latest among what came, in the transaction that is open."""
    seen = [
        Sighting(one.at, token, account)
        for one in came
        if isinstance(one, Message) and one.sender.address in me and one.at <= now + _AHEAD
        if (token := token_in(one.subject))
    ]
    known = last(store)
    latest = max([*seen, *([known] if known else [])], default=None)
    if latest and latest != known:
        store.note(_NOTE, json.dumps([latest.at.isoformat(), latest.token, latest.account]))
