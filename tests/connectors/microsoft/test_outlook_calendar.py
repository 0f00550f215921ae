"""Outlook's calendars: series and exceptions, what moves and what is called off, windows that end, other calendars."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from recipflow_connectors.microsoft import outlook_calendar
from recipflow_connectors.microsoft.outlook_calendar import OutlookCalendar
from recipflow_connectors.microsoft.times import instant, zone
from recipflow_connectors.microsoft.views import AHEAD, RENEWED

from recipflow.connector import CalendarCourier, MemorySecrets
from recipflow.errors import UserError
from recipflow.model import Attendee, Meeting, PartStat, Party
from recipflow.testing import NOW, pull_all
from tests.connectors.microsoft.accounts import ME, at, graph
from tests.fakes.graph.calendar import attendee, every, graph_time
from tests.fakes.graph.mailbox import recipient, stamp
from tests.fakes.graph.server import FakeGraph

DANA = attendee("dana@fabrikam.example", "tentativelyAccepted")
BOTH = [attendee(ME), DANA]


@pytest.fixture
def fake() -> Iterator[FakeGraph]:
    with FakeGraph(now=lambda: NOW) as server:
        yield server
        assert server.problems == []
        assert server.writes == 0


def account(fake: FakeGraph, **more: Any) -> OutlookCalendar:
    return OutlookCalendar(graph(fake), **more)


def pulled(
    fake: FakeGraph, cursor: str | None = None, *, now: datetime = NOW, **more: Any
) -> tuple[list[Meeting], str]:
    pages = pull_all(account(fake, **more), cursor, now=now)
    found = [one for page in pages for one in page.interactions if isinstance(one, Meeting)]
    return found, pages[-1].cursor


def test_a_meeting_becomes_what_it_is(fake: FakeGraph) -> None:
    fake.calendars.add(
        at(3),
        subject="Contract,  at last",
        organizer=recipient("Dana@Fabrikam.example", "Dana Ruiz"),
        attendees=[attendee(ME), DANA, attendee("room@fabrikam.example", kind="resource")],
        sensitivity="private",
        lastModifiedDateTime=stamp(at(9)),
    )
    ((found,), _) = pulled(fake)
    assert found == Meeting(
        id=found.uid,
        uid=found.uid,
        version=found.version,
        known=at(9),
        starts=at(3),
        ends=at(3) + timedelta(hours=1),
        private=True,
        organizer=Party("dana@fabrikam.example", "Dana Ruiz"),
        attendees=(
            Attendee(ME, "", PartStat.ACCEPTED),
            Attendee("dana@fabrikam.example", "", PartStat.TENTATIVE),
        ),
        summary="Contract, at last",
    )


def test_an_absence_is_known_by_how_outlook_shows_it_of_each_time_of_a_series_too(fake: FakeGraph) -> None:
    fake.calendars.add(at(3), subject="Lisbon", showAs="oof")
    fake.calendars.add(at(20), subject="Fridays off", showAs="oof", recurrence=every("weekly", 2))
    fake.calendars.add(at(4), subject="Workshop", showAs="busy")
    found, _ = pulled(fake)
    assert sorted(one.summary for one in found if one.away) == ["Fridays off", "Fridays off", "Lisbon"]


def test_each_time_of_a_series_is_a_meeting_with_the_people_of_the_series(fake: FakeGraph) -> None:
    fake.calendars.add(at(20), subject="Weekly", attendees=BOTH, recurrence=every("weekly", 3))
    found, _ = pulled(fake)
    assert [one.starts for one in found] == [at(20), at(13), at(6)]
    assert {one.summary for one in found} == {"Weekly"}
    assert all(one.recurring and len(one.attendees) == 2 for one in found)
    assert {one.id for one in found} == {f"{one.uid}/{one.starts:%Y%m%dT%H%M%SZ}" for one in found}
    assert len({one.uid for one in found}) == 1


def test_a_series_whose_own_event_came_on_an_earlier_page_is_asked_for(fake: FakeGraph) -> None:
    fake.calendars.add(at(300), subject="Daily", attendees=BOTH, recurrence=every("daily", 280))
    found, _ = pulled(fake)
    assert len({one.id for one in found}) == 280
    assert {one.summary for one in found} == {"Daily"}


def test_an_exception_keeps_the_id_of_when_it_was_to_be(fake: FakeGraph) -> None:
    series = fake.calendars.add(at(20), attendees=BOTH, recurrence=every("weekly", 3))
    before, cursor = pulled(fake)
    moved = f"{series}.{at(13):%Y%m%d%H%M}"
    fake.calendars.change(
        moved, start=graph_time(at(12)), end=graph_time(at(11.9)), lastModifiedDateTime=stamp(NOW)
    )
    (found,) = [one for one in pulled(fake, cursor)[0] if one.starts == at(12)]
    known = {one.id: one for one in before}[found.id]
    assert known.starts == at(13)
    assert found.known > known.known
    assert found.version != known.version


def test_a_meeting_that_moves_or_is_called_off_has_a_new_version(fake: FakeGraph) -> None:
    event = fake.calendars.add(at(-3), attendees=BOTH)
    ((first,), cursor) = pulled(fake)
    fake.calendars.change(event, start=graph_time(at(-4)), end=graph_time(at(-4.1)))
    ((second,), cursor) = pulled(fake, cursor)
    fake.calendars.change(event, isCancelled=True)
    ((third,), _) = pulled(fake, cursor)
    assert first.id == second.id == third.id
    assert (second.starts, third.cancelled) == (at(-4), True)
    assert len({first.version, second.version, third.version}) == 3


def test_a_meeting_to_come_that_is_deleted_is_off_and_a_past_one_was(fake: FakeGraph) -> None:
    coming, past = (fake.calendars.add(at(days), attendees=BOTH) for days in (-3, 3))
    found, cursor = pulled(fake)
    for event in (coming, past):
        fake.calendars.remove(event)
    ((off,), _) = pulled(fake, cursor)
    (was,) = [one for one in found if one.starts == at(-3)]
    assert (off.id, off.uid, off.starts, off.cancelled) == (was.id, was.uid, was.starts, True)
    assert off.known > was.known


def test_a_series_to_come_that_is_deleted_is_off_with_all_its_times(fake: FakeGraph) -> None:
    series = fake.calendars.add(at(10), attendees=BOTH, recurrence=every("weekly", 4))
    _, cursor = pulled(fake)
    fake.calendars.remove(series)
    found, _ = pulled(fake, cursor)
    assert [(one.starts, one.cancelled) for one in found] == [(at(-4), True), (at(-11), True)]


def test_one_time_of_a_series_that_is_taken_out_is_off(fake: FakeGraph) -> None:
    series = fake.calendars.add(at(-1), attendees=BOTH, recurrence=every("weekly", 2))
    _, cursor = pulled(fake)
    fake.calendars.remove(f"{series}.{at(-8):%Y%m%d%H%M}")
    off = [one for one in pulled(fake, cursor)[0] if one.cancelled]
    assert [one.starts for one in off] == [at(-8)]


def test_a_meeting_moved_beyond_the_window_is_moved_and_not_off(fake: FakeGraph) -> None:
    event = fake.calendars.add(at(-3), attendees=BOTH)
    _, cursor = pulled(fake)
    later = NOW + AHEAD + timedelta(days=100)
    fake.calendars.change(event, start=graph_time(later), end=graph_time(later))
    ((found,), _) = pulled(fake, cursor)
    assert (found.starts, found.cancelled) == (later, False)


def test_when_its_window_ends_a_new_one_begins_without_a_gap(fake: FakeGraph) -> None:
    """A year of a meeting every day, pulled once in a while: each is told, and none as something new twice."""
    fake.calendars.add(at(0.5), attendees=BOTH, recurrence=every("daily", 500))
    versions: dict[str, set[str]] = {}
    cursor, now = None, NOW
    for pause in (0, 1, 29, 2, 200, 60, 73):
        now += timedelta(days=pause)
        found, cursor = pulled(fake, cursor, now=now)
        for one in found:
            versions.setdefault(one.id, set()).add(one.version)
    until = (now + AHEAD - at(0.5)).days
    assert len(versions) == until + 1
    assert all(len(each) == 1 for each in versions.values())


def test_what_changed_just_before_a_window_was_renewed_is_not_missed(fake: FakeGraph) -> None:
    event = fake.calendars.add(at(100), attendees=BOTH)
    _, cursor = pulled(fake)
    fake.calendars.change(event, subject="renamed")
    found, _ = pulled(fake, cursor, now=NOW + RENEWED)
    assert "renamed" in {one.summary for one in found}


def test_a_forgotten_link_is_said_and_leaves_no_gap(fake: FakeGraph) -> None:
    fake.calendars.add(at(3), attendees=BOTH)
    _, cursor = pulled(fake)
    fake.calendars.forget_states()
    fake.calendars.add(at(2), attendees=BOTH)
    pages = pull_all(account(fake), cursor)
    assert pages[0].reset
    assert sum(len(page.interactions) for page in pages) == 2


def test_calendars_of_others_holidays_and_the_reminders_stay_out(fake: FakeGraph) -> None:
    own = fake.calendars.add_calendar("Clients")
    others = [
        fake.calendars.add_calendar("Dana", owner={"name": "Dana", "address": "dana@fabrikam.example"}),
        fake.calendars.add_calendar("Holidays", canEdit=False),
        fake.calendars.add_calendar("recipflow"),
    ]
    for days, calendar in enumerate([own, *others], 1):
        fake.calendars.add(at(days), calendar, attendees=BOTH)
    assert [one.starts for one in pulled(fake)[0]] == [at(1)]


def test_a_whole_day_is_a_day_where_the_user_is(fake: FakeGraph) -> None:
    midnight = datetime(2026, 1, 20, tzinfo=UTC)
    fake.calendars.add(midnight, hours=24, isAllDay=True, attendees=BOTH)
    ((found,), _) = pulled(fake, zone=ZoneInfo("Europe/Athens"))
    assert found.all_day
    assert found.starts == datetime(2026, 1, 20, tzinfo=ZoneInfo("Europe/Athens"))
    assert found.ends - found.starts == timedelta(days=1)


@pytest.mark.parametrize(
    ("name", "hour"),
    [("UTC", 12), ("W. Europe Standard Time", 11), ("Pacific Standard Time", 20), ("Europe/Lisbon", 12)],
)
def test_times_are_understood_in_microsofts_zones_and_in_everybody_elses(name: str, hour: int) -> None:
    found = instant({"dateTime": "2026-01-15T12:00:00.0000000", "timeZone": name})
    assert found == datetime(2026, 1, 15, hour, tzinfo=UTC)


def test_every_zone_microsoft_has_is_known() -> None:
    from tzlocal.windows_tz import win_tz

    assert len(win_tz) > 130
    assert all(isinstance(zone(name), ZoneInfo) for name in win_tz if name != "UTC")
    assert zone("tzone://Microsoft/Custom") is UTC


def test_an_event_without_a_start_stops_nothing(fake: FakeGraph) -> None:
    fake.calendars.add(at(3), attendees=BOTH)
    broken = fake.calendars.add(at(2), attendees=BOTH)
    fake.calendars.events[broken]["iCalUId"] = ""
    page = account(fake).pull(None, now=NOW)
    assert len(page.interactions) == 1
    assert [one.reason for one in page.set_aside] == ["it has no id it is known by elsewhere"]


def test_reminders_are_offered_only_with_leave() -> None:
    settings = {"client_id": "x"}
    assert not isinstance(outlook_calendar.connect(settings, MemorySecrets()), CalendarCourier)
    allowed = {**settings, "allow": ["reminders"]}
    assert isinstance(outlook_calendar.connect(allowed, MemorySecrets()), CalendarCourier)


def test_a_zone_nobody_knows_is_refused() -> None:
    with pytest.raises(UserError, match="Europe/Lisbon"):
        outlook_calendar.connect({"client_id": "x", "tz": "Lisboa"}, MemorySecrets())
