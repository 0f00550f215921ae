"""Reminders in Outlook's calendar: once, ours alone, never over somebody else's change; and when the user is busy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from recipflow_connectors.microsoft.outlook_calendar import OutlookReminders

from recipflow.connector import Busy, CalendarCourier, Reminder, Vacated
from recipflow.errors import AuthNeeded, Changed, TryLater, Uncertain
from recipflow.testing import NOW, pull_all
from tests.connectors.microsoft.accounts import Token, at, graph
from tests.fakes.graph.calendar import graph_time
from tests.fakes.graph.server import FakeGraph

REMINDER = Reminder(
    id="c1d2e3f4g5h6i7j8k9l0m1n2o3",
    starts=at(-1),
    ends=at(-1) + timedelta(minutes=15),
    title="Dana (note to self)",
    note="A word of thanks?\nrecipflow:key",
    alarm_minutes=10,
)


@pytest.fixture
def fake() -> Iterator[FakeGraph]:
    with FakeGraph(now=lambda: NOW) as server:
        yield server
        assert server.problems == []


def account(fake: FakeGraph) -> OutlookReminders:
    return OutlookReminders(graph(fake), graph(fake))


def event(fake: FakeGraph) -> dict[str, Any]:
    """The only one there is."""
    (found,) = fake.calendars.events.values()
    return found


def test_it_is_a_courier(fake: FakeGraph) -> None:
    assert isinstance(account(fake), CalendarCourier)


def test_a_reminder_is_private_free_and_invites_nobody(fake: FakeGraph) -> None:
    account(fake).write(REMINDER, etag=None)
    found = event(fake)
    assert (found["sensitivity"], found["showAs"], found["attendees"]) == ("private", "free", [])
    assert (found["isReminderOn"], found["reminderMinutesBeforeStart"]) == (True, 10)
    assert found["subject"] == "Dana (note to self)"


def test_reminders_lie_in_a_calendar_of_their_own_that_is_made_once(fake: FakeGraph) -> None:
    account(fake).write(REMINDER, etag=None)
    account(fake).write(replace(REMINDER, id="another"), etag=None)
    names = [one["name"] for one in fake.calendars.calendars.values()]
    assert names == ["Calendar", "recipflow"]
    assert set(fake.calendars.calendar_of.values()) == {list(fake.calendars.calendars)[1]}


def test_what_was_written_is_what_is_there_and_nothing_else(fake: FakeGraph) -> None:
    written = account(fake).write(REMINDER, etag=None)
    ours = fake.calendars.calendar_of[next(iter(fake.calendars.events))]
    fake.calendars.add(at(-2), ours)  # the user's own, put into our calendar
    fake.calendars.add(at(-2))
    assert account(fake).written() == [written]
    assert (written.id, written.starts, written.ends) == (REMINDER.id, REMINDER.starts, REMINDER.ends)
    assert (written.title, written.note) == (REMINDER.title, REMINDER.note)


def test_nothing_was_written_where_there_is_no_calendar_of_ours(fake: FakeGraph) -> None:
    assert account(fake).written() == []
    account(fake).remove("nothing", etag=None)
    assert fake.writes == 0


def test_a_repeated_write_makes_no_second_event(fake: FakeGraph) -> None:
    first = account(fake).write(REMINDER, etag=None)
    with pytest.raises(Changed):
        account(fake).write(replace(REMINDER, title="other"), etag=None)
    assert account(fake).written() == [first]


@pytest.mark.parametrize("fault", [{"after": 500}, {"reset_after": True}, {"cut": True}])
def test_a_write_whose_answer_is_lost_can_be_looked_for(fake: FakeGraph, fault: dict[str, Any]) -> None:
    fake.faults.plan("POST .*events", **fault)
    with pytest.raises(Uncertain):
        account(fake).write(REMINDER, etag=None)
    (there,) = account(fake).written()
    assert (there.id, there.starts, there.title) == (REMINDER.id, REMINDER.starts, REMINDER.title)


def test_a_calendar_whose_making_got_no_answer_is_not_made_twice(fake: FakeGraph) -> None:
    fake.faults.plan("POST .*calendars$", after=503)
    with pytest.raises(Uncertain):
        account(fake).write(REMINDER, etag=None)
    account(fake).write(REMINDER, etag=None)
    assert [one["name"] for one in fake.calendars.calendars.values()] == ["Calendar", "recipflow"]


def test_a_reminder_changes_as_long_as_nobody_else_changed_it(fake: FakeGraph) -> None:
    courier = account(fake)
    written = courier.write(REMINDER, etag=None)
    later = replace(REMINDER, starts=at(-2), ends=at(-2), title="Kwame (note to self)", alarm_minutes=None)
    again = courier.write(later, etag=written.etag)
    assert (again.starts, again.title) == (at(-2), "Kwame (note to self)")
    assert again.etag != written.etag
    assert again == courier.written()[0]
    assert event(fake)["isReminderOn"] is False
    with pytest.raises(Changed):
        courier.write(REMINDER, etag=written.etag)


def test_what_the_user_moved_is_left_where_it_was_moved(fake: FakeGraph) -> None:
    courier = account(fake)
    written = courier.write(REMINDER, etag=None)
    fake.calendars.change(event(fake)["id"], start=graph_time(at(-5)), end=graph_time(at(-5)))
    for act in (
        lambda: courier.write(replace(REMINDER, title="other"), etag=written.etag),
        lambda: courier.remove(REMINDER.id, etag=written.etag),
    ):
        with pytest.raises(Changed):
            act()
    assert courier.written()[0].starts == at(-5)


def test_a_change_between_looking_and_writing_is_noticed_by_the_server(fake: FakeGraph) -> None:
    courier = account(fake)
    written = courier.write(REMINDER, etag=None)
    fake.faults.plan("PATCH", status=412, code="ErrorIrresolvableConflict")
    with pytest.raises(Changed):
        courier.write(REMINDER, etag=written.etag)


def test_a_reminder_is_removed_once_and_what_is_gone_is_removed_too(fake: FakeGraph) -> None:
    courier = account(fake)
    written = courier.write(REMINDER, etag=None)
    courier.remove(REMINDER.id, etag=written.etag)
    courier.remove(REMINDER.id, etag=written.etag)
    assert courier.written() == []
    with pytest.raises(Changed):
        courier.write(REMINDER, etag=written.etag)


def test_a_removal_without_an_etag_removes_whatever_there_is(fake: FakeGraph) -> None:
    courier = account(fake)
    courier.write(REMINDER, etag=None)
    fake.calendars.change(event(fake)["id"], subject="mine now")
    courier.remove(REMINDER.id, etag=None)
    assert fake.calendars.events == {}


def test_a_calendar_the_user_deleted_is_made_again(fake: FakeGraph) -> None:
    courier = account(fake)
    courier.write(REMINDER, etag=None)
    (ours,) = [key for key, one in fake.calendars.calendars.items() if one["name"] == "recipflow"]
    fake.calendars.remove(event(fake)["id"])
    del fake.calendars.calendars[ours]
    with pytest.raises(TryLater):  # it was there a moment ago
        courier.write(REMINDER, etag=None)
    assert courier.write(REMINDER, etag=None).id == REMINDER.id


def test_reminders_are_no_meetings(fake: FakeGraph) -> None:
    courier = account(fake)
    courier.write(REMINDER, etag=None)
    assert all(not page.interactions for page in pull_all(courier))


def test_the_user_is_busy_when_a_calendar_says_so_and_a_reminder_never_does(fake: FakeGraph) -> None:
    courier = account(fake)
    courier.write(REMINDER, etag=None)
    for days, shown in ((-1, "busy"), (-2, "free"), (-3, "tentative"), (-4, "oof"), (-9, "busy")):
        fake.calendars.add(at(days), showAs=shown)
    fake.calendars.add(at(-1.5), isCancelled=True)
    hour = timedelta(hours=1)
    assert courier.busy(NOW, at(-5)) == [Busy(at(-1), at(-1) + hour), Busy(at(-4), at(-4) + hour)]


def test_what_the_user_puts_into_our_calendar_is_busy_time_and_a_reminder_never(fake: FakeGraph) -> None:
    courier = account(fake)
    courier.write(REMINDER, etag=None)
    ((reminder, ours),) = fake.calendars.calendar_of.items()
    fake.calendars.change(reminder, showAs="busy")
    fake.calendars.add(at(-2), ours)
    assert courier.busy(NOW, at(-5)) == [Busy(at(-2), at(-2) + timedelta(hours=1))]


def test_the_calendar_goes_when_nothing_is_in_it_and_stays_when_something_of_the_users_is(
    fake: FakeGraph,
) -> None:
    courier = account(fake)
    assert courier.vacate() is Vacated.NEVER
    courier.write(REMINDER, etag=None)
    assert courier.vacate() is Vacated.USED
    courier.remove(REMINDER.id, etag=None)
    assert courier.vacate() is Vacated.GONE
    assert [one["name"] for one in fake.calendars.calendars.values()] == ["Calendar"]


def test_a_calendar_that_the_user_made_stays_though_reminders_were_kept_in_it(fake: FakeGraph) -> None:
    fake.calendars.add_calendar("recipflow")
    courier = account(fake)
    courier.write(REMINDER, etag=None)
    courier.remove(REMINDER.id, etag=None)
    assert courier.vacate() is Vacated.THEIRS


def test_writing_needs_its_own_permission(fake: FakeGraph) -> None:
    fake.tokens["reading"] = frozenset({"Calendars.Read"})
    courier = OutlookReminders(graph(fake, Token("reading")), graph(fake, Token("reading")))
    assert courier.written() == []
    with pytest.raises(AuthNeeded):
        courier.write(REMINDER, etag=None)
