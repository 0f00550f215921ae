"""A rule pack is tried on the user's own mail before it is switched on, and nothing is changed by that."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.told import Told, told
from tests.letters import DANA, KWAME, correspondence

PACK = """
language = "en"
[[rule]]
id = "own.paint"
act = "ask"
kind = "advice"
size = 3
confidence = 0.95
by = "them"
text = ['''\\bwhich paint\\b''']
because = "they asked about paint"
matches = [{ text = "Which paint was it?", by = "them" }]
not = [{ text = "I paint.", by = "them" }]
[[rule]]
id = "own.no-promise"
act = "none"
confidence = 0.99
text = ['''\\bthe drawings\\b''']
because = "drawings are always on their way"
matches = ["I'll send you the drawings."]
not = ["I'll send you the file."]
"""


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    return told(capsys, tmp_path, monkeypatch, correspondence())


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    (tmp_path / "packs").mkdir()
    file = tmp_path / "packs" / "own.toml"
    file.write_text(PACK, encoding="utf-8")
    return file


def test_it_lists_what_would_be_read_and_said_otherwise(shell: Told, pack: Path) -> None:
    found = shell.json("rules", "diff", pack)
    assert [(one["after"]["contact"], one["after"]["rule"]) for one in found["acts"]["changed"]] == [
        (KWAME, "own.paint")
    ]
    removed = {(one["act"], one["contact"]) for one in found["acts"]["removed"]}
    assert removed == {("give", KWAME), ("promise", KWAME)}
    assert [one["kind"] for one in found["nudges"]["removed"]] == ["keep_promise"]
    said = shell.run("rules", "diff", pack)
    assert "Read no longer: 2 acts" in said
    assert "Would not be said" in said


def test_a_folder_stands_for_all_packs_in_it(shell: Told, pack: Path) -> None:
    assert shell.json("rules", "diff", pack.parent) == shell.json("rules", "diff", pack)


def test_it_changes_nothing(shell: Told, pack: Path) -> None:
    before = shell.ledger(KWAME), shell.ledger(DANA), shell.standing()
    shell.run("rules", "diff", pack)
    assert (shell.ledger(KWAME), shell.ledger(DANA), shell.standing()) == before
    assert "bit for bit" in shell.run("rebuild", "--verify")


def test_what_it_foretells_is_what_switching_it_on_does(shell: Told, pack: Path) -> None:
    found = shell.json("rules", "diff", pack)
    gone = {one["key"] for one in found["nudges"]["removed"]}
    new = {one["key"] for one in found["nudges"]["added"]}
    before = {key for key, _, _ in shell.standing()}
    own = shell.home / "rules"
    own.mkdir(exist_ok=True)
    (own / "own.toml").write_text(PACK, encoding="utf-8")
    assert shell.json("rules", "diff") == found  # without FILE: the packs as they are in their folder now
    shell.run("sync")
    assert {key for key, _, _ in shell.standing()} == before - gone | new
    assert shell.json("rules", "diff")["acts"] == {"added": [], "removed": [], "changed": []}


def test_a_pack_whose_examples_fail_is_not_tried(shell: Told, pack: Path) -> None:
    pack.write_text(PACK.replace("Which paint was it?", "Which ink was it?"), encoding="utf-8")
    shell.run("rules", "diff", pack, code=1)
    assert "own.paint: must match, and does not" in shell.err


def test_what_cannot_be_read_is_named(shell: Told, tmp_path: Path) -> None:
    shell.run("rules", "diff", tmp_path / "none.toml", code=1)
    assert "none.toml" in shell.err
    (tmp_path / "empty").mkdir()
    shell.run("rules", "diff", tmp_path / "empty", code=1)
    assert "no rule pack" in shell.err
