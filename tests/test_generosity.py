"""Whether favours are frequent in a mailbox is told by what was read last, and all ledgers follow where it changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from recipflow.model import Kind
from recipflow.store import Person, Read, Store
from recipflow.store.generosity import _MEAN, LATEST
from tests.mails import DANA, mail
from tests.test_derived import GIVE, stored

FAVOUR, DUTY = (replace(GIVE, notable_confidence=sure) for sure in (0.4, 0.02))


@pytest.fixture
def store() -> Iterator[Store]:
    with Store() as store:
        stored(store, mail(1), mail(2))
        store.people.put([Person(DANA, (DANA,))])
        yield store


def _read(store: Store, *gives: int) -> bool:
    """As it is noticed after so many gives that look like favours, and in the next mail so many that look like duty."""
    first, second, *_ = store.interactions.in_order()
    favours, duties = gives
    store.ledgers.put_read([Read(first, (FAVOUR,) * favours), Read(second, (DUTY,) * duties)])
    store.ledgers.notice_generosity()
    return store.ledgers.generous()


def test_a_mailbox_is_not_generous_before_enough_of_it_was_read(store: Store) -> None:
    assert not _read(store, 0, 0)
    assert not _read(store, 10, 0)
    assert _read(store, 40, 0)


def test_it_is_generous_where_gives_are_favours_often_enough(store: Store) -> None:
    assert _read(store, 100, 100)
    assert not _read(store, 100, 500)


def test_what_came_long_ago_does_not_count(store: Store) -> None:
    assert not _read(store, 2 * LATEST, LATEST)


def test_what_was_written_last_counts_though_it_was_read_first(store: Store) -> None:
    stored(store, mail(-1))
    oldest, *_, newest = store.interactions.in_order()
    assert newest < oldest
    store.ledgers.put_read([Read(newest, (DUTY,) * LATEST), Read(oldest, (FAVOUR,) * LATEST)])
    store.ledgers.notice_generosity()
    assert not store.ledgers.generous()


def test_a_mail_more_or_less_at_the_bar_changes_nothing(store: Store) -> None:
    between = (100, 209)  # a mean of .13
    assert not _read(store, *between)
    assert _read(store, 100, 170)
    assert _read(store, *between)
    assert not _read(store, 100, 300)
    assert not _read(store, *between)


def test_what_is_computed_anew_comes_to_what_stood_before(store: Store) -> None:
    between = (100, 209)
    assert _read(store, 100, 170)
    assert _read(store, *between)
    store.drop_derived()
    assert _read(store, *between)


def test_only_what_was_written_last_is_gone_through(store: Store) -> None:
    plan = " ".join(row[3] for row in store._db.execute(f"EXPLAIN QUERY PLAN {_MEAN}", (0, 0, LATEST)))
    assert "USING COVERING INDEX interaction_at" in plan
    assert "TEMP B-TREE" not in plan


def test_time_spent_in_meetings_is_not_counted(store: Store) -> None:
    first, second, *_ = store.interactions.in_order()
    met = replace(DUTY, kind=Kind.MEETING, notable_confidence=0.0)
    store.ledgers.put_read([Read(first, (FAVOUR,) * 40), Read(second, (met,) * 900)])
    store.ledgers.notice_generosity()
    assert store.ledgers.generous()


def test_all_ledgers_are_folded_anew_where_the_answer_changes_and_only_there(store: Store) -> None:
    store.ledgers.unmark(store.ledgers.marked())
    _read(store, 40, 0)
    assert DANA in store.ledgers.marked()
    store.ledgers.unmark(store.ledgers.marked())
    _read(store, 41, 0)
    assert list(store.ledgers.marked()) == []
