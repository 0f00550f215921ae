"""The daemon's clock and threads: APScheduler rings, the engine works, and each account is pulled for itself.

The scheduler is an alarm clock and no more. Its jobs live in memory; after any sleep, crash or change of clock a look
at the tables says what is due, and a check each minute looks even when no timer rang.
"""

from __future__ import annotations

import logging
import os
import signal
import sqlite3
import threading
from collections.abc import Callable, Collection
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

from recipflow import backups, memory
from recipflow.daemon.child import Children
from recipflow.daemon.draft_watch import Drafts, DraftWatch
from recipflow.daemon.engine import DRAFTS, READS, UNHURRIED, WATCHES, Engine
from recipflow.daemon.watching import Watch
from recipflow.errors import RecipflowError, UserError
from recipflow.store import DeliveryForm
from recipflow.zones import user_zone

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

    from recipflow.settings import Settings

log = logging.getLogger(__name__)

PULL = "pull "
"""What the name of an account's job begins with."""
JITTER = 20
"""Seconds by which the polls of several accounts, and of several computers, are spread."""
CHECK = timedelta(minutes=1)
"""So often it is looked whether the clock, config.toml or the database changed under us (PROVIDERS.md)."""
SLEPT = timedelta(minutes=3)
"""The wall clock so far ahead of the running one: the computer slept, or somebody set the clock."""
STUCK = timedelta(hours=1)
"""An account that needs the user is tried so often."""
SELDOM = timedelta(minutes=15)
"""At least so long between two looks at an account that can wait: each starts a process, a second's work."""
SHORTEST = timedelta(seconds=2)
"""Between one look and the next, whatever is said to be due: nothing may spin."""
GRACE = 4.0
"""Seconds that work under way has to end in; what is killed then goes on from there the next time."""


