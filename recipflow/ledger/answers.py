"""Which open item an entry answers: by thread first, then by kind and words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import islice

from recipflow.ledger.relationship import DAY, FORGET_DAYS, OpenItem, OpenKind, OpenState
from recipflow.model import COUNTS, Act, ActType, Channel, Entry, Flag, Kind, Side

TELLING = 4
"""Words up to which the same sentence may well be written twice, or by two people."""
MEETING_DAYS = 60.0
"""A meeting within this many days of an ask to meet is that meeting."""

FAR_MORE = 3.0
"""How many times what I asked (1 fu at the least) a favour elsewhere is worth that nobody had asked for. Ours."""
PLAIN_SURE = 0.85
"""How sure the reader must be of an ask for it to speak for others: as sure as for it to be told, or a little surer."""
_NOT_WAITED_FOR = frozenset({Flag.BY_VOICE, Flag.OPTIONAL, Flag.ELSEWHERE, Flag.BY_POST})
"""What an ask has that no letter need answer."""

_TO_WRITE = re.compile(
    r"\b(?:e-?mail|write|call|ring|answer|tell) you\b(?! (?:a|an|the|my|those|these))"
    r"|\b(?:get|write|come|e-?mail you) back\b|\blet you know\b|\b(?:reply|respond)\b"
    r"|\b(?:update|fill) you\b|\bkeep you (?:posted|informed|updated|in the loop|up to date)\b|\bgive you an update\b"
    r"|\bsend you (?:\w+ ){1,3}(?:e-?mail|note|line|message)\b"
)
"""A promise to write, which any word to them keeps."""

_WORD = re.compile(r"[^\W\d_]{5,}")
_NAME = re.compile(r"\b[A-ZÀ-Þ][^\W\d_A-ZÀ-Þ]{2,}")
_NO_NAMES = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun|diens|donners|frei|sams|sonn)(?:day|tag)|mittwoch|the[rs]?e?|this|that"
    r"|here|hello|dear|thanks|you|your|and|but|for|with|will"
)
"""What begins with a capital letter, and nobody is called."""


def content_words(text: str) -> frozenset[str]:
    """The words a delivery would share with what was promised: five letters or more, cut to six."""
    return frozenset(word[:6] for word in _WORD.findall(text.lower()))


def opened(kind: OpenKind, entry: Entry, act: Act, at: float) -> OpenItem:
    """The open item that an ask or promise begins."""
    return OpenItem(
        kind=kind,
        what=act.kind,
        size=act.size or 0.0,
        at=at,
        last=at,
        due=act.due,
        thread=entry.thread,
        interaction=entry.interaction,
        quote=act.quote,
        words=content_words(act.quote),
        confidence=act.confidence,
        shared=not entry.alone and Flag.EACH not in act.flags,
        flags=act.flags,
        about=act.about,
    )


def doubts(entry: Entry, at: float, opens: Mapping[ActType, OpenKind]) -> list[OpenItem]:
    """What its acts may open, that are meant for the other side alone, and too uncertain to count."""
    if not (entry.alone and entry.direct):
        return []
    unsure = (act for act in entry.acts if _unsure(act) and act.act in opens)
    return [opened(opens[act.act], entry, act, at) for act in unsure]


def _unsure(act: Act) -> bool:
    return act.confidence < COUNTS and not act.counts and not act.remark


def plainness(ask: OpenItem) -> tuple[bool, bool]:
    """How plainly an ask of theirs waits for a written answer of mine: meant for me, and read for sure."""
    return not (ask.shared or ask.flags & _NOT_WAITED_FOR), ask.confidence >= PLAIN_SURE


def in_thread(items: Iterable[OpenItem], kind: OpenKind, thread: str) -> list[OpenItem]:
    """The open items of that kind in that thread, oldest first."""
    return [item for item in items if item.kind is kind and item.thread == thread]


def in_the_same_words(items: Iterable[OpenItem], kind: OpenKind, act: Act) -> list[OpenItem]:
    """The open items of that kind with the very same sentence: it was sent twice."""
    said = act.quote.split()
    if len(said) <= TELLING:
        return []
    return [item for item in items if item.kind is kind and item.quote.split() == said]


def asks_answered(items: Iterable[OpenItem], entry: Entry) -> list[OpenItem]:
    """My asks that their `entry` answers, oldest first.

    Those of its thread; else, for a clear yes, no or gift, the last that it fits.
    """
    mine = [item for item in items if item.kind is OpenKind.MY_ASK]
    here = [item for item in mine if item.thread == entry.thread]
    if here or not mine:
        return here
    at = entry.at.timestamp() / DAY
    lately = [ask for ask in mine if at - ask.last <= FORGET_DAYS]
    fitting = (ask for ask in reversed(lately) if any(_fits(act, ask, mine[-1]) for act in entry.acts))
    return list(islice(fitting, 1))


def _fits(act: Act, ask: OpenItem, last: OpenItem) -> bool:
    """An answer without words of the ask's own is one to the last ask."""
    return _answers_elsewhere(act, ask) and (ask is last or bool(content_words(act.quote) & ask.words))


