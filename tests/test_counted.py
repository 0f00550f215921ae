"""One of a thing is said as one, two as two, wherever a count is shown."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from recipflow.counsel.reviewing import Review, lines
from recipflow.counted import counted
from recipflow.model import Nudge, NudgeKind
from recipflow.packs import read_toml
from recipflow.review.counting import Share, Spread
from recipflow.wording import Wording

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 10, 29, 9, tzinfo=UTC)
NOUNS = (
    "accounts acts asks contacts days drafts events examples files gifts hours items lines mails meetings messages minutes "
    "months others people plans promises questions requests rules sentences things times weeks words"
)
ALWAYS_MANY = {
    ("explain/lookup.py", " questions begin with "),
    ("cli/correcting.py", " messages with "),
    ("reconciling.py", " messages"),
}
"""Where one of them is said otherwise, or cannot be."""


@pytest.fixture(scope="module")
def wording() -> Wording:
    return Wording(read_toml("wording.toml"))


def test_a_number_stands_with_its_noun() -> None:
    assert [counted(number, "day") for number in (0, 1, 2, 1_100)] == [
        "0 days",
        "1 day",
        "2 days",
        "1,100 days",
    ]
    assert [counted(number, "has", "have") for number in (1, 2)] == ["1 has", "2 have"]


@pytest.mark.parametrize(
    ("count", "subject", "late", "more", "room"),
    [
        (1, "Today: one thing", "Before tomorrow: one thing", "One more thing can wait", "one request since"),
        (2, "Today: two things", "Before tomorrow: two things", "Two more can wait", "two requests since"),
    ],
)
def test_every_count_of_the_wording_is_said_of_one_and_of_two(
    wording: Wording, count: int, subject: str, late: str, more: str, room: str
) -> None:
    assert wording.subject(count) == subject
    assert wording.subject(count, late=True) == late
    assert wording.more(count).startswith(more)
    facts: dict[str, str | int | float | date] = {"count": count, "since": date(2026, 10, 1)}
    nudge = Nudge(key="k", kind=NudgeKind.HOLD_BACK, contact="dana@example.org", opens=NOW, facts=facts)
    assert room in wording.because(nudge, "Dana", tz=UTC, now=NOW)


def test_no_sentence_of_the_wording_puts_a_bare_count_before_a_noun_but_where_one_has_its_own() -> None:
    bare = {where for where, said in _strings("", read_toml("wording.toml")) if "{count}" in said}
    own = {where for where, _ in _strings("", read_toml("wording.toml")) if where.endswith("_one")}
    assert bare == {where.removesuffix("_one") for where in own}


@pytest.mark.parametrize(("of", "said"), [(1, "to a yes: 1 time,"), (2, "to a yes: 2 times,")])
def test_a_month_in_counts_says_one_time(of: int, said: str) -> None:
    none = Share(0, 0)
    found = Review(
        since=NOW,
        until=NOW,
        thanks=none,
        promises=none,
        inside=none,
        outside=none,
        give_to_yes=Spread(of),
        corrections={},
    )
    assert any(said in line for line in lines(found))


def test_no_number_stands_before_a_noun_of_many_in_the_code() -> None:
    found = [one for path in (ROOT / "recipflow").rglob("*.py") for one in _counts(path)]
    assert [one for one in found if one not in ALWAYS_MANY] == []


def _counts(path: Path) -> Iterator[tuple[str, str]]:
    """What stands in formatted texts after a number, where it is a noun of many."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.JoinedStr):
            continue
        for one, after in zip(node.values, node.values[1:], strict=False):
            if isinstance(one, ast.FormattedValue) and isinstance(after, ast.Constant):
                words = str(after.value).split(" ")
                if len(words) > 1 and not words[0] and words[1].strip(".,;:") in NOUNS.split():
                    yield path.relative_to(ROOT / "recipflow").as_posix(), str(after.value)


def _strings(where: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(f"{where}.{key}", inner)
