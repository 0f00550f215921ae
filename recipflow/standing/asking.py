"""Where an ask of mine stands: still open or lapsed, its follow-ups, the gaps to keep, and the credit of a retreat."""

from __future__ import annotations

from math import exp, log

from recipflow.standing.etiquette import Terms
from recipflow.standing.numbers import has_come
from recipflow.standing.state import Ask, Standing

CREDIT_SHARE = 0.25
"""Of the concession made, what counts in my favour. Small, as Feeley et al. 2012 find little; the size is ours."""

CONCESSION = 0.8
"""At most this share of the refused ask is a concession at all: token ones can backfire (Feeley et al. 2017)."""

RETREAT_WORTH = 0.05
"""Credit of at least this share of the ask makes it a retreat."""

FOLLOWUP_WEIGHT = 0.5
"""A follow-up weighs half the ask on the pace."""

REFUSED_WEIGHT = 0.5
"""A refusal takes half the ask from the pace: somebody who said no was at least heard."""

_EXACT = 1.0 - 1e-12


def open_ask(standing: Standing, t: float, terms: Terms) -> Ask | None:
    """My ask that is unanswered at `t` and has not lapsed."""
    lapse = lapses_at(standing, terms)
    return None if lapse is None or has_come(lapse, t) else standing.ask


def lapses_at(standing: Standing, terms: Terms) -> float | None:
    """When the unanswered ask lapses by itself; None if there is none, or it was said to have lapsed."""
    ask = standing.ask
    return None if ask is None or ask.lapsed else ask.last + terms.lapse


def followup_from(standing: Standing, terms: Terms) -> float | None:
    """From when the unanswered ask may be followed up, if it has not lapsed by then; None after the last follow-up."""
    ask = standing.ask
    if ask is None or ask.lapsed or ask.followups >= len(terms.followups):
        return None
    return ask.last + terms.followups[ask.followups]


def granted_gap_ends(standing: Standing, terms: Terms) -> float | None:
    """From when the last grant no longer stands in the way of a new ask; None if there was none."""
    return standing.granted.at + terms.gap_after_grant if standing.granted else None


def refused_gap_ends(standing: Standing, terms: Terms) -> float | None:
    """From when the last refusal no longer stands in the way of a new ask; None if there was none."""
    return standing.refused.at + terms.gap_after_refusal if standing.refused else None


def gaps_end(standing: Standing, terms: Terms) -> float | None:
    """From when neither the last grant nor the last refusal stands in the way of an ask that is no retreat."""
    ends = (granted_gap_ends(standing, terms), refused_gap_ends(standing, terms))
    return max((end for end in ends if end is not None), default=None)


def credit(standing: Standing, size: float, t: float, terms: Terms) -> float:
    """What an ask of `size` at `t` earns for being a real retreat from the one refused, in fu."""
    refused = standing.refused
    if refused is None or terms.credit_rate is None or size * _EXACT > CONCESSION * refused.size:
        return 0.0
    return CREDIT_SHARE * (refused.size - size) * exp(-terms.credit_rate * (t - refused.at))


def retreat_until(standing: Standing, size: float, terms: Terms) -> float | None:
    """Until when an ask of `size` would be a real retreat from the one refused; None if it would never be."""
    refused = standing.refused
    if refused is None or terms.credit_rate is None or size * _EXACT > CONCESSION * refused.size:
        return None
    head_start = CREDIT_SHARE * (refused.size - size) / (RETREAT_WORTH * size)
    return refused.at + log(head_start) / terms.credit_rate if head_start > 1.0 else None


def is_retreat(size: float, credit: float) -> bool:
    """Whether credit is enough for an ask of `size` to stand in the refused one's place."""
    return credit >= RETREAT_WORTH * size * _EXACT


def relief(standing: Standing, t: float, terms: Terms) -> float:
    """What a retreat at `t` takes from the pace: what is left there of the refused ask, `standing` being of `t`."""
    if standing.refused is None:
        return 0.0
    left = standing.refused.size * (1.0 - REFUSED_WEIGHT) * exp(-terms.pace_rate * (t - standing.refused.at))
    return min(standing.asked, left)