class Daemon:
    """Runs until it is stopped."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._stopped = threading.Event()
        self._children = Children()
        self._scheduler: BackgroundScheduler | None = None
        self._busy: set[str] = set()
        self._busy_lock = threading.Lock()
        self._watches: dict[str, Watch] = {}
        self._drafts: dict[str, DraftWatch] = {}
        self._tried: dict[str, datetime] = {}
        self._told: set[str] = set()  #: accounts that said they have news, not pulled yet
        self._config: tuple[int, int] | None = None
        self._version: tuple[int, int] | None = None
        self._next: datetime | None = None
        self._last_check = (monotonic(), engine.clock())

    def run(self) -> None:
        """Work until SIGTERM, SIGINT or `stop`; a UserError when the configuration is at fault from the start."""
        memory.few_heaps()
        self._children.look()  # which migrates an old database: what that loads is not for us to hold
        settings = self._settings()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._signalled)
        log.info("started", extra={"action": "started", "pid": os.getpid()})
        self._scheduler = _scheduler(len(settings.accounts))
        self._arrange(settings)
        memory.settle()
        self._scheduler.start()
        self._stopped.wait()
        self._end()

    def stop(self) -> None:
        self._stopped.set()

    def _signalled(self, *_: object) -> None:
        self._stopped.set()

    def _settings(self) -> Settings:
        with self._engine.open_session(self._engine.home) as session:
            return session.settings

    def _arrange(self, settings: Settings) -> None:
        """The jobs that config.toml asks for; those that it asks for no more go."""
        assert self._scheduler is not None  # noqa: S101
        self._config = self._stamp()
        at, kinds = datetime.now(UTC), self._children.kinds
        pulled = [name for name, offers in kinds.items() if READS in offers]
        zone = user_zone(settings.me.tz)
        for job in self._scheduler.get_jobs():
            if job.id.startswith(PULL) and job.id.removeprefix(PULL) not in pulled:
                self._scheduler.remove_job(job.id)
        every = timedelta(minutes=settings.daemon.poll_minutes)
        for name in pulled:
            work, rest = partial(self._pull, name), _rest(every, kinds[name])
            self._add(f"{PULL}{name}", work, "interval", at, seconds=int(rest.total_seconds()), jitter=JITTER)
        self._add("check", self._check, "interval", at + CHECK, seconds=int(CHECK.total_seconds()))
        self._add("digest", self._work, "cron", None, hour=settings.digest.hour, minute=0, timezone=zone)
        self._add("daily", self._daily, "cron", None, hour=3, minute=30, timezone=zone, jitter=600)
        self._add("due", self._work, "date", None, run_date=at + timedelta(seconds=2))
        self._watch({name for name, offers in kinds.items() if WATCHES in offers})
        self._watch_drafts({name for name, offers in kinds.items() if DRAFTS in offers})

    def _add(
        self, name: str, work: Callable[[], None], trigger: str, first: datetime | None, **more: Any
    ) -> None:
        assert self._scheduler is not None  # noqa: S101
        begins = {"next_run_time": first} if first else {}
        self._scheduler.add_job(
            partial(self._guarded, name, work), trigger, id=name, replace_existing=True, **begins, **more
        )

    def _guarded(self, name: str, work: Callable[[], None]) -> None:
        """One job: what goes wrong in it is its own."""
        with self._busy_lock:
            self._busy.add(name)
        kind = name.partition(" ")[0]
        try:
            work()
        except RecipflowError as problem:
            log.warning("%s: %s", kind, type(problem).__name__, extra={"action": f"{kind}_failed"})
            log.debug("because", exc_info=problem)
        except Exception as fault:
            log.error("%s failed (%s)", kind, type(fault).__name__, extra={"action": f"{kind}_failed"})
            log.debug("because", exc_info=fault)
        finally:
            memory.give_back()
            with self._busy_lock:
                self._busy.discard(name)

    def _pull(self, account: str) -> None:
        """Read one account, and do what follows from it; one that needs the user is not asked every few minutes."""
        at = self._engine.clock()
        if self._resting(account, at):
            return
        self._told.add(account)
        while account in self._told and not self._stopped.is_set():  # news may come while it is being read
            self._told.discard(account)
            if self._read(account):
                self._tried.pop(account, None)
            else:
                self._tried[account] = at
        self._now("due", self._work)

    def _read(self, account: str) -> bool:
        """An account that tells by itself is open here anyway, and what it tells is wanted at once; all else, and its
        first sync, is for a process of its own."""
        if account in self._watches and self._engine.synced(account):
            return self._engine.pull(account)
        return self._children.run("pull", account)

    def _resting(self, account: str, at: datetime) -> bool:
        tried = self._tried.get(account)
        if tried is None:
            return False
        with self._engine.open_session(self._engine.home) as session:
            named = {one.name: one.id for one in session.store.accounts.all()}
            trouble = session.store.accounts.troubles().get(named.get(account, -1))
        if trouble is None:
            return False
        again = trouble.retry_at or tried + STUCK
        return at < again

    def _work(self) -> None:
        """What falls due in the database; what goes out of it begins in jobs of its own, lest one hold up the other."""
        engine, at = self._engine, self._engine.clock()
        due = engine.due()
        if due.advice is not None and due.advice <= at:
            engine.advise()
        engine.digest()
        self._now("remind", self._remind)
        self._now("letters", lambda: self._deliver(DeliveryForm.LETTER))
        self._now("tell", lambda: self._deliver(DeliveryForm.NOTICE, DeliveryForm.EVENT))
        self._sleep(engine.due().first)

    def _remind(self) -> None:
        if self._engine.to_remind():
            self._children.run("remind")
        self._sleep(self._engine.due().first)

    def _deliver(self, *forms: DeliveryForm) -> None:
        if forms == (DeliveryForm.LETTER,):
            if self._engine.to_deliver(*forms):
                self._children.run("letters")
        else:
            self._engine.deliver(*forms)
        self._sleep(self._engine.due().first)

    def _now(self, name: str, work: Callable[[], None]) -> None:
        if not self._stopped.is_set():
            self._add(name, work, "date", None, run_date=datetime.now(UTC))

    def _sleep(self, until: datetime | None) -> None:
        """Be woken then, on the wall clock; the check each minute makes up for a clock that was moved."""
        self._next = until
        if until is not None and not self._stopped.is_set():
            soon = max(until, self._engine.clock() + SHORTEST)
            self._add("due", self._work, "date", None, run_date=soon)

    def _check(self) -> None:
        """Whether anything changed under us: nothing is opened and nothing asked when nothing did."""
        running, wall = monotonic(), self._engine.clock()
        before, was = self._last_check
        self._last_check = (running, wall)
        drift = wall - was - timedelta(seconds=running - before)
        if self._stamp() != self._config:
            self._take_up()
        for name in [one for one in self._told if f"{PULL}{one}" not in self._at_work()]:
            self._news(name)
        if abs(drift) > SLEPT:
            log.info("the computer slept, or its clock was set", extra={"action": "woke"})
            self._wake()
        elif self._changed():
            self._engine.advise()
            self._work()
        elif self._next is not None and self._next + CHECK <= wall:  # its timer was lost
            self._work()

    def _wake(self) -> None:
        """After a sleep every account is read once, then all that fell due is done, once."""
        assert self._scheduler is not None  # noqa: S101
        for watch in self._watches.values():
            watch.again()
        for job in self._scheduler.get_jobs():
            if job.id.startswith(PULL):
                job.modify(next_run_time=datetime.now(UTC))
        self._add("due", self._work, "date", None, run_date=datetime.now(UTC) + timedelta(seconds=30))

    def _take_up(self) -> None:
        """Another config.toml holds from now on; one with faults holds when they are mended."""
        self._config = self._stamp()
        try:
            settings = self._settings()
        except UserError as wrong:
            log.warning("config.toml has faults: what it said before still holds")
            log.debug("they are: %s", "; ".join(wrong.problems))
            return
        log.info("config.toml was taken up", extra={"action": "config"})
        self._children.look()
        self._arrange(settings)

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = self._engine.home.config.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size

    def _changed(self) -> bool:
        """Whether the user said something at the command line since the last check."""
        with closing(sqlite3.connect(self._engine.home.database)) as db:
            said, undone = db.execute(
                "SELECT coalesce(max(id), 0), coalesce(max(undone_at), 0) FROM decision"
            ).fetchone()
        before, self._version = self._version, (said, undone)
        return before not in (None, self._version)

    def _daily(self) -> None:
        engine = self._engine
        settings = self._settings()
        day = engine.clock().astimezone().date()
        made = backups.daily(engine.home.database, day, keep=settings.daemon.backups)
        log.info(
            "the day's backup was made" if made else "there is a backup of today", extra={"action": "backup"}
        )
        self._children.run("reconcile")
        self._now("due", self._work)

    def _watch(self, accounts: set[str]) -> None:
        """A thread for each account that tells by itself when something came."""
        for gone in self._watches.keys() - accounts:
            self._watches.pop(gone).stop()
        for name in accounts - self._watches.keys():
            watch = Watch(name, partial(self._opened, name), partial(self._news, name))
            if watch.start():
                self._watches[name] = watch

    def _watch_drafts(self, accounts: set[str]) -> None:
        """A thread for each account whose drafts may be looked at: a word before an ask goes out comes in seconds."""
        for gone in self._drafts.keys() - accounts:
            self._drafts.pop(gone).stop()
        for name in accounts - self._drafts.keys():
            self._drafts[name] = DraftWatch(
                name,
                partial(self._opened, name),
                partial(self._engine.known_drafts, name),
                partial(self._drafted, name),
                partial(self._news, name),
            )
            self._drafts[name].start()

    def _drafted(self, name: str, found: Drafts) -> None:
        if self._engine.tell_of_drafts(name, found):
            self._now("tell", lambda: self._deliver(DeliveryForm.NOTICE, DeliveryForm.EVENT))

    def _opened(self, name: str) -> object:
        with self._engine.open_session(self._engine.home) as session:
            return session.opened(next(one for one in session.settings.accounts if one.name == name))

    def _news(self, name: str) -> None:
        """Something came: pull at once, or again if that is under way."""
        self._told.add(name)
        if self._scheduler is not None and not self._stopped.is_set():
            self._scheduler.modify_job(f"{PULL}{name}", next_run_time=datetime.now(UTC))

    def _end(self) -> None:
        """Stop within seconds: nothing new begins, what is under way may end."""
        assert self._scheduler is not None  # noqa: S101
        for watch in self._watches.values():
            watch.stop()
        for drafts in self._drafts.values():
            drafts.stop()
        self._scheduler.shutdown(wait=False)
        self._children.end()
        until = monotonic() + GRACE
        while self._at_work() and monotonic() < until:
            threading.Event().wait(0.05)
        left = self._at_work()
        log.info("stopped", extra={"action": "stopped", "unfinished": len(left)})
        if left:  # a connector that hangs holds its thread: everything it had stored is whole
            logging.shutdown()
            os._exit(0)

    def _at_work(self) -> set[str]:
        with self._busy_lock:
            return set(self._busy)


def _rest(every: timedelta, offers: Collection[str]) -> timedelta:
    """How long an account is left alone between two looks."""
    return max(every, SELDOM) if UNHURRIED in offers else every


def _scheduler(accounts: int) -> BackgroundScheduler:
    from apscheduler.executors.pool import ThreadPoolExecutor
    from apscheduler.schedulers.background import BackgroundScheduler

    return BackgroundScheduler(
        executors={"default": ThreadPoolExecutor(max_workers=accounts + 6)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        timezone=UTC,
        daemon=True,
    )
