"""What a live account keeps to, as tests, a class for each thing it offers: subclass those that fit.

Each asks of the fixture `account` what `Account` has, and the few things more that its protocol in
`recipflow.testing.accounts` names.
"""
# ruff: noqa: S101  (tests are made of asserts, also when they are shipped)

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from threading import Thread, Timer
from time import monotonic

from recipflow.connector import Fetching, Page, Watching
from recipflow.errors import AuthNeeded, CursorExpired, TryLater
from recipflow.model import Message
from recipflow.testing import NOW, Account, ids, pull_all
from recipflow.testing.accounts import (
    Faulty,
    FetchingConnector,
    Forgetful,
    Guarded,
    Mailbox,
    WatchingConnector,
)

LONG_BEFORE = NOW - timedelta(days=3650)


class FetchingContract:
    """For a mailbox that delivers heads first."""

    def test_what_is_partial_can_be_fetched_whole(self, account: Mailbox) -> None:
        account.add(7)
        heads = _messages(pull_all(connector := _fetching(account)))
        assert all(one.ref for one in heads)
        whole = list(connector.fetch([one.ref for one in heads]))
        assert {_known(one) for one in whole} == {_known(one) for one in heads}
        assert [one.id for one in whole if isinstance(one, Message) and (one.partial or not one.body)] == []

    def test_a_head_says_of_everything_but_the_words_what_the_whole_says(self, account: Mailbox) -> None:
        account.add(7)
        connector = _fetching(account)
        heads = {one.ref: one for one in _messages(pull_all(connector))}
        for one in connector.fetch(list(heads)):
            assert isinstance(one, Message)
            assert _head(one) == _head(heads[one.ref])

    def test_another_process_fetches_by_the_same_ref(self, account: Mailbox) -> None:
        account.add(3)
        heads = _messages(pull_all(account.connect()))
        found = list(_fetching(account).fetch([one.ref for one in heads]))
        assert {_known(one) for one in found} == {_known(one) for one in heads}

    def test_what_is_gone_is_left_out(self, account: Mailbox) -> None:
        account.add(3)
        heads = _messages(pull_all(connector := _fetching(account)))
        account.remove(heads[0].id)
        found = {_known(one) for one in connector.fetch([one.ref for one in heads])}
        assert found == {_known(one) for one in heads[1:]}

    def test_fetching_nothing_asks_for_nothing(self, account: Mailbox) -> None:
        assert list(_fetching(account).fetch([])) == []

    def test_what_is_present_is_what_was_pulled(self, account: Mailbox) -> None:
        account.add(9)
        heads = _messages(pull_all(connector := _fetching(account)))
        assert set(connector.present(LONG_BEFORE, now=NOW)) == {one.ref for one in heads}

    def test_what_came_later_is_present_and_what_went_is_not(self, account: Mailbox) -> None:
        account.add(4)
        heads = _messages(pull_all(connector := _fetching(account)))
        account.add(2)
        account.remove(heads[0].id)
        present = set(connector.present(LONG_BEFORE, now=NOW))
        assert len(present) == 5
        assert heads[0].ref not in present


class WatchingContract:
    """For an account that tells by itself that something is new."""

    #: Seconds within which it must tell.
    prompt = 5.0

    def test_waiting_ends_when_something_comes(self, account: Account) -> None:
        account.add(2)
        pages = pull_all(connector := _watching(account))
        Timer(0.3, account.add, (1,)).start()
        begun = monotonic()
        assert connector.wait(4 * self.prompt)
        assert monotonic() - begun < self.prompt
        assert len(ids(pull_all(connector, pages[-1].cursor))) == 1

    def test_what_came_before_the_waiting_is_not_slept_over(self, account: Account) -> None:
        account.add(2)
        pull_all(connector := _watching(account))
        connector.wait(0.2)
        account.add(1)
        assert connector.wait(self.prompt)

    def test_waiting_ends_when_it_is_over(self, account: Account) -> None:
        account.add(2)
        pull_all(connector := _watching(account))
        begun = monotonic()
        connector.wait(0.5)
        assert monotonic() - begun < self.prompt

    def test_waiting_can_be_ended_by_another_thread(self, account: Account) -> None:
        account.add(2)
        pull_all(connector := _watching(account))
        waiting = Thread(target=connector.wait, args=(60.0,), daemon=True)
        waiting.start()
        waiting.join(0.5)
        connector.stop()
        waiting.join(self.prompt)
        assert not waiting.is_alive()


