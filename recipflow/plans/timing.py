"""A plan worked backwards from its day: the latest day to ask, and the latest day for a give that has time to settle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from recipflow import standing as model
from recipflow.advice.days import local_date, start_of
from recipflow.advice.view import View
from recipflow.standing.checking import FREE_ASK, PROPORTION

ANSWER_DAYS = 3
"""Days that an answer takes, and after which a reminder is in place (vendor data: profiles.toml, followup_days)."""
LEAST_GIVE = 1.0
MOST_GIVE = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Days of the user's zone. Without a day in the plan, `ask_by` and `give_by` are None."""

    ask_from: date  #: when an ask after a give of today would be well placed
    ask_by: date | None = None
    give_by: date | None = None

    def too_late_to_give(self, today: date) -> bool:
        """Whether a gift now would only be hurried: a small, honest ask is better."""
        return self.give_by is not None and today > self.give_by


def timing(view: View, size: float, by: date | None) -> Timing:
    """When to give and when to ask for `size` fu, for it to be there `by` that day."""
    settles = ceil(_settling(view, size))
    ask_from = local_date(view.now + settles, view.zone)
    if by is None:
        return Timing(ask_from=ask_from)
    ask_by = max(by - timedelta(days=ANSWER_DAYS), min(by, view.today))
    return Timing(ask_from=ask_from, ask_by=ask_by, give_by=ask_by - timedelta(days=settles))


def _settling(view: View, size: float) -> float:
    """Days from a give that would carry such an ask to the opening of its window."""
    worth = min(MOST_GIVE, max(LEAST_GIVE, (size - FREE_ASK) / PROPORTION))
    start = max(view.now, start_of(view.today, view.zone))
    given = model.give(model.Standing(), start, worth, view.terms)
    window = model.window(given, view.terms)
    return 0.0 if window is None else window.opens - start
