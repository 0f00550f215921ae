"""Advice that points at giving back: thanks, promises, answers, a return."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from recipflow import standing as model
from recipflow.advice.days import after_working_days, end_of, local_date, start_of
from recipflow.advice.holds import Held, Hold
from recipflow.advice.moot import unseen
from recipflow.advice.plainly import SAID, plain_promise
from recipflow.advice.view import Finding, Turn, View
from recipflow.ledger.relationship import Favour, OpenItem, OpenKind, OpenState
from recipflow.model import TANGIBLE, ActType, Asking, Kind, Nudge, NudgeKind

THANKS_AFTER = 1.0
"""Days a thank-you may take before it is worth a word (DESIGN.md, kinds of nudge)."""
THANKS_FADE = 120.0
"""Days after which a missing thank-you is history. Ours: people do thank ten months late, but not because a tool said so."""
REMEMBERED = 30.0
"""Days for which it may be asked whether something was a favour. Ours."""
PROMISE_AHEAD = 3
"""Days before a promise falls due that it is worth a word (DESIGN.md)."""
PROMISE_UNDATED = 5
"""Working days after which a promise without a date is due (DESIGN.md)."""
PROMISE_SURE = 0.85
"""How sure the reader must be that something was promised to them that would arrive: less is talk of one's plans."""
COLLEAGUE_SURE = 0.92
"""The same of what was promised to a colleague: at work, most such is done without another mail."""
PROMISE_FADE = 30.0
"""Days after which an overdue promise is past keeping by a nudge. Ours."""
HASTY_FADE = 7.0
"""The same for what was promised for that day or the next, or to a colleague: of what lay longer, readers held four of
nineteen to be right (`bench/verdicts.jsonl`)."""
FAVOUR_SURE, FAVOUR_SURE_AMONG_FAVOURS = 0.5, 0.4
"""How sure the reader must be of a favour before thanks or a return are called for, where most of what is given is duty and
where favours are frequent: the same certainty means less in the one than in the other (bench/RESULTS.md)."""
GIFT_SURE = 0.6
"""The same of a thing given at work: a card that a service sends and tickets that are sorted out sound like presents."""
DUTY_SURE = 0.8
"""The same between colleagues: trouble taken over common work is no favour."""
_TO_THEM = re.compile(r"\b(?:you|your|y'all|dir|dich|ihnen|euch|te|ti|lhe|lhes|vos|le|les|os)\b")
"""What a promise calls those whom something is to reach."""
RETURN_FADE = 60.0
"""Days after their last favour that a return is still a return. Ours."""


def thank(view: View) -> Iterator[Finding]:
    """Thanks due for a day or more, for something notable or granted."""
    favours = sure_favours(view, view.relationship.favours)
    yield from _unsure_favours(view)
    if not favours or view.now >= favours[-1].at + THANKS_FADE:
        return
    first = favours[0]
    best = foremost(favours)
    opens = first.at + THANKS_AFTER
    if view.now < opens:
        yield Held(kind=NudgeKind.THANK, because=Hold.FRESH, until=opens)
    elif blind := view.mute_since(first.at):
        yield Held(kind=NudgeKind.THANK, because=blind)
    else:
        yield view.nudge(
            NudgeKind.THANK,
            first.interaction,
            opens=opens,
            closes=favours[-1].at + THANKS_FADE,
            quote=best.quote,
            evidence=_interactions(favours),
            day=local_date(best.at, view.zone),
            what=best.what or Kind.HELP,
            count=len(favours),
        )


def foremost(favours: Sequence[Favour]) -> Favour:
    """The one that thanks are for first of all: the largest, of two alike the newer."""
    return max(favours, key=lambda favour: (favour.size, favour.at))


def _unsure_favours(view: View) -> Iterator[Finding]:
    """Favours that may be none: asked about for as long as thanks are still in time."""
    for favour in view.relationship.favours:
        opens, closes = favour.at + THANKS_AFTER, favour.at + REMEMBERED
        known = favour.granted or favour.confidence >= _least(view, favour)
        if known or view.colleague or view.now >= closes:
            continue
        if view.now < opens:
            yield Turn(opens)
        elif not view.mute_since(favour.at):
            yield view.question(Asking.FAVOUR, favour, ActType.GIVE, opens=opens, closes=closes)


def keep_promise(view: View) -> Iterator[Finding]:
    """A promise of mine that falls due within three days, is due or overdue."""
    for promise in (*view.relationship.items, *view.relationship.doubts):
        if promise.kind is not OpenKind.MY_PROMISE:
            continue
        found = _promise(view, promise)
        if _sure_promise(view, promise):
            plain = plain_promise(promise)
            yield (
                found if plain else view.doubted(Asking.MY_PROMISE, promise, ActType.PROMISE, found, still=1)
            )
        elif not view.colleague:  # among those who share their work, talk of one's plans is no promise
            yield view.doubted(Asking.MY_PROMISE, promise, ActType.PROMISE, found)


