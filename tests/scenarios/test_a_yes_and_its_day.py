"""A yes, and the day it is for, from mail to advice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.scene import ANN, Scene, scene

RUTH = "ruth@mill.example"
ASK = "Hi Ruth,\n\nCould you review the attached contract in detail?\n\nAnn"


@pytest.fixture
def stage(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    return scene(capsys, tmp_path, monkeypatch)


@pytest.mark.parametrize(
    "yes",
    [
        "Yes, happy to. You'll have it by Friday.",
        "Yes, I can send it by Friday.",
        "Of course! It's a pleasure. I'll send you my remarks by Friday.",
    ],
)
def test_a_yes_is_for_the_day_that_it_or_the_next_sentence_names_and_is_awaited_once(
    stage: Scene, yes: str
) -> None:
    asked = stage.mail(ANN, RUTH, ASK, day=0)
    stage.mail(RUTH, ANN, f"Hi Ann,\n\n{yes}\n\nRuth", day=1, answers=asked)
    stage.on(3)
    stage.run("plan", RUTH, "--ask", "review the contract", "--size", 3)
    assert "6 March" in stage.run("show", RUTH)
    assert "awaited" not in stage.on(3).says(RUTH)
    found = [one for one in stage.on(8).json("today")["nudges"] if one["kind"] == "awaited"]
    assert len(found) == 1


def test_a_day_that_is_moved_is_moved_for_the_yes(stage: Scene) -> None:
    asked = stage.mail(ANN, RUTH, ASK, day=0)
    text = "Hi Ann,\n\nYes, happy to. You'll have it by Friday.\n\nRuth"
    yes = stage.mail(RUTH, ANN, text, day=1, answers=asked)
    later = "Hi Ann,\n\nI am running late, sorry. I'll send it to you by next Wednesday.\n\nRuth"
    stage.mail(RUTH, ANN, later, day=3, answers=yes)
    assert "awaited" not in stage.on(7).says(RUTH)
    assert "11 March" in stage.on(11).says(RUTH)["awaited"]
    came = "Hi Ann,\n\nHere is the contract with my remarks, attached.\n\nRuth"
    stage.mail(RUTH, ANN, came, day=11.1, answers=yes)
    assert "awaited" not in stage.on(13).says(RUTH)


def test_a_day_of_something_else_is_not_that_of_the_yes(stage: Scene) -> None:
    asked = stage.mail(ANN, RUTH, ASK, day=0)
    text = "Hi Ann,\n\nYes, happy to. I am away until Friday, and the fair is on Sunday.\n\nRuth"
    stage.mail(RUTH, ANN, text, day=1, answers=asked)
    assert "awaited" not in stage.on(8).says(RUTH)
