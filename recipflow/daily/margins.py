"""What stands above and below the advice of a morning: what is to be known first, and how each account fares."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from recipflow import assembly
from recipflow.daily.hearing import UNPLACED
from recipflow.reconciling import last_gap, said_of
from recipflow.store import DeliveryForm, DeliveryState

if TYPE_CHECKING:
    from recipflow.session import Session
    from recipflow.store import Account, Trouble

OFFERED = "catch-up offered"
"""The note that the page of older things was offered."""
GAP_TOLD = timedelta(days=7)
"""For so long the footer says that mail had been missed."""
HOW = "At the command line: recipflow done KEY, snooze KEY, wrong KEY, or never PERSON."


def notes(session: Session, day: date, older: int) -> Iterator[str]:
    """Accounts that need the user, since when it is, how many older things wait, and what nobody could place."""
    words = assembly.wording()
    yield from needs(session)
    if came := _before_a_gap(session, day):
        yield f"The last one was made on {words.short_date(came, day)}: this one covers what came since."
    if older and session.store.noted(OFFERED) is None:
        what = (
            "One older thing waits on a page of its own"
            if older == 1
            else f"{older} older things wait on one page"
        )
        yield f"{what}, to look at once or not at all: recipflow catch-up"
    for line in json.loads(session.store.noted(UNPLACED) or "[]"):
        yield f"Your note “{line}” was not entered: it is not clear whom it means. In full: recipflow log"


def _before_a_gap(session: Session, day: date) -> date | None:
    """When the last digest came, if on the day before `day` nobody looked whether there is one."""
    made = session.store.deliveries.of(DeliveryForm.LETTER, session.settings.digest.via)
    days = [(one.staged_at.astimezone(session.zone).date(), one.state) for one in made]
    if not days or day - max(day for day, _ in days) <= timedelta(days=1):
        return None
    return max((day for day, state in days if state is not DeliveryState.NOTHING), default=None)


def needs(session: Session) -> Iterator[str]:
    """Which accounts need the user, and for what."""
    for account, trouble in stuck(session):
        yield f"{account.name} needs you: {trouble.reason} Then: {trouble.command}"


def accounts(session: Session, now: datetime) -> Iterator[str]:
    """When each account was read last, why one is tried again, and what was missed."""
    troubles = session.store.accounts.troubles()
    for account in session.accounts:
        yield f"{account.name}: {_read(session, account.last_sync, now)}."
        trouble = troubles.get(account.id)
        if trouble and not trouble.command:
            yield f"{account.name} does not go on: {trouble.reason}"
        gap = last_gap(session.store, account)
        if gap and now - gap.found < GAP_TOLD:
            yield f"{account.name}: {said_of(gap)}"


def stuck(session: Session) -> Iterator[tuple[Account, Trouble]]:
    """The accounts that go on when the user has done something, and what that is."""
    troubles = session.store.accounts.troubles()
    for account in session.accounts:
        if (trouble := troubles.get(account.id)) and trouble.command:
            yield account, trouble


def all_read(session: Session) -> bool:
    """Whether every account was read to its end, and goes on."""
    troubles = session.store.accounts.troubles()
    return all(one.last_sync and one.id not in troubles for one in session.accounts)


def _read(session: Session, at: datetime | None, now: datetime) -> str:
    if at is None:
        return "not read to its end yet"
    local, day = at.astimezone(session.zone), now.astimezone(session.zone).date()
    when = "today" if local.date() == day else f"on {assembly.wording().short_date(local.date(), day)}"
    return f"last read {when} at {local:%H:%M}"
