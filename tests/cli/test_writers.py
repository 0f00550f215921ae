"""Somebody sends mail in the user's name: it is asked whose it is, and counts as theirs until it is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from recipflow import config
from tests.cli.connected import home, shell
from tests.cli.running import Shell
from tests.letters import ANN, DANA, INES, KWAME, letter, mailbox

__all__ = ["home", "shell"]

PAT = "pat@haven.example"
THANKS = "Hello Dana,\n\nThank you so much for all your help with the plan.\n\nAnn"


@pytest.fixture
def read(shell: Shell, tmp_path: Path) -> Shell:
    """Ann's mail, of which Pat sent two in Ann's name; a list Ann writes to names itself as their Sender."""
    mails = [
        letter(0, ANN, DANA, "Hi Dana,\n\nhow are you?\n\nAnn"),
        letter(1, DANA, ANN, "Hi Ann,\n\nI rewrote the whole plan for you.\n\nDana"),
        letter(2, ANN, DANA, THANKS, day=1, Sender=f"Pat <{PAT}>"),
        letter(
            3, ANN, KWAME, "Hello Kwame,\n\nI'll send you the drawings by Monday.\n\nAnn", day=2, Sender=PAT
        ),
        letter(
            4, ANN, INES, "Hi all,\n\nthe paint is here.\n\nAnn", day=3, Sender="team-bounces@lists.example"
        ),
    ]
    shell.run("init", "--me", ANN, "--yes")
    shell.run("connect", "files", mailbox(tmp_path / "mail.mbox", mails), "--yes")
    return shell


def test_sync_and_doctor_ask_whose_it_is_and_say_what_to_write(read: Shell) -> None:
    said = read.run("sync")
    assert f"{PAT} sent 2 mails in your name" in said
    assert f'assistants = {{ "{PAT}" = true }}' in said
    assert PAT not in read.run("sync")
    assert f"{PAT} sent 2 mails in your name" in read.run("doctor")
    assert read.json("doctor")["writers"] == {PAT: 2}


def test_it_counts_as_theirs_until_it_is_said_and_then_as_the_users_from_the_beginning(
    read: Shell, home: Path
) -> None:
    read.run("sync")
    assert "Thank you so much" not in read.run("show", DANA)
    file = home / "config.toml"
    config.change(file, {"me.assistants": {PAT: True}})
    assert f'assistants = {{"{PAT}" = true}}\n# How you sign' in file.read_text()
    assert "Thank you so much" in read.run("show", DANA)
    assert "bit for bit" in read.run("rebuild", "--verify")
    assert PAT not in read.run("doctor")
    config.change(file, {"me.assistants": {PAT: False}})
    assert "Thank you so much" not in read.run("show", DANA)
    assert PAT not in read.run("doctor")


def test_who_turns_out_to_be_the_user_writes_as_the_user(read: Shell) -> None:
    read.run("sync")
    read.run("init", "--me", PAT, "--yes")
    assert "Thank you so much" in read.run("show", DANA)
    assert "in your name" not in read.run("doctor")


def test_a_list_of_assistants_is_of_those_whose_mail_does_not_count(read: Shell, home: Path) -> None:
    file = home / "config.toml"
    file.write_text(file.read_text().replace("assistants = {}", f'assistants = ["{PAT}"]'))
    assert config.load(file).me.assistants == {PAT: False}
    assert PAT not in read.run("sync")
