"""Before an ask: what speaks against it now, and until when (MODEL.md, "Before an ask of size q")."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from recipflow.standing import asking
from recipflow.standing.changes import fresh_until, owes, owing_changes_at, pressure_falls_at, too_fresh
from recipflow.standing.etiquette import Terms
from recipflow.standing.numbers import above, has_come
from recipflow.standing.state import PACE_BASE, Ask, Standing, advance
from recipflow.standing.windows import STALE_FROM, stale_limit

FREE_ASK = 1.0
"""Asks of this many fu or less are free of too_soon, disproportionate and escalation: people underestimate
a yes by half (Flynn & Lake 2008), and nobody should be made timid."""

PROPORTION = 1.5
"""How many times goodwill an ask may be, beyond the free one. Ours."""

OVER = 1.0
FAR_OVER = 1.5
"""Pressures above which an ask is one too many, and plainly so. Ours."""

THANKS_AFTER = 1.0
"""Days after which thanks that are due are missed. Ours."""


class AskWarning(StrEnum):
    """In the order of MODEL.md's table."""

    ASK_PENDING = "ask_pending"
    FOLLOWUP_LIMIT = "followup_limit"
    SPACING = "spacing"
    TOO_SOON = "too_soon"
    STALE = "stale"
    DISPROPORTIONATE = "disproportionate"
    ESCALATION = "escalation"
    OVER_ASKING = "over_asking"
    OVER_ASKING_RED = "over_asking_red"
    YOU_OWE = "you_owe"
    THANKS_DUE = "thanks_due"
    COMMUNAL = "communal"


class Caution(NamedTuple):
    """A warning, and the instant (days) it ends by itself; None if only an act can end it, or nobody knows."""

    warning: AskWarning
    until: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What speaks against an ask. `pressure_after` is a ratio, `credit` in fu."""

    cautions: tuple[Caution, ...]
    pressure_after: float
    credit: float

    @property
    def warnings(self) -> tuple[AskWarning, ...]:
        return tuple(caution.warning for caution in self.cautions)


def check(standing: Standing, t: float, size: float, terms: Terms, *, followup: bool = False) -> Check:
    """What speaks at `t` against asking for `size` fu; `followup` if it would follow up the open ask."""
    now = advance(standing, t, terms)
    pending = asking.open_ask(now, t, terms)
    followed = pending if followup else None
    credit = asking.credit(now, size, t, terms)
    prospect = _Prospect(
        now=now,
        size=size,
        terms=terms,
        pending=pending,
        followed=followed,
        credit=credit,
        retreat=followed is None and asking.is_retreat(size, credit),
    )
    cautions = (look(prospect) for look in _IN_ORDER)
    return Check(
        cautions=tuple(caution for caution in cautions if caution is not None),
        pressure_after=prospect.pressure_after,
        credit=credit,
    )


def thanks_missed_from(standing: Standing) -> float | None:
    """From when `thanks_due` stands; None if no thanks are due."""
    return None if standing.thanks_due_since is None else standing.thanks_due_since + THANKS_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prospect:
    """The ask being thought of, at the moment it is."""

    now: Standing
    size: float
    terms: Terms
    pending: Ask | None
    followed: Ask | None  #: the pending ask, if this would follow it up
    credit: float
    retreat: bool

    @property
    def weight(self) -> float:
        """What it would add to the pace, in fu."""
        return self.size * asking.FOLLOWUP_WEIGHT if self.followed else self.size

    @property
    def asked_after(self) -> float:
        relief = asking.relief(self.now, self.now.at, self.terms) if self.retreat else 0.0
        return self.now.asked - relief + self.weight

    @property
    def pressure_after(self) -> float:
        return self.asked_after / (PACE_BASE + self.now.given)


def _ask_pending(ask: _Prospect) -> Caution | None:
    if ask.pending is None or ask.followed:
        return None
    return Caution(AskWarning.ASK_PENDING, asking.lapses_at(ask.now, ask.terms))


def _followup_limit(ask: _Prospect) -> Caution | None:
    if ask.followed is None or ask.followed.followups < len(ask.terms.followups):
        return None
    return Caution(AskWarning.FOLLOWUP_LIMIT, asking.lapses_at(ask.now, ask.terms))


def _spacing(ask: _Prospect) -> Caution | None:
    if ask.followed:
        end = asking.followup_from(ask.now, ask.terms)
    elif ask.retreat:
        end = asking.granted_gap_ends(ask.now, ask.terms)
    else:
        end = asking.gaps_end(ask.now, ask.terms)
    return None if end is None or has_come(end, ask.now.at) else Caution(AskWarning.SPACING, end)


def _too_soon(ask: _Prospect) -> Caution | None:
    if not above(ask.size, FREE_ASK) or not too_fresh(ask.now.theirs):
        return None
    return Caution(AskWarning.TOO_SOON, fresh_until(ask.now, ask.terms))


def _stale(ask: _Prospect) -> Caution | None:
    anchor = ask.now.anchor
    if anchor is None or not above(anchor.pools.goodwill, STALE_FROM):
        return None
    return Caution(AskWarning.STALE) if above(stale_limit(anchor.pools), ask.now.goodwill) else None


def _disproportionate(ask: _Prospect) -> Caution | None:
    fitting = FREE_ASK + PROPORTION * ask.now.goodwill + ask.credit
    return Caution(AskWarning.DISPROPORTIONATE) if above(ask.size, fitting) else None


def _escalation(ask: _Prospect) -> Caution | None:
    granted = ask.now.granted
    if granted is None or not above(ask.size, FREE_ASK):
        return None
    fitting = ask.terms.growth * granted.size + ask.now.given_since
    return Caution(AskWarning.ESCALATION) if above(ask.size, fitting) else None


def _over_asking(ask: _Prospect) -> Caution | None:
    for level, warning in ((FAR_OVER, AskWarning.OVER_ASKING_RED), (OVER, AskWarning.OVER_ASKING)):
        if above(ask.pressure_after, level):
            return Caution(warning, _bearable_from(ask, level))
    return None


def _bearable_from(ask: _Prospect, level: float) -> float | None:
    """When the pace will bear it; nobody knows of a retreat, whose credit fades, nor beyond the lapse of what it follows."""
    falls = None if ask.retreat else pressure_falls_at(ask.now, level, ask.terms, more=ask.weight)
    lapse = asking.lapses_at(ask.now, ask.terms) if ask.followed else None
    return None if falls is None or (lapse is not None and has_come(lapse, falls)) else falls


def _you_owe(ask: _Prospect) -> Caution | None:
    return Caution(AskWarning.YOU_OWE, owing_changes_at(ask.now, ask.terms)) if owes(ask.now) else None


def _thanks_due(ask: _Prospect) -> Caution | None:
    missed = thanks_missed_from(ask.now)
    return None if missed is None or not has_come(missed, ask.now.at) else Caution(AskWarning.THANKS_DUE)


def _communal(ask: _Prospect) -> Caution | None:
    too_soon = _too_soon(ask) if ask.terms.communal else None
    return Caution(AskWarning.COMMUNAL, too_soon.until) if too_soon else None


_IN_ORDER: tuple[Callable[[_Prospect], Caution | None], ...] = (
    _ask_pending,
    _followup_limit,
    _spacing,
    _too_soon,
    _stale,
    _disproportionate,
    _escalation,
    _over_asking,
    _you_owe,
    _thanks_due,
    _communal,
)
