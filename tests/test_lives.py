"""What showing a nudge does to its life, and what the user's word does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from recipflow.insight import lives
from recipflow.model import Nudge, NudgeKind
from recipflow.store import Life, LifeState

NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)
TOKYO = ZoneInfo("Asia/Tokyo")
NUDGE = Nudge(key="k", kind=NudgeKind.THANK, contact="dana@y.example", opens=NOON)


def life(**more: object) -> Life:
    return Life(key="k", kind="thank", contact="dana@y.example", **more)  # type: ignore[arg-type]


def test_the_first_showing_begins_a_life() -> None:
    assert lives.shown([NUDGE], {}, NOON, UTC) == [
        life(state=LifeState.SHOWN, shown_count=1, first_shown=NOON, last_shown=NOON)
    ]


def test_a_day_counts_once_and_is_the_users_own() -> None:
    before = {"k": life(state=LifeState.SHOWN, shown_count=1, first_shown=NOON, last_shown=NOON)}
    later = NOON + timedelta(hours=4)
    assert lives.shown([NUDGE], before, later, UTC) == []
    (again,) = lives.shown([NUDGE], before, later, TOKYO)  # there it is past midnight
    assert (again.shown_count, again.first_shown, again.last_shown) == (2, NOON, later)


def test_the_third_day_is_the_last_and_lasts_until_its_end() -> None:
    third = life(state=LifeState.SHOWN, shown_count=3, last_shown=NOON)
    assert not lives.worn(third, NOON + timedelta(hours=2), UTC)
    assert lives.worn(third, NOON + timedelta(days=1), UTC)


def test_what_was_put_off_comes_back_once_however_often_it_was_shown() -> None:
    put_off = life(state=LifeState.SNOOZED, shown_count=3, last_shown=NOON - timedelta(days=7), until=NOON)
    assert not lives.worn(put_off, NOON, UTC)
    (again,) = lives.shown_again([put_off], NOON, UTC)
    assert lives.worn(again, NOON + timedelta(days=1), UTC)


def test_what_came_back_and_was_looked_at_today_is_back_today_and_not_tomorrow() -> None:
    put_off = life(state=LifeState.SNOOZED, shown_count=1, last_shown=NOON - timedelta(days=7), until=NOON)
    (looked_at,) = lives.shown_again([put_off], NOON, UTC)
    tomorrow = NOON + timedelta(days=1)
    assert lives.came_back(looked_at, NOON + timedelta(hours=1), UTC)
    assert not lives.came_back(looked_at, tomorrow, UTC)
    (again,) = lives.shown_again([looked_at], tomorrow, UTC)
    assert not lives.came_back(again, tomorrow, UTC)


def test_what_was_over_and_stands_again_was_put_off_by_nobody() -> None:
    looked_at = life(state=LifeState.SHOWN, shown_count=2, last_shown=NOON - timedelta(days=7), until=NOON)
    (over,) = lives.ended([], [looked_at])
    (again,) = lives.begun([NUDGE], {"k": over})
    for one in (
        over,
        again,
        replace(looked_at, state=LifeState.EXPIRED),
    ):  # that one expired before this was so
        (now_shown,) = lives.shown_again([one], NOON, UTC)
        assert not lives.came_back(now_shown, NOON, UTC)
    assert (again.state, again.until) == (LifeState.SHOWN, None)


@pytest.mark.parametrize(
    ("state", "until", "silent"),
    [
        (LifeState.NEW, None, False),
        (LifeState.SHOWN, None, False),
        (LifeState.DONE, None, True),
        (LifeState.EXPIRED, None, False),
        (LifeState.DISMISSED, None, True),
        (LifeState.SNOOZED, NOON + timedelta(days=1), True),
        (LifeState.SNOOZED, NOON, False),
    ],
)
def test_what_the_user_put_away_is_silent_until_it_is_time(
    state: LifeState, until: datetime | None, silent: bool
) -> None:
    assert lives.silenced(life(state=state, until=until), NOON) is silent


def test_what_wakes_from_a_snooze_counts_on() -> None:
    slept = {"k": life(state=LifeState.SNOOZED, until=NOON, shown_count=1)}
    (woken,) = lives.shown([NUDGE], slept, NOON, UTC)
    assert (woken.state, woken.shown_count) == (LifeState.SHOWN, 2)
