"""Days on which only what cannot wait comes: weekends, public holidays, and those on which the user is away."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from recipflow.daily.holidays import is_holiday
from recipflow.errors import UserError

if TYPE_CHECKING:
    from recipflow.session import Session

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def quiet(session: Session, day: date) -> tuple[bool, tuple[str, ...]]:
    """Whether that day of the user's is quiet, and what is wrong where that is not known."""
    holiday, problems = _holiday(session, day)
    return holiday or _at_rest(session, day), problems


def _at_rest(session: Session, day: date) -> bool:
    """A day of the week without work, or the user is away."""
    wanted = session.settings.digest
    if WEEKDAYS[day.weekday()] in {one.value for one in wanted.quiet_days}:
        return True
    if any(first <= day <= last for first, last in wanted.spans()):
        return True
    noon = datetime.combine(day, time(12), session.zone)
    return session.store.calendar.away_on(session.me, noon)


def _holiday(session: Session, day: date) -> tuple[bool, tuple[str, ...]]:
    try:
        return is_holiday(session.store, session.settings.digest.country, day), ()
    except UserError as wrong:
        return False, wrong.problems
