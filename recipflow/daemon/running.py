"""The running daemon: what it does when, on which thread or in which process, until it is told to stop.

All truth is in the tables: after any sleep, crash or change of clock a look at them says what is due. The main thread
looks each minute by the running clock, whatever becomes of timers that go by the wall clock.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from recipflow import backups, hooks, memory
from recipflow.daemon.child import Children
from recipflow.daemon.draft_watch import Drafts
from recipflow.daemon.jobs import Jobs, guarded
from recipflow.daemon.offers import READS
from recipflow.daemon.pulls import Pulls, rest
from recipflow.daemon.stopping import Stop
from recipflow.daemon.surroundings import Surroundings
from recipflow.daemon.watchers import Telling, Watchers
from recipflow.errors import UserError
from recipflow.store import DeliveryForm
from recipflow.zones import user_zone

if TYPE_CHECKING:
    from recipflow.daemon.engine import Engine
    from recipflow.settings import Settings

log = logging.getLogger(__name__)

PULL = "pull "
"""What the name of an account's job begins with."""
JITTER = 20
"""Seconds by which the polls of several accounts, and of several computers, are spread."""
CHECK = timedelta(minutes=1)
"""So often it is looked whether the clock, config.toml or the database changed under us (PROVIDERS.md)."""
SHORTEST = timedelta(seconds=2)
"""Between one look and the next, whatever is said to be due: nothing may spin."""
AWAKE = timedelta(seconds=30)
"""After a sleep, until what fell due is done: accounts are read first."""
GRACE = 4.0
"""Seconds that work under way has to end in; what is killed then goes on from there the next time."""


