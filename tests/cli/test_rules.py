"""`recipflow rules test` tells an author of rules everything that is wrong, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from recipflow import cli

GOOD = """
language = "en"
[[rule]]
id = "mine.watering"
act = "give"
by = "me"
kind = "help"
size = 1
text = ['''\\bi watered your plants\\b''']
because = "you looked after their plants"
matches = ["I watered your plants on Sunday."]
not = ["The plants are fine."]
"""


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECIPFLOW_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def run(*files: Path) -> int:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["rules", "test", *map(str, files)])
    assert isinstance(stopped.value.code, int)
    return stopped.value.code


def test_a_pack_whose_examples_hold_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack = tmp_path / "mine.toml"
    pack.write_text(GOOD, encoding="utf-8")
    assert run(pack) == 0
    assert "examples hold" in capsys.readouterr().out


def test_an_example_that_fails_is_named_with_its_file_and_rule(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = tmp_path / "mine.toml"
    pack.write_text(GOOD.replace("on Sunday", "").replace("I watered your", "I sold your"), encoding="utf-8")
    assert run(pack) == 1
    assert "mine.toml: mine.watering: must match" in capsys.readouterr().err


def test_packs_in_the_users_own_folder_are_tried_without_being_named(
    own_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (own_home / "rules").mkdir(parents=True)
    (own_home / "rules" / "broken.toml").write_text(GOOD + "colour = 'red'\n", encoding="utf-8")
    assert run() == 1
    assert "broken.toml" in capsys.readouterr().err


def test_files_that_cannot_be_read_are_all_listed_with_what_is_wrong_in_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_bytes(b"[[rule\xff")
    odd = tmp_path / "odd.toml"
    odd.write_text(GOOD + "colour = 'red'\n", encoding="utf-8")
    assert run(tmp_path / "absent.toml", broken, odd) == 1
    told = capsys.readouterr().err
    assert "unknown key 'colour'" in told
    assert "absent.toml: No such file" in told
    assert "broken.toml: " in told
