"""What was lent comes back: it settles between the two, and neither asks for thanks nor opens a window."""

from __future__ import annotations

import pytest

from tests.scenarios.scene import ANN, RUTH, Scene

RETURNS = [
    "Here's the 40 EUR you lent me.",
    "I paid you back for dinner just now.",
    "I've transferred the 40 EUR I owed you. Thanks again!",
    "I've left the ladder you lent me in your yard.",
]


@pytest.mark.parametrize("words", RETURNS)
def test_nothing_is_to_be_thanked_or_given_back(stage: Scene, words: str) -> None:
    stage.mail(RUTH, ANN, f"Hi Ann,\n\n{words}\n\nRuth", day=0)
    assert not {"thank", "give_back"} & set(stage.on(3).says(RUTH))
    assert "gave back what was lent" in stage.run("show", RUTH)


@pytest.mark.parametrize("words", RETURNS)
def test_ones_own_return_opens_no_window_and_is_no_gift(stage: Scene, words: str) -> None:
    stage.person(RUTH, tags=["public_sector"], watched=True)
    mine = stage.mail(ANN, RUTH, f"Hi Ruth,\n\n{words}\n\nAnn", day=0)
    stage.mail(RUTH, ANN, "Hi Ann,\n\nThank you very much!\n\nRuth", day=0.2, answers=mine)
    found = stage.on(3).says(RUTH)
    assert not {"compliance", "ask_now", "ask_soon"} & set(found)


def test_who_asks_for_their_own_money_back_asked_no_favour(stage: Scene) -> None:
    asked = stage.mail(ANN, RUTH, "Hi Ruth,\n\nCould you pay me back the 40 EUR by Friday?\n\nAnn", day=0)
    text = "Hi Ann,\n\nSorry! I've just transferred the 40 EUR I owed you.\n\nRuth"
    stage.mail(RUTH, ANN, text, day=1, answers=asked)
    assert not {"thank", "give_back", "follow_up"} & set(stage.on(6).says(RUTH))


def test_it_settles_what_had_been_done_for_them(stage: Scene) -> None:
    stage.mail(RUTH, ANN, "Hi Ann,\n\nThe fair it is.\n\nRuth", day=-19)
    stage.on(0)
    stage.run("log", "give", RUTH, "cash", "40 EUR", "--size", 8)

    def goodwill() -> float:
        return float(stage.json("show", RUTH, "--numbers")["numbers"]["goodwill"])

    before = goodwill()
    stage.mail(RUTH, ANN, "Hi Ann,\n\nHere's the 40 EUR you lent me.\n\nRuth", day=0.1)
    stage.on(0.2)
    assert goodwill() < 0.9 * before
