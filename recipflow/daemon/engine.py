"""What the daemon does, without its clock and threads: each job once, safe to repeat, and to be killed in.

Every job takes the instant it is done at and opens the database for itself: all truth is in the tables, a job that
is lost is a job that is late, and what the user changed in config.toml holds from the next one on.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from recipflow import assembly, hooks, notices
from recipflow.advice import windows_shown
from recipflow.connector import Connector, Drafting, Enclosure, Unhurried, Watching
from recipflow.daemon import couriers, renewing
from recipflow.daily import hearing, morning
from recipflow.errors import AuthNeeded, TryLater, UserError
from recipflow.explain.judging import SEASON
from recipflow.explain.telling import Said, tell
from recipflow.insight import Standpoint
from recipflow.outbox import Outcome, deliver_letter
from recipflow.patience import at_once
from recipflow.reminders import answering
from recipflow.reminders.files import FileCalendar
from recipflow.reminders.keeping import Keeper
from recipflow.reminders.seeing import Seen, plan_of
from recipflow.reminders.slots import Hours
from recipflow.reminders.wanted import Wanted, wanted
from recipflow.session import Session, now
from recipflow.store import Delivery, DeliveryForm, Life, LifeState, Verb

if TYPE_CHECKING:
    from recipflow.daemon.draft_watch import Drafts
    from recipflow.home import Home
    from recipflow.settings import AccountTable

log = logging.getLogger(__name__)

OWNER = "daemon"
"""There is one for each database, so it may go on at once where it was killed."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

READS, WATCHES, DRAFTS, UNHURRIED = "reads", "watches", "drafts", "unhurried"
LOOK_EVERY = timedelta(minutes=15)
"""So often it is looked whether the user moved or deleted an event."""
AGAIN = timedelta(hours=1)
"""After so long a digest that has no way to go is tried again."""

