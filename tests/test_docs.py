"""The pages under docs/ and the README say what is there: commands, options, keys, links, and an example rule that works."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from recipflow import config
from recipflow.cli.commands import COMMANDS
from recipflow.explain.verdicts import Mistake
from recipflow.model import Asking, Flag, NudgeKind, Tag
from recipflow.packs import read_folder, read_toml
from recipflow.rules.proving import proven
from recipflow.rules.rule import Rule
from recipflow.store.summary import FACTS
from tests.cli.running import Shell
from tests.cli.told import told
from tests.letters import DANA, correspondence

ROOT = Path(__file__).parents[1]
PAGES = tuple(sorted((ROOT / "docs").glob("*.md")))
TASKS = (*PAGES, ROOT / "README.md")
PROSE = (
    *TASKS,
    *sorted((ROOT / "docs" / "decisions").glob("*.md")),
    ROOT / "CONTRIBUTING.md",
    ROOT / "bench" / "README.md",
    ROOT / "CHANGELOG.md",
)
ALONE = {"contacts"}  # a command of its own, too
GROUPS = {
    "contacts": ("add",),
    "connect": ("files", "imap", "smtp", "gmail", "outlook", "caldav", "ics"),
    "rules": ("test", "diff", "learned"),
    "service": ("install", "status", "logs", "uninstall"),
    "calendar": ("list", "clean"),
}

_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)")
_INLINE = re.compile(r"`([^`\n]+)`")
_SNAKE = re.compile(r"[a-z]+(?:_[a-z]+)+")


def _fenced(page: Path, language: str) -> list[str]:
    return [body for kind, body in _FENCED.findall(page.read_text(encoding="utf-8")) if kind == language]


def _called() -> Iterator[tuple[str, list[str]]]:
    """Every recipflow command in a fenced block, with the page it stands on."""
    for page in TASKS:
        for block in _fenced(page, "sh"):
            for line in re.split(r"\n|&&", block):
                words = shlex.split(line)
                if words and words[0].rpartition("/")[2] == "recipflow":
                    yield page.name, words[1:]


CALLED = list(_called())


@cache
def _text(*pages: Path) -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in pages)


def test_every_command_is_told_of() -> None:
    said = _text(*PAGES)
    assert [one.name for one in COMMANDS if not re.search(rf"recipflow {one.name}\b", said)] == []


@pytest.mark.parametrize(("page", "words"), CALLED, ids=[" ".join(words) for _, words in CALLED])
def test_every_command_line_in_the_docs_has_an_existing_command_and_options(
    page: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert words[0] in {one.name for one in COMMANDS}, page
    within = words[0] in GROUPS and not (words[0] in ALONE and words[1:2] != ["add"])
    command = words[:2] if within else words[:1]
    assert len(command) == 1 or command[1] in GROUPS[words[0]], page
    known = set(
        re.findall(r"(?<!\S)--?[a-z][a-z-]*", Shell(capsys).run(*command, "--help").replace(",", " "))
    )
    assert [word for word in words[1:] if re.match(r"--?[a-z]", word) and word not in known] == [], page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_option_named_in_the_text_belongs_to_some_command(
    page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shell = Shell(capsys)
    helps = [
        shell.run(one.name, *inner, "--help")
        for one in COMMANDS
        for inner in ([], *([name] for name in GROUPS.get(one.name, ())))
    ]
    helps.append(shell.run("--help") + " --debug")
    named = {
        word for code in _INLINE.findall(_text(page)) for word in re.findall(r"(?<!\S)--[a-z][a-z-]*", code)
    }
    assert [word for word in sorted(named) if not any(word in one for one in helps)] == []


def test_the_example_rule_loads_and_holds() -> None:
    (pack,) = (block for block in _fenced(ROOT / "docs" / "your-own-rules.md", "toml"))
    proven(
        {
            "village.toml": tomllib.loads(pack),
            "meeting.toml": read_toml("meeting.toml"),
            **read_folder("en"),
        }
    )


def test_every_key_of_a_rule_is_explained_and_no_other() -> None:
    keys = {field.name.rstrip("_") for field in fields(Rule) if field.init}
    table = _text(ROOT / "docs" / "your-own-rules.md").partition("## Keys of a rule")[2]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert {key for row in rows for key in _INLINE.findall(row)} == keys


@pytest.mark.parametrize("page", TASKS, ids=lambda page: page.name)
def test_settings_in_the_docs_are_settings(page: Path) -> None:
    example = config.example()
    for block in _fenced(page, "toml"):
        table = tomllib.loads(block)
        if "rule" not in table:
            config.check(table)
            assert [key for key in _keys(table) if not re.search(rf"\b{key}\b", example)] == []


def test_words_set_as_code_are_words_of_the_product() -> None:
    """A setting, tag, kind or key that was renamed is still told of under its old name somewhere."""
    known = {*NudgeKind, *Tag, *Flag, *Asking, *Mistake, *(field.name for field in fields(Rule))}
    known |= set(re.findall(_SNAKE, config.example())) | set(read_toml("wording.toml")["check"])
    known |= {path.stem for path in (ROOT / "rules" / "recipflow_rules").glob("*.toml")}
    known |= {str(rule["id"]) for rule in read_toml("gift_limits.toml")["rule"]}
    known |= set(FACTS)
    for block in _fenced(ROOT / "docs" / "files-and-json.md", "json"):
        known |= set(re.findall(_SNAKE, block))
    said = {word for code in _INLINE.findall(_text(*PAGES)) for word in _SNAKE.findall(code)}
    assert sorted(said - known - {"recipflow_rules", "message_id"}) == []


def test_scripts_are_told_of_every_kind_of_nudge() -> None:
    told = _text(ROOT / "docs" / "files-and-json.md").partition("\nKinds: ")[2].partition(".\n")[0]
    assert _INLINE.findall(told) == [*NudgeKind]


@pytest.mark.parametrize("page", PROSE, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target, anchor in _LINK.findall(_text(page)):
        there = (page.parent / target).resolve() if target else page
        assert there.exists(), target
        if anchor:
            assert anchor in {_anchor(line) for line in _text(there).splitlines() if line.startswith("#")}, (
                anchor
            )


def test_every_file_and_test_named_in_the_docs_is_there() -> None:
    said = set(_INLINE.findall(_text(*(page for page in PROSE if page.name != "CHANGELOG.md"))))
    named = {
        one.split("`")[0] for one in said if re.fullmatch(r"[\w.-]+(?:/[\w.-]+)+\.(?:py|md|toml|sql)", one)
    }
    here = (ROOT, ROOT / "recipflow", ROOT / "bench")
    made_by_the_reader = {"home/rules/village.toml"}
    assert [
        one for one in sorted(named - made_by_the_reader) if not any((at / one).exists() for at in here)
    ] == []
    tests = "".join(page.read_text(encoding="utf-8") for page in (ROOT / "tests").rglob("test_*.py"))
    assert [
        one for one in sorted(said) if re.fullmatch(r"test_\w+", one) and f"def {one}(" not in tests
    ] == []


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    index = _text(folder / "README.md")
    assert [one.name for one in folder.glob("0*.md") if f"({one.name})" not in index] == []


def test_the_json_in_the_docs_has_the_keys_that_are_printed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = told(capsys, tmp_path, monkeypatch, correspondence())
    key = shell.json("today")["nudges"][0]["key"]
    commands: dict[str, tuple[str, ...]] = {
        "today": ("today",),
        "contacts": ("contacts",),
        "show": ("show", DANA),
        "why": ("why", key),
        "why-not": ("why-not", DANA),
        "doctor": ("doctor",),
    }
    page = _text(ROOT / "docs" / "files-and-json.md")
    only_in_try, only_in_today = {"guessed", "set_aside_reasons"}, {"last_sync", "questions"}
    for name, words in commands.items():
        section = page.split(f"`recipflow {name} ", 1)[1]
        documented = json.loads(_FENCED.findall(section)[0][1])
        assert _shape(shell.json(*words)) - only_in_today <= _shape(documented) | only_in_try, name
        assert documented.keys() - only_in_try <= shell.json(*words).keys(), name


def _keys(table: Mapping[str, Any]) -> Iterator[str]:
    for key, value in table.items():
        yield key
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                yield from _keys(inner)


def _shape(value: object) -> set[str]:
    """Every key in it, but those that are data: kinds of machine, codes of languages."""
    if isinstance(value, list):
        return set().union(*map(_shape, value))
    if not isinstance(value, dict):
        return set()
    data = {"machine_kinds", "unread_languages", "set_aside_reasons"}
    return set(value).union(*(_shape(inner) for key, inner in value.items() if key not in data))


def _anchor(heading: str) -> str:
    """As GitHub makes them."""
    return re.sub(r"[^\w\- ]", "", heading.lstrip("# ").lower()).replace(" ", "-")
