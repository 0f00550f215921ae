"""Connecting a calendar by CalDAV: the server, the password, and what is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from recipflow_connectors import caldav
from recipflow_connectors.caldav.signin import sign_in

from recipflow.connector import CalendarCourier, Connector, MemorySecrets
from recipflow.errors import AuthNeeded, UserError
from tests import dav
from tests.dav import PASSWORD, USER
from tests.talk import Said

from .accounts import Account


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
    with account.failing("password refused"), pytest.raises(AuthNeeded, match="app password"):
        sign_in(Said(), lambda _: MemorySecrets(), given)
    with account.failing("not found"), pytest.raises(UserError, match="No calendar server answers"):
        sign_in(Said(), lambda _: MemorySecrets(), given)
    with pytest.raises(UserError, match="connect gmail"):
        sign_in(Said(), lambda _: MemorySecrets(), given | {"place": "ann@gmail.com"})
    with pytest.raises(UserError, match="https://"):
        sign_in(Said(), lambda _: MemorySecrets(), given | {"place": "http://cal.example.org/"})
    with pytest.raises(UserError, match="https://"):
        sign_in(Said(), lambda _: MemorySecrets(), given | {"place": "http://localhost.example.org/"})
    with pytest.raises(UserError, match="neither an address"):
        sign_in(Said(), lambda _: MemorySecrets(), given | {"place": "nowhere"})
    with pytest.raises(UserError, match="here it may be reminders"):
        sign_in(Said(), lambda _: MemorySecrets(), given | {"allow": ["digest"]})


def test_a_mistyped_password_is_asked_for_again_and_the_good_one_kept(account: Account) -> None:
    class Person(Said):
        def say(self, text: str) -> None:
            super().say(text)
            if "app password?" in text:
                account.proxy.well()

    kept: dict[str, MemorySecrets] = {}
    person = Person(["mistyped", PASSWORD])
    with account.failing("password refused"):
        (found,) = sign_in(
            person,
            lambda name: kept.setdefault(name, MemorySecrets()),
            {"place": account.proxy.url, "user": USER},
        )
    assert person.answers == []
    assert kept[found.vault].get("password") == PASSWORD


def test_an_account_in_which_no_calendar_was_made_yet_is_taken_and_told_so(tmp_path: Path) -> None:
    with dav.radicale(tmp_path) as url:
        given = {"place": url, "user": USER, "password": PASSWORD}
        (found,) = sign_in(Said(), lambda _: MemorySecrets(), given)
    assert found.seen == "no calendar of yours is there yet; one that you make is read, too"
