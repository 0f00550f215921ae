"""The wording file says what DESIGN.md asks for, works with few facts, and never says the unsayable."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recipflow.errors import UserError
from recipflow.model import Kind, Nudge, NudgeKind
from recipflow.packs import read_toml
from recipflow.wording import Wording, fields

NOW = datetime(2026, 10, 29, 9, tzinfo=UTC)
LISBON = ZoneInfo("Europe/Lisbon")
NEVER_SAID = re.compile(
    r"\b(owe[ds]?|owing|debts?|indebted|pressure|readiness|escalat\w*|retreats?|favou?r units?|fu|score[sd]?"
    r"|he|she|him|her|his|hers|himself|herself"
    r"|must|should|hurry|urgent\w*|overdue|immediately|asap|don't forget|deadlines?|days? left)\b|!",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def wording() -> Wording:
    return Wording(read_toml("wording.toml"))


def nudge(kind: NudgeKind, **facts: str | int | float | date) -> Nudge:
    return Nudge(key="k", kind=kind, contact="dana@example.org", opens=NOW, facts=facts)


def say(wording: Wording, kind: NudgeKind, name: str = "Dana", **facts: str | int | float | date) -> str:
    return wording.because(nudge(kind, **facts), name, tz=LISBON, now=NOW)


def sentences() -> Iterator[tuple[str, str]]:
    yield from _strings("", read_toml("wording.toml"))


def _strings(where: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _strings(f"{where}.{key}", inner)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _strings(f"{where}.{place}", inner)


@pytest.mark.parametrize(("where", "sentence"), list(sentences()))
def test_no_sentence_says_what_must_never_be_shown(where: str, sentence: str) -> None:
    assert not NEVER_SAID.search(sentence), where


@pytest.mark.parametrize("kind", NudgeKind)
def test_every_kind_has_a_sentence_when_nothing_but_the_name_is_known(
    wording: Wording, kind: NudgeKind
) -> None:
    sentence = say(wording, kind)
    assert "Dana" in sentence
    assert "{" not in sentence
    assert sentence[-1] in ".?"


@pytest.mark.parametrize("kind", NudgeKind)
@pytest.mark.parametrize("what", [*Kind, ""])
def test_every_kind_has_a_sentence_for_every_thing_given(
    wording: Wording, kind: NudgeKind, what: str
) -> None:
    sentence = say(
        wording,
        kind,
        day=date(2026, 10, 1),
        since=date(2026, 9, 1),
        due=date(2026, 11, 2),
        count=3,
        what=what,
    )
    assert not NEVER_SAID.search(sentence)
    assert "  " not in sentence


@pytest.mark.parametrize(
    ("expected", "kind", "name", "facts"),
    [
        (
            "Dana helped you on 3 December 2025. A word of thanks?",
            "thank",
            "Dana",
            {"what": "help", "day": date(2025, 12, 3)},
        ),
        ("A good time to do something for Kwame.", "give_back", "Kwame", {}),
        ("Carla is waiting for your answer.", "reply_owed", "Carla", {}),
        (
            "Give Joana some room: five requests since 3 September.",
            "hold_back",
            "Joana",
            {"count": 5, "since": date(2026, 9, 3)},
        ),
        (
            "Give Joana some room: one request since 3 September.",
            "hold_back",
            "Joana",
            {"count": 1, "since": date(2026, 9, 3)},
        ),
        ("You and Adèle have not spoken since March.", "stale", "Adèle", {"since": date(2026, 3, 8)}),
        ("Someone you could help: Iris.", "could_give", "Iris", {}),
        ("If there is something you need from Dana, this week is fine.", "ask_now", "Dana", {}),
        (
            "You promised Aisha an introduction by 30 October.",
            "keep_promise",
            "Aisha",
            {"what": "intro", "due": date(2026, 10, 30)},
        ),
    ],
)
def test_the_sentences_are_those_of_the_design(
    wording: Wording, expected: str, kind: str, name: str, facts: dict[str, str | int | float | date]
) -> None:
    assert say(wording, NudgeKind(kind), name, **facts) == expected


def test_a_year_is_said_only_where_it_is_another_one(wording: Wording) -> None:
    assert "on 3 December 2025." in say(wording, NudgeKind.THANK, day=date(2025, 12, 3))
    assert "on 3 October." in say(wording, NudgeKind.THANK, day=date(2026, 10, 3))


def test_an_instant_is_dated_in_the_users_own_zone(wording: Wording) -> None:
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert "on 2 July." in say(wording, NudgeKind.THANK, day=late)


def test_facts_that_came_back_from_storage_as_text_are_dates_still(wording: Wording) -> None:
    assert "on 3 October." in say(wording, NudgeKind.THANK, day="2026-10-03")
    assert "on 3 October." in say(wording, NudgeKind.THANK, day="2026-10-03T10:00:00+00:00")
    assert say(wording, NudgeKind.THANK, day="soon") == "Dana did something for you. A word of thanks?"


def test_the_second_follow_up_says_that_it_is_the_last(wording: Wording) -> None:
    assert "the last" not in say(wording, NudgeKind.FOLLOW_UP, count=1)
    assert "the last" in say(wording, NudgeKind.FOLLOW_UP, count=2)


def test_a_thing_that_is_no_kind_is_named_as_it_stands(wording: Wording) -> None:
    assert say(wording, NudgeKind.KEEP_PROMISE, what="the letterhead") == "You promised Dana the letterhead."


def test_a_window_is_said_in_days_never_hours(wording: Wording) -> None:
    for kind in (NudgeKind.ASK_NOW, NudgeKind.ASK_SOON):
        assert "hour" not in say(wording, kind, due=NOW, day=NOW)


def test_a_reminders_title_holds_a_name_and_nothing_else(wording: Wording) -> None:
    assert wording.reminder_title("Dana Ruiz") == "Dana Ruiz (note to self)"
    assert wording.reminder_title("") == "Note to self"


def test_a_hostile_name_stays_on_its_line_and_is_no_template(wording: Wording) -> None:
    sentence = say(wording, NudgeKind.THANK, "Eve\r\nBcc: x\u202egnp {day} {0.__class__} %s")
    assert "\n" not in sentence
    assert "\u202e" not in sentence
    assert "{0.__class__}" in sentence


@given(name=st.text(), what=st.text(), day=st.text(), count=st.integers())
def test_no_fact_can_make_it_fail_or_break_the_line(name: str, what: str, day: str, count: int) -> None:
    wording = Wording(read_toml("wording.toml"))
    for kind in NudgeKind:
        sentence = say(wording, kind, name, what=what, day=day, count=count)
        assert len(sentence.splitlines()) == 1


def test_all_faults_of_a_wording_file_are_listed_at_once() -> None:
    parsed = dict(read_toml("wording.toml"))
    del parsed["thank"]
    parsed["stale"] = {"section": "A hello", "because": ["{name} has {karma}.", "Since {month}."]}
    with pytest.raises(UserError) as raised:
        Wording(parsed)
    assert len(raised.value.problems) == 3
    assert any("karma" in problem for problem in raised.value.problems)


def test_the_facts_a_sentence_needs_are_those_it_names() -> None:
    assert fields("{name} {helped} on {day}.") == {"name", "helped", "day"}
