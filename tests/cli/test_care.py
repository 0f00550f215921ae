"""rebuild and doctor: what is derived can be made again, and what is not in order is told with what mends it."""

from __future__ import annotations

import json
import os
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from recipflow import config
from recipflow.daemon.lock import held
from recipflow.store import Store
from tests.cli.told import Told, told
from tests.letters import ANN, correspondence


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    return told(capsys, tmp_path, monkeypatch, correspondence())


def problems(shell: Told) -> list[dict[str, str]]:
    shell.run("doctor", "--json", code=1)
    found: list[dict[str, str]] = json.loads(shell.out)["problems"]
    return found


def test_rebuilding_comes_out_as_it_was_also_after_words_and_days(shell: Told) -> None:
    assert "all is as it was, bit for bit" in shell.run("rebuild", "--verify")
    shell.run("log", "dana", "give", "help", "carried a door")
    shell.run("never", "kwame")
    shell.at += timedelta(days=40)
    before = shell.standing()
    assert "bit for bit" in shell.run("rebuild", "--verify")
    assert "Computed anew for 2 people." in shell.run("rebuild")
    assert shell.standing() == before


def test_what_comes_out_otherwise_is_named(shell: Told) -> None:
    with sqlite3.connect(shell.home / "recipflow.db") as db:
        db.execute("UPDATE relationship SET state = '{}' WHERE contact LIKE 'dana%'")
    db.close()
    said = shell.run("rebuild", "--verify", code=1)
    assert "relationship: dana@harbour.example" in said
    shell.run("rebuild", "--verify")


def test_what_another_state_of_the_code_made_is_made_anew_and_is_no_mistake(shell: Told) -> None:
    with sqlite3.connect(shell.home / "recipflow.db") as db:
        (note,) = db.execute("SELECT value FROM meta WHERE key = 'read_by'").fetchone()
        other = json.dumps(["other code", *json.loads(note)[1:]])
        db.execute("UPDATE meta SET value = ? WHERE key = 'read_by'", [other])
        db.execute("UPDATE relationship SET state = '{}' WHERE contact LIKE 'dana%'")
    db.close()
    assert "all is as it was, bit for bit" in shell.run("rebuild", "--verify")


def test_a_healthy_home_is_said_to_be_in_order(shell: Told) -> None:
    said = shell.run("doctor")
    assert said.endswith("All is in order.")
    assert "messages from people" in said
    report = shell.json("doctor")
    assert (report["ok"], report["problems"]) == (True, [])
    assert report["accounts"][0]["last_sync"]
    assert report["rules"] > 50
    assert report["read"]["unread_languages"] == {"it": 1}


def test_whether_it_runs_by_itself_is_said(shell: Told) -> None:
    assert "The daemon is not installed as a service, and does not run now." in shell.run("doctor")
    with held(shell.home / "recipflow.db"):
        assert f"runs as process {os.getpid()}." in shell.run("doctor")
        assert shell.json("doctor")["daemon"] == {"installed": False, "process": os.getpid()}


def test_what_stopped_for_its_settings_is_not_sent_to_doctor_by_doctor(shell: Told) -> None:
    table = {"name": "post", "connector": "imap", "vault": "mail:ann", "address": ANN, "host": "127.0.0.1"}
    config.append(shell.home / "config.toml", "accounts", table)
    config.change(shell.home / "config.toml", {"secrets": "keyring"})
    shell.run("sync")
    (found,) = [one for one in problems(shell) if one["problem"].startswith("post: ")]
    assert "no keyring can be used here" in found["problem"]
    assert found["command"] == f"edit {shell.home / 'config.toml'}"
    shell.run("doctor", "--online", code=1)
    assert "recipflow doctor\n" not in shell.out


def test_a_digest_that_was_not_taken_is_told_at_once_with_why(shell: Told) -> None:
    config.change(
        shell.home / "config.toml", {"digest.via": f"file:{shell.home / 'config.toml' / 'page.html'}"}
    )
    shell.run("digest", "--send-now", code=1)
    (told,) = [one for one in problems(shell) if "did not go out" in one["problem"]]
    assert "page.html: cannot be written" in told["problem"]
    assert told["command"] == "recipflow digest --send-now"


def test_what_a_provider_allows_is_said(shell: Told) -> None:
    table = {"name": "post", "connector": "gmail", "vault": "google:ann", "units_per_minute": 4_000}
    config.append(shell.home / "config.toml", "accounts", table)
    with Store(shell.home / "recipflow.db") as store:
        store.accounts.ensure("post", "gmail")
    assert "it keeps to 4,000 units a minute" in shell.run("doctor", code=1)