Open = Callable[["Home"], Session]
Random = Callable[[int], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When the daemon has to look again by itself."""

    advice: datetime | None
    digest: datetime | None
    outbox: datetime | None

    @property
    def first(self) -> datetime | None:
        return min((at for at in (self.advice, self.digest, self.outbox) if at is not None), default=None)


@dataclass
class Engine:
    """The jobs. `open_session`, `clock`, `random` and `show` are what a simulation replaces."""

    home: Home
    open_session: Open = Session.open
    clock: Callable[[], datetime] = now
    random: Random = secrets.randbelow
    show: notices.Show = notices.desktop
    _looked: tuple[datetime, dict[str, Wanted]] | None = (
        None  #: when the calendar was as it should be, and how
    )
    _work: threading.Lock = field(
        default_factory=threading.Lock
    )  #: pulls may run side by side, deriving may not

    def kinds(self) -> dict[str, list[str]]:
        """What each account offers: READS, WATCHES, DRAFTS, UNHURRIED.

        One that cannot be opened is to be read, so that a pull says why.
        """
        with self.open_session(self.home) as session:
            return {one.name: list(_kinds(session, one)) for one in session.settings.accounts}

    def accounts(self) -> tuple[str, ...]:
        """Those to be read."""
        return tuple(name for name, kinds in self.kinds().items() if READS in kinds)

    def synced(self, account: str) -> bool:
        """Whether it was read to its end before."""
        with self.open_session(self.home) as session:
            return any(one.last_sync for one in session.store.accounts.all() if one.name == account)

    def pull(self, account: str) -> bool:
        """Read what is new in one account, and renew the advice it bears on; False when the account did not go on."""
        at = self.clock()
        with self.open_session(self.home) as session:
            done = list(session.sync(at, only=[account], patient=at_once))
            self._derive(session, at)
            if session.fetch_late(at, at_once, only=[account]):
                self._derive(session, at)
            renewing.notice_troubles(session, at)
            self._look_at_drafts(session, account, at)
        return not any(one.problems for one in done)

    def advise(self) -> None:
        """Renew the advice that falls due, and take in what the user said meanwhile."""
        at = self.clock()
        with self.open_session(self.home) as session:
            self._derive(session, at)

    def digest(self) -> None:
        """Make the digest of the day, if its hour has come and nobody made it yet; `deliver` sends it."""
        at = self.clock()
        with self.open_session(self.home) as session:
            if morning.due(session, at) and morning.waits(session, at) is None:
                self._derive(session, at)
                morning.stage(session, at, self.random, lambda: _enclosed(session, at))

    def deliver(self, *forms: DeliveryForm) -> tuple[Outcome, ...]:
        """Deliver what is due of these forms, else of all; each for itself."""
        at = self.clock()
        with self.open_session(self.home) as session:
            due = [one for one in session.store.deliveries.due(at) if not forms or one.form in forms]
            done = [self._deliver(session, one, at) for one in due]
        return tuple(one for one in done if one)

    def to_deliver(self, *forms: DeliveryForm) -> bool:
        """Whether anything of these forms is due."""
        with self.open_session(self.home) as session:
            return any(one.form in forms for one in session.store.deliveries.due(self.clock()))

    def to_remind(self) -> bool:
        """Whether `remind` has anything to do: something else is wanted than last time, or nobody looked for a while."""
        at = self.clock()
        with self.open_session(self.home) as session:
            via = session.settings.reminders.via
            if not via:
                _let_rest(session)
                return False
            standing = wanted(_cared_for(session, at), session.store.decisions.lives(), at)
            if not self._to_look(session, via, standing, at):
                return False
            self._looked = (at, standing)
            return True

    def remind(self) -> bool:
        """Keep the events in the user's calendar as facts and user want them; False when it has to be tried again."""
        at = self.clock()
        with self.open_session(self.home) as session:
            via = session.settings.reminders.via
            if not via:
                return True
            standing = wanted(_cared_for(session, at), session.store.decisions.lives(), at)
            try:
                return _keeper(session, via, at).keep(standing, at)
            except (TryLater, AuthNeeded) as problem:
                log.warning("the calendar could not be reached (%s)", type(problem).__name__)
                log.debug("because", exc_info=problem)
                return False

    def reconcile(self) -> None:
        """Once a day: rules that changed are read by, old words are dropped, gaps are found by a pull of everything."""
        at = self.clock()
        with self.open_session(self.home) as session, self._work:
            session.derive(at, rules=True)
            session.drop_old_texts(at)
            renewing.renew(session, at)

    def due(self) -> Due:
        """When to look again, were everything done that is due."""
        at = self.clock()
        with self.open_session(self.home) as session:
            return Due(
                advice=session.store.ledgers.next_due(),
                digest=_next_digest(session, at),
                outbox=session.store.deliveries.next_try(),
            )

    def _to_look(self, session: Session, via: str, standing: dict[str, Wanted], at: datetime) -> bool:
        if self._looked is None or at - self._looked[0] >= LOOK_EVERY or self._looked[1] != standing:
            return True
        rows = session.store.deliveries.of(DeliveryForm.REMINDER, via)
        return any(row.next_try is not None and row.next_try <= at for row in rows)

    def _look_at_drafts(self, session: Session, account: str, at: datetime) -> None:
        """Only where notices are wanted; what goes wrong with a draft is no trouble of the account's."""
        if not session.settings.notices.enabled:
            return
        from recipflow.daemon import drafting

        try:
            drafting.look(session, account, at)
        except (TryLater, AuthNeeded, UserError) as problem:
            log.debug("drafts could not be looked at", exc_info=problem)

    def known_drafts(self, account: str) -> dict[str, str]:
        """The version of each draft of the account that was looked at."""
        from recipflow.daemon import drafting

        with self.open_session(self.home) as session:
            return drafting.known(session, account)

    def tell_of_drafts(self, account: str, found: Drafts) -> int:
        """Judge the drafts that changed; says for how many there is a notice to be shown."""
        from recipflow.daemon import drafting

        with self.open_session(self.home) as session:
            return drafting.tell(session, account, found, self.clock())

    def _derive(self, session: Session, at: datetime) -> None:
        """The ledgers as of now, with what the user said in mails to themselves; then the advice on those that changed."""
        with self._work:
            session.derive(at)
            if hearing.hear(session, at):
                session.refresh()
                session.derive(at)
            renewed = renewing.renew(session, at)
        if renewed:
            log.info("advice was renewed", extra={"action": "advised", "contacts": renewed})

    def _deliver(self, session: Session, one: Delivery, at: datetime) -> Outcome | None:
        """Bring one where it belongs. Reminders wait for `remind`, which looks at all of a calendar at once."""
        match one.form:
            case DeliveryForm.LETTER:
                return self._letter(session, one)
            case DeliveryForm.EVENT:
                hooks.deliver(session.store, one, session.settings.hook, at)
            case DeliveryForm.NOTICE:
                notices.deliver(session.store, one, self.show, at)
        return None

    def _letter(self, session: Session, one: Delivery) -> Outcome | None:
        try:
            courier = couriers.mail(session, one.channel)
        except (UserError, AuthNeeded) as problem:
            log.warning("the digest has no way to go (%s)", type(problem).__name__)
            log.debug("because", exc_info=problem)
            with session.store.transaction():
                session.store.deliveries.put(
                    [replace(one, next_try=self.clock() + AGAIN, problem=str(problem))]
                )
            return None
        return deliver_letter(
            session.store,
            one.key,
            courier,
            owner=OWNER,
            clock=self.clock,
            delivered=lambda done: morning.delivered(session, done, self.clock()),
        )


def _next_digest(session: Session, at: datetime) -> datetime | None:
    if morning.due(session, at):
        return morning.waits(session, at) or at
    return morning.next_hour(session, at)


def _kinds(session: Session, table: AccountTable) -> Iterator[str]:
    try:
        account = session.opened(table)
    except Exception as fault:
        log.debug("%s cannot be opened", table.name, exc_info=fault)
        yield READS
        return
    if isinstance(account, Connector):
        yield READS
    if isinstance(account, Watching):
        yield WATCHES
    if isinstance(account, Drafting) and session.settings.notices.enabled:
        yield DRAFTS
    if isinstance(account, Unhurried):
        yield UNHURRIED


def _cared_for(session: Session, at: datetime) -> Iterator[Standpoint]:
    """Those whose windows the user wants to be told of: as many as the user named, however many there are."""
    named = [address for one in session.context.people if windows_shown(one) for address in one.addresses]
    owners = session.store.people.contacts_of(named).values()
    for contact in sorted({owner for owner in owners if owner is not None}):
        if point := session.standpoint(contact, at):
            yield point


def _let_rest(session: Session) -> None:
    """Reminders are off: what waited to be written waits no more."""
    rows = session.store.deliveries.of(DeliveryForm.REMINDER)
    waiting = [replace(row, next_try=None) for row in rows if row.next_try is not None]
    if waiting:
        with session.store.transaction():
            session.store.deliveries.put(waiting)


def _keeper(session: Session, via: str, at: datetime) -> Keeper:
    settings = session.settings.reminders

    def usual(contact: str) -> frozenset[int]:
        addresses = session.context.group(contact)
        return answering.hours(session.store.written_at(addresses), session.zone)

    return Keeper(
        store=session.store,
        channel=via,
        courier=couriers.calendar(session, via, at),
        hours=_hours(session, session.zone),
        title=assembly.wording().reminder_title,
        owner=OWNER,
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
    known = session.store.decisions.lives(key=row.nudge).get(row.nudge)
    life = known or Life(key=row.nudge, kind=plan_of(row).kind.value, contact=row.contact)
    if seen.dismissed:
        word, state, until = Verb.DISMISS, LifeState.DISMISSED, at + SEASON
    else:
        word, state, until = Verb.SNOOZE, LifeState.SNOOZED, seen.snoozed or at
    changed = replace(life, state=state, until=until)
    tell(session.store, Said(word, row.nudge, {"in": "calendar"}), at, life=changed)


def _enclosed(session: Session, at: datetime) -> tuple[Enclosure, ...]:
    via = session.settings.reminders.via
    if via != couriers.DIGEST:
        return ()
    courier = couriers.calendar(session, via, at)
    found = courier.enclosure() if isinstance(courier, FileCalendar) else None
    return (found,) if found else ()