class Daemon:
    """Runs until it is stopped."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._stopped = Stop()
        self._children = Children()
        self._jobs = Jobs()
        self._watchers = Watchers(Telling(engine.opened, engine.known_drafts, self._drafted, self._news))
        self._around = Surroundings(engine.home, engine.clock)
        self._pulls = Pulls(engine, self._children, self._watchers)
        self._next: datetime | None = None
        self._unsettled = False  #: nobody could find out what the accounts offer

    def run(self) -> None:
        """Work until SIGTERM, SIGINT or `stop`; a UserError when the configuration is at fault from the start."""
        memory.few_heaps()
        self._unsettled = (
            not self._children.look()
        )  # which migrates an old database: what that loads is not for us to hold
        self._around.other_config()
        settings = self._engine.settings()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._signalled)
        log.info("started", extra={"action": "started", "pid": os.getpid()})
        self._arrange(settings)
        guarded("check", self._check)  # how things are now
        self._jobs.now("words", self._hear)
        memory.settle()
        self._jobs.start()
        while not self._stopped.within(CHECK):
            guarded("check", self._check)
        self._end()

    def stop(self) -> None:
        self._stopped.say()

    def _signalled(self, *_: object) -> None:
        self._stopped.say()

    def _arrange(self, settings: Settings) -> None:
        """The jobs that config.toml asks for; those that it asks for no more go."""
        kinds, zone = self._children.kinds, user_zone(settings.me.tz)
        tables = {table.name: table for table in settings.accounts}
        pulled = {
            f"{PULL}{name}": name for name, offers in kinds.items() if READS in offers and name in tables
        }
        self._jobs.drop([name for name in self._jobs.all() if name.startswith(PULL) and name not in pulled])
        every = timedelta(minutes=settings.daemon.poll_minutes)
        for job, name in pulled.items():
            seconds = rest(every, kinds[name]).total_seconds()
            self._jobs.every(job, partial(self._pull, name), seconds, jitter=JITTER)
        self._jobs.daily("digest", self._wanted, zone, settings.digest.hour)
        self._jobs.daily("daily", self._daily, zone, 3, 30, jitter=600)
        self._jobs.at("due", self._work, self._engine.clock() + SHORTEST)
        self._watchers.arrange(tables, kinds)

    def _pull(self, account: str) -> None:
        """Read one account, and do what follows from it."""
        if self._pulls.pull(account):
            self._wanted()

    def _wanted(self) -> None:
        """Something may be due."""
        if not self._stopped.said:
            self._jobs.now("due", self._work)

    def _work(self) -> None:
        """What falls due in the database; what goes out of it begins in jobs of its own, lest one hold up the other."""
        engine, at = self._engine, self._engine.clock()
        due = engine.due()
        if due.advice is not None and due.advice <= at:
            engine.advise()
        try:
            engine.digest()
        finally:
            self._jobs.now("remind", self._remind)
            self._jobs.now("letters", self._send)
            self._jobs.now("notices", self._notify)
            self._jobs.now("hooks", self._run_hooks)
        self._sleep(engine.due().first)

    def _remind(self) -> None:
        if self._engine.to_remind():
            self._children.run("remind")
        self._sleep(self._engine.due().first)

    def _send(self) -> None:
        if self._engine.to_deliver(DeliveryForm.LETTER):
            self._children.run("letters")
        self._sleep(self._engine.due().first)

    def _notify(self) -> None:
        self._engine.deliver(DeliveryForm.NOTICE)
        self._sleep(self._engine.due().first)

    def _run_hooks(self) -> None:
        self._engine.deliver(DeliveryForm.EVENT)
        self._sleep(self._engine.due().first)

    def _sleep(self, until: datetime | None) -> None:
        """Be woken then, on the wall clock; the check each minute makes up for a clock that was moved."""
        self._next = until
        if until is not None and not self._stopped.said:
            self._jobs.at("due", self._work, max(until, self._engine.clock() + SHORTEST))

    def _check(self) -> None:
        """Whether anything changed under us. On the main thread: what takes time is for a job."""
        jumped = self._around.jumped()
        if jumped is not None:
            log.info("the computer slept, or its clock was set", extra={"action": "woke"})
            self._wake()
        back = jumped is not None and jumped < timedelta(0)  # every timer is as much too late
        if self._around.other_config() or back or self._unsettled:
            self._jobs.now("config", self._take_up)
        if self._around.user_spoke() or back:
            self._jobs.now("words", self._hear)
        elif self._next is not None and self._next + CHECK <= self._engine.clock():  # its timer was lost
            self._wanted()

    def _wake(self) -> None:
        """After a sleep every account is read once, then all that fell due is done, once."""
        self._watchers.again()
        self._pulls.afresh()
        for name in self._jobs.all():
            if name.startswith(PULL):
                self._jobs.hurry(name)
        self._jobs.at("due", self._work, self._engine.clock() + AWAKE)

    def _hear(self) -> None:
        """What the user said at the command line is taken in, and what a clock that was ahead made of the ledgers."""
        self._engine.advise()
        self._wanted()

    def _take_up(self) -> None:
        """Another config.toml holds from now on; one with faults holds when they are mended."""
        try:
            settings = self._engine.settings()
        except UserError as wrong:
            log.warning("config.toml has faults: what it said before still holds")
            log.debug("they are: %s", "; ".join(wrong.problems))
            return
        self._unsettled = not self._children.look()
        if not self._unsettled:
            self._arrange(settings)
            log.info("config.toml was taken up", extra={"action": "config"})

    def _daily(self) -> None:
        engine, settings = self._engine, self._engine.settings()
        day = engine.clock().astimezone(user_zone(settings.me.tz)).date()
        try:
            made = backups.daily(engine.home.database, day, keep=settings.daemon.backups)
            told = "the day's backup was made" if made else "there is a backup of today"
            log.info(told, extra={"action": "backup"})
        finally:  # a disk without room for a copy is no reason to read by old rules
            self._children.run("reconcile")
            self._wanted()

    def _drafted(self, name: str, found: Drafts) -> None:
        if self._engine.tell_of_drafts(name, found):
            self._jobs.now("notices", self._notify)

    def _news(self, name: str) -> None:
        """Something came: pull at once, or again if that is under way."""
        if not self._stopped.said:
            self._jobs.hurry(f"{PULL}{name}")

    def _end(self) -> None:
        """Stop within seconds: nothing new begins, what is under way may end."""
        self._jobs.stop()
        self._children.end()
        self._engine.ended.set()
        hooks.end()
        threading.Thread(target=self._watchers.stop, name="stopping", daemon=True).start()  # it may hang, too
        until = monotonic() + GRACE
        while self._jobs.at_work() and monotonic() < until:
            threading.Event().wait(0.05)
        left = self._jobs.at_work()
        log.info("stopped", extra={"action": "stopped", "unfinished": len(left)})
        if left:  # a connector that hangs holds its thread: everything it had stored is whole
            logging.shutdown()
            os._exit(0)
