"""`recipflow init` and `connect`: what is written, what is guessed, and that nothing is done twice."""

from __future__ import annotations

import io
import os
import stat
from pathlib import Path

import pytest

from recipflow import config
from recipflow.cli import introductions
from recipflow.home import find
from recipflow.session import Session
from recipflow.store import Store
from tests.cli.running import Shell
from tests.letters import ANN, DANA, KWAME, calendar, correspondence, mailbox


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECIPFLOW_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], home: Path) -> Shell:
    return Shell(capsys)


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    return mailbox(tmp_path / "mail.mbox", correspondence())


def test_init_makes_config_and_database_for_the_user_alone(shell: Shell, home: Path) -> None:
    shell.run("init", "--me", ANN, "--me", "Ann@Home.example", "--tz", "Europe/Lisbon", "--hour", 6, "--yes")
    settings = config.load(home / "config.toml")
    assert settings.me.addresses == (ANN, "ann@home.example")
    assert (settings.me.tz, settings.digest.hour) == ("Europe/Lisbon", 6)
    assert (home / "recipflow.db").exists()
    if os.name == "posix":
        assert {stat.S_IMODE(path.stat().st_mode) for path in home.iterdir()} == {0o600}
        assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_init_again_changes_what_is_given_and_leaves_the_rest(shell: Shell, home: Path) -> None:
    shell.run("init", "--me", ANN, "--yes")
    path = home / "config.toml"
    path.write_text(path.read_text().replace("hour = 7", "hour = 5  # early"))
    shell.run("init", "--me", "ann@home.example", "--yes")
    assert "hour = 5  # early" in path.read_text()
    assert config.load(path).me.addresses == (ANN, "ann@home.example")


@pytest.mark.parametrize(
    "wrong", [("--me", "ann"), ("--me", ANN, "--tz", "Europe/Lisboa"), ("--me", ANN, "--hour", "24")]
)
def test_what_is_wrong_is_refused_before_anything_is_written(
    shell: Shell, home: Path, wrong: tuple[str, ...]
) -> None:
    shell.run("init", *wrong, "--yes", code=1 if "--tz" in wrong else 2)
    assert shell.err
    assert not home.exists()


