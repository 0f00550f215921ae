"""What the daemon does, without its clock and threads: each job once, safe to repeat, and to be killed in.

Every job takes the instant it is done at and opens the database for itself: all truth is in the tables, a job that
is lost is a job that is late, and what the user changed in config.toml holds from the next one on.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING

from recipflow import hooks, notices
from recipflow.daemon import couriers, offers, reminding, renewing
from recipflow.daemon.advising import Advising, let_others
from recipflow.daemon.reminding import Reminding
from recipflow.daily import evening, morning, turns
from recipflow.errors import AuthNeeded, TryLater, UserError
from recipflow.outbox import Outcome, deliver_letter
from recipflow.patience import at_once
from recipflow.session import Session, now
from recipflow.store import Delivery, DeliveryForm

if TYPE_CHECKING:
    from recipflow.daemon.draft_watch import Drafts
    from recipflow.home import Home
    from recipflow.settings import Settings

log = logging.getLogger(__name__)

OWNER = "daemon"
"""There is one for each database, so it may go on at once where it was killed."""
STUCK = timedelta(hours=1)
"""An account that needs the user is tried so often."""
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
    reminding: Reminding = field(default_factory=Reminding)
    advising: Advising = field(default_factory=Advising)
    ended: Event = field(default_factory=Event)  #: nothing more is to be delivered now

    def kinds(self) -> dict[str, list[str]]:
        """What each account offers (`recipflow.daemon.offers`)."""
        with self.open_session(self.home) as session:
            return offers.kinds(session)

    def settings(self) -> Settings:
        """What config.toml says; a UserError lists what is wrong with it."""
        with self.open_session(self.home) as session:
            return session.settings

    def opened(self, account: str) -> object:
        """What the account's connector offers."""
        with self.open_session(self.home) as session:
            return session.opened(next(one for one in session.settings.accounts if one.name == account))

    def accounts(self) -> tuple[str, ...]:
        """Those to be read."""
        return tuple(name for name, kinds in self.kinds().items() if offers.READS in kinds)

    def synced(self, account: str) -> bool:
        """Whether it was read to its end before."""
        with self.open_session(self.home) as session:
            return any(one.last_sync for one in session.store.accounts.all() if one.name == account)

    def resting(self, account: str, tried: datetime, at: datetime) -> bool:
        """Whether an account that did not go on when it was `tried` is to be left alone yet."""
        with self.open_session(self.home) as session:
            named = {one.name: one.id for one in session.store.accounts.all()}
            trouble = session.store.accounts.troubles().get(named.get(account, -1))
        return trouble is not None and at < (trouble.retry_at or tried + STUCK)

    def pull(self, account: str) -> bool:
        """Read what is new in one account, and renew the advice it bears on; False when the account did not go on."""
        at = self.clock()
        with self.open_session(self.home) as session:
            with self.advising.coming():
                done = list(session.sync(at, only=[account], patient=at_once))
                self.advising.renew(session, at)
            if session.fetch_late(at, at_once, only=[account]):
                self.advising.renew(session, at)
            renewing.notice_troubles(session, at)
            self._look_at_drafts(session, account, at)
        return not any(one.problems for one in done)

    def advise(self) -> None:
        """Renew the advice that falls due, and take in what the user said meanwhile."""
        at = self.clock()
        with self.open_session(self.home) as session:
            self._advise(session, at)

    def digest(self) -> None:
        """Make the digest of the day, or take the second look, if its hour has come and nobody did; `deliver` sends it."""
        at = self.clock()
        with self.open_session(self.home) as session:
            if morning.due(session, at) and morning.waits(session, at) is None:
                self._advise(session, at)
                morning.stage(session, at, self.random, lambda: reminding.enclosed(session, at))
            elif evening.due(session, at):
                self._advise(session, at)
                evening.stage(session, at, self.random)

    def deliver(self, *forms: DeliveryForm) -> tuple[Outcome, ...]:
        """Deliver what is due of these forms, else of all; each for itself."""
        at = self.clock()
        with self.open_session(self.home) as session:
            due = [one for one in session.store.deliveries.due(at) if not forms or one.form in forms]
            done = [self._deliver(session, one, at) for one in due if not self.ended.is_set()]
        return tuple(one for one in done if one)

    def to_deliver(self, *forms: DeliveryForm) -> bool:
        """Whether anything of these forms is due."""
        with self.open_session(self.home) as session:
            return any(one.form in forms for one in session.store.deliveries.due(self.clock()))

    def to_remind(self) -> bool:
        """Whether `remind` has anything to do."""
        with self.open_session(self.home) as session:
            return self.reminding.to_do(session, self.clock())

    def remind(self) -> bool:
        """Keep the events in the user's calendar as facts and user want them; False when it has to be tried again."""
        with self.open_session(self.home) as session:
            return reminding.keep(session, self.clock(), OWNER)

    def reconcile(self) -> None:
        """Once a day: what other rules read is read anew, beside what comes meanwhile; old words are dropped."""
        at = self.clock()
        with self.open_session(self.home) as session:
            session.derive(at, rules=True, between=let_others)
            session.drop_old_texts(at)
            self.advising.catch_up(session, at)

    def due(self) -> Due:
        """When to look again, were everything done that is due."""
        at = self.clock()
        with self.open_session(self.home) as session:
            return Due(
                advice=at if session.store.ledgers.any_to_renew() else session.store.ledgers.next_due(),
                digest=_next_digest(session, at),
                outbox=session.store.deliveries.next_try(),
            )

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

    def _advise(self, session: Session, at: datetime) -> None:
        self.advising.renew(session, at)
        self.advising.catch_up(session, at)

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
        except Exception as problem:  # whatever it is, it is no reason to try again and again
            log.warning("the digest has no way to go (%s)", type(problem).__name__)
            log.debug("because", exc_info=problem)
            with session.store.transaction():
                session.store.deliveries.put(
                    [
                        replace(
                            one, next_try=self.clock() + AGAIN, problem=str(problem) or type(problem).__name__
                        )
                    ]
                )
            return None
        outcome = deliver_letter(
            session.store,
            one.key,
            courier,
            owner=OWNER,
            clock=self.clock,
            delivered=lambda done: morning.delivered(session, done, self.clock()),
        )
        turns.taken(session, outcome)
        return outcome


def _next_digest(session: Session, at: datetime) -> datetime | None:
    if morning.due(session, at):
        return morning.waits(session, at) or at
    if evening.due(session, at):
        return at
    hours = (morning.next_hour(session, at), evening.next_hour(session, at))
    return min((hour for hour in hours if hour is not None), default=None)
