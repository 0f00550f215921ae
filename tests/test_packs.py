"""Rule packages are found by entry point, ours first, and their TOML is read once."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from recipflow import packs
from recipflow.errors import UserError


@pytest.fixture
def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An installed rule package of somebody else, as an installer leaves it: the folder of its files."""
    package = tmp_path / "stranger_rules"
    (package / "xx").mkdir(parents=True)
    (package / "__init__.py").touch()
    metadata = tmp_path / "stranger_rules-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: stranger-rules\nVersion: 1.0\n", encoding="utf-8"
    )
    (metadata / "entry_points.txt").write_text("[recipflow.rules]\naaa = stranger_rules\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    forget()
    yield package
    sys.modules.pop("stranger_rules", None)
    forget()


def forget() -> None:
    importlib.invalidate_caches()
    for kept in (packs.rule_packages, packs.read_toml, packs.read_folder):
        kept.cache_clear()


def test_the_built_in_package_is_found() -> None:
    assert packs.RulePackage("builtin", "recipflow_rules") in packs.rule_packages()


def test_a_file_is_read_once() -> None:
    assert packs.read_toml("profiles.toml") is packs.read_toml("profiles.toml")


def test_a_file_nobody_has_is_a_problem_the_user_can_mend() -> None:
    with pytest.raises(UserError, match=r"nothing\.toml"):
        packs.read_toml("nothing.toml")


def test_a_stranger_adds_files_and_replaces_none_of_ours(stranger: Path) -> None:
    (stranger / "profiles.toml").write_text("[mine]\n", encoding="utf-8")
    (stranger / "extra.toml").write_text("[mine]\n", encoding="utf-8")
    assert [package.name for package in packs.rule_packages()] == ["builtin", "aaa"]
    assert "business" in packs.read_toml("profiles.toml")
    assert packs.read_toml("extra.toml") == {"mine": {}}


def test_a_folder_is_read_from_every_package(stranger: Path) -> None:
    (stranger / "xx" / "give.toml").write_text("id = 1\n", encoding="utf-8")
    (stranger / "xx" / "notes.txt").write_text("no rules\n", encoding="utf-8")
    assert packs.read_folder("xx") == {"stranger_rules/xx/give.toml": {"id": 1}}
    assert packs.read_folder("no-such-folder") == {}


def test_files_that_are_no_toml_are_all_named(stranger: Path) -> None:
    (stranger / "xx" / "one.toml").write_text("id = ", encoding="utf-8")
    (stranger / "xx" / "two.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UserError) as caught:
        packs.read_folder("xx")
    assert [problem.split(":")[0] for problem in caught.value.problems] == [
        "stranger_rules/xx/one.toml",
        "stranger_rules/xx/two.toml",
    ]
