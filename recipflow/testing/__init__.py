"""What every connector keeps to, as tests: a connector passes by subclassing, ours and a stranger's alike.

`ConnectorContract` is for all; those in `recipflow.testing.live` are for what a live account offers besides.
"""
# ruff: noqa: S101  (tests are made of asserts, also when they are shipped)

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

from recipflow.connector import Connector, Page
from recipflow.errors import CursorExpired

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
#: More than a store should have to take in one transaction.
MOST_IN_A_PAGE = 1_000


class Account(Protocol):
    """A fictional account that a contract test can fill, and connect to as often as it likes."""

    def add(self, count: int) -> None:
        """Let `count` more messages or meetings arrive."""

    def ids(self) -> set[str]:
        """The ids of all there are."""

    def connect(self) -> Connector:
        """A connector that knows nothing of earlier ones."""


class ConnectorContract:
    """Subclass it in a test module, and give it a pytest fixture `account`."""

    #: How many interactions make more than a page.
    many = 1_234

    def test_everything_there_is_is_pulled(self, account: Account) -> None:
        account.add(7)
        assert ids(pull_all(account.connect())) == account.ids()

    def test_full_then_incremental_equals_full(self, account: Account) -> None:
        account.add(5)
        first = pull_all(account.connect())
        account.add(4)
        second = pull_all(account.connect(), first[-1].cursor)
        assert ids(first) | ids(second) == account.ids() == ids(pull_all(account.connect()))

    def test_what_was_pulled_is_not_pulled_again(self, account: Account) -> None:
        account.add(5)
        before = ids(first := pull_all(account.connect()))
        account.add(3)
        again = ids(pull_all(account.connect(), first[-1].cursor))
        assert not before & again

    def test_a_repeated_pull_changes_nothing(self, account: Account) -> None:
        account.add(3)
        connector = account.connect()
        cursor = pull_all(connector)[-1].cursor
        for again in (connector, account.connect()):
            pages = pull_all(again, cursor)
            assert not ids(pages)
            assert pages[-1].cursor == cursor

    def test_a_page_that_was_not_stored_is_pulled_again(self, account: Account) -> None:
        account.add(3)
        lost = account.connect().pull(None, now=NOW)
        assert account.connect().pull(None, now=NOW).interactions == lost.interactions

    def test_pages_are_bounded_and_can_be_gone_on_from_by_another_process(self, account: Account) -> None:
        account.add(self.many)
        pages = [account.connect().pull(None, now=NOW)]
        while pages[-1].more:
            assert len(pages) <= self.many, "the cursor does not get on"
            pages.append(account.connect().pull(pages[-1].cursor, now=NOW))
        assert len(pages) > 1
        assert max(len(page.interactions) for page in pages) <= MOST_IN_A_PAGE
        assert ids(pages) == account.ids()

    def test_a_kill_between_any_two_steps_loses_nothing(self, account: Account) -> None:
        account.add(self.many)
        found: set[str] = set()
        cursor, more, steps = None, True, 0
        while more:
            assert steps <= self.many + 3, "the cursor does not get on"
            account.connect().pull(cursor, now=NOW)  # killed before this page was stored
            page = account.connect().pull(cursor, now=NOW)
            found |= ids([page])
            cursor, more, steps = page.cursor, page.more, steps + 1
            if steps <= 3:
                account.add(1)
        assert found | ids(pull_all(account.connect(), cursor)) == account.ids()

    def test_progress_never_goes_beyond_the_total(self, account: Account) -> None:
        account.add(5)
        assert all(page.total is None or page.done <= page.total for page in pull_all(account.connect()))

    def test_a_cursor_of_another_version_starts_over(self, account: Account) -> None:
        account.add(3)
        connector = account.connect()
        try:
            pages = pull_all(connector, '{"of": "long ago"}')
        except CursorExpired:
            return
        assert pages[0].reset
        assert ids(pages) == account.ids()


def pull_all(connector: Connector, cursor: str | None = None, *, now: datetime = NOW) -> list[Page]:
    """All pages after `cursor`; an AssertionError when they never end."""
    pages = [connector.pull(cursor, now=now)]
    while pages[-1].more:
        assert len(pages) < 100_000, "the pages never end"
        pages.append(connector.pull(pages[-1].cursor, now=now))
    return pages


def ids(pages: list[Page]) -> set[str]:
    """The ids of all interactions of the pages."""
    return {one.id for page in pages for one in page.interactions}