def _answers_elsewhere(act: Act, ask: OpenItem) -> bool:
    if act.act in (ActType.GRANT, ActType.REFUSAL):
        return act.kind is ask.what or bool(content_words(act.quote) & ask.words)
    if act.act is ActType.GIVE and act.kind is ask.what and not _beyond(act, ask):
        return act.kind is Kind.MEETING or bool(content_words(act.quote) & ask.words)
    return False


def _beyond(act: Act, ask: OpenItem) -> bool:
    """Whether a favour is one of its own, not what I asked: far more than that, whatever words they share."""
    return act.notable and (act.size or 0.0) >= FAR_MORE * max(ask.size, 1.0)


def meeting_asked_for(items: Iterable[OpenItem], kind: OpenKind, at: float) -> OpenItem | None:
    """The ask to meet, by that side, that a meeting at `at` delivers."""
    for item in items:
        if item.kind is kind and item.what is Kind.MEETING and at - item.at <= MEETING_DAYS:
            return item
    return None


def asks_closed_by_me(items: Iterable[OpenItem], entry: Entry) -> list[OpenItem]:
    """Their asks that my `entry` answers: any word of mine in the thread, an act that fits elsewhere."""
    open_asks = [item for item in items if item.kind is OpenKind.THEIR_ASK]
    return [ask for ask in open_asks if ask.thread == entry.thread or _takes_up(entry, ask)]


def _takes_up(entry: Entry, ask: OpenItem) -> bool:
    if entry.channel is Channel.MEETING:
        return ask.what is Kind.MEETING
    return any(
        act.act in (ActType.GIVE, ActType.GRANT, ActType.REFUSAL, ActType.PROMISE)
        and (act.kind is ask.what or bool(content_words(act.quote) & ask.words))
        for act in entry.acts
    )


def promises_kept(items: Iterable[OpenItem], entry: Entry) -> list[OpenItem]:
    """The promises of the entry's writer that it keeps: something given in the thread, or what was promised elsewhere.

    A meeting keeps those of both, whoever called it.
    """
    kinds = {OpenKind.MY_PROMISE if entry.by is Side.ME else OpenKind.THEIR_PROMISE}
    if entry.channel is Channel.MEETING:
        kinds = {OpenKind.MY_PROMISE, OpenKind.THEIR_PROMISE}
    return [item for item in items if item.kind in kinds and _keeps(entry, item)]


def _keeps(entry: Entry, promise: OpenItem) -> bool:
    to_write = _TO_WRITE.search(promise.quote.lower()) is not None
    if entry.channel is Channel.MEETING:
        return promise.what is Kind.MEETING or to_write
    if entry.alone and to_write:
        return True
    gives = [act for act in entry.acts if act.act is ActType.GIVE]
    if promise.thread == entry.thread:
        return bool(gives) or promise.what in (Kind.INFO, Kind.ADVICE, Kind.MEETING, None)
    if promise.what is Kind.INTRO and any(_names(act.quote) & _names(promise.quote) for act in gives):
        return True
    return any(
        act.kind is promise.what
        and (act.kind in (Kind.INTRO, Kind.RESOURCE) or bool(content_words(act.quote) & promise.words))
        for act in gives
    )


def _names(text: str) -> frozenset[str]:
    """Words that somebody may be called by, in small letters."""
    return frozenset(word for word in map(str.lower, _NAME.findall(text)) if not _NO_NAMES.fullmatch(word))


def follows_up(items: Iterable[OpenItem], entry: Entry, act: Act, *, lapsed: float) -> OpenItem | None:
    """The pending ask that this ask of mine repeats: the last one of its thread, or the last of all if it says so.

    An ask that was last heard of at `lapsed` or before is spent: only its own thread, or its very words, revive it.
    """
    pending = [item for item in items if item.kind is OpenKind.MY_ASK and item.state is OpenState.PENDING]
    here = [item for item in pending if item.thread == entry.thread]
    here = here or in_the_same_words(pending, OpenKind.MY_ASK, act)
    if here:
        return here[-1]
    if act.rule.startswith("ask.followup") and pending and pending[-1].last > lapsed:
        return pending[-1]
    return None
