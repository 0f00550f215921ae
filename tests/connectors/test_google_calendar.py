"""The connector `google_calendar`, under the real client library, against a fake Google."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from recipflow_connectors.google import auth, calendars

from recipflow.connector import CalendarCourier, Connector
from recipflow.errors import AuthNeeded, TryLater, UserError
from recipflow.model import Meeting, PartStat
from recipflow.testing import NOW, ConnectorContract, ids, pull_all
from recipflow.testing.live import FaultContract, ForgettingContract, ReadOnlyContract
from tests.fakes.google import Google

from .googling import a_google, calendar, failing, granted

ME = "noor@haddad.example"


@pytest.fixture
def google() -> Iterator[Google]:
    with a_google() as google:
        yield google


def at(moment: datetime, zone: str = "UTC") -> dict[str, str]:
    return {"dateTime": moment.isoformat(), "timeZone": zone}


def meet(google: Google, name: str = "talk", *, days: float = 1, **more: Any) -> str:
    """A meeting of an hour some days from now; its id."""
    starts = NOW + timedelta(days=days)
    event = {"summary": name, "start": at(starts), "end": at(starts + timedelta(hours=1)), **more}
    ref: str = google.calendars.own.put(event, now=NOW)["id"]
    return ref


def weekly(google: Google, *, count: int = 4) -> str:
    return meet(google, "weekly", days=-7, recurrence=[f"RRULE:FREQ=WEEKLY;COUNT={count}"])


def meetings(connector: Connector, cursor: str | None = None, *, now: datetime = NOW) -> list[Meeting]:
    pages = pull_all(connector, cursor, now=now)
    return [one for page in pages for one in page.interactions if isinstance(one, Meeting)]


class _Account:
    faults = {  # noqa: RUF012  (as the contract has it)
        "429 with Retry-After": TryLater,
        "403 userRateLimitExceeded": TryLater,
        "503, nothing done": TryLater,
        "an answer cut short": TryLater,
        "a connection reset before anything was done": TryLater,
        "signed out": AuthNeeded,
        "switched off": AuthNeeded,
    }

    def __init__(self, google: Google) -> None:
        self.google, self.count = google, 0
        self._secrets = granted(google, auth.READ_CALENDARS)

    def add(self, count: int) -> None:
        for number in range(self.count, self.count + count):
            meet(self.google, f"talk {number}", days=-0.1 * (number % 3000))
        self.count += count

    def ids(self) -> set[str]:
        return {event["iCalUID"] for event in self.google.calendars.own.events.values()}

    def connect(self) -> Connector:
        return calendars.connect({"url": f"{self.google.url}/calendar/v3/"}, self._secrets)

    def state(self) -> object:
        return self.google.calendars.own.step, list(self.google.writes)

    def forget(self) -> None:
        self.google.calendars.own.forget_tokens()

    def failing(self, fault: str) -> AbstractContextManager[None]:
        return failing(self.google, "calendar", fault)


class TestContract(ConnectorContract, ReadOnlyContract, ForgettingContract, FaultContract):
    many = 600

    @pytest.fixture
    def account(self, google: Google) -> _Account:
        return _Account(google)


def test_a_meeting_has_all_that_google_tells_of_it(google: Google) -> None:
    attendees = [
        {"email": "Dana@Example.org", "displayName": "Dana Reyes", "responseStatus": "accepted"},
        {"email": ME, "self": True, "responseStatus": "needsAction"},
        {"email": "room@resource.calendar.google.com", "resource": True},
    ]
    meet(
        google,
        "  Coffee\nwith Dana ",
        attendees=attendees,
        organizer={"email": "dana@example.org", "displayName": "Dana Reyes"},
        visibility="private",
        sequence=2,
        attachments=[{"title": "agenda.pdf", "mimeType": "application/pdf", "fileUrl": "https://x.example"}],
    )
    (one,) = meetings(calendar(google))
    assert one.summary == "Coffee with Dana"
    assert one.organizer == ("dana@example.org", "Dana Reyes")
    assert one.attendees == (
        ("dana@example.org", "Dana Reyes", PartStat.ACCEPTED),
        (ME, "", PartStat.NEEDS_ACTION),
    )
    assert (one.private, one.sequence, one.recurring, one.cancelled) == (True, 2, False, False)
    assert (one.starts, one.ends) == (NOW + timedelta(days=1), NOW + timedelta(days=1, hours=1))
    assert one.attachments == (("agenda.pdf", "application/pdf", 0),)
    assert one.known == NOW


def test_an_absence_is_known_by_googles_own_kind_of_event(google: Google) -> None:
    meet(google, "Lisbon", eventType="outOfOffice")
    meet(google, "Out of office, or so")
    assert {one.summary: one.away for one in meetings(calendar(google))} == {
        "Lisbon": True,
        "Out of office, or so": False,
    }


def test_it_is_the_same_version_whichever_connector_reads_it(google: Google) -> None:
    from recipflow_connectors import calendar as ics

    meet(google, "talk", organizer={"email": ME})
    (one,) = meetings(calendar(google))
    text = (
        f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:{one.uid}\r\nSUMMARY:talk\r\nORGANIZER:mailto:{ME}\r\n"
        f"DTSTART:{one.starts:%Y%m%dT%H%M%SZ}\r\nDTEND:{one.ends:%Y%m%dT%H%M%SZ}\r\nSEQUENCE:0\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    ((other,), _) = ics.meetings(text.encode(), NOW, UTC)
    assert (other.id, other.version) == (one.id, one.version)


def test_a_series_comes_as_its_instances_each_with_an_id_of_its_own(google: Google) -> None:
    weekly(google)
    found = meetings(calendar(google))
    assert len({one.id for one in found}) == 4
    assert {one.uid for one in found} == {found[0].uid}
    assert all(one.recurring for one in found)
    assert found[0].id == f"{found[0].uid}/{NOW - timedelta(days=7):%Y%m%dT%H%M%SZ}"


def test_a_series_across_the_change_of_clocks_keeps_its_hour(google: Google) -> None:
    starts = datetime(2026, 3, 23, 9)  # noqa: DTZ001  (the zone is beside it)
    event = {
        "start": at(starts, "Europe/Lisbon"),
        "end": at(starts + timedelta(hours=1), "Europe/Lisbon"),
        "recurrence": ["RRULE:FREQ=WEEKLY;COUNT=2"],
    }
    google.calendars.own.put(event, now=NOW)
    found = meetings(calendar(google), now=datetime(2026, 3, 20, tzinfo=UTC))
    assert [one.starts.hour for one in found] == [9, 8]


def test_a_whole_day_is_a_day_where_the_calendar_is(google: Google) -> None:
    google.calendars.own.zone = "America/New_York"
    google.calendars.own.put(
        {"summary": "offsite", "start": {"date": "2026-01-20"}, "end": {"date": "2026-01-21"}}, now=NOW
    )
    (one,) = meetings(calendar(google))
    assert one.all_day
    assert one.starts == datetime(2026, 1, 20, 5, tzinfo=UTC)


def test_an_instance_that_was_moved_or_taken_out_is_a_new_version(google: Google) -> None:
    series = weekly(google)
    connector = calendar(google)
    first = {one.id: one for one in meetings(connector)}
    cursor = pull_all(connector)[-1].cursor
    second, third = NOW, NOW + timedelta(days=7)
    own, later = google.calendars.own, NOW + timedelta(hours=1)
    moved = at(second + timedelta(hours=3))
    own.change_instance(series, second, now=later, start=moved, end=moved)
    own.change_instance(series, third, now=later, status="cancelled")
    found = {one.id: one for one in meetings(calendar(google), cursor)}
    assert found.keys() < first.keys()
    assert len(found) == 2
    by_start = {first[ref].starts: one for ref, one in found.items()}
    assert by_start[second].starts == second + timedelta(hours=3)
    assert not by_start[second].cancelled
    assert by_start[third].cancelled
    assert all(one.version != first[ref].version and one.known == later for ref, one in found.items())


def test_a_series_that_ends_earlier_takes_its_later_instances_with_it(google: Google) -> None:
    series = weekly(google)
    cursor = pull_all(connector := calendar(google))[-1].cursor
    google.calendars.own.put({"id": series, "recurrence": ["RRULE:FREQ=WEEKLY;COUNT=2"]}, now=NOW)
    found = meetings(connector, cursor)
    assert sorted(one.cancelled for one in found) == [False, False, True, True]


def test_a_meeting_that_was_cancelled_is_told(google: Google) -> None:
    one = meet(google)
    cursor = pull_all(calendar(google))[-1].cursor
    google.calendars.own.cancel(one, now=NOW)
    (found,) = meetings(calendar(google), cursor)
    assert found.cancelled


def test_a_meeting_that_is_tidied_away_afterwards_took_place(google: Google) -> None:
    one = meet(google, days=-2)
    cursor = pull_all(calendar(google))[-1].cursor
    google.calendars.own.cancel(one, now=NOW)
    assert not meetings(calendar(google), cursor)


def test_a_cancelled_meeting_of_which_google_says_nothing_is_set_aside(google: Google) -> None:
    one = meet(google)
    cursor = pull_all(calendar(google))[-1].cursor
    own = google.calendars.own
    own.cancel(one, now=NOW)
    own.events[one] = {key: own.events[one][key] for key in ("id", "kind", "etag", "status")}
    (page,) = pull_all(calendar(google), cursor)
    assert not page.interactions
    assert [aside.where for aside in page.set_aside] == [f"event {one}"]


def test_what_was_cancelled_while_google_forgot_the_token_is_told_after_all(google: Google) -> None:
    one = meet(google)
    cursor = pull_all(calendar(google))[-1].cursor
    google.calendars.own.cancel(one, now=NOW)
    google.calendars.own.forget_tokens()
    pages = pull_all(calendar(google), cursor)
    assert pages[0].reset
    assert pages[0].since == NOW - timedelta(days=365)
    (found,) = pages[0].interactions
    assert isinstance(found, Meeting)
    assert found.cancelled


def test_the_window_is_renewed_before_the_future_runs_out(google: Google) -> None:
    meet(google, "soon")
    meet(google, "far", days=80)
    cursor = pull_all(calendar(google))[-1].cursor
    assert not meetings(calendar(google), cursor, now=NOW + timedelta(days=20))
    found = meetings(calendar(google), cursor, now=NOW + timedelta(days=31))
    assert "far" in {one.summary for one in found}


def test_birthdays_and_places_of_work_are_no_meetings(google: Google) -> None:
    meet(google, "Dana's birthday", eventType="birthday")
    meet(google, "Home", eventType="workingLocation")
    assert not meetings(calendar(google))


def test_several_calendars_are_read_in_turn_and_one_that_is_gone_stops_none(google: Google) -> None:
    meet(google, "mine")
    team = google.calendars.add("team@group.calendar.google.com", "Team")
    starts = NOW + timedelta(days=2)
    team.put({"summary": "theirs", "start": at(starts), "end": at(starts)}, now=NOW)
    connector = calendar(google, calendars=["primary", "gone@group.calendar.google.com", team.id])
    pages = pull_all(connector)
    assert {one.summary for page in pages for one in page.interactions if isinstance(one, Meeting)} == {
        "mine",
        "theirs",
    }
    assert [aside.where for page in pages for aside in page.set_aside] == [
        "calendar gone@group.calendar.google.com"
    ]
    assert not ids(pull_all(connector, pages[-1].cursor))
    (party,) = {one.organizer for page in pages for one in page.interactions if isinstance(one, Meeting)} - {
        None
    }
    assert party == (ME, "")  # a calendar is nobody


def test_without_the_grant_for_reminders_there_is_no_courier(google: Google) -> None:
    assert not isinstance(calendar(google), CalendarCourier)
    with pytest.raises(AuthNeeded, match="calendar of its own") as raised:
        calendar(google, auth.READ_CALENDARS, allow=["reminders"]).pull(None, now=NOW)
    assert raised.value.command == "recipflow connect gmail --allow reminders"


def test_settings_are_refused_all_at_once() -> None:
    with pytest.raises(UserError) as raised:
        calendars.connect({"calendars": "primary", "allow": ["digest"], "colour": 1}, granted(Google()))
    assert len(raised.value.problems) == 3
