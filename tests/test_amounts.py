"""How much an ask asks for by its own words, and what is made of it where two asks say so."""

from __future__ import annotations

import pytest

from recipflow.ledger.amounts import compared, less_by_words, times
from recipflow.model import ActType, Entry, Side
from tests.ledgers import act, entry
from tests.test_loop import seen

ME, THEM = Side.ME, Side.THEM
ASK, NO = ActType.ASK, ActType.REFUSAL


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [
        ("Could you spare two hours?", "Could you spare ten minutes?", 1 / 12),
        ("Would you sponsor us with €2,000?", "Would 500 euros be possible?", 0.25),
        ("Could you lend me $1.5k?", "Could you lend me 300 dollars?", 0.2),
        ("Could you write three chapters?", "Could you write one chapter?", 1 / 3),
        ("Hast du einen halben Tag für mich?", "Hast du zwanzig Minuten?", 20 / 240),
        ("Podias dar-me duas horas?", "Podias dar-me 15 minutos?", 0.125),
        ("¿Me das tres días?", "¿Me das un día?", 1 / 3),
        ("Half an hour?", "A full week?", 80.0),
    ],
)
def test_like_is_compared_with_like(first: str, second: str, ratio: float) -> None:
    assert compared(first, second) == pytest.approx(ratio)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Could you spare two hours?", "Could you lend me 20 euros?"),
        ("Could you write the programme?", "Could you send one line?"),
        ("Are you free at 5?", "Are you free on the 7th of May?"),
        ("", ""),
    ],
)
def test_nothing_is_made_of_what_cannot_be_compared(first: str, second: str) -> None:
    assert compared(first, second) is None


def test_sizes_decide_where_words_do_not_tell() -> None:
    assert times("Could you help?", 4.0, "Could you help?", 1.0) == 0.25
    assert times("Two hours?", 1.0, "Ten minutes?", 1.0) == pytest.approx(1 / 12)
    assert times("x", None, "y", 1.0) > 1.0


def test_what_calls_itself_the_smaller_thing_is_one() -> None:
    assert less_by_words("Could you at least send me a line?")
    assert less_by_words("Oder wenigstens einen Absatz?")
    assert not less_by_words("Could you send me a line?")


def asked(day: float, side: Side, quote: str, thread: str) -> Entry:
    return entry(day, side, act(ASK, 1, quote=quote), thread=thread)


def test_asks_of_one_class_that_grow_in_their_own_words_are_named() -> None:
    quotes = ("Could you spare ten minutes?", "Could you spare an hour?", "Could you spare two days?")
    grown = [asked(5.0 * day, THEM, quote, f"t{day}") for day, quote in enumerate(quotes)]
    assert "growing_theirs" in seen(grown, 12)
    level = [asked(5.0 * day, THEM, "Could you spare an hour?", f"t{day}") for day in range(3)]
    assert "growing_theirs" not in seen(level, 12)


@pytest.mark.parametrize(
    ("large", "small", "down"),
    [
        ("Could you sponsor us with 2000 euros?", "Would 300 euros be possible?", True),
        ("Could you give the keynote?", "Could you at least send us a line?", True),
        ("Could you give the keynote?", "Could you send us your slides?", False),
        ("Would 300 euros be possible?", "Could you sponsor us with 2000 euros?", False),
    ],
)
def test_a_step_down_shows_though_both_are_of_one_class(large: str, small: str, down: bool) -> None:
    no = entry(1, ME, act(NO), thread="t")
    found = seen([asked(0, THEM, large, "t"), no, asked(2, THEM, small, "t")], 3)
    assert ("stepped_down" in found) is down