class ReadOnlyContract:
    """For every account: reading it changes nothing in it."""

    def test_reading_changes_nothing(self, account: Guarded) -> None:
        account.add(5)
        before = account.state()
        connector = account.connect()
        pages = pull_all(connector)
        if isinstance(connector, Fetching):
            refs = [one.ref for one in _messages(pages)]
            assert list(connector.fetch(refs))
            assert list(connector.present(LONG_BEFORE, now=NOW))
        if isinstance(connector, Watching):
            connector.wait(0.3)
        pull_all(account.connect(), pages[-1].cursor)
        after = account.state()
        assert after == before, (before, after)


class ForgettingContract:
    """For every account whose provider can forget a cursor."""

    def test_a_forgotten_cursor_leaves_no_gap(self, account: Forgetful) -> None:
        account.add(5)
        known = ids(pages := pull_all(account.connect()))
        account.add(2)
        account.forget()
        account.add(2)
        try:
            again = pull_all(account.connect(), pages[-1].cursor)
        except CursorExpired:
            again = pull_all(account.connect())
        else:
            assert any(page.reset for page in again)
        assert known | ids(again) == account.ids()

    def test_after_it_all_is_as_before(self, account: Forgetful) -> None:
        account.add(3)
        first = pull_all(account.connect())
        account.forget()
        try:
            second = pull_all(account.connect(), first[-1].cursor)
        except CursorExpired:
            second = pull_all(account.connect())
        assert not any(page.reset for page in pull_all(account.connect(), second[-1].cursor))


class FaultContract:
    """For every live account: whatever fails is one of two kinds, and costs nothing."""

    def test_each_fault_is_one_of_the_two_kinds(self, account: Faulty) -> None:
        account.add(3)
        for fault, kind in account.faults.items():
            with account.failing(fault):
                raised = _raised(account)
            assert isinstance(raised, kind), f"{fault}: {raised!r}"
            assert str(raised), fault
            if isinstance(raised, AuthNeeded):
                assert raised.command, fault

    def test_after_a_fault_it_goes_on_where_it_was(self, account: Faulty) -> None:
        account.add(3)
        known = ids(pages := pull_all(account.connect()))
        for fault in account.faults:
            connector = account.connect()
            account.add(1)
            with account.failing(fault):
                _raised(account, pages[-1].cursor)
            pages = pull_all(connector, pages[-1].cursor)
            known |= ids(pages)
            assert known == account.ids(), fault


def _raised(account: Account, cursor: str | None = None) -> Exception | None:
    try:
        pull_all(account.connect(), cursor)
    except (AuthNeeded, TryLater) as raised:
        return raised
    return None


def _fetching(account: Account) -> FetchingConnector:
    connector = account.connect()
    assert isinstance(connector, Fetching)
    return connector


def _watching(account: Account) -> WatchingConnector:
    connector = account.connect()
    assert isinstance(connector, Watching)
    return connector


def _messages(pages: Iterable[Page]) -> list[Message]:
    """By ref each once, in the order in which they came."""
    found = {one.ref: one for page in pages for one in page.interactions if isinstance(one, Message)}
    return list(found.values())


def _known(one: object) -> tuple[str, str]:
    assert isinstance(one, Message), one
    return one.ref, one.id


def _head(one: Message) -> tuple[object, ...]:
    return (
        one.at,
        one.sender,
        one.to,
        one.cc,
        one.subject,
        one.in_reply_to,
        one.references,
        one.thread_hint,
        one.headers,
        [(each.name, each.type) for each in one.attachments],
    )
