"""Reminders in a calendar of their own at Google: once each, ours alone, and never over somebody else's change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from recipflow.connector import Busy, CalendarCourier, Reminder, Vacated, Vacating
from recipflow.errors import Changed, TryLater, Uncertain
from recipflow.model import Meeting
from recipflow.testing import NOW, pull_all
from tests.fakes.google import Fault, Google

from .googling import a_google, calendar

REMINDER = Reminder(
    id="0123456789abcdefghijklmnop",
    starts=NOW + timedelta(days=1),
    ends=NOW + timedelta(days=1, minutes=15),
    title="Dana (note to self)",
    note="rf:abc",
    alarm_minutes=10,
)


@pytest.fixture
def google() -> Iterator[Google]:
    with a_google() as google:
        yield google


def courier(google: Google) -> CalendarCourier:
    found = calendar(google, allow=["reminders"])
    assert isinstance(found, CalendarCourier)
    return found


def kept(google: Google) -> dict[str, Any]:
    """The reminder as Google has it."""
    (own,) = [one for one in google.calendars.all.values() if one.by_app]
    return own.events[REMINDER.id]


def test_it_is_private_free_and_nobody_is_invited(google: Google) -> None:
    courier(google).write(REMINDER, etag=None)
    event = kept(google)
    assert (event["visibility"], event["transparency"]) == ("private", "transparent")
    assert "attendees" not in event
    assert event["reminders"] == {"useDefault": False, "overrides": [{"method": "popup", "minutes": 10}]}
    assert event["summary"] == "Dana (note to self)"


def test_the_calendar_is_made_once_and_found_again_by_another_process(google: Google) -> None:
    assert courier(google).written() == ()
    assert not google.writes
    one = courier(google).write(REMINDER, etag=None)
    assert courier(google).written() == (one,)
    courier(google).write(replace(REMINDER, id="v" * 26), etag=None)
    assert google.writes.count("calendar.calendars.insert") == 1


def test_a_calendar_of_the_users_with_the_same_name_is_left_alone(google: Google) -> None:
    users = google.calendars.add("users@group.calendar.google.com", "recipflow", role="owner")
    courier(google).write(REMINDER, etag=None)
    assert not users.events


def test_what_the_user_puts_into_our_calendar_is_not_ours(google: Google) -> None:
    one = courier(google).write(REMINDER, etag=None)
    (own,) = [each for each in google.calendars.all.values() if each.by_app]
    own.put({"summary": "mine", "start": kept(google)["start"], "end": kept(google)["end"]}, now=NOW)
    assert courier(google).written() == (one,)


def test_a_change_is_written_over_the_version_it_was_made_for(google: Google) -> None:
    one = courier(google)
    first = one.write(REMINDER, etag=None)
    later = replace(
        REMINDER, starts=NOW + timedelta(days=2), ends=NOW + timedelta(days=2, hours=1), sequence=1
    )
    second = one.write(later, etag=first.etag)
    assert (second.starts, second.etag != first.etag) == (later.starts, True)
    with pytest.raises(Changed):
        one.write(REMINDER, etag=first.etag)


def test_what_the_user_dragged_away_is_not_dragged_back(google: Google) -> None:
    one = courier(google)
    first = one.write(REMINDER, etag=None)
    (own,) = [each for each in google.calendars.all.values() if each.by_app]
    own.put({"id": REMINDER.id, "start": {"dateTime": (NOW + timedelta(days=3)).isoformat()}}, now=NOW)
    with pytest.raises(Changed):
        one.write(REMINDER, etag=first.etag)
    with pytest.raises(Changed):
        one.write(REMINDER, etag=None)
    with pytest.raises(Changed):
        one.remove(REMINDER.id, etag=first.etag)
    assert one.written()[0].starts == NOW + timedelta(days=3)


def test_what_the_user_deleted_does_not_come_back_under_the_same_id(google: Google) -> None:
    one = courier(google)
    first = one.write(REMINDER, etag=None)
    (own,) = [each for each in google.calendars.all.values() if each.by_app]
    own.cancel(REMINDER.id, now=NOW)
    assert one.written() == ()
    for etag in (None, first.etag):
        with pytest.raises(Changed):
            one.write(REMINDER, etag=etag)


def test_removing_what_is_gone_is_done_already(google: Google) -> None:
    one = courier(google)
    one.remove(REMINDER.id, etag=None)
    first = one.write(REMINDER, etag=None)
    one.remove("v" * 26, etag=None)
    one.remove(REMINDER.id, etag=first.etag)
    one.remove(REMINDER.id, etag=first.etag)
    assert one.written() == ()


@pytest.mark.parametrize(
    "fault", [Fault.BROKEN_AFTER, Fault.RESET_AFTER, Fault.TRUNCATED, Fault.BROKEN_BEFORE]
)
def test_when_the_answer_was_lost_writing_it_again_makes_no_second_one(google: Google, fault: Fault) -> None:
    one = courier(google)
    google.faults.next("events.insert", fault)
    with pytest.raises(Uncertain):
        one.write(REMINDER, etag=None)
    assert one.write(REMINDER, etag=None).starts == REMINDER.starts
    assert len(one.written()) == 1


def test_when_making_the_calendar_is_uncertain_there_is_one_in_the_end(google: Google) -> None:
    one = courier(google)
    google.faults.next("calendars.insert", Fault.RESET_AFTER)
    with pytest.raises(Uncertain):
        one.write(REMINDER, etag=None)
    one.write(REMINDER, etag=None)
    assert [each.by_app for each in google.calendars.all.values()].count(True) == 1


def test_a_calendar_the_user_deleted_is_made_anew(google: Google) -> None:
    one = courier(google)
    one.write(REMINDER, etag=None)
    for ref in [ref for ref, each in google.calendars.all.items() if each.by_app]:
        del google.calendars.all[ref]
    with pytest.raises(TryLater):
        one.write(REMINDER, etag=None)
    assert one.write(REMINDER, etag=None)


def test_busy_is_what_the_chosen_calendars_say_and_reminders_are_not(google: Google) -> None:
    one = courier(google)
    one.write(REMINDER, etag=None)
    starts, ends = NOW + timedelta(days=70), NOW + timedelta(days=70, hours=1)
    for more in ({}, {"transparency": "transparent"}):
        event = {"start": {"dateTime": starts.isoformat()}, "end": {"dateTime": ends.isoformat()}, **more}
        google.calendars.own.put(event, now=NOW)
    assert one.busy(NOW, NOW + timedelta(days=100)) == (Busy(starts, ends),)
    assert google.calls["calendar.freebusy.query"] == 2


def test_what_the_user_puts_into_our_calendar_is_busy_time_and_a_reminder_never(google: Google) -> None:
    one = courier(google)
    one.write(REMINDER, etag=None)
    (ours,) = [each for each in google.calendars.all.values() if each.by_app]
    ours.put({"id": REMINDER.id, "transparency": "opaque"}, now=NOW)  # by the user's hand
    starts, ends = NOW + timedelta(days=2), NOW + timedelta(days=2, hours=1)
    for more in ({}, {"transparency": "transparent"}):
        event = {"start": {"dateTime": starts.isoformat()}, "end": {"dateTime": ends.isoformat()}, **more}
        ours.put(event, now=NOW)
    assert one.busy(NOW, NOW + timedelta(days=30)) == (Busy(starts, ends),)
    assert len(one.written()) == 1


def test_the_calendar_goes_when_nothing_is_in_it_and_stays_when_something_of_the_users_is(
    google: Google,
) -> None:
    one = courier(google)
    assert isinstance(one, Vacating)
    assert one.vacate() is Vacated.NEVER
    one.write(REMINDER, etag=None)
    assert one.vacate() is Vacated.USED
    one.remove(REMINDER.id, etag=None)
    assert one.vacate() is Vacated.GONE
    assert list(google.calendars.all.values()) == [google.calendars.own]
    one.write(
        replace(REMINDER, id="another0another0another"), etag=None
    )  # and it is made again when one is wanted
    assert len(one.written()) == 1


def test_a_calendar_of_the_users_that_has_the_same_name_is_not_ours_to_remove(google: Google) -> None:
    google.calendars.add("theirs@group.calendar.google.com", "recipflow", role="owner")
    one = courier(google)
    assert isinstance(one, Vacating)
    assert one.vacate() is Vacated.NEVER


def test_calendars_beside_which_reminders_are_kept_are_read_like_others_and_show_none(google: Google) -> None:
    times = {"start": {"dateTime": NOW.isoformat()}, "end": {"dateTime": NOW.isoformat()}}
    google.calendars.own.put({"summary": "talk", **times}, now=NOW)
    both = calendar(google, allow=["reminders"])
    assert isinstance(both, CalendarCourier)
    both.write(REMINDER, etag=None)
    (meeting,) = [one for page in pull_all(both) for one in page.interactions]
    assert isinstance(meeting, Meeting)
    assert meeting.summary == "talk"


def test_with_the_grant_for_its_own_calendar_no_other_can_be_written_to(google: Google) -> None:
    from recipflow_connectors.google import auth
    from recipflow_connectors.google.wire import Api, Refused

    from .googling import ALL, granted

    assert auth.OWN_CALENDAR in ALL
    api = Api(
        "calendar",
        "v3",
        url=f"{google.url}/calendar/v3/",
        secrets=granted(google, *ALL),
        scopes=(),
        command="",
    )
    body = {"start": {"date": "2026-01-01"}, "end": {"date": "2026-01-02"}}
    with pytest.raises(Refused):
        api.ask(api.methods("events").insert(calendarId="primary", body=body), known=(403,))
