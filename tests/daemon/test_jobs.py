"""What is asked for is done: once at a time, once more where it was asked for meanwhile, and never later than asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep

import pytest

from recipflow.daemon.jobs import Jobs

SOON = 10.0


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    one = Jobs()
    one.start()
    yield one
    one.stop()


def until(done: Callable[[], object]) -> None:
    give_up = monotonic() + SOON
    while not done():
        assert monotonic() < give_up
        sleep(0.01)


class Work:
    """Counts, and waits to be let go."""

    def __init__(self) -> None:
        self.begun, self.at_once, self.most = 0, 0, 0
        self.go = threading.Event()

    def __call__(self) -> None:
        self.begun += 1
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        self.go.wait(SOON)
        self.at_once -= 1


def test_what_is_asked_for_while_it_is_done_is_done_once_more(jobs: Jobs) -> None:
    work = Work()
    jobs.now("due", work)
    until(lambda: work.begun)
    for _ in range(5):
        jobs.now("due", work)
    sleep(0.2)
    assert work.begun == 1
    work.go.set()
    until(lambda: work.begun == 2 and not jobs.at_work())
    sleep(0.2)
    assert (work.begun, work.most) == (2, 1)


def test_a_job_that_comes_again_and_again_is_hurried_or_done_once_more(jobs: Jobs) -> None:
    work = Work()
    jobs.every("pull box", work, 3600, jitter=0)
    until(lambda: work.begun)
    jobs.hurry("pull box")
    work.go.set()
    until(lambda: work.begun == 2 and not jobs.at_work())
    jobs.hurry("pull box")
    until(lambda: work.begun == 3)
    jobs.hurry("pull nobody")


def test_a_later_time_does_not_take_the_place_of_an_earlier_one(jobs: Jobs) -> None:
    now = datetime.now(UTC)
    jobs.at("due", lambda: None, now + timedelta(hours=1))
    jobs.at("due", lambda: None, now + timedelta(hours=2))
    assert jobs.all()["due"].next_run_time == now + timedelta(hours=1)
    jobs.at("due", lambda: None, now + timedelta(minutes=1))
    assert jobs.all()["due"].next_run_time == now + timedelta(minutes=1)


def test_a_job_that_fails_harms_no_other_and_may_be_done_again(jobs: Jobs) -> None:
    work = Work()
    work.go.set()

    def fails() -> None:
        work()
        raise RuntimeError

    for times in (1, 2):
        jobs.now("due", fails)
        until(lambda times=times: work.begun == times and not jobs.at_work())  # type: ignore[misc]