def test_each_problem_comes_with_what_mends_it(shell: Told) -> None:
    shell.at += timedelta(days=30)
    (problem,) = problems(shell)
    assert problem == {"problem": "mail was last read 30 days ago.", "command": "recipflow sync"}


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps both in the user's profile")
def test_files_that_others_can_read_are_found_and_each_is_named_once(shell: Told) -> None:
    (shell.home / "config.toml").chmod(0o644)
    shell.home.chmod(0o755)
    assert sorted(one["command"].split()[1] for one in problems(shell)) == ["600", "700"]


def test_every_problem_of_the_config_is_listed(shell: Told) -> None:
    with (shell.home / "config.toml").open("a") as file:
        file.write("\n[[contacts]]\naddresses = []\ncolour = 1\n")
    assert len(problems(shell)) == 2
    assert all(one["command"].startswith("edit ") for one in problems(shell))


def test_what_is_wrong_with_an_account_is_told_beside_what_else_is_wrong_in_the_file(shell: Told) -> None:
    with (shell.home / "config.toml").open("a") as file:
        file.write('\n[[accounts]]\nname = "post"\nconnector = "imapp"\n[[groups]]\ncolour = 1\n')
    told = [one["problem"] for one in problems(shell)]
    assert any("groups[1].colour" in one for one in told)
    assert any(one.startswith("post: There is no connector 'imapp'.") for one in told)


def test_an_account_that_takes_the_digest_and_is_set_up_wrongly_is_told_once(shell: Told) -> None:
    path = shell.home / "config.toml"
    config.append(path, "accounts", {"name": "out", "connector": "smtp", "host": "mail.example.org"})
    config.change(path, {"digest.via": "out"})
    wrong = [one["problem"] for one in problems(shell) if "smtp" in one["problem"]]
    assert len(wrong) == 1
    shell.run("digest", "--send-now", code=1)
    assert shell.err.startswith("out: smtp.address: ")


def test_an_account_that_only_sends_and_was_mended_is_in_trouble_no_more(shell: Told) -> None:
    path = shell.home / "config.toml"
    config.append(path, "accounts", {"name": "out", "connector": "smtp", "host": "mail.example.org"})
    shell.run("sync")
    assert "out does not go on" in shell.run("today")
    config.change_account(path, "out", {"address": ANN})
    shell.run("sync")
    assert "does not go on" not in shell.run("today")


def test_broken_rules_of_the_users_own_are_found(shell: Told) -> None:
    (shell.home / "rules").mkdir()
    (shell.home / "rules" / "mine.toml").write_text("[[rule]]\nid = 'x'\n")
    assert {one["command"] for one in problems(shell)} == {"recipflow rules test"}


def test_rules_of_the_users_own_that_fail_their_examples_are_not_used(shell: Told) -> None:
    (shell.home / "rules").mkdir()
    (shell.home / "rules" / "mine.toml").write_text(
        'language = "en"\n[[rule]]\nid = "cat"\nact = "give"\ntext = ["i fed your cat"]\n'
        'because = "you fed their cat"\nmatches = ["I fed your dog."]\nnot = ["Fed up."]\n'
    )
    assert "cat: must match, and does not: 'I fed your dog.'" in problems(shell)[0]["problem"]
    before = shell.standing()
    shell.run("sync", code=1)
    assert "must match" in shell.err
    assert shell.standing() == before != []


def test_a_damaged_database_is_told(shell: Told) -> None:
    (shell.home / "recipflow.db").write_bytes(b"no database at all, but long enough to look at" * 40)
    assert "is not a recipflow database" in problems(shell)[0]["problem"]


def test_an_empty_home_is_told_how_to_begin(
    shell: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECIPFLOW_HOME", str(tmp_path / "nothing"))
    assert [one["command"] for one in problems(shell)] == ["recipflow init"]
    shell.run("rebuild", code=1)
    shell.run("init", "--me", ANN, "--yes")
    assert {one["command"] for one in problems(shell)} == {"recipflow connect files PATH"}


@pytest.mark.parametrize("command", ["rebuild", "doctor"])
def test_each_has_help_with_an_example(shell: Told, command: str) -> None:
    assert f"Example: recipflow {command}" in shell.run(command, "--help")
