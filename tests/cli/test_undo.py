"""`recipflow undo` takes back every word: the ledgers and tables after it are those from before, row for row."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from recipflow.cli.commands import COMMANDS
from tests.cli.told import Told, told
from tests.letters import ANN, DANA, KWAME, correspondence, letter

BO = "bo@mole.example"
PAGE = Path(__file__).parents[2] / "docs" / "when-it-is-wrong.md"


def mails() -> Iterator[Any]:
    """As `correspondence`, and a sentence that is asked about."""
    yield from correspondence()
    yield letter(60, ANN, BO, "Hello Bo, the shop opens in May. Ann")
    yield letter(61, BO, ANN, "Hi Ann,\n\nThe shop sounds nice. Bring the blue folder along.\n\nBo", day=10)


def rows(home: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row, but for words that were taken back; those stay, as taken back."""
    with sqlite3.connect(home / "recipflow.db") as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: sorted(db.execute(f"SELECT * FROM {name}"), key=repr) for name in names}
    db.close()
    return found | {"decision": [row for row in found["decision"] if row[-1] is None]}


def words(shell: Told) -> Iterator[tuple[str, ...]]:
    """Every command by which the user says something; the keys are those of what stands when it is asked for."""
    yield "log", "give", "dana", "lunch", "--amount", "80", "EUR"
    yield "log", KWAME, "asked", "help", "the ladder"
    yield "correct", "2@letters.example", "dana", "give", "gift", "--size", "3"
    yield "correct", "2@letters.example", "dana", "give", "--not"
    yield "correct", "2@letters.example", "dana", "--not-them"
    question = shell.json("today")["questions"][0]["key"]
    yield "yes", question
    yield "no", question
    thank = shell.key("thank", DANA)
    yield "done", thank
    for because in ("not-a-favour", "wrong-person", "already-handled", "not-mine"):
        yield "wrong", thank, "--because", because
    yield "snooze", thank, "--days", "7"
    yield "dismiss", thank
    yield "never", "dana"
    yield "never", "kiosk.example"
    yield "plan", "dana", "--ask", "a line for my site", "--by", "2026-12-18", "--give", "a bottle of wine"
    yield "plan", "new@example.org", "--ask", "a talk"
    yield "contacts", "add", "ada@example.org", "--name", "Ada Lang"
    yield "merge", DANA, KWAME


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    return told(capsys, tmp_path, monkeypatch, mails())


def settled(shell: Told) -> dict[str, list[tuple[Any, ...]]]:
    shell.json("today")
    return rows(shell.home)


def test_undo_takes_back_every_word_and_all_that_followed_from_it(shell: Told) -> None:
    before = settled(shell)
    for word in words(shell):
        shell.run(*word)
        assert settled(shell) != before, word
        shell.run("undo")
        assert settled(shell) == before, word


def test_undo_takes_back_that_what_is_old_was_put_away(shell: Told) -> None:
    shell.at += timedelta(days=80)
    before = settled(shell)
    shell.run("catch-up", "--dismiss")
    assert settled(shell) != before
    shell.run("undo")
    assert settled(shell) == before


def test_undo_takes_back_what_takes_back_something_else(shell: Told) -> None:
    shell.run("merge", DANA, KWAME)
    shell.run("plan", "dana", "--ask", "a line for my site")
    shell.run("yes", shell.json("today")["questions"][0]["key"])
    before = settled(shell)
    number = re.findall(r"^ *(\d+)  ", (shell.run("rules", "learned"), shell.out)[1], re.MULTILINE)[0]
    for word in (("split", KWAME), ("plan", "drop", "dana"), ("rules", "learned", "--drop", number)):
        shell.run(*word)
        assert settled(shell) != before, word
        shell.run("undo")
        assert settled(shell) == before, word
    for _ in range(3):
        shell.run("undo")
    shell.run("undo", code=1)


def test_the_page_says_of_every_command_whether_it_can_be_taken_back(shell: Told) -> None:
    text = PAGE.read_text(encoding="utf-8")
    table = text[text.index("| command |") :].partition("\n\n")[0]
    cells = [line.split(" | ")[0] for line in table.splitlines()[2:]]
    named = {name for cell in cells for name in re.findall(r"`([a-z-]+)", cell)}
    assert named == {one.name for one in COMMANDS}
    undone = {
        name
        for line in table.splitlines()[2:]
        if line.split(" | ")[1].startswith("yes")
        for name in re.findall(r"`([a-z-]+)", line.split(" | ")[0])
    }
    assert {word[0] for word in words(shell)} | {"catch-up", "split", "rules"} == undone
