"""Advice about what is asked: when to give room, what is overdue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from recipflow import standing as model
from recipflow.advice.beside import WEEK
from recipflow.advice.days import end_of, local_date
from recipflow.advice.holds import Held, Hold
from recipflow.advice.moot import answered_elsewhere
from recipflow.advice.reminding import REMIND_SURE, SMALL_SIZE
from recipflow.advice.view import Finding, Turn, View
from recipflow.ledger.relationship import Answer, Asked, OpenItem, OpenKind, OpenState
from recipflow.model import ActType, Asking, Kind, Nudge, NudgeKind, Tag

PRESSURE = 1.0
"""Pressure above which it is the user who asks too much (DESIGN.md, kinds of nudge)."""
UNANSWERED = 3
"""Asks without an answer after which a fourth is too many (DESIGN.md)."""
TIME_TO_ANSWER = 1.0
"""Days an ask must have lain before it can be called unanswered."""
UNANSWERED_DAYS = 30.0
"""Days for which an unanswered ask counts towards that."""
ASK_SURE = 0.8
"""How sure the reader must be of an ask for it to be held against the user."""
AWAITED_SURE = 0.88
"""How sure the reader must be that they promised something that would arrive (see `giving.PROMISE_SURE`)."""
FOLLOW_UPS = 2
"""Follow-ups of one ask, the most there should be (Damgaard & Gravert 2018)."""
MUTUAL = 0.5
"""When they ask, or write first, at least this often for each ask of mine, it goes both ways, and is no over-asking."""
REPEATED = 3
"""Asks from which on there is a pace to speak of: one large ask is large, not frequent."""
AWAITED_AFTER = 1.0
"""Days of grace after the day they named."""
AWAITED_FADE = 30.0
"""Days after which what they promised is not waited for by a nudge. Ours."""


def hold_back(view: View) -> Iterator[Finding]:
    """Give them room: too much asked, three asks unanswered, the last follow-up spent, or one organisation too often."""
    if view.close or view.hasty or view.tagged(Tag.TEAM):
        return  # a pager takes no offence
    if view.colleague:
        yield Held(kind=NudgeKind.HOLD_BACK, because=Hold.COLLEAGUE)
        return
    asked = _once(
        ask
        for ask in view.relationship.asked
        if view.now < ask.at + UNANSWERED_DAYS and ask.confidence >= ASK_SURE and not answered_elsewhere(ask)
    )
    yield from _room_turns(view, asked)
    reason = _too_much(view, asked)
    if isinstance(reason, Held):
        yield reason
    elif reason is not None:
        yield _room(view, asked, reason)


def _room_turns(view: View, asked: list[Asked]) -> Iterator[Turn]:
    """When what is too much now, or not yet, may change."""
    yield from (Turn(ask.at + days) for ask in asked for days in (TIME_TO_ANSWER, UNANSWERED_DAYS))
    yield from (Turn(item.last + view.terms.lapse) for item in view.relationship.items if _spent(view, item))
    yield from (Turn(at + UNANSWERED_DAYS) for at in _refusals(view))
    if (relief := model.pressure_falls_at(view.relationship.standing, PRESSURE, view.terms)) is not None:
        yield Turn(relief)


def _room(view: View, asked: list[Asked], reason: str) -> Finding:
    first = asked[0].at if asked else view.organisation.since or view.now
    if blind := view.deaf_since(first):
        return Held(kind=NudgeKind.HOLD_BACK, because=blind)
    return view.nudge(
        NudgeKind.HOLD_BACK,
        reason + asked[-1].interaction if asked else reason,
        opens=asked[-1].at if asked else view.now,
        closes=first + UNANSWERED_DAYS,
        quote=asked[-1].quote if asked else "",
        evidence=tuple(ask.interaction for ask in asked),
        since=local_date(first, view.zone),
        count=len(asked) if asked else view.organisation.asks,
        reason=reason,
    )


def _too_much(view: View, asked: list[Asked]) -> str | Held | None:
    silent_since = view.relationship.last_theirs or 0.0
    waiting = [ask for ask in asked if not ask.answered and ask.at > silent_since]
    ignored = [ask for ask in waiting if view.now >= ask.at + TIME_TO_ANSWER]
    plain = [ask for ask in ignored if ask.confidence >= REMIND_SURE]
    if len({local_date(ask.at, view.zone) for ask in plain}) >= UNANSWERED:
        return "unanswered"
    if any(_spent(view, item) for item in view.relationship.items):
        return "followed_up"
    minded = len(ignored) > 1 or len(asked) > REPEATED or any(_refusals(view))
    if view.standing.pressure > PRESSURE and len(asked) >= REPEATED and minded:
        if len(view.relationship.their_turns) >= MUTUAL * len(asked):
            return Held(kind=NudgeKind.HOLD_BACK, because=Hold.MUTUAL)
        return "pressure"
    if not view.organisation.crowded:
        return None
    occasion = any(len(waiting) > 1 or ask.size >= SMALL_SIZE for ask in ignored)
    return "organisation" if occasion else crowd(view, NudgeKind.HOLD_BACK)


def crowd(view: View, kind: NudgeKind) -> Held:
    """What people at their organisation were asked lately, taken together, holds it back."""
    since = view.organisation.since
    return Held(kind=kind, because=Hold.ORGANISATION, until=None if since is None else since + WEEK)


def _refusals(view: View) -> Iterator[float]:
    """When they said no, lately: a plain sign that it was too much."""
    for answer in view.relationship.answered:
        if answer.answer is Answer.REFUSED and view.now < answer.at + UNANSWERED_DAYS:
            yield answer.at


def _once(asked: Iterable[Asked]) -> list[Asked]:
    """The same sentence sent twice is asked once, when it was sent last."""
    last = {(" ".join(ask.quote.split()), ask.size): ask for ask in asked}
    return sorted(last.values(), key=lambda ask: ask.at)


def _spent(view: View, item: OpenItem) -> bool:
    pending = item.kind is OpenKind.MY_ASK and item.state is OpenState.PENDING and not item.shared
    return (
        pending
        and item.confidence >= ASK_SURE
        and item.repeats >= FOLLOW_UPS
        and view.now - item.last < view.terms.lapse
    )


def awaited(view: View) -> Iterator[Finding]:
    """What they promised, or granted for a day they named, is overdue; whether a colleague's came is asked, not claimed."""
    promises = {_said(one) for one in view.relationship.items if _sure_promise(view, one)}
    for item in (*view.relationship.items, *view.relationship.doubts):
        granted = item.kind is OpenKind.MY_ASK and item.state is OpenState.GRANTED
        promised = item.kind is OpenKind.THEIR_PROMISE
        if item.due is None or item.what is Kind.MEETING or not (granted or promised):
            continue
        if granted and _said(item) in promises:
            continue  # one letter said yes and by when
        found = _awaited(view, item, item.due)
        if (
            item.confidence >= AWAITED_SURE
            and not answered_elsewhere(item)
            and not (promised and view.colleague)
        ):
            yield from () if found is None else (found,)
        elif promised and found is not None:
            yield view.doubted(Asking.THEIR_PROMISE, item, ActType.PROMISE, found)


def _sure_promise(view: View, item: OpenItem) -> bool:
    sure = item.confidence >= AWAITED_SURE and not answered_elsewhere(item)
    return item.kind is OpenKind.THEIR_PROMISE and sure and not view.colleague


def _said(item: OpenItem) -> tuple[float, date | None]:
    """When the last word on it was, and for which day."""
    return item.last, item.due


def _awaited(view: View, item: OpenItem, due: date) -> Nudge | Held | None:
    opens = end_of(due, view.zone) + AWAITED_AFTER
    closes = opens + AWAITED_FADE
    if view.now < opens:
        return Held(kind=NudgeKind.AWAITED, because=Hold.NOT_PASSED, until=opens)
    if view.now >= closes:
        return None
    if blind := view.deaf_since(item.at):
        return Held(kind=NudgeKind.AWAITED, because=blind)
    return view.nudge(
        NudgeKind.AWAITED,
        item.interaction,
        opens=opens,
        closes=closes,
        quote=item.quote,
        evidence=(item.interaction,),
        due=due,
        day=local_date(item.at, view.zone),
        what=item.what or Kind.HELP,
    )
