"""Reminders, as the daemon keeps them: whether there is anything to do, and doing it in the user's calendar."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from recipflow import assembly
from recipflow.advice import opened, windows_shown
from recipflow.connector import Enclosure
from recipflow.daemon import couriers
from recipflow.explain import judging
from recipflow.explain.judging import SEASON
from recipflow.explain.telling import Said, tell
from recipflow.insight import Standpoint
from recipflow.outbox.letters import RETRY
from recipflow.reminders import answering
from recipflow.reminders.files import FileCalendar
from recipflow.reminders.keeping import Keeper
from recipflow.reminders.seeing import Seen, plan_of
from recipflow.reminders.slots import Hours
from recipflow.reminders.wanted import Wanted, wanted
from recipflow.store import Delivery, DeliveryForm, Life, LifeState, Verb

if TYPE_CHECKING:
    from recipflow.session import Session

log = logging.getLogger(__name__)

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LOOK_EVERY = timedelta(minutes=15)
"""So often it is looked whether the user moved or deleted an event."""


class Reminding:
    """Remembers when the calendar was last looked at, and for what."""

    def __init__(self) -> None:
        self._looked: tuple[datetime, dict[str, Wanted]] | None = None

    def to_do(self, session: Session, at: datetime) -> bool:
        """Whether something else is wanted than last time, something waits, or nobody looked for a while."""
        via = session.settings.reminders.via
        if not via:
            _let_rest(session)
            return False
        standing = _standing(session, at)
        if not self._to_look(session, via, standing, at):
            return False
        self._looked = (at, standing)
        return True

    def _to_look(self, session: Session, via: str, standing: dict[str, Wanted], at: datetime) -> bool:
        if self._looked is None or at - self._looked[0] >= LOOK_EVERY or self._looked[1] != standing:
            return True
        rows = session.store.deliveries.of(DeliveryForm.REMINDER, via)
        return any(row.next_try is not None and row.next_try <= at for row in rows)


def keep(session: Session, at: datetime, owner: str) -> bool:
    """Keep the events as facts and user want them; False when it has to be tried again."""
    via = session.settings.reminders.via
    if not via:
        return True
    try:
        return _keeper(session, via, at, owner).keep(_standing(session, at), at)
    except Exception as problem:  # whatever it is, it is no reason to try again and again
        log.warning("the calendar could not be reached (%s)", type(problem).__name__)
        log.debug("because", exc_info=problem)
        _put_off(session, via, at)
        return False


def _standing(session: Session, at: datetime) -> dict[str, Wanted]:
    return wanted(_cared_for(session, at), session.store.decisions.lives(), at)


def _put_off(session: Session, via: str, at: datetime) -> None:
    """What was due in a calendar out of reach is due again a while later: nothing may spin."""
    rows = session.store.deliveries.of(DeliveryForm.REMINDER, via)
    late = [row for row in rows if row.next_try is not None and row.next_try <= at]
    if late:
        with session.store.transaction():
            session.store.deliveries.put(
                replace(row, next_try=at + RETRY[min(row.attempts, len(RETRY) - 1)]) for row in late
            )


def _cared_for(session: Session, at: datetime) -> Iterator[Standpoint]:
    """Those whose windows the user wants to be told of: as many as the user named, however many there are."""
    named = [address for one in session.context.people if windows_shown(one) for address in one.addresses]
    for contact in sorted(set(session.store.people.contacts_of(named).values())):
        if point := session.standpoint(contact, at):
            yield point


def _let_rest(session: Session) -> None:
    """Reminders are off: what waited to be written waits no more."""
    rows = session.store.deliveries.of(DeliveryForm.REMINDER)
    waiting = [replace(row, next_try=None) for row in rows if row.next_try is not None]
    if waiting:
        with session.store.transaction():
            session.store.deliveries.put(waiting)


def _keeper(session: Session, via: str, at: datetime, owner: str) -> Keeper:
    settings = session.settings.reminders

    def usual(contact: str) -> frozenset[int]:
        addresses = session.context.group(contact)
        return answering.hours(session.store.interactions.written_at(addresses), session.zone)

    return Keeper(
        store=session.store,
        channel=via,
        courier=couriers.calendar(session, via, at),
        hours=_hours(session, session.zone),
        title=assembly.wording().reminder_title,
        owner=owner,
        alarm=settings.alarm,
        answering=usual,
        told=lambda seen: _heard(session, seen, at),
    )


def _hours(session: Session, zone: tzinfo) -> Hours:
    settings = session.settings.reminders
    begins, ends = settings.between()
    return Hours(
        zone=zone,
        days=[WEEKDAYS.index(day) for day in settings.days],
        begins=begins,
        ends=ends,
        length=timedelta(minutes=settings.minutes),
    )


def _heard(session: Session, seen: Seen, at: datetime) -> None:
    """The user's hand in the calendar is their word: a move is a snooze until then, a deletion a dismissal."""
    row = seen.row
    if seen.dismissed:
        word, state, until = Verb.DISMISS, LifeState.DISMISSED, at + SEASON
    else:
        word, state, until = Verb.SNOOZE, LifeState.SNOOZED, seen.snoozed or at
    point = session.standpoint(row.contact, at)
    standing = [one for one in point.advice.nudges if opened(one).key == row.nudge] if point else []
    lives = [life for one in standing for life in judging.put_away(session, one, state, until)]
    tell(
        session.store,
        Said(word, row.nudge, {"in": "calendar"}),
        at,
        lives=lives or [_life(session, row, state, until)],
    )


def _life(session: Session, row: Delivery, state: LifeState, until: datetime) -> Life:
    """Where its advice stands no more."""
    known = session.store.decisions.lives(key=row.nudge).get(row.nudge)
    life = known or Life(key=row.nudge, kind=plan_of(row).kind.value, contact=row.contact)
    return replace(life, state=state, until=until)


def enclosed(session: Session, at: datetime) -> tuple[Enclosure, ...]:
    """The events for the digest to bring along, where that is their way."""
    via = session.settings.reminders.via
    if via != couriers.DIGEST:
        return ()
    courier = couriers.calendar(session, via, at)
    found = courier.enclosure() if isinstance(courier, FileCalendar) else None
    return (found,) if found else ()
