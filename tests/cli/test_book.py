"""merge, split, forget, export: the book of contacts follows the user's word, and forgets without a trace."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from recipflow import config
from recipflow.errors import UserError
from recipflow.home import find
from recipflow.session import Session
from tests.cli.told import Told, told
from tests.letters import ANN, DANA, INES, KWAME, NAMES, correspondence, letter, mailbox

DANA_AT_HOME = "dana.ruiz@home.example"


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    monkeypatch.setitem(NAMES, DANA_AT_HOME, "Dana Ruiz")
    return told(capsys, tmp_path, monkeypatch, two_addresses())


def two_addresses() -> list[EmailMessage]:
    """Dana writes from home, too."""
    return [
        *correspondence(),
        letter(7, DANA_AT_HOME, ANN, "Could you send me the colours of the door by Friday?", day=9),
        letter(
            8, ANN, DANA_AT_HOME, "Here are the colours of the door, I drew them for you.", day=10, answers=7
        ),
    ]


def test_a_merged_ledger_is_the_one_that_had_been_one_from_the_start(
    shell: Told, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.run("merge", DANA, DANA_AT_HOME)
    merged = shell.ledger(DANA)
    assert merged["contact"]["addresses"] == [DANA, DANA_AT_HOME]
    assert [one["id"] for one in shell.json("contacts")["contacts"]].count(DANA_AT_HOME) == 0
    (tmp_path / "other").mkdir()
    other = told(capsys, tmp_path / "other", monkeypatch, two_addresses())
    config.append(other.home / "config.toml", "contacts", {"addresses": [DANA, DANA_AT_HOME]})
    other.run("rebuild")
    assert other.ledger(DANA) == merged


def test_splitting_restores_both_and_so_does_undo(shell: Told) -> None:
    before = (shell.ledger(DANA), shell.ledger(DANA_AT_HOME), shell.standing())
    shell.run("merge", DANA, DANA_AT_HOME)
    shell.run("undo")
    assert (shell.ledger(DANA), shell.ledger(DANA_AT_HOME), shell.standing()) == before
    shell.run("merge", DANA, DANA_AT_HOME)
    shell.run("split", DANA_AT_HOME)
    assert (shell.ledger(DANA), shell.ledger(DANA_AT_HOME), shell.standing()) == before


def test_what_was_logged_with_either_is_in_the_merged_ledger(shell: Told) -> None:
    shell.run("log", DANA_AT_HOME, "give", "help", "carried the door")
    shell.run("merge", DANA, DANA_AT_HOME)
    assert "carried the door" in {one["quote"] for one in shell.ledger(DANA)["ledger"]}


def test_what_was_snoozed_of_the_other_one_stays_snoozed_and_undo_gives_it_its_own_life_back(
    shell: Told,
) -> None:
    shell.at += timedelta(days=2)
    mine = letter(9, DANA_AT_HOME, ANN, "Could you send me the price of the paint?", day=11)
    mailbox(shell.mbox, [mine], "ab")
    shell.run("sync")
    key = shell.key("reply_owed", DANA_AT_HOME)
    shell.run("snooze", key, "--until", "2099-01-01")
    assert "reply_owed" not in shell.kinds(DANA_AT_HOME)
    shell.run("merge", DANA, DANA_AT_HOME)
    assert "reply_owed" in {one["kind"] for one in shell.json("today")["nudges"] if not one["shown"]}
    assert "reply_owed" not in shell.kinds(DANA)
    shell.run("undo")
    assert "reply_owed" not in shell.kinds(DANA_AT_HOME)
    shell.run("undo")
    assert shell.key("reply_owed", DANA_AT_HOME) == key


def test_what_was_snoozed_stays_snoozed_when_config_toml_says_whose_address_it_is(shell: Told) -> None:
    shell.at += timedelta(days=2)
    mine = letter(9, DANA_AT_HOME, ANN, "Could you send me the price of the paint?", day=11)
    mailbox(shell.mbox, [mine], "ab")
    shell.run("sync")
    shell.run("snooze", shell.key("reply_owed", DANA_AT_HOME), "--until", "2099-01-01")
    config.append(shell.home / "config.toml", "contacts", {"addresses": [DANA, DANA_AT_HOME]})
    assert "reply_owed" in {one["kind"] for one in shell.json("today")["nudges"] if not one["shown"]}
    assert "reply_owed" not in shell.kinds(DANA)


@pytest.fixture
def owing(shell: Told) -> Told:
    """Dana waits for an answer at her address at home."""
    shell.at += timedelta(days=2)
    mine = letter(9, DANA_AT_HOME, ANN, "Could you send me the price of the paint?", day=11)
    mailbox(shell.mbox, [mine], "ab")
    shell.run("sync")
    return shell


def shown_times(shell: Told, contact: str) -> int:
    """On how many of the next five mornings the answer owed is told of."""
    times = 0
    for _ in range(5):
        shell.at += timedelta(days=1)
        shell.run("today")
        times += "reply_owed" in shell.kinds(contact)
    return times


def test_who_is_merged_is_told_of_three_times_in_all(owing: Told) -> None:
    owing.run("today")
    assert "reply_owed" in owing.kinds(DANA_AT_HOME)
    owing.run("merge", DANA, DANA_AT_HOME)
    assert shown_times(owing, DANA) == 2


@pytest.mark.parametrize("said", ["split", "config.toml", "undo"])
def test_who_is_parted_is_told_of_three_times_in_all(owing: Told, said: str) -> None:
    config_toml = owing.home / "config.toml"
    before = config_toml.read_text(encoding="utf-8")
    if said == "config.toml":
        config.append(config_toml, "contacts", {"addresses": [DANA, DANA_AT_HOME]})
    else:
        owing.run("merge", DANA, DANA_AT_HOME)
    owing.run("today")
    owing.at += timedelta(days=1)
    owing.run("today")
    assert "reply_owed" in owing.kinds(DANA)
    if said == "config.toml":
        config_toml.write_text(before, encoding="utf-8")
    else:
        owing.run(*(("split", DANA_AT_HOME) if said == "split" else ("undo",)))
    assert shown_times(owing, DANA_AT_HOME) == 1


def test_what_was_snoozed_stays_snoozed_when_the_main_address_is_somebody_elses(owing: Told) -> None:
    owing.run("merge", DANA, DANA_AT_HOME)
    owing.run("snooze", owing.key("reply_owed", DANA), "--until", "2099-01-01")
    owing.run("split", DANA)
    assert "reply_owed" not in owing.kinds(DANA_AT_HOME)
    owing.run("undo")
    assert "reply_owed" not in owing.kinds(DANA)


def test_an_address_never_written_to_can_be_merged(shell: Told) -> None:
    shell.run("merge", "kwame", INES)
    assert shell.ledger("kwame")["contact"]["addresses"] == [KWAME, INES]


def test_two_people_of_one_name_stay_two(shell: Told) -> None:
    ids = [one["id"] for one in shell.json("contacts")["contacts"]]
    assert {DANA, DANA_AT_HOME} <= set(ids)
    shell.run("show", "Dana Ruiz", code=1)
    assert "may be one of 2" in shell.err


def test_merging_and_splitting_what_makes_no_sense_is_told(shell: Told) -> None:
    shell.run("merge", DANA, DANA, code=1)
    assert "one person already" in shell.err
    shell.run("split", KWAME, code=1)
    assert "has no other address" in shell.err
    shell.run("split", "nobody@x.example", code=1)
    assert "No contact has the address" in shell.err


def test_of_somebody_forgotten_nothing_is_left_in_any_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = letter(9, DANA, ANN, "Dana Ruiz here again.", day=3)
    del secret["Message-ID"], secret["Subject"]
    secret["Message-ID"], secret["Subject"] = "<marigold.1@harbour.example>", "Marigold plans"
    answer = letter(10, KWAME, ANN, "Dana Ruiz told me about it.", day=4)
    answer["In-Reply-To"] = "<marigold.1@harbour.example>"
    answer["References"] = "<marigold.1@harbour.example>"
    shell = told(capsys, tmp_path, monkeypatch, [*correspondence(), secret, answer])
    config.append(shell.home / "config.toml", "contacts", {"addresses": [DANA], "name": "Dana Ruiz"})
    shell.run("log", "dana", "give", "help", "Marigold on the phone")
    shell.run("snooze", shell.key("thank", DANA))
    assert found(shell.home, "marigold", DANA, "dana ruiz") == {"marigold", DANA, "dana ruiz"}
    shell.run("forget", "dana", "--yes")
    assert found(shell.home, "marigold", DANA, "dana ruiz", "letter 2") == set()
    assert [one["id"] for one in shell.json("contacts")["contacts"]] == [KWAME]
    shell.run("rebuild", "--verify")


def test_the_next_sync_does_not_bring_somebody_forgotten_back(shell: Told) -> None:
    shell.run("forget", DANA, "--yes")
    mailbox(shell.mbox, [letter(20, DANA, ANN, "It is me again.", day=13)], "ab")
    shell.run("sync")
    assert DANA not in [one["id"] for one in shell.json("contacts")["contacts"]]
    assert found(shell.home, DANA, "it is me again") == set()


def test_somebody_never_answered_can_be_forgotten_by_address(shell: Told) -> None:
    shell.run("forget", INES, "--yes")
    assert found(shell.home, INES, "molto bello") == set()


def test_forgetting_takes_whoever_is_named_out_of_the_log_in_one_step(
    shell: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = find(os.environ).logs
    log.parent.mkdir(parents=True, exist_ok=True)
    old = log.with_name(f"{log.name}.1")
    log.write_text(f'{{"message": "read {DANA}"}}\n{{"message": "slept"}}\n')
    old.write_text(f'{{"message": "woke"}}\n{{"message": "{DANA.upper()} wrote"}}\n')

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        shell.run("forget", DANA, "--yes", code=1)
    assert log.read_text().count("\n") == 2
    shell.run("forget", DANA, "--yes")
    assert log.read_text() == '{"message": "slept"}\n'
    assert old.read_text() == '{"message": "woke"}\n'


def test_forgetting_asks_where_there_is_a_keyboard_and_refuses_where_there_is_none(shell: Told) -> None:
    shell.run("forget", "kwame", code=1)
    assert "add --yes" in shell.err
    shell.run("forget", ANN, "--yes", code=1)
    assert "That is you." in shell.err
    assert KWAME in [one["id"] for one in shell.json("contacts")["contacts"]]


def test_everything_is_written_out_as_json_lines_for_the_users_eyes_only(shell: Told, tmp_path: Path) -> None:
    shell.run("log", "kwame", "give", "help", "painted")
    shell.run("export")
    rows = [json.loads(line) for line in shell.out.splitlines()]
    assert {"interaction", "party", "decision", "account"} <= {row["table"] for row in rows}
    out = tmp_path / "saved.jsonl"
    shell.run("export", "--out", out)
    assert [json.loads(line) for line in out.read_text().splitlines()] == rows
    if os.name == "posix":
        assert out.stat().st_mode & 0o777 == 0o600
    shell.run("export", "--out", out, code=1)
    assert "is there already" in shell.err


@pytest.mark.parametrize("command", ["merge", "split", "forget", "export"])
def test_each_has_help_with_an_example(shell: Told, command: str) -> None:
    assert f"Example: recipflow {command}" in shell.run(command, "--help")


def found(folder: Path, *words: str) -> set[str]:
    """Those of the words that stand in any file there, whatever the case."""
    everything = b"".join(file.read_bytes().lower() for file in folder.rglob("*") if file.is_file())
    return {word for word in words if word.encode() in everything}


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are told by /proc")
def test_a_command_that_finds_the_configuration_at_fault_leaves_no_database_open(shell: Told) -> None:
    config.append(shell.home / "config.toml", "contacts", {"addresses": [DANA], "gift_rule": "nobody's"})
    with pytest.raises(UserError, match="gift_rule"):
        Session.open(find(os.environ))
    held = list(Path("/proc/self/fd").iterdir())
    assert not [one for one in held if "recipflow.db" in str(one.resolve())]
