"""The daemon's jobs: APScheduler rings, threads work. One name is one job, and it runs once at a time.

The scheduler is an alarm clock and no more. Its jobs live in memory; what is due stands in the tables.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Any

from recipflow import memory
from recipflow.errors import RecipflowError

if TYPE_CHECKING:
    from apscheduler.job import Job
    from apscheduler.schedulers.background import BackgroundScheduler

log = logging.getLogger(__name__)

THREADS = 32
"""At most; they come as they are needed, and most wait."""
INSTANCES = 4
"""Of a job within the scheduler, which counts one that has just ended yet: that only one is at work is seen to here."""

Work = Callable[[], None]


class Jobs:
    """What is to be done, and when."""

    def __init__(self) -> None:
        self._scheduler = _scheduler()
        self._lock = threading.Lock()
        self._at_work: set[str] = set()
        self._again: dict[str, Work] = {}  #: how to ring those that were wanted once more while at work

    def start(self, *, paused: bool = False) -> None:
        self._scheduler.start(paused=paused)

    def stop(self) -> None:
        """Nothing new begins; what is under way is not waited for."""
        with self._lock:
            self._again.clear()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def all(self) -> dict[str, Job]:
        return {job.id: job for job in self._scheduler.get_jobs()}

    def at_work(self) -> set[str]:
        """The names of those under way."""
        with self._lock:
            return set(self._at_work)

    def drop(self, names: Collection[str]) -> None:
        for name in names:
            self._scheduler.remove_job(name)

    def every(self, name: str, work: Work, seconds: float, *, jitter: int) -> None:
        """Now, and again and again."""
        first = datetime.now(UTC)
        self._add(name, work, "interval", next_run_time=first, seconds=int(seconds), jitter=jitter)

    def daily(
        self, name: str, work: Work, zone: tzinfo, hour: int, minute: int = 0, *, jitter: int | None = None
    ) -> None:
        self._add(name, work, "cron", hour=hour, minute=minute, timezone=zone, jitter=jitter)

    def at(self, name: str, work: Work, when: datetime) -> None:
        """Once, then; sooner, where that was wanted already."""
        with self._lock:
            known = getattr(self._scheduler.get_job(name), "next_run_time", None)
            if known is None or known > when:
                self._add(name, work, "date", run_date=when)

    def now(self, name: str, work: Work) -> None:
        """At once; if it is under way, once more after that, for what it asked of the tables may have changed since."""
        self._ring(name, lambda: self.at(name, work, datetime.now(UTC)))

    def hurry(self, name: str) -> None:
        """A job that comes again and again, at once."""
        self._ring(name, partial(self._hurried, name))

    def _ring(self, name: str, ring: Work) -> None:
        with self._lock:
            if name in self._at_work:
                self._again[name] = ring
                return
        ring()

    def _hurried(self, name: str) -> None:
        if job := self._scheduler.get_job(name):  # its account may have been taken out of config.toml
            job.modify(next_run_time=datetime.now(UTC))

    def _add(self, name: str, work: Work, trigger: str, **more: Any) -> None:
        self._scheduler.add_job(
            partial(self._run, name, work), trigger, id=name, replace_existing=True, **more
        )

    def _run(self, name: str, work: Work) -> None:
        with self._lock:
            if name in self._at_work:  # what comes again and again may be left out once
                return
            self._at_work.add(name)
        try:
            guarded(name, work)
        finally:
            memory.give_back()
            with self._lock:
                self._at_work.discard(name)
                again = self._again.pop(name, None)
            if again:
                again()


def guarded(name: str, work: Work) -> None:
    """One job: what goes wrong in it is its own."""
    kind = name.partition(" ")[0]
    try:
        work()
    except RecipflowError as problem:
        log.warning("%s: %s", kind, type(problem).__name__, extra={"action": f"{kind}_failed"})
        log.debug("because", exc_info=problem)
    except Exception as fault:
        log.error("%s failed (%s)", kind, type(fault).__name__, extra={"action": f"{kind}_failed"})
        log.debug("because", exc_info=fault)


def _scheduler() -> BackgroundScheduler:
    from apscheduler.executors.pool import ThreadPoolExecutor
    from apscheduler.schedulers.background import BackgroundScheduler

    return BackgroundScheduler(
        executors={"default": ThreadPoolExecutor(max_workers=THREADS)},
        job_defaults={"coalesce": True, "max_instances": INSTANCES, "misfire_grace_time": None},
        timezone=UTC,
        daemon=True,
    )
