"""Reminders leave no trace in the user's calendars when they are taken out."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from recipflow.connector import CalendarCourier, Reminder, Vacated
from recipflow.reminders.cleaning import Cleaned, clean, said_of
from recipflow.store import Store
from recipflow.testing import NOW
from tests.connectors.googling import a_google, calendar


@pytest.mark.parametrize(("theirs", "left"), [(False, Vacated.GONE), (True, Vacated.USED)])
def test_the_events_go_and_then_the_calendar_unless_the_user_put_something_into_it(
    tmp_path: Path, *, theirs: bool, left: Vacated
) -> None:
    with a_google() as google, Store(tmp_path / "recipflow.db") as store:
        courier = calendar(google, allow=["reminders"])
        assert isinstance(courier, CalendarCourier)
        later = NOW + timedelta(days=1)
        courier.write(Reminder(id="0123456789abcd", starts=NOW, ends=later, title="", note=""), etag=None)
        (ours,) = [one for one in google.calendars.all.values() if one.by_app]
        if theirs:
            times = {"start": {"dateTime": NOW.isoformat()}, "end": {"dateTime": later.isoformat()}}
            ours.put({"id": "lunch", **times}, now=NOW)
        assert clean(store, "google", courier, NOW) == Cleaned(1, left)
        assert (ours.id in google.calendars.all) is theirs
        assert "lunch" not in ours.events or ours.events["lunch"]["status"] == "confirmed"


def test_what_becomes_of_the_calendar_is_said_but_where_there_was_none() -> None:
    assert [one for one in Vacated if not said_of(one)] == [Vacated.NEVER]
    assert all("stays" in said_of(one) for one in Vacated if one not in (Vacated.GONE, Vacated.NEVER))
