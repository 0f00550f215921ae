"""The wording file says what DESIGN.md asks for, works with few facts, and never says the unsayable."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recipflow.advice import Hold
from recipflow.checking.answerable import Hardship
from recipflow.cli.commands import COMMANDS
from recipflow.errors import UserError
from recipflow.loop import Step
from recipflow.model import Kind, Nudge, NudgeKind
from recipflow.packs import read_toml
from recipflow.plans import Stage
from recipflow.standing import AskWarning, GiveWarning
from recipflow.wording import Wording, fields
from tests.cli.running import Shell
from tests.test_docs import GROUPS

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


ROOT = Path(__file__).parents[1]
MANIPULATIVE = re.compile(
    r"\b(?:owes? you|owed to you|in (?:your|their) debt|allowed|permitted|last chance|act now|hurry|while (?:it|they) lasts?"
    r"|only \w+ left|remind (?:them|her|him) (?:of|what)|after all you did|in return for what you did|return the favou?r"
    r"|ask (?:for )?(?:more|too much) (?:first|than you need)|start (?:high|larger)|inflat\w+"
    r"|best target|most likely to say yes|probab(?:ly|ility)|ranking|score[sd]?)\b",
    re.IGNORECASE,
)


def _said_by(path: Path) -> Iterator[str]:
    """The text of a module that can reach a screen: its strings, without docstrings and names."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    docs |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in docs else None
        if isinstance(text, str) and " " in text:
            yield text


UNSHOWN = re.compile(
    r"\b(owe[ds]?|owing|debts?|indebted|pressure|readiness|escalat\w*|retreats?|favou?r units?|fu|he|she|him|her|his|hers"
    r"|himself|herself|don't forget|days? left|asap)\b",
    re.IGNORECASE,
)
"""Of what is never said, what no message has either, whatever it is about."""
HEARD = (
    "reading/introducing.py",
    "reading/language.py",
    "rules/due.py",
    "rules/gone.py",
    "rules/needed.py",
    "checking/manners.py",
)
"""Modules whose strings are looked for in mail, and said by nobody."""
NUMBERS = {
    "What the model makes of it, in favour units.",
    "pressure after",
    "favour units are a number from 0, not ",
    "a size is a number of favour units from 0, not ",
    "size must be above 0 and at most 10 fu",
}
"""What is said to those who ask for numbers, and to who writes rules or calls the model."""
NOOR = "She and everybody in it are invented."


@pytest.mark.parametrize(
    "folder", sorted(path.name for path in (ROOT / "recipflow").iterdir() if path.name != "__pycache__")
)
def test_no_message_of_any_module_manipulates_anybody_or_says_the_unsayable(folder: str) -> None:
    found = [
        (path.name, said)
        for path in _modules(ROOT / "recipflow" / folder)
        for said in _said_by(path)
        if MANIPULATIVE.search(said) or (UNSHOWN.search(said.replace(NOOR, "")) and said not in NUMBERS)
    ]
    assert found == []


def _modules(where: Path) -> list[Path]:
    found = [where] if where.suffix == ".py" else sorted(where.rglob("*.py"))
    return [path for path in found if not path.as_posix().endswith(HEARD)]


def test_no_message_of_any_connector_does_and_what_is_allowed_is_only_what_a_provider_lets_us_do() -> None:
    found = [
        (path.name, said)
        for path in (ROOT / "connectors").rglob("*.py")
        for said in _said_by(path)
        if UNSHOWN.search(said) or MANIPULATIVE.search(said.replace("allowed", ""))
    ]
    assert found == []


def test_what_why_says_of_a_rule_and_what_stands_in_config_toml_says_nothing_unsayable() -> None:
    packs = (ROOT / "rules" / "recipflow_rules").rglob("*.toml")
    shown = [
        (path.name, str(table[key]))
        for path in packs
        for table in _tables(tomllib.loads(path.read_text(encoding="utf-8")))
        for key in ("because", "who", "source", "seen", *(["kind"] if "seen" in table else []))
        if isinstance(table.get(key), str)
    ]
    assert len(shown) > 300
    settings = (ROOT / "config.example.toml").read_text(encoding="utf-8").replace("in favour units", "")
    shown += [("config.example.toml", settings)]
    assert [one for one in shown if UNSHOWN.search(one[1]) or MANIPULATIVE.search(one[1])] == []


def _tables(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        yield value
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        yield from _tables(inner)


def test_no_template_and_no_help_manipulates_anybody(capsys: pytest.CaptureFixture[str]) -> None:
    for template in (ROOT / "recipflow").rglob("*.j2"):
        assert not MANIPULATIVE.search(template.read_text(encoding="utf-8")), template
    shell = Shell(capsys)
    for command in (*([one.name] for one in COMMANDS), *_inner(), []):
        said = shell.run(*command, "--help").replace("Nobody is scored or ranked", "")
        said = said.replace("in favour units", "").replace(NOOR, "")
        assert not MANIPULATIVE.search(said), command
        assert not UNSHOWN.search(said), command


def _inner() -> Iterator[list[str]]:
    """The commands within commands."""
    for group, names in GROUPS.items():
        yield from ([group, name] for name in names)


@pytest.mark.parametrize(("where", "sentence"), list(sentences()))
def test_no_sentence_manipulates_anybody(where: str, sentence: str) -> None:
    assert not MANIPULATIVE.search(sentence), where


def test_every_word_before_an_ask_and_every_step_has_a_sentence() -> None:
    parsed = read_toml("wording.toml")
    own = {
        "bundled",
        "repeated",
        "rounds",
        "compliance",
        "decision_pending",
        "away",
        "clear",
        "nothing_asked",
    }
    assert {*AskWarning, *GiveWarning, *own} == set(parsed["check"])
    assert set(Hardship) == set(parsed["easier"])
    assert set(Hold) == set(parsed["held"])
    assert set(Step) == set(parsed["step"])
    assert set(Stage) <= set(parsed["plan"])


def test_suggested_words_never_recall_what_the_user_did_and_leave_a_way_out() -> None:
    parsed = read_toml("wording.toml")
    assert "no problem if not" in parsed["easier"]["no_way_out"][0]
    for table in ("easier", "better"):
        for _, sentence in _strings("", parsed[table]):
            assert not re.search(r"\byou (?:gave|did|helped)\b", sentence)
