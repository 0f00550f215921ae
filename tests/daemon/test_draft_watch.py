"""Drafts are watched by a thread of their own: what changed is told at once, what is gone is news, a fault harms nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from recipflow.daemon.draft_watch import Drafts, DraftWatch
from recipflow.errors import TryLater
from recipflow.model import Message, Party

SOON = 20.0
MAIL = Message(id="1@memory.example", at=datetime(2026, 3, 2, tzinfo=UTC), sender=Party("ann@haven.example"))


class Polled:
    """A mailbox that tells of its drafts when it is asked."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.asked = threading.Event()
        self.failing = False

    def drafts(self, known: Mapping[str, str]) -> Drafts:
        self.asked.set()
        if self.failing:
            raise TryLater("no network")
        return {ref: (at, None if known.get(ref) == at else MAIL) for ref, at in self.kept.items()}


class Telling(Polled):
    """One that tells by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.bell = threading.Event()

    def wait_drafts(self, seconds: float) -> bool:
        rung = self.bell.wait(seconds)
        self.bell.clear()
        return rung

    def stop_drafts(self) -> None:
        self.bell.set()


class Desk:
    """Where it is told of."""

    def __init__(self) -> None:
        self.told: list[list[str]] = []
        self.gone = 0
        self.news = threading.Condition()

    def changed(self, found: Drafts) -> None:
        with self.news:
            self.told.append([ref for ref, (_, mail) in found.items() if mail])
            self.news.notify_all()

    def missing(self) -> None:
        with self.news:
            self.gone += 1
            self.news.notify_all()

    def until(self, so: Callable[[], bool]) -> None:
        with self.news:
            assert self.news.wait_for(so, SOON)


@contextmanager
def watching(
    account: object, desk: Desk, known: Mapping[str, str] | None = None, every: float = 0.01
) -> Iterator[None]:
    watch = DraftWatch("box", lambda: account, lambda: known or {}, desk.changed, desk.missing, every=every)
    watch.start()
    try:
        yield
    finally:
        watch.stop()


@pytest.mark.parametrize("kind", [Polled, Telling])
def test_a_draft_is_told_of_once_each_time_it_is_saved_and_gone_is_news(kind: type[Polled]) -> None:
    account, desk = kind(), Desk()

    def ring() -> None:
        if isinstance(account, Telling):
            account.bell.set()

    with watching(account, desk):
        account.kept["a"] = "1"
        ring()
        desk.until(lambda: desk.told == [["a"]])
        account.kept |= {"a": "2", "b": "1"}
        ring()
        desk.until(lambda: sorted(map(tuple, desk.told))[1:] == [("a", "b")] or len(desk.told) > 2)
        del account.kept["a"]
        ring()
        desk.until(lambda: desk.gone == 1)
    assert desk.told[-1] == []


def test_what_was_looked_at_before_it_began_is_not_told_again() -> None:
    account, desk = Polled(), Desk()
    account.kept = {"a": "1"}
    with watching(account, desk, {"a": "1"}):
        account.asked.clear()
        assert account.asked.wait(SOON)
    assert desk.told == []


def test_after_a_failure_it_goes_on_where_it_was() -> None:
    account, desk = Polled(), Desk()
    account.kept, account.failing = {"a": "1"}, True
    with watching(account, desk):
        assert account.asked.wait(SOON)
        account.failing = False
        desk.until(lambda: desk.told == [["a"]])


def test_an_account_without_drafts_is_left_alone() -> None:
    desk = Desk()
    with watching(object(), desk):
        pass
    assert desk.told == []
