"""An ask that whoever asked takes back waits for nobody, and is neither a yes nor a no."""

from __future__ import annotations

import pytest

from tests.scenarios.scene import ANN, RUTH, Scene

THEIRS = "Hi Ann,\n\nCould you send me the drawings of the mill by Thursday?\n\nRuth"
MINE = "Hi Ruth,\n\nCould you review the attached contract in detail by the end of the week?\n\nAnn"
BACK = [
    "Don't worry about that, I think I got it.",
    "Never mind, found it.",
    "No need any more, thanks.",
    "Please ignore my last mail.",
]
NOT_BACK = [
    "Never mind the typo.",
    'My boss said "never mind, I found it" and went home.',
    "Don't worry about the train, I got a lift.",
]


@pytest.mark.parametrize("words", BACK)
def test_what_they_take_back_is_owed_no_answer(stage: Scene, words: str) -> None:
    asked = stage.mail(RUTH, ANN, THEIRS, day=0)
    assert "reply_owed" in stage.on(3).says(RUTH)
    stage.mail(RUTH, ANN, f"Hi Ann,\n\n{words}\n\nRuth", day=3.1, answers=asked)
    assert not {"reply_owed", "thank"} & set(stage.on(4).says(RUTH))


@pytest.mark.parametrize("words", NOT_BACK)
def test_words_about_something_else_take_nothing_back(stage: Scene, words: str) -> None:
    asked = stage.mail(RUTH, ANN, THEIRS, day=0)
    stage.mail(RUTH, ANN, f"Hi Ann,\n\n{words}\n\nRuth", day=0.1, answers=asked)
    assert "reply_owed" in stage.on(4).says(RUTH)


def test_quoted_words_take_nothing_back(stage: Scene) -> None:
    asked = stage.mail(RUTH, ANN, THEIRS, day=0)
    text = "Hi Ann,\n\nIt is raining here.\n\nRuth\n\nOn Monday Ann wrote:\n> Never mind, found it.\n"
    stage.mail(RUTH, ANN, text, day=0.1, answers=asked)
    assert "reply_owed" in stage.on(4).says(RUTH)


def test_what_was_promised_for_it_need_not_be_kept(stage: Scene) -> None:
    asked = stage.mail(RUTH, ANN, THEIRS, day=0)
    promised = stage.mail(
        ANN, RUTH, "Hi Ruth,\n\nI'll send you the drawings on Thursday.\n\nAnn", day=0.5, answers=asked
    )
    assert "keep_promise" in stage.on(2).says(RUTH)
    stage.mail(RUTH, ANN, "Hi Ann,\n\nNo need any more, I found a copy.\n\nRuth", day=2.1, answers=promised)
    assert "keep_promise" not in stage.on(3).says(RUTH)


def test_an_ask_of_ones_own_that_was_taken_back_is_not_followed_up_and_ends_its_plan(stage: Scene) -> None:
    stage.on(0)
    stage.run("plan", RUTH, "--ask", "review the contract", "--size", 3)
    asked = stage.mail(ANN, RUTH, MINE, day=0.1)
    assert "follow_up" in stage.on(8).says(RUTH)
    stage.mail(ANN, RUTH, "Hi Ruth,\n\nNever mind, I worked it out myself.\n\nAnn", day=8.1, answers=asked)
    assert not {"follow_up", "retreat", "hold_back"} & set(stage.on(9).says(RUTH))
    assert "You took it back on 10 March." in stage.run("plan", RUTH)
    assert "ask_pending" not in stage.against(RUTH, "--size", 1)


def test_a_letter_of_its_own_takes_back_what_it_names(stage: Scene) -> None:
    stage.mail(RUTH, ANN, THEIRS, day=0)
    stage.mail(RUTH, ANN, "Hi Ann,\n\nWould you lend me your ladder?\n\nRuth", day=0.5)
    text = "Hi Ann,\n\nThere is no need to send the drawings any more.\n\nRuth"
    stage.mail(RUTH, ANN, text, day=1)
    (owed,) = (one for one in stage.on(5).json("today")["nudges"] if one["kind"] == "reply_owed")
    assert "ladder" in owed["quote"]


def test_who_takes_one_thing_back_and_asks_for_another_waits_for_that(stage: Scene) -> None:
    asked = stage.mail(RUTH, ANN, THEIRS, day=0)
    text = "Hi Ann,\n\nNever mind, found it. Could you send me the key to the mill instead?\n\nRuth"
    stage.mail(RUTH, ANN, text, day=0.5, answers=asked)
    (owed,) = (one for one in stage.on(5).json("today")["nudges"] if one["kind"] == "reply_owed")
    assert "key" in owed["quote"]
