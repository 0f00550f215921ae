"""CalDAV against two servers nobody here wrote: what is to come is known, what was moved or called off as well."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

import pytest
from recipflow_connectors import caldav
from recipflow_connectors.caldav.place import load
from recipflow_connectors.caldav.signin import sign_in

from recipflow.connector import CalendarCourier, Connector, MemorySecrets, Reminder
from recipflow.errors import AuthNeeded, Changed, TryLater, Uncertain, UserError
from recipflow.model import Meeting
from recipflow.testing import NOW, ConnectorContract, ids, pull_all
from recipflow.testing.live import FaultContract, ReadOnlyContract
from tests import dav
from tests.dav import PASSWORD, USER, Proxy, Shelf, event
from tests.talk import Said

SERVERS = {"radicale": (dav.radicale, f"{USER}/"), "xandikos": (dav.xandikos, f"{USER}/calendars/")}


@dataclass
class Account:
    """A user's calendar on a server, behind a proxy."""

    proxy: Proxy
    home: str
    shelf: Shelf
    count: int = 0
    faults: ClassVar = {
        "password refused": AuthNeeded,
        "forbidden": AuthNeeded,
        "busy": TryLater,
        "broken": TryLater,
        "not found": TryLater,
        "reset": TryLater,
        "cut off": TryLater,
    }

    def add(self, count: int) -> None:
        for _ in range(count):
            self.count += 1
            self.shelf.put(f"e{self.count}", event(self.count))

    def ids(self) -> set[str]:
        return {f"e{number}" for number in range(1, self.count + 1)}

    def connect(self, **settings: object) -> caldav.CalDav:
        given = {"url": self.proxy.url, "user": USER, "tz": "Europe/Lisbon", **settings}
        return caldav.connect(given, MemorySecrets(password=PASSWORD))

    def state(self) -> object:
        return {name: self.shelf.get(name) for name in self.ids()} | {"writes": self.writes()}

    def writes(self) -> list[str]:
        return [
            one for one in self.proxy.asked if one not in ("PROPFIND", "REPORT", "GET", "HEAD", "OPTIONS")
        ]

    @contextmanager
    def failing(self, fault: str) -> Iterator[None]:
        self.proxy.status = {
            "password refused": 401,
            "forbidden": 403,
            "busy": 429,
            "broken": 500,
            "not found": 404,
        }.get(fault)
        self.proxy.headers = {"Retry-After": "7"} if fault == "busy" else {}
        self.proxy.reset, self.proxy.cut = fault == "reset", 40 if fault == "cut off" else None
        try:
            yield
        finally:
            self.proxy.well()


@pytest.fixture(scope="module", params=sorted(SERVERS))
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str]]:
    start, home = SERVERS[request.param]
    with start(tmp_path_factory.mktemp(request.param)) as url:
        yield url, home


NUMBER = iter(range(10_000))


@pytest.fixture
def account(server: tuple[str, str]) -> Iterator[Account]:
    """A calendar of its own for each test, and the others left out."""
    url, home = server
    with dav.proxied(url) as proxy:
        name = f"work{next(NUMBER)}/"
        shelf = Shelf(f"{url}{home}{name}")
        shelf.make()
        yield Only(proxy, home, shelf, only=f"{proxy.url}{home}{name}")


@dataclass
class Only(Account):
    only: str = ""

    def connect(self, **settings: object) -> caldav.CalDav:
        return super().connect(**({"calendars": [self.only]} | settings))


class TestAsAnyConnector(ConnectorContract):
    many = 110


class TestReadingOnly(ReadOnlyContract):
    pass


class TestFaults(FaultContract):
    pass


def meetings(
    account: Account, cursor: str | None = None, now: datetime = NOW
) -> tuple[dict[str, Meeting], str]:
    pages = pull_all(account.connect(), cursor, now=now)
    found = [one for page in pages for one in page.interactions]
    return {one.id: one for one in found if isinstance(one, Meeting)}, pages[-1].cursor


def test_what_was_to_come_and_is_deleted_is_called_off_and_what_took_place_stays(account: Account) -> None:
    account.shelf.put("past", event(1, uid="past", starts=NOW - timedelta(days=3)))
    account.shelf.put("ahead", event(2, uid="ahead", starts=NOW + timedelta(days=3)))
    first, cursor = meetings(account)
    account.shelf.delete("past")
    account.shelf.delete("ahead")
    later, cursor = meetings(account, cursor)
    assert [(one.id, one.cancelled) for one in later.values()] == [("ahead", True)]
    assert (later["ahead"].starts, later["ahead"].known) == (first["ahead"].starts, NOW)
    assert meetings(account, cursor)[0] == {}


def test_an_event_that_is_moved_is_a_new_version_of_the_same(account: Account) -> None:
    account.shelf.put("e", event(1, uid="e", starts=NOW + timedelta(days=1)))
    first, cursor = meetings(account)
    account.shelf.put("e", event(1, uid="e", starts=NOW + timedelta(days=2), more="SEQUENCE:1\r\n"))
    later, _ = meetings(account, cursor)
    assert later["e"].starts - first["e"].starts == timedelta(days=1)
    assert later["e"].version != first["e"].version
    assert not later["e"].cancelled


