"""Their asks that wait for the user's answer."""

from __future__ import annotations

from collections.abc import Iterator

from recipflow.advice.days import after_working_days, end_of, local_date
from recipflow.advice.holds import Held, Hold
from recipflow.advice.moot import answered_elsewhere, elsewhere, moot_from
from recipflow.advice.plainly import OUTRIGHT, plain_ask
from recipflow.advice.view import Finding, Turn, View
from recipflow.ledger.relationship import OpenItem, OpenKind, OpenState
from recipflow.model import ActType, Asking, Flag, Kind, NudgeKind

ANSWER_AFTER = 2
"""Working days an answer may take (DESIGN.md)."""
ANSWER_SURE = 0.83
"""How sure the reader must be that something was asked of them that wants an answer."""
ANSWER_FADE = 30.0
"""Days after their last word on it that an unanswered ask has answered itself. Ours."""
MEETING_FADE = 14.0
"""The same for an ask to meet: what it was for has come and gone. Ours."""


def reply_owed(view: View) -> Iterator[Finding]:
    """Their ask, or a question that ends a thread, unanswered for two working days; the last one speaks for all."""
    asks = [
        item for item in (*view.relationship.items, *view.relationship.doubts) if _wants_an_answer(view, item)
    ]
    waiting = [item for item in asks if view.now < _answer_fades(item)]
    for item in waiting:
        yield from (Turn(at) for at in _answer_turns(view, item))
    due = [item for item in waiting if view.now >= _answer_due(view, item)]
    yield from _doubtful(view, due)
    if ripe := [item for item in due if _sure_ask(view, item) and plain_ask(view, item)]:
        yield _owed(view, ripe)
    elif soon := [_answer_due(view, item) for item in waiting if item not in due and _sure_ask(view, item)]:
        yield Held(kind=NudgeKind.REPLY_OWED, because=Hold.TIME_TO_ANSWER, until=min(soon))


def _doubtful(view: View, due: list[OpenItem]) -> Iterator[Finding]:
    """What may not have been asked, or not of the user, is asked about, and what may not wait any more."""
    for item in due:
        sure = _sure_ask(view, item)
        if (sure and plain_ask(view, item)) or view.mute_since(item.at):
            continue
        opens, closes = _answer_due(view, item), _answer_fades(item)
        yield view.question(Asking.THEIR_ASK, item, ActType.ASK, opens=opens, closes=closes, still=int(sure))


def _owed(view: View, ripe: list[OpenItem]) -> Finding:
    ask = max(ripe, key=lambda item: (item.size, item.last))
    if blind := view.mute_since(ask.at):
        return Held(kind=NudgeKind.REPLY_OWED, because=blind)
    facts = {} if ask.due is None else {"due": ask.due}
    return view.nudge(
        NudgeKind.REPLY_OWED,
        ask.interaction,
        opens=_answer_due(view, ask),
        closes=_answer_fades(ask),
        quote=ask.quote,
        evidence=tuple(item.interaction for item in ripe),
        day=local_date(ask.at, view.zone),
        what=ask.what or Kind.HELP,
        count=ask.repeats + 1,
        **facts,
    )


def _answer_turns(view: View, ask: OpenItem) -> Iterator[float]:
    yield _answer_due(view, ask)
    yield _answer_fades(ask)
    if (past := moot_from(ask, view.zone, hasty=view.hasty)) is not None:
        yield past
    if ask.due is not None:
        yield end_of(ask.due, view.zone)


def _wants_an_answer(view: View, ask: OpenItem) -> bool:
    if ask.kind is not OpenKind.THEIR_ASK or ask.shared or answered_elsewhere(ask):
        return False
    if ask.state is OpenState.HEARD and (ask.due is None or ask.due < view.today):
        return False  # the user has written to them since, on something else: it was not overlooked
    past = moot_from(ask, view.zone, hasty=view.hasty)
    return past is None or view.now < past


def _sure_ask(view: View, ask: OpenItem) -> bool:
    """Sure enough for advice; a request for somebody else's sake, and "stop by any time", may be mere kindness.

    Colleagues set one another tasks; whether those were done, no mail tells.
    """
    question = ask.quote.rstrip(") ").endswith("?")
    if view.colleague and ask.what is Kind.HELP and not question:
        return False
    if ask.what is Kind.MEETING and ask.confidence < OUTRIGHT and not question:
        return False
    return ask.confidence >= ANSWER_SURE and not elsewhere(ask) and Flag.BY_POST not in ask.flags


def _answer_fades(ask: OpenItem) -> float:
    return ask.last + (MEETING_FADE if ask.what is Kind.MEETING else ANSWER_FADE)


def _answer_due(view: View, ask: OpenItem) -> float:
    return after_working_days(ask.at, ANSWER_AFTER, view.zone)
