"""CalDAV read: what is to come is known, what was moved or called off as well."""

from __future__ import annotations

from datetime import timedelta

import pytest
from recipflow_connectors import caldav
from recipflow_connectors.caldav.place import load

from recipflow.connector import MemorySecrets
from recipflow.errors import UserError
from recipflow.model import Meeting
from recipflow.testing import NOW, ConnectorContract, ids, pull_all
from recipflow.testing.live import FaultContract, ReadOnlyContract
from tests.dav import PASSWORD, USER, Shelf, event

from .accounts import NUMBER, Account, Only, meetings


class TestAsAnyConnector(ConnectorContract):
    many = 110


class TestReadingOnly(ReadOnlyContract):
    pass


class TestFaults(FaultContract):
    pass


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


def test_every_fault_in_the_settings_is_named_at_once() -> None:
    with pytest.raises(UserError) as raised:
        caldav.connect({"user": "", "tz": "Mars/North", "allow": ["all"], "pasword": "x"}, MemorySecrets())
    assert len(raised.value.problems) == 5


def test_a_password_goes_to_no_server_without_tls_but_to_this_computer() -> None:
    given = {"url": "http://cal.example.org/", "user": USER}
    with pytest.raises(UserError, match=r"caldav.url: give an address that begins with https://"):
        caldav.connect(given, MemorySecrets(password=PASSWORD))
    assert caldav.connect(given | {"url": "http://localhost:5232/"}, MemorySecrets(password=PASSWORD))
