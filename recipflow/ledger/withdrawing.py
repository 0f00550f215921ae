"""Asks that whoever asked takes back: closed, neither granted nor refused, and with them what was promised for them."""

from __future__ import annotations

from collections.abc import Iterable

from recipflow.ledger.answers import content_words, in_thread
from recipflow.ledger.relationship import OpenItem, OpenKind, OpenState
from recipflow.model import Act, Entry, Flag, Side

RECENT = 14.0
"""Days within which a letter of its own may take back an ask whose words it does not repeat. Ours."""

_ASKS = {Side.ME: OpenKind.MY_ASK, Side.THEM: OpenKind.THEIR_ASK}
_ANSWERS = {Side.ME: OpenKind.THEIR_PROMISE, Side.THEM: OpenKind.MY_PROMISE}


def taken_back(entry: Entry) -> bool:
    """Whether its writer takes back something."""
    return any(Flag.WITHDRAWN in act.flags for act in entry.acts)


def withdrawn(items: Iterable[OpenItem], entry: Entry, at: float) -> list[OpenItem]:
    """The open items that the entry's writer needs no more: their asks, and what the other side promised for these."""
    said = [act for act in entry.acts if Flag.WITHDRAWN in act.flags]
    if not said:
        return []
    known = list(items)
    waiting = [one for one in known if one.kind is _ASKS[entry.by] and one.state is not OpenState.REFUSED]
    asks = _meant(waiting, said, entry, at)
    since = {ask.thread: ask.at for ask in reversed(asks)} or {entry.thread: 0.0}
    promises = (one for thread in since for one in in_thread(known, _ANSWERS[entry.by], thread))
    return asks + [one for one in promises if one.at >= since[one.thread]]


def _meant(waiting: list[OpenItem], said: list[Act], entry: Entry, at: float) -> list[OpenItem]:
    """Those of its thread, or elsewhere; where the words are those of some, these alone."""
    words = content_words(" ".join(act.quote for act in said))
    here = [one for one in waiting if one.thread == entry.thread]
    named = [one for one in here or waiting if words & one.words]
    if here or named:
        return named or here
    lately = [one for one in waiting if at - one.last <= RECENT]
    return lately if len(lately) == 1 and entry.alone and not entry.reply else []