def test_without_a_keyboard_yes_is_asked_for(
    shell: Shell, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    shell.run("init", "--me", ANN, code=1)
    assert "--yes" in shell.err
    assert not home.exists()


class _Keyboard(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_an_answer_that_config_cannot_hold_is_asked_for_again(
    shell: Shell, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = ["ann", ANN, "Europe/Lissabon", "Europe/Lisbon", "noon", "24", "8"]
    monkeypatch.setattr("sys.stdin", _Keyboard("\n".join(typed) + "\n"))
    shown = shell.run("init")
    settings = config.load(home / "config.toml")
    assert (settings.me.addresses, settings.me.tz, settings.digest.hour) == ((ANN,), "Europe/Lisbon", 8)
    assert 'must be a time zone like Europe/Lisbon, is "Europe/Lissabon"' in shown
    assert "must be 0–23, is 24" in shown


def test_a_home_that_cannot_be_made_is_named_with_the_way_out(shell: Shell, home: Path) -> None:
    home.write_text("a file")
    shell.run("init", "--me", ANN, "--yes", code=1)
    assert shell.err.startswith(f"{home} cannot be written: ")
    assert "RECIPFLOW_HOME may name another folder" in shell.err


def test_connect_says_what_it_sees_and_appends_one_account(
    shell: Shell, home: Path, mail: Path, tmp_path: Path
) -> None:
    shell.run("init", "--me", ANN, "--yes")
    path = home / "config.toml"
    path.write_text(path.read_text() + "\n# mine\n")
    shown = shell.run("connect", "files", mail, calendar(tmp_path / "c.ics"), "--yes")
    assert f"{mail}: 6 messages, 2026-03 to 2026-03" in shown
    assert "c.ics: 1 meeting, 2026-03 to 2026-03" in shown
    (account,) = config.load(path).accounts
    assert (account.name, account.connector) == ("mail", "files")
    assert account.settings == {"paths": [str(mail), str(tmp_path / "c.ics")]}
    assert "# mine" in path.read_text()


def test_connecting_the_same_again_changes_nothing(shell: Shell, home: Path, mail: Path) -> None:
    shell.run("init", "--me", ANN, "--yes")
    shell.run("connect", "files", mail, "--yes")
    before = (home / "config.toml").read_bytes()
    assert f"Connected already: {mail}" in shell.run("connect", "files", mail, "--yes")
    assert (home / "config.toml").read_bytes() == before


def test_a_second_account_gets_a_name_of_its_own(
    shell: Shell, home: Path, mail: Path, tmp_path: Path
) -> None:
    shell.run("init", "--me", ANN, "--yes")
    (tmp_path / "old").mkdir()
    shell.run("connect", "files", mail, "--yes")
    shell.run("connect", "files", mailbox(tmp_path / "old" / "mail.mbox", correspondence()), "--yes")
    names = [account.name for account in config.load(home / "config.toml").accounts]
    assert names == ["mail", "mail-2"]


def test_whose_mail_it_is_is_guessed_told_and_kept(shell: Shell, home: Path, mail: Path) -> None:
    shell.run("init", "--yes")
    assert f"Yours: {ANN} (sender of 2 of 2 sent messages)" in shell.run("connect", "files", mail, "--yes")
    assert config.load(home / "config.toml").me.addresses == (ANN,)


@pytest.mark.parametrize("name", ["nowhere.mbox", "notes.pdf"])
def test_what_holds_no_mail_is_refused_and_nothing_is_written(
    shell: Shell, home: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / "notes.pdf").write_bytes(b"%PDF-1.4")
    shell.run("init", "--me", ANN, "--yes")
    before = (home / "config.toml").read_bytes()
    shell.run("connect", "files", tmp_path / name, "--yes", code=1)
    assert name in shell.err
    assert (home / "config.toml").read_bytes() == before


@pytest.mark.skipif(os.name != "posix", reason="elsewhere all names are Unicode")
def test_a_name_that_no_toml_can_hold_is_refused_kindly(shell: Shell, tmp_path: Path) -> None:
    shell.run("init", "--me", ANN, "--yes")
    shell.run("connect", "files", tmp_path / os.fsdecode(b"caf\xe9.mbox"), "--yes", code=1)
    assert "its name is not UTF-8" in shell.err


def test_an_empty_folder_may_fill_later(shell: Shell, home: Path, tmp_path: Path) -> None:
    (tmp_path / "Mail").mkdir()
    shell.run("init", "--me", ANN, "--yes")
    assert "Mail: nothing in it yet" in shell.run("connect", "files", tmp_path / "Mail", "--yes")
    assert len(config.load(home / "config.toml").accounts) == 1


def test_connect_and_sync_before_init_point_to_it(shell: Shell, mail: Path) -> None:
    for words in (["connect", "files", mail, "--yes"], ["sync"], ["today"]):
        shell.run(*words, code=1)
        assert "recipflow init" in shell.err


def test_the_people_written_to_most_are_asked_about_once(
    shell: Shell, home: Path, mail: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.run("init", "--me", ANN, "--yes")
    shell.run("connect", "files", mail, "--yes")
    shell.run("sync")
    answers = iter(["c", "p"])
    monkeypatch.setattr(introductions, "_ask", lambda question: next(answers))
    with Session.open(find(os.environ)) as session:
        assert [person.id for person, _ in introductions.most_frequent(session)] == [DANA, KWAME]
        introductions.introduce(session)
        assert introductions.most_frequent(session) == []
    said = {one.addresses[0]: one for one in config.load(home / "config.toml").contacts}
    assert (said[DANA].profile, said[KWAME].tags) == ("close", ("private",))


def test_who_becomes_private_is_erased_and_stays_away(shell: Shell, home: Path, mail: Path) -> None:
    shell.run("init", "--me", ANN, "--yes")
    shell.run("connect", "files", mail, "--yes")
    shell.run("sync")
    config.append(home / "config.toml", "contacts", {"addresses": [KWAME], "tags": ["private"]})
    mailbox(mail, correspondence()[3:4], "ab")
    shell.run("sync")
    with Store(home / "recipflow.db") as store:
        assert KWAME not in str(list(store.export()))
        assert store.counts().messages == 4
