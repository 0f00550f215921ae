"""The short form of `bench/soak_calendars.py`, always the same course of things."""

from __future__ import annotations

import pytest

from bench import soak_calendars


@pytest.mark.parametrize(
    ("name", "events"), [("radicale", 60), ("xandikos", 60), ("ics", 620), ("google", 300), ("outlook", 300)]
)
def test_in_the_end_the_store_equals_the_calendar_instance_for_instance(name: str, events: int) -> None:
    found = soak_calendars.run(name, events, seed=3, rate=0.25)
    assert found.wrong == []
    assert found.changes
    assert found.faults
