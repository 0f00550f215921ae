"""Asks whose answer mail cannot show."""

from __future__ import annotations

from datetime import UTC

import pytest

from recipflow.advice.moot import by_voice, moot_from, optional
from recipflow.ledger.relationship import OpenItem, OpenKind
from recipflow.model import Kind

MONDAY = 20_514.4  # 2 March 2026, in the morning


def asked(quote: str, what: Kind = Kind.MEETING) -> OpenItem:
    return OpenItem(
        kind=OpenKind.THEIR_ASK, what=what, at=MONDAY, last=MONDAY, thread="t", interaction="i", quote=quote
    )


def test_an_ask_about_a_day_is_moot_when_that_day_is_over() -> None:
    assert moot_from(asked("Are you free on Tuesday?"), UTC) == 20_516.0


def test_an_ask_about_no_day_is_never_moot() -> None:
    assert moot_from(asked("Would you like to have lunch?"), UTC) is None


def test_a_thing_to_be_done_by_a_day_is_late_and_not_moot() -> None:
    assert moot_from(asked("Please send me the file on Tuesday.", Kind.RESOURCE), UTC) is None


def test_a_question_of_the_hour_is_moot_the_same_night() -> None:
    assert moot_from(asked("Are you still there?", Kind.INFO), UTC) == 20_515.0


@pytest.mark.parametrize("quote", ["Call me when you land.", "Give me a ring.", "Stop by any time."])
def test_what_is_asked_by_voice_is_answered_by_voice(quote: str) -> None:
    assert by_voice(quote)


@pytest.mark.parametrize("quote", ["Let me know if you need more.", "If not please tell me."])
def test_silence_answers_what_is_asked_on_a_condition(quote: str) -> None:
    assert optional(quote)


@pytest.mark.parametrize(
    "quote", ["Let me know if you agree.", "If you would please send the list.", "Can you come if it rains?"]
)
def test_a_condition_of_courtesy_still_wants_an_answer(quote: str) -> None:
    assert not optional(quote)
