"""The steps of the fold: what each act does to a standing (MODEL.md, "Acts"). All are O(1)."""

from __future__ import annotations

from enum import StrEnum
from math import inf

from recipflow.model import Side
from recipflow.standing.asking import (
    FOLLOWUP_WEIGHT,
    REFUSED_WEIGHT,
    credit,
    is_retreat,
    open_ask,
    relief,
)
from recipflow.standing.etiquette import Terms
from recipflow.standing.numbers import reached
from recipflow.standing.pools import settlement
from recipflow.standing.state import Anchor, Answer, Ask, Standing, advance

ANCHOR_LEAST = 0.25
ANCHOR_SHARE = 0.20
"""A give moves the window when goodwill has grown by this many fu, and this share, over what the anchor foresaw:
so a mass mail moves none, and small gives add up. Ours."""

THANKS_DUE_FROM = 0.5
"""A courtesy worth less (fu) asks for no thank-you. Ours."""

THANKS_LEAVE = 0.85
"""What a thank-you leaves of the balance of the side that says it. Ours."""


class Outcome(StrEnum):
    """What became of my ask."""

    GRANTED = "granted"
    REFUSED = "refused"
    LAPSED = "lapsed"


def give(standing: Standing, t: float, value: float, terms: Terms, *, routine: bool = False) -> Standing:
    """I gave something worth `value` fu. With `routine` it never moves the window; a give given `freely` neither."""
    now = advance(standing, t, terms)
    left, rest = settlement(_fu(value), now.owed, terms)
    theirs = now.theirs.plus(rest, terms)
    moves = not routine and _moves_window(now.anchor, theirs.goodwill, t, terms)
    return now._replace(
        theirs=theirs,
        mine=now.mine.scaled(left),
        given=now.given + value,
        given_since=now.given_since + value,
        anchor=Anchor(t, theirs) if moves else now.anchor,
    )


def receive(standing: Standing, t: float, value: float, terms: Terms) -> Standing:
    """They gave me something worth `value` fu."""
    now = advance(standing, t, terms)
    left, rest = settlement(_fu(value), now.goodwill, terms)
    thanked = now.thanks_due_since is not None or not reached(value, THANKS_DUE_FROM)
    return _their_side_scaled(now, left)._replace(
        mine=now.mine.plus(rest, terms),
        thanks_due_since=now.thanks_due_since if thanked else t,
    )


def settle(standing: Standing, t: float, by: Side, value: float, terms: Terms) -> Standing:
    """What was lent came back, worth `value` fu: it settles that side, and what is over is nobody's to return."""
    now = advance(standing, t, terms)
    if by is Side.THEM:
        return _their_side_scaled(now, settlement(_fu(value), now.goodwill, terms)[0])
    return now._replace(mine=now.mine.scaled(settlement(_fu(value), now.owed, terms)[0]))


def thanks(standing: Standing, t: float, by: Side, terms: Terms) -> Standing:
    """Somebody said thanks: it settles a little of what they owe."""
    now = advance(standing, t, terms)
    if by is Side.THEM:
        return _their_side_scaled(now, THANKS_LEAVE)
    return now._replace(mine=now.mine.scaled(THANKS_LEAVE), thanks_due_since=None)


def ask(standing: Standing, t: float, size: float, terms: Terms, *, followup: bool = False) -> Standing:
    """I asked for `size` fu; a follow-up of nothing that is open is an ask like any other."""
    now = advance(standing, t, terms)
    pending = open_ask(now, t, terms)
    if followup and pending is not None:
        repeated = pending._replace(last=t, followups=pending.followups + 1)
        return now._replace(asked=now.asked + _fu(size) * FOLLOWUP_WEIGHT, ask=repeated)
    if not is_retreat(size, credit(now, size, t, terms)):
        return now._replace(asked=now.asked + _fu(size), ask=Ask(t, size, t))
    return now._replace(
        asked=now.asked - relief(now, t, terms) + _fu(size),
        ask=Ask(t, size, t, retreat=True),
        refused=_spent(now.refused),
    )


def outcome(standing: Standing, t: float, what: Outcome, terms: Terms) -> Standing:
    """My unanswered ask was answered, or lapsed; without one, nothing happens."""
    now = advance(standing, t, terms)
    if now.ask is None:
        return now
    if what is Outcome.LAPSED:
        return now._replace(ask=now.ask._replace(lapsed=True))
    return _granted(now, now.ask, terms) if what is Outcome.GRANTED else _refused(now, now.ask)


def _granted(now: Standing, answered: Ask, terms: Terms) -> Standing:
    return receive(now, now.at, answered.size, terms)._replace(
        ask=None,
        granted=Answer(now.at, answered.size),
        given_since=0.0,
        refused=_spent(now.refused),
    )


def _refused(now: Standing, answered: Ask) -> Standing:
    return now._replace(
        ask=None,
        asked=max(0.0, now.asked - answered.size * REFUSED_WEIGHT),
        refused=Answer(now.at, 0.0 if answered.retreat else answered.size),
    )


def _spent(refused: Answer | None) -> Answer | None:
    """Nothing is left to retreat from; the gap after the refusal goes on."""
    return refused._replace(size=0.0) if refused else None


def _moves_window(anchor: Anchor | None, goodwill: float, t: float, terms: Terms) -> bool:
    foreseen = anchor.pools.after(t - anchor.at, terms).goodwill if anchor else 0.0
    return reached(goodwill - foreseen, max(ANCHOR_LEAST, ANCHOR_SHARE * foreseen))


def _their_side_scaled(now: Standing, factor: float) -> Standing:
    """The anchor too, so that a window keeps its dates, and may vanish."""
    anchor = now.anchor._replace(pools=now.anchor.pools.scaled(factor)) if now.anchor else None
    return now._replace(theirs=now.theirs.scaled(factor), anchor=anchor)


def _fu(amount: float) -> float:
    if not 0.0 <= amount < inf:
        raise ValueError(f"favour units are a number from 0, not {amount!r}")
    return amount
