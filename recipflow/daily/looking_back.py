"""The month that is over, counted in the first digest of the next one: nobody is named, and no mail goes out for it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from recipflow import assembly
from recipflow.counsel import reviewing

if TYPE_CHECKING:
    from recipflow.session import Session

LOOKED_BACK = "looked back on"
"""The note of the last month that a digest looked back on, as YYYY-MM."""


def last_month(day: date) -> date:
    """Some day of the month before."""
    return day.replace(day=1) - timedelta(days=1)


def look_back(session: Session, day: date, began: datetime) -> tuple[str, tuple[str, ...]]:
    """A title and lines on the month before; nothing when that was done, was not wanted, or there is nothing to count.

    `began` is when the first digest was made: of a month before that the user asked for nothing.
    """
    month = last_month(day)
    since, until = reviewing.month_of(month.year, month.month, session.zone)
    known = session.store.noted(LOOKED_BACK) == f"{month:%Y-%m}"
    if not session.settings.digest.review or known or began >= until:
        return "", ()
    found = reviewing.review(session, since, until)
    if found.empty:
        return "", ()
    title = assembly.wording().looking_back(month)
    return title, (*reviewing.lines(found), reviewing.CAUTION)


def done(session: Session, day: date) -> None:
    """The digest of this day looked back: the next one does not."""
    session.store.note(LOOKED_BACK, f"{last_month(day):%Y-%m}")
