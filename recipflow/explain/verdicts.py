"""What follows from the user's verdict on a piece of advice: done, by what was done; wrong, by what was misread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from enum import StrEnum

from recipflow.derive.lessons import NOT_THIS, snapshot
from recipflow.explain.telling import Said
from recipflow.insight import Standpoint
from recipflow.ledger.relationship import OpenItem, OpenKind
from recipflow.model import Act, ActType, Asking, ContactId, Entry, Kind, Nudge, NudgeKind, Question, Side
from recipflow.store import Payload, Verb

SMALL = 1.0
"""fu of what was done off-line, where nothing says how much it was."""


class Mistake(StrEnum):
    """Why a piece of advice is wrong."""

    NOT_A_FAVOUR = "not-a-favour"  #: what it quotes is no such act
    WRONG_PERSON = "wrong-person"  #: nothing in that message concerns this person
    ALREADY_HANDLED = "already-handled"  #: it was right, and is done
    NOT_MINE = "not-mine"  #: that message is nobody's business here


MISREAD: dict[NudgeKind, frozenset[ActType]] = {
    NudgeKind.THANK: frozenset({ActType.GIVE, ActType.GRANT}),
    NudgeKind.GIVE_BACK: frozenset({ActType.GIVE, ActType.GRANT}),
    NudgeKind.KEEP_PROMISE: frozenset({ActType.PROMISE}),
    NudgeKind.REPLY_OWED: frozenset({ActType.ASK}),
    NudgeKind.HOLD_BACK: frozenset({ActType.ASK}),
    NudgeKind.FOLLOW_UP: frozenset({ActType.ASK}),
    NudgeKind.AWAITED: frozenset({ActType.PROMISE, ActType.GRANT}),
    NudgeKind.ASK_NOW: frozenset({ActType.GIVE}),
    NudgeKind.ASK_SOON: frozenset({ActType.GIVE}),
    NudgeKind.STALE: frozenset({ActType.GIVE}),
    NudgeKind.COMPLIANCE: frozenset({ActType.GIVE}),
    NudgeKind.REPORT_BACK: frozenset({ActType.GIVE, ActType.GRANT}),
    NudgeKind.RETREAT: frozenset({ActType.REFUSAL}),
    NudgeKind.COULD_GIVE: frozenset({ActType.ASK}),
}
"""The acts each kind of advice stands on."""

_YES_AND_WHEN = frozenset({ActType.GRANT, ActType.PROMISE})


def deeds(point: Standpoint, nudge: Nudge, now: datetime) -> tuple[Said, ...]:
    """What to enter in the ledger for advice that was followed where no mail shows it."""
    does = _DEEDS.get(nudge.kind)
    at = now.isoformat()
    entered = does(point, nudge) if does else ()
    return tuple(Said(Verb.LOG, nudge.contact, {"at": at, **payload}) for payload in entered)


def dealt_with(point: Standpoint, question: Question, now: datetime) -> Iterator[Said]:
    """What to enter where something that was asked about does not wait any more."""
    kind = _OVER[question.kind]
    for item in point.relationship.items:
        if item.kind is kind and item.interaction == question.interaction:
            word = _delivery(Side.ME, item) if kind is OpenKind.MY_PROMISE else {"thread": item.thread}
            by = Side.THEM if kind is OpenKind.MY_ASK else Side.ME
            yield Said(Verb.LOG, question.contact, {"at": now.isoformat(), "by": by, **word})


def corrections(nudge: Nudge, mistake: Mistake, entries: Iterable[Entry]) -> tuple[Said, ...]:
    """What of the evidence is to be read otherwise."""
    evidence = [entry for entry in entries if entry.interaction in nudge.evidence]
    return tuple(said for entry in evidence for said in _corrected(nudge, mistake, entry))


def _corrected(nudge: Nudge, mistake: Mistake, entry: Entry) -> Iterator[Said]:
    if mistake is Mistake.ALREADY_HANDLED:
        return
    if mistake is Mistake.NOT_MINE:
        yield Said(Verb.CORRECT, entry.interaction, {NOT_THIS: "all"})
        return
    wrong = MISREAD.get(nudge.kind, frozenset()) if mistake is Mistake.NOT_A_FAVOUR else frozenset(ActType)
    for act in entry.acts:
        if act.act in wrong:
            yield denial(nudge.contact, entry, act)


def denials(contact: ContactId, entry: Entry, what: ActType) -> list[Said]:
    """Nothing in that message is such an act towards them: a word for each sentence that was read so, one at least.

    "I can send it by Friday" says yes and when in one: it is either or neither. The user spoke of one of the two alone, so
    nothing is learned about how the other is read.
    """
    read = [act for act in entry.acts if act.act is what]
    denied = [denial(contact, entry, act) for act in read] or [_denied(contact, entry, what)]
    return denied + [_denied(contact, entry, act.act, act.position) for act in also_denied(entry, what)]


def also_denied(entry: Entry, what: ActType) -> list[Act]:
    """What the same sentences were read as besides, and are not either."""
    at = {act.position for act in entry.acts if act.act is what}
    others = _YES_AND_WHEN - {what} if what in _YES_AND_WHEN else frozenset[ActType]()
    return [act for act in entry.acts if act.act in others and act.position in at]


def _denied(contact: ContactId, entry: Entry, what: ActType, position: int | None = None) -> Said:
    where: Payload = {} if position is None else {"position": position}
    return Said(Verb.CORRECT, entry.interaction, {"contact": contact, NOT_THIS: what.value, **where})


def saying(contact: ContactId, entry: Entry, what: ActType, more: Payload) -> Said:
    """That message is one such act towards them; what had been read so, if anything, was read rightly."""
    read = [act for act in entry.acts if act.act is what]
    seen = snapshot(entry, max(read, key=lambda act: act.confidence)) if read else {}
    if len(read) > 1:
        seen = {key: value for key, value in seen.items() if key != "position"}
    return Said(Verb.CORRECT, entry.interaction, {"contact": contact, "act": what.value, **seen, **more})


def confirmation(contact: ContactId, entry: Entry, act: Act, more: Payload) -> Said:
    """That sentence is such an act towards them."""
    said: Payload = {"contact": contact, "act": act.act.value, **snapshot(entry, act), **more}
    return Said(Verb.CORRECT, entry.interaction, said)


def denial(contact: ContactId, entry: Entry, act: Act) -> Said:
    """That sentence is no such act towards them."""
    denied: Payload = {"contact": contact, NOT_THIS: act.act.value, **snapshot(entry, act)}
    return Said(Verb.CORRECT, entry.interaction, denied)


def _thanks(_point: Standpoint, _nudge: Nudge) -> Iterator[Payload]:
    yield {"by": Side.ME, "act": ActType.THANKS}


def _kept(point: Standpoint, nudge: Nudge) -> Iterator[Payload]:
    """A promise of mine, kept."""
    for item in _items(point, nudge, OpenKind.MY_PROMISE):
        yield _delivery(Side.ME, item)


def _came(point: Standpoint, nudge: Nudge) -> Iterator[Payload]:
    """What they promised or granted has come."""
    for item in _items(point, nudge, OpenKind.THEIR_PROMISE, OpenKind.MY_ASK):
        yield _delivery(Side.THEM, item)


def _delivery(by: Side, item: OpenItem) -> Payload:
    return {
        "by": by,
        "act": ActType.GIVE,
        "kind": item.what or Kind.HELP,
        "size": item.size or SMALL,
        "thread": item.thread,
        "routine": True,
    }


def _answered(point: Standpoint, nudge: Nudge) -> Iterator[Payload]:
    """A word of mine to everything they wait for an answer on."""
    for item in _items(point, nudge, OpenKind.THEIR_ASK):
        yield {"by": Side.ME, "thread": item.thread}


def _returned(point: Standpoint, _nudge: Nudge) -> Iterator[Payload]:
    received = point.relationship.received
    yield {
        "by": Side.ME,
        "act": ActType.GIVE,
        "kind": Kind.HELP,
        "size": (received[-1].size if received else 0.0) or SMALL,
    }


def _reminded(point: Standpoint, nudge: Nudge) -> Iterator[Payload]:
    for item in _items(point, nudge, OpenKind.MY_ASK):
        yield {
            "by": Side.ME,
            "act": ActType.ASK,
            "kind": item.what or Kind.HELP,
            "size": item.size,
            "thread": item.thread,
        }


def _asked(_point: Standpoint, _nudge: Nudge) -> Iterator[Payload]:
    yield {"by": Side.ME, "act": ActType.ASK, "kind": Kind.HELP, "size": SMALL}


def _greeted(_point: Standpoint, _nudge: Nudge) -> Iterator[Payload]:
    yield {"by": Side.ME}


def _stepped_back(point: Standpoint, _nudge: Nudge) -> Iterator[Payload]:
    """Something smaller was asked."""
    refused = point.relationship.standing.refused
    size = min(SMALL, refused.size / 2) if refused else SMALL
    yield {"by": Side.ME, "act": ActType.ASK, "kind": Kind.HELP, "size": size}


def _helped(_point: Standpoint, nudge: Nudge) -> Iterator[Payload]:
    what = nudge.facts.get("what")
    yield {
        "by": Side.ME,
        "act": ActType.GIVE,
        "kind": what if isinstance(what, str) else Kind.HELP,
        "size": SMALL,
        "text": nudge.quote,
    }


def _items(point: Standpoint, nudge: Nudge, *kinds: OpenKind) -> Iterator[OpenItem]:
    for item in point.relationship.items:
        if item.kind in kinds and item.interaction in nudge.evidence:
            yield item


_OVER = {
    Asking.THEIR_ASK: OpenKind.THEIR_ASK,
    Asking.MY_PROMISE: OpenKind.MY_PROMISE,
    Asking.MY_ASK: OpenKind.MY_ASK,
}
"""What a question whether it still waits is about: an answer of the user's is entered for theirs, one of theirs for mine."""

_DEEDS: dict[NudgeKind, Callable[[Standpoint, Nudge], Iterable[Payload]]] = {
    NudgeKind.THANK: _thanks,
    NudgeKind.KEEP_PROMISE: _kept,
    NudgeKind.REPLY_OWED: _answered,
    NudgeKind.GIVE_BACK: _returned,
    NudgeKind.FOLLOW_UP: _reminded,
    NudgeKind.AWAITED: _came,
    NudgeKind.ASK_NOW: _asked,
    NudgeKind.ASK_SOON: _asked,
    NudgeKind.STALE: _greeted,
    NudgeKind.REPORT_BACK: _greeted,
    NudgeKind.RETREAT: _stepped_back,
    NudgeKind.COULD_GIVE: _helped,
}
