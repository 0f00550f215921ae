"""How much an ask asks for by its own words, and what is made of it where two asks say so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        ("Could you invest R90 000?", "Would R45,000 work?", 0.5),
        ("Could you sponsor us with €1.2k?", "Would 300 € do?", 0.25),
        ("Könntet ihr 1.500 € beisteuern?", "Gingen auch 500,00 Euro?", 1 / 3),
        ("Could you lend us $1,200.50?", "Could you lend us $600.25?", 0.5),
        ("Could you put in 1.2 million dollars?", "Could you put in $600k?", 0.5),
        ("Könnt ihr zwei Tausend Euro geben?", "Oder fünf hundert Euro?", 0.25),
        ("Podem dar R$ 1.500?", "E 500 reais?", 1 / 3),
        ("¿Podéis poner 2 mil euros?", "¿Y 500 euros?", 0.25),
        ("Hättet ihr CHF 1'200?", "Hättet ihr 300 Franken?", 0.25),
        ("Would you do it for 90k?", "Would you do it for 45k, please?", 0.5),
        ("Would you do it for R90 000?", "Then for 45k?", 0.5),
        ("Could you write 20k words?", "Could you write two thousand words?", 0.1),
        ("Could you give us 2h?", "Or 30min?", 0.25),
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
        ("Could you lend us 500 euros?", "Could you lend us 300 dollars?"),
        ("Could you do 500 euros or 600 dollars?", "Could you do 90k?"),
        ("Is it in room R 2?", "Could you lend us R20?"),
        ("Could you make it 500, please?", "Could you make it 300, please?"),
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
        ("Could you invest R90 000?", "Would R20 000 be possible?", True),
        ("Könntet ihr 1.500 € geben?", "Gingen 1.400 €?", False),
        ("Could you give the keynote?", "Could you at least send us a line?", True),
        ("Could you give the keynote?", "Could you send us your slides?", False),
        ("Would 300 euros be possible?", "Could you sponsor us with 2000 euros?", False),
    ],
)
def test_a_step_down_shows_though_both_are_of_one_class(large: str, small: str, down: bool) -> None:
    no = entry(1, ME, act(NO), thread="t")
    found = seen([asked(0, THEM, large, "t"), no, asked(2, THEM, small, "t")], 3)
    assert ("stepped_down" in found) is down


@given(st.text(alphabet="0123456789.,' k€$Rrm eurodolas", max_size=60), st.text(max_size=40))
def test_nonsense_is_compared_without_a_fault(one: str, other: str) -> None:
    ratio = compared(one, other)
    assert ratio is None or ratio >= 0.0
