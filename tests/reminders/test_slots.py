"""An event lies on a free slot of the user's working hours, within the time that suits."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from recipflow.reminders.answering import hours as usual
from recipflow.reminders.slots import NOTICE, Hours, find, holds

LISBON = ZoneInfo("Europe/Lisbon")
HOURS = Hours(zone=LISBON, days=range(5), begins=time(9), ends=time(17), length=timedelta(minutes=15))
MONDAY = datetime(2026, 3, 16, 7, tzinfo=UTC)  # seven in the morning, in Lisbon, too
FRIDAY = MONDAY + timedelta(days=4, hours=12)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return MONDAY.replace(hour=hour, minute=minute) + timedelta(days=day)


def test_the_first_free_quarter_of_an_hour_of_the_working_day_is_taken() -> None:
    assert find(MONDAY, FRIDAY, [], HOURS, MONDAY) == (at(0, 9), at(0, 9, 15))
    assert find(MONDAY, FRIDAY, [(at(0, 8), at(0, 10, 5))], HOURS, MONDAY) == (at(0, 10, 15), at(0, 10, 30))


def test_an_hour_in_which_they_answer_goes_first() -> None:
    assert find(MONDAY, FRIDAY, [], HOURS, MONDAY, answering={14}) == (at(0, 14), at(0, 14, 15))
    assert find(MONDAY, FRIDAY, [], HOURS, MONDAY, answering={3}) == (at(0, 9), at(0, 9, 15))


def test_nobody_is_surprised_by_an_event_that_begins_at_once() -> None:
    found = find(MONDAY, FRIDAY, [], HOURS, at(0, 9))
    assert found
    assert found[0] >= at(0, 9) + NOTICE


def test_no_slot_is_made_where_there_is_none() -> None:
    saturday = MONDAY + timedelta(days=5)
    assert find(saturday, saturday + timedelta(days=1), [], HOURS, MONDAY) is None
    assert find(MONDAY, FRIDAY, [(at(0, 0), at(9, 0))], HOURS, MONDAY) is None


def test_the_night_the_clock_changes_moves_no_working_hours() -> None:
    sunday = datetime(2026, 3, 29, 12, tzinfo=UTC)
    found = find(sunday, sunday + timedelta(days=3), [], HOURS, sunday)
    assert found
    assert found[0].astimezone(LISBON).time() == time(9)
    assert found[0].hour == 8


intervals = st.lists(
    st.tuples(st.integers(0, 7 * 96), st.integers(1, 60)).map(
        lambda pair: (
            MONDAY + timedelta(minutes=15 * pair[0]),
            MONDAY + timedelta(minutes=15 * (pair[0] + pair[1])),
        )
    ),
    max_size=12,
)


@given(busy=intervals, opens=st.integers(0, 300), length=st.integers(1, 300))
def test_what_is_found_is_free_within_the_window_and_stays_good(
    busy: list[tuple[datetime, datetime]], opens: int, length: int
) -> None:
    begins = MONDAY + timedelta(minutes=15 * opens)
    ends = begins + timedelta(minutes=15 * length)
    found = find(begins, ends, busy, HOURS, MONDAY)
    if found:
        local = found[0].astimezone(LISBON)
        assert holds(found, begins, ends, busy)
        assert local.weekday() < 5
        assert time(9) <= local.time() <= time(16, 45)


def test_usual_hours_are_known_only_from_enough_mail() -> None:
    assert usual([at(day, 14) for day in range(9)], LISBON) == frozenset()
    mostly = [at(day, 14) for day in range(12)] + [at(0, 3)]
    assert usual(mostly, LISBON) == {14}