def test_an_event_put_into_another_calendar_is_not_called_off(server: tuple[str, str], account: Only) -> None:
    url, home = server
    name = f"other{next(NUMBER)}/"
    other = Shelf(f"{url}{home}{name}")
    other.make()
    both = {"calendars": [account.only, f"{account.proxy.url}{home}{name}"]}
    account.shelf.put("e", event(1, uid="e", starts=NOW + timedelta(days=1)))
    cursor = pull_all(account.connect(**both))[-1].cursor
    account.shelf.delete("e")
    other.put("e", event(1, uid="e", starts=NOW + timedelta(days=1)))
    found = [one for page in pull_all(account.connect(**both), cursor) for one in page.interactions]
    assert [one.cancelled for one in found if isinstance(one, Meeting)] == [False]


def test_a_series_comes_into_sight_as_time_passes_and_no_instance_twice(account: Account) -> None:
    weekly = "RRULE:FREQ=WEEKLY\r\n"
    account.shelf.put("s", event(1, uid="s", starts=NOW - timedelta(days=14), more=weekly))
    first, cursor = meetings(account)
    assert max(one.starts for one in first.values()) <= NOW + timedelta(days=60)
    same, cursor = meetings(account, cursor, NOW + timedelta(days=3))
    assert same == {}
    more, cursor = meetings(account, cursor, NOW + timedelta(days=21))
    assert len(more) == 3
    assert not set(more) & set(first)


def test_an_instance_taken_out_of_a_series_is_called_off(account: Account) -> None:
    begin = NOW + timedelta(days=1)
    rule = "RRULE:FREQ=WEEKLY;COUNT=4\r\n"
    account.shelf.put("s", event(1, uid="s", starts=begin, more=rule))
    first, cursor = meetings(account)
    gone = begin + timedelta(days=7)
    account.shelf.put("s", event(1, uid="s", starts=begin, more=f"{rule}EXDATE:{gone:%Y%m%dT%H%M%SZ}\r\n"))
    later, _ = meetings(account, cursor)
    assert len(first) == 4
    assert [one.starts for one in later.values() if one.cancelled] == [gone]


def test_a_token_the_server_does_not_know_leads_to_reading_all_again(account: Account) -> None:
    account.add(3)
    _, cursor = meetings(account)
    account.shelf.delete("e2")
    account.add(1)
    token = load(cursor).shelves.popitem()[1].token  # type: ignore[union-attr]
    dead = cursor.replace(str(token)[-40:], "0" * 40)
    pages = pull_all(account.connect(), dead)
    assert any(page.reset for page in pages)
    assert ids(pages) >= {"e1", "e3", "e4"}


def test_an_event_too_broken_to_be_read_is_set_aside_and_the_others_come(account: Account) -> None:
    account.add(2)
    broken = event(3, uid="broken").replace("DTSTART:", "X-START:")
    try:
        account.shelf.put("broken", broken)
    except AssertionError:
        pytest.skip("this server takes no such event")
    pages = pull_all(account.connect())
    assert ids(pages) == {"e1", "e2"}
    assert [one.where for page in pages for one in page.set_aside] == ["event broken"]


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


def test_signing_in_finds_the_calendars_and_keeps_the_password_in_the_vault(account: Account) -> None:
    kept: dict[str, MemorySecrets] = {}
    (found,) = sign_in(
        Said(),
        lambda name: kept.setdefault(name, MemorySecrets()),
        {"place": account.proxy.url, "user": USER, "password": PASSWORD, "allow": ["reminders"]},
    )
    assert "calendar" in found.seen
    assert PASSWORD not in repr(found)
    assert kept[found.vault].get("password") == PASSWORD
    opened = caldav.connect(found.settings, kept[found.vault])
    assert isinstance(opened, Connector)
    assert isinstance(opened, CalendarCourier)


def test_signing_in_says_what_is_wrong(account: Account) -> None:
    given = {"place": account.proxy.url, "user": USER, "password": PASSWORD}
    with account.failing("password refused"), pytest.raises(UserError, match="app password"):
        sign_in(Said(), lambda _: MemorySecrets(), given)
    with account.failing("not found"), pytest.raises(UserError, match="No calendar server answers"):
        sign_in(Said(), lambda _: MemorySecrets(), given)
    with pytest.raises(UserError, match="connect gmail"):
        sign_in(Said(), lambda _: MemorySecrets(), given | {"place": "ann@gmail.com"})
    with pytest.raises(UserError, match="https://"):
        sign_in(Said(), lambda _: MemorySecrets(), given | {"place": "http://cal.example.org/"})
    with pytest.raises(UserError, match="https://"):
        sign_in(Said(), lambda _: MemorySecrets(), given | {"place": "http://localhost.example.org/"})


def test_every_fault_in_the_settings_is_named_at_once() -> None:
    with pytest.raises(UserError) as raised:
        caldav.connect({"user": "", "tz": "Mars/North", "allow": ["all"], "pasword": "x"}, MemorySecrets())
    assert len(raised.value.problems) == 5