def _sure_promise(view: View, promise: OpenItem) -> bool:
    """Sure enough for advice; of one on a condition, or kept by voice, no mail tells; one I wrote after may be dealt with.

    Help without a day ("I'll see what I can do") has no day on which it is late: of 40 such in office mail, readers held
    nine to be right (bench/READING.md). To meet is for both, and mail does not tell that they met: none of seven was right.

    Among colleagues, what is said to several, or is to be done and not to come to them, is one's work: whether it was done,
    no mail tells.
    """
    if promise.confidence >= SAID:
        return promise.state is OpenState.PENDING
    if (promise.what is Kind.HELP and promise.due is None) or promise.what is Kind.MEETING:
        return False
    work = promise.what is Kind.HELP and not _TO_THEM.search(promise.quote.lower())
    if view.colleague and (work or promise.shared):
        return False
    plain = promise.state is OpenState.PENDING and not unseen(promise)
    return plain and promise.confidence >= (COLLEAGUE_SURE if view.colleague else PROMISE_SURE)


def _promise(view: View, promise: OpenItem) -> Nudge | Held:
    kind = NudgeKind.KEEP_PROMISE
    due = _due(view, promise)
    opens = due if promise.due is None else max(promise.at, due - PROMISE_AHEAD)
    closes = _promise_fades(view, promise, due)
    if view.now < opens:
        return Held(kind=kind, because=Hold.NOT_DUE, until=opens)
    if view.now >= closes:
        return Held(kind=kind, because=Hold.LONG_DUE)
    if blind := view.mute_since(promise.at):
        return Held(kind=kind, because=blind)
    facts = {} if promise.due is None else {"due": promise.due}
    return view.nudge(
        kind,
        promise.interaction,
        opens=opens,
        closes=closes,
        quote=promise.quote,
        evidence=(promise.interaction,),
        day=local_date(promise.at, view.zone),
        what=promise.what or Kind.HELP,
        overdue=int(view.now >= due + 1.0),
        **facts,
    )


def _due(view: View, promise: OpenItem) -> float:
    if promise.due is not None:
        return start_of(promise.due, view.zone)
    return after_working_days(promise.last, PROMISE_UNDATED, view.zone)


def _promise_fades(view: View, promise: OpenItem, due: float) -> float:
    """When it is past keeping: the occasion it was for is over, or what was to come the same night has long come."""
    hasty = view.colleague or (promise.due and due <= promise.at + 1.0)
    fades = due + (HASTY_FADE if hasty else PROMISE_FADE)
    if promise.due and promise.about and promise.about > promise.due:
        fades = min(fades, end_of(promise.about, view.zone))
    if promise.due and promise.what is Kind.MEETING and promise.due == local_date(promise.at, view.zone):
        fades = end_of(promise.due, view.zone)  # a word to speak, or meet, that day: it came, or it did not
    return fades


def give_back(view: View) -> Iterator[Finding]:
    """The user's side outweighs theirs; silent among close friends, who keep no books."""
    received = sure_favours(view, view.relationship.received)
    if not received:
        return
    last = received[-1].at
    fades = last + RETURN_FADE
    if view.close or view.colleague or view.now >= fades:
        return
    turn = view.owing_turns()
    if turn is not None:
        yield Turn(turn)
    if not model.owes(view.standing):
        return
    yield view.nudge(
        NudgeKind.GIVE_BACK,
        f"{last:.4f}",
        opens=last,
        closes=fades,
        quote=received[-1].quote,
        evidence=_interactions(received),
        day=local_date(last, view.zone),
    )


def sure_favours(view: View, favours: tuple[Favour, ...]) -> tuple[Favour, ...]:
    """Those the reader is sure enough of for thanks or a return to be called for."""
    return tuple(favour for favour in favours if favour.confidence >= _least(view, favour))


def favour_sure(*, generous: bool) -> float:
    """How sure the reader must be of a favour for anything to rest on it."""
    return FAVOUR_SURE_AMONG_FAVOURS if generous else FAVOUR_SURE


def _least(view: View, favour: Favour) -> float:
    if view.colleague:
        return DUTY_SURE
    thing = favour.what in TANGIBLE and not view.generous
    return GIFT_SURE if thing else favour_sure(generous=view.generous)


def _interactions(favours: tuple[Favour, ...]) -> tuple[str, ...]:
    return tuple(favour.interaction for favour in favours)
