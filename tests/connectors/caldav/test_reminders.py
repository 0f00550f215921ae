"""Reminders by CalDAV: in a calendar of their own, and nothing else is touched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler

import pytest
from recipflow_connectors.caldav.client import Client

from recipflow.connector import CalendarCourier, Reminder, Vacated, Vacating
from recipflow.errors import Changed, TryLater, Uncertain
from recipflow.testing import NOW
from tests.dav import Shelf, event
from tests.fakes.served import Served

from .accounts import Account, Only

REMINDER = Reminder(
    id="0123456789abcdefghijklmnop",
    starts=NOW + timedelta(days=1),
    ends=NOW + timedelta(days=1, minutes=15),
    title="Dana (note to self)",
    note="recipflow why ask_now-dana",
    alarm_minutes=10,
)


def writing(account: Account) -> CalendarCourier:
    connector = account.connect(allow=["reminders"])
    assert isinstance(connector, CalendarCourier)
    return connector


@pytest.fixture
def courier(account: Account) -> Iterator[CalendarCourier]:
    opened = writing(account)
    for one in opened.written():
        opened.remove(one.id, etag=None)
    yield opened
    for one in opened.written():
        opened.remove(one.id, etag=None)


def test_without_permission_nothing_can_be_written(account: Account) -> None:
    assert not isinstance(account.connect(), CalendarCourier)


def test_a_reminder_is_written_found_changed_and_removed(courier: CalendarCourier) -> None:
    first = courier.write(REMINDER, etag=None)
    assert courier.written() == [first]
    assert (first.starts, first.title, first.note) == (REMINDER.starts, REMINDER.title, REMINDER.note)
    moved = Reminder(
        id=REMINDER.id,
        starts=REMINDER.starts + timedelta(hours=2),
        ends=REMINDER.ends + timedelta(hours=2),
        title=REMINDER.title,
        note=REMINDER.note,
        sequence=1,
    )
    second = courier.write(moved, etag=first.etag)
    assert [one.starts for one in courier.written()] == [moved.starts]
    with pytest.raises(Changed):
        courier.write(REMINDER, etag=first.etag)
    with pytest.raises(Changed):
        courier.remove(REMINDER.id, etag=first.etag)
    courier.remove(REMINDER.id, etag=second.etag)
    assert courier.written() == []
    courier.remove(REMINDER.id, etag=None)


def test_written_twice_it_is_there_once(courier: CalendarCourier) -> None:
    courier.write(REMINDER, etag=None)
    with pytest.raises(Changed):
        courier.write(REMINDER, etag=None)
    assert len(courier.written()) == 1


def test_an_answer_that_is_lost_leaves_it_uncertain_and_to_be_found(
    account: Account, courier: CalendarCourier
) -> None:
    courier.write(REMINDER, etag=None)
    (known,) = courier.written()
    account.proxy.after = 502
    with pytest.raises((Uncertain, TryLater)):
        courier.remove(REMINDER.id, etag=known.etag)
    account.proxy.well()
    assert len(courier.written()) <= 1


def test_what_the_user_puts_into_our_calendar_is_not_ours(
    server: tuple[str, str], courier: CalendarCourier
) -> None:
    url, home = server
    courier.write(REMINDER, etag=None)
    Shelf(f"{url}{home}recipflow/").put("own", event(1, uid="own"))
    assert [one.id for one in courier.written()] == [REMINDER.id]


def test_what_the_user_puts_into_our_calendar_is_busy_time_and_a_reminder_never(
    server: tuple[str, str], courier: CalendarCourier
) -> None:
    url, home = server
    courier.write(REMINDER, etag=None)
    ours = Shelf(f"{url}{home}recipflow/")
    begin = NOW.replace(hour=9) + timedelta(days=44)
    ours.put("mine", event(1, uid="mine", starts=begin))
    ours.put(REMINDER.id, event(2, uid=f"{REMINDER.id}@recipflow", starts=begin + timedelta(hours=2)))
    found = courier.busy(begin - timedelta(hours=1), begin + timedelta(hours=5))
    assert [(one.starts, one.ends) for one in found] == [(begin, begin + timedelta(hours=1))]


def test_the_calendar_goes_when_nothing_is_in_it_and_stays_when_something_of_the_users_is(
    server: tuple[str, str], account: Account, courier: CalendarCourier
) -> None:
    url, home = server
    assert isinstance(courier, Vacating)
    courier.write(REMINDER, etag=None)
    ours = Shelf(f"{url}{home}recipflow/")
    for name in ("mine", "own"):  # the latter where another test left it
        ours.put(name, event(1, uid=name))
        assert courier.vacate() is Vacated.USED
        ours.delete(name)
    courier.remove(REMINDER.id, etag=None)
    assert courier.vacate() is Vacated.GONE
    with (client := account.connect().client).connected():
        assert "recipflow" not in {one.name for one in client.shelves()}
    assert courier.vacate() is Vacated.NEVER


def test_busy_is_what_the_calendars_say_but_what_is_free_called_off_or_our_own(
    account: Only, courier: CalendarCourier
) -> None:
    begin = NOW.replace(hour=9) + timedelta(days=40)
    account.shelf.put("b", event(1, uid="b", starts=begin))
    account.shelf.put("f", event(2, uid="f", starts=begin, more="TRANSP:TRANSPARENT\r\n"))
    account.shelf.put("c", event(3, uid="c", starts=begin, more="STATUS:CANCELLED\r\n"))
    account.shelf.put(
        "w", event(4, uid="w", starts=begin - timedelta(days=7), more="RRULE:FREQ=DAILY;COUNT=9\r\n")
    )
    courier.write(
        Reminder(id=REMINDER.id, starts=begin, ends=begin + timedelta(hours=3), title="x", note=""), etag=None
    )
    found = courier.busy(begin - timedelta(hours=1), begin + timedelta(hours=5))
    assert [(one.starts, one.ends) for one in found] == [(begin, begin + timedelta(hours=1))]


def test_a_server_that_removes_no_calendars_is_told_from_one_that_cannot_now() -> None:
    with Served(0, BaseHTTPRequestHandler) as server:  # it answers 501 to what it does not do
        url = f"http://localhost:{server._server.server_port}/"
        assert not Client(url, "ann", "secret", 5).unmake(f"{url}recipflow/")
