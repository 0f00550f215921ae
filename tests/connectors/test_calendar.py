"""An .ics file becomes Meetings: series, exceptions, zones, and calendars that are broken or hostile."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recipflow_connectors import calendar

from recipflow.connector import SetAside
from recipflow.model import Attendee, Meeting, PartStat, Party

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
START = "DTSTART:20260105T100000Z"
BO = "ATTENDEE:mailto:bo@berg.example"


def ics(*events: str, top: str = "") -> bytes:
    inner = "".join(f"BEGIN:VEVENT\n{one.strip()}\nEND:VEVENT\n" for one in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{top}{inner}END:VCALENDAR\n".encode()


def read(data: bytes, zone: str = "UTC") -> tuple[tuple[Meeting, ...], tuple[SetAside, ...]]:
    return calendar.meetings(data, NOW, ZoneInfo(zone))


def one(*lines: str, zone: str = "UTC", top: str = "") -> Meeting:
    (found,), aside = read(ics("\n".join(("UID:a@x", *lines)), top=top), zone)
    assert not aside
    return found


def test_outlooks_own_mark_of_an_absence_is_read() -> None:
    assert one(START, "X-MICROSOFT-CDO-BUSYSTATUS:OOF").away
    assert not one(START, "X-MICROSOFT-CDO-BUSYSTATUS:BUSY").away


def test_an_event_becomes_a_meeting() -> None:
    meeting = one(
        START,
        "DURATION:PT45M",
        "DTSTAMP:20251201T000000Z",
        "LAST-MODIFIED:20251224T180000Z",
        "SEQUENCE:2",
        "SUMMARY:Tea\\, and a plan",
        "CLASS:PRIVATE",
        'ORGANIZER;CN="Ana Lopes":MAILTO:Ana@Lopes.example',
        "ATTENDEE;CN=Bo;PARTSTAT=ACCEPTED:mailto:bo@berg.example",
        "ATTENDEE;PARTSTAT=X-LATER:mailto:cy@berg.example",
        "ATTENDEE;CUTYPE=ROOM:mailto:room4@berg.example",
        "ATTACH;FMTTYPE=application/pdf:https://files.example/plan.pdf",
    )
    assert (meeting.id, meeting.uid, meeting.sequence) == ("a@x", "a@x", 2)
    assert meeting.ends - meeting.starts == timedelta(minutes=45)
    assert meeting.known == datetime(2025, 12, 24, 18, tzinfo=UTC)
    assert meeting.summary == "Tea, and a plan"
    assert meeting.private
    assert meeting.organizer == Party("ana@lopes.example", "Ana Lopes")
    assert meeting.attendees == (
        Attendee("bo@berg.example", "Bo", PartStat.ACCEPTED),
        Attendee("cy@berg.example", "", PartStat.NEEDS_ACTION),
    )
    assert meeting.attachments[0].name == "plan.pdf"
    assert not meeting.recurring
    assert not meeting.cancelled


@pytest.mark.parametrize(
    ("start", "zone", "top", "expected"),
    [
        ("DTSTART;TZID=Europe/Lisbon:20260705T100000", "UTC", "", 9),
        ("DTSTART;TZID=W. Europe Standard Time:20260705T100000", "UTC", "", 8),
        ("DTSTART:20260705T100000", "America/New_York", "", 14),
        ("DTSTART:20260705T100000", "America/New_York", "X-WR-TIMEZONE:Europe/Berlin\n", 8),
        ("DTSTART;TZID=/globally.example/Europe/Berlin:20260705T100000", "UTC", "", 8),
        (
            "DTSTART;TZID=Mine:20260705T100000",
            "UTC",
            "BEGIN:VTIMEZONE\nTZID:Mine\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0300\n"
            "TZOFFSETTO:+0300\nEND:STANDARD\nEND:VTIMEZONE\n",
            7,
        ),
    ],
)
def test_zones_are_read_however_they_are_named(start: str, zone: str, top: str, expected: int) -> None:
    assert one(start, zone=zone, top=top).starts == datetime(2026, 7, 5, expected, tzinfo=UTC)


def test_a_day_is_the_users_day() -> None:
    meeting = one("DTSTART;VALUE=DATE:20260705", zone="Asia/Tokyo")
    assert meeting.all_day
    assert (meeting.starts, meeting.ends) == (
        datetime(2026, 7, 4, 15, tzinfo=UTC),
        datetime(2026, 7, 5, 15, tzinfo=UTC),
    )


def test_a_cancelled_meeting_is_a_new_version_of_the_same_one() -> None:
    before, status = one(START), one(START, "STATUS:CANCELLED")
    method = one(START, top="METHOD:CANCEL\n")
    assert before.id == status.id == method.id
    assert before.version != status.version
    assert (before.cancelled, status.cancelled, method.cancelled) == (False, True, True)


def test_the_same_content_is_the_same_version_whenever_it_was_exported() -> None:
    assert one(START, "DTSTAMP:20260101T000000Z").version == one(START, "DTSTAMP:20260109T000000Z").version


def test_a_series_is_expanded_with_its_exceptions() -> None:
    found, aside = read(
        ics(
            f"UID:a@x\n{START}\nRRULE:FREQ=WEEKLY\nEXDATE:20260112T100000Z\nRDATE:20260113T100000Z\n{BO}",
            f"UID:a@x\nRECURRENCE-ID:20260119T100000Z\nDTSTART:20260120T150000Z\n{BO}",
        )
    )
    assert not aside
    by_id = {one.id: one for one in found}
    assert len(by_id) == len(found)
    assert all(one.recurring for one in found)
    assert by_id["a@x/20260112T100000Z"].cancelled
    assert by_id["a@x/20260119T100000Z"].starts == datetime(2026, 1, 20, 15, tzinfo=UTC)
    assert by_id["a@x/20260113T100000Z"].starts == datetime(2026, 1, 13, 10, tzinfo=UTC)
    last = max(one.starts for one in found)
    assert NOW + timedelta(days=53) < last <= NOW + timedelta(days=60)


def test_a_series_keeps_its_hour_when_the_clocks_change() -> None:
    found, _ = read(
        ics(f"UID:a@x\nDTSTART;TZID=Europe/Lisbon:20250301T090000\nRRULE:FREQ=MONTHLY;COUNT=6\n{BO}")
    )
    assert [one.starts.hour for one in found] == [9, 8, 8, 8, 8, 8]


def test_a_long_series_is_known_by_its_last_times() -> None:
    found, aside = read(ics(f"UID:a@x\nDTSTART:19700101T100000Z\nRRULE:FREQ=DAILY\n{BO}"))
    assert 1_990 < len(found) <= 2_000
    assert max(one.starts for one in found) > NOW + timedelta(days=58)
    assert "2000" in aside[0].reason


def test_the_users_own_habits_are_known_for_a_year() -> None:
    found, _ = read(ics("UID:a@x\nDTSTART;VALUE=DATE:18150210\nRRULE:FREQ=YEARLY"))
    assert [one.starts.year for one in found] == [2025, 2026]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=SECONDLY;BYMONTH=1;BYHOUR=3",
        "FREQ=MINUTELY;COUNT=100000000",
        "FREQ=HOURLY;BYMONTH=13",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=3",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=9",
        "FREQ=NEVER",
        "FREQ=DAILY;COUNT=100000000",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=WEEKLY;INTERVAL=999999999999",
    ],
)
@pytest.mark.parametrize("start", ["DTSTART:19700101T000000Z", "DTSTART;VALUE=DATE:00010101", START])
def test_no_rule_keeps_the_machine_busy(rule: str, start: str) -> None:
    before = time.process_time()
    found, aside = read(ics(f"UID:a@x\n{start}\nRRULE:{rule}\n{BO}", f"UID:b@x\n{START}"))
    assert time.process_time() - before < 2
    assert "b@x" in {one.uid for one in found}
    assert "a@x" in {one.uid for one in found} or any("a@x" in one.where for one in aside)


def test_one_broken_event_never_loses_the_others() -> None:
    found, aside = read(
        ics(
            f"UID:a@x\n{START}",
            f"UID:b@x\n{START}\nthis is no line of a calendar\nSUMMARY:read all the same",
            "UID:c@x\nDTSTART:when we meet",
            f"UID:d@x\n{START}",
        )
    )
    assert {one.uid for one in found} == {"a@x", "b@x", "d@x"}
    assert [one.where for one in aside] == ["event c@x"]


def test_a_calendar_without_events_says_so() -> None:
    assert read(b"BEGIN:VCALENDAR\nEND:VCALENDAR\n")[1] == (SetAside("", "a calendar without events"),)
    assert read(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a")[1]


WHOLE = ics(
    f"UID:a@x\n{START}\nRRULE:FREQ=WEEKLY;COUNT=3\n{BO}\nEXDATE:20260112T100000Z", f"UID:b@x\n{START}"
)


@given(st.integers(0, len(WHOLE)), st.integers(0, 40), st.binary(max_size=20))
@settings(max_examples=120, deadline=None)
def test_no_damage_makes_it_raise(where: int, length: int, damage: bytes) -> None:
    found, aside = read(WHOLE[:where] + damage + WHOLE[where + length :])
    assert found or aside
