"""`recipflow connect` and `disconnect`, as somebody with a mailbox at a real server would use them."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from recipflow import config, connector
from recipflow.connector import Proposed, Secrets, Talk
from recipflow.errors import AuthNeeded
from recipflow.home import find
from recipflow.session import pulling
from tests.cli.connected import home, shell
from tests.cli.running import Shell
from tests.connectors import test_smtp as smtp
from tests.connectors.dovecot import PASSWORD, Dovecot
from tests.letters import ANN, correspondence

__all__ = ["home", "shell"]

Given = Mapping[str, Any]
Vaults = Callable[[str], Secrets]


@pytest.fixture
def at_server(imap_server: Dovecot, tmp_path: Path) -> tuple[object, ...]:
    """The options that lead to Ann's mailbox, in which her letters lie."""
    user = tmp_path.name
    for mail in correspondence():
        folder = "Sent" if mail["From"].endswith(f"<{ANN}>") else "INBOX"
        imap_server.append(user, folder, mail.as_bytes(), datetime.now(UTC))
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n")
    where = ("--host", "127.0.0.1", "--port", imap_server.port, "--security", "plain", "--user", user)
    return (*where, "--password-file", file)


def test_a_mailbox_is_connected_synced_and_disconnected(
    shell: Shell, home: Path, at_server: tuple[object, ...]
) -> None:
    said = shell.run("connect", "imap", ANN, *at_server, "--yes")
    assert f"{ANN}: 6 messages since" in said
    assert "2 people you wrote to" in said
    (account,) = config.load(home / "config.toml").accounts
    assert (account.name, account.connector, account.vault) == (ANN, "imap", f"mail:{ANN}")
    assert config.load(home / "config.toml").me.addresses == (ANN,)
    assert "6 new messages" in shell.run("sync")
    assert "Nothing new" in shell.run("sync")
    assert "All is in order" in shell.run("doctor")
    assert "What was read stays" in shell.run("disconnect", ANN, "--yes")
    assert config.load(home / "config.toml").accounts == ()
    assert list((home / "tokens").rglob("*")) == []
    assert "interaction" in shell.run("export")


def test_what_only_sends_and_what_is_disconnected_do_not_hold_up_the_digest(
    shell: Shell, home: Path, at_server: tuple[object, ...]
) -> None:
    shell.run("connect", "imap", ANN, *at_server, "--yes")
    server = {"address": ANN, "host": "127.0.0.1", "security": "plain", "vault": f"mail:{ANN}"}
    config.append(home / "config.toml", "accounts", {"name": "sending", "connector": "smtp"} | server)
    shell.run("sync")
    assert "Your mail was last read on" in shell.run("today")
    assert "All is in order" in shell.run("doctor")
    shell.run("disconnect", ANN, "--yes")
    assert "not read to its end yet" in shell.run("today")
    assert shell.json("doctor")["accounts"] == []


def test_a_try_of_everything_tells_only_of_what_it_tried_and_how_to_try_again_what_is_out_of_reach(
    shell: Shell, home: Path, at_server: tuple[object, ...]
) -> None:
    shell.run("connect", "imap", ANN, *at_server, "--name", "mail", "--yes")
    server = {"address": ANN, "host": "127.0.0.1", "security": "plain", "vault": f"mail:{ANN}"}
    away = {"url": "http://127.0.0.1:1/", "user": "ann", "vault": f"mail:{ANN}", "allow": ["reminders"]}
    config.append(home / "config.toml", "accounts", {"name": "sending", "connector": "smtp"} | server)
    shell.run("sync")  # before there is an account that it would wait for
    config.append(home / "config.toml", "accounts", {"name": "away", "connector": "caldav"} | away)
    config.change(home / "config.toml", {"reminders.via": "away"})
    shell.run("doctor", "--online", code=1)
    assert "mail answers." in shell.out
    assert "sending answers." not in shell.out
    (told,) = [line for line in shell.out.split("\n\n") if line.startswith("reminders: ")]
    assert told.splitlines()[-1].strip() == "recipflow doctor --online"


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_server_to_send_by_is_no_mailbox_to_read_next(shell: Shell, home: Path, tmp_path: Path) -> None:
    (tmp_path / "password").write_text(smtp.PASSWORD)
    with smtp.served(smtp.Post()) as port:
        words = ("--host", "127.0.0.1", "--port", port, "--security", "plain", "--name", "sending", "--yes")
        said = shell.run("connect", "smtp", smtp.ANN, *words, "--password-file", tmp_path / "password")
        assert said.endswith(
            'Next: via = "sending" below [digest] in config.toml, and then: recipflow digest'
        )
        config.change(home / "config.toml", {"digest.via": "sending"})
        said = shell.run(
            "connect", "smtp", smtp.ANN, *words[:-3], "--yes", "--password-file", tmp_path / "password"
        )
        assert said.endswith("Next: recipflow digest")


def test_no_secret_stands_anywhere_but_in_the_vault(
    shell: Shell, home: Path, at_server: tuple[object, ...], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        shell.run("connect", "imap", ANN, *at_server, "--yes")
        shell.run("sync")
    said = shell.out + shell.err + caplog.text
    lies_in = [path for path in home.rglob("*") if path.is_file() and PASSWORD.encode() in path.read_bytes()]
    assert [path.name for path in lies_in] == ["password.secret"]
    assert PASSWORD not in said


def test_connecting_again_signs_in_anew_and_keeps_what_the_user_wrote(
    shell: Shell, home: Path, at_server: tuple[object, ...]
) -> None:
    shell.run("connect", "imap", ANN, *at_server, "--name", "work", "--yes")
    path = home / "config.toml"
    path.write_text(path.read_text() + "since_days = 30  # enough\n")
    assert "Connected already as 'work'" in shell.run("connect", "imap", ANN, *at_server, "--drafts", "--yes")
    shell.run("connect", "imap", ANN, *at_server, "--yes")
    (account,) = config.load(path).accounts
    assert (account.settings["since_days"], account.settings["drafts"]) == (30, True)
    assert "# enough" in path.read_text()


def test_the_command_that_doctor_names_signs_in_anew_where_the_server_was_named_once(
    shell: Shell, home: Path, at_server: tuple[object, ...]
) -> None:
    shell.run("connect", "imap", ANN, *at_server, "--name", "work", "--yes")
    shell.run("sync")
    for secret in (home / "tokens").rglob("*.secret"):
        secret.unlink()
    shell.run("sync", code=1)
    assert f"recipflow connect imap {ANN}" in shell.run("doctor", code=1)
    before = (home / "config.toml").read_text()
    shell.run("connect", "imap", ANN, *at_server[-2:], "--yes")
    assert (home / "config.toml").read_text() == before
    assert "work: " not in shell.run("doctor")


def test_what_did_not_move_along_is_named_before_anything_is_read(
    shell: Shell, home: Path, at_server: tuple[object, ...]
) -> None:
    shell.run("connect", "imap", ANN, *at_server, "--name", "work", "--yes")
    for secret in (home / "tokens").rglob("*.secret"):
        secret.unlink()
    said = shell.run("doctor", code=1)
    assert "work: There is no password or token for it on this computer." in said
    assert f"recipflow connect imap {ANN}" in said


def test_a_wrong_password_writes_nothing_and_says_what_to_type(
    shell: Shell, home: Path, at_server: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (home / "config.toml").read_bytes()
    monkeypatch.setenv("RECIPFLOW_PASSWORD", "mistaken")
    shell.run("connect", "imap", ANN, *at_server[:-2], "--yes", code=1)
    assert "does not let" in shell.err
    assert f"Then: recipflow connect imap {ANN}" in shell.err
    assert "mistaken" not in shell.err
    assert (home / "config.toml").read_bytes() == before
    assert not (home / "tokens").exists()


def test_where_nothing_is_asked_the_password_comes_from_a_file(
    shell: Shell, at_server: tuple[object, ...]
) -> None:
    shell.run("connect", "imap", ANN, *at_server[:-2], "--yes", code=1)
    assert "--password-file" in shell.err


def test_aliases_are_named_and_not_taken_unasked(
    shell: Shell, home: Path, at_server: tuple[object, ...], imap_server: Dovecot, tmp_path: Path
) -> None:
    other = correspondence()[0].as_bytes().replace(ANN.encode(), b"office@haven.example")
    imap_server.append(tmp_path.name, "Sent", other, datetime.now(UTC))
    said = shell.run("connect", "imap", ANN, *at_server, "--yes")
    assert "Perhaps yours, too: office@haven.example" in said
    assert config.load(home / "config.toml").me.addresses == (ANN,)


def test_a_microsoft_address_is_sent_to_microsofts_own_sign_in(shell: Shell) -> None:
    shell.run("connect", "imap", "ann@outlook.com", "--yes", code=1)
    assert "Then: recipflow connect outlook ann@outlook.com" in shell.err


def test_an_unknown_account_cannot_be_disconnected(shell: Shell) -> None:
    shell.run("disconnect", "anna", "--yes", code=1)
    assert "Connected: none" in shell.err


def test_without_an_argument_and_a_keyboard_the_ways_are_listed(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    said = shell.run("connect")
    for way in ("files", "imap", "outlook", "gmail", "caldav", "ics", "smtp"):
        assert f" {way} " in said


def test_at_a_keyboard_the_easiest_way_is_offered_first(
    shell: Shell, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "Mail").mkdir()
    answers = iter([1, str(tmp_path / "Mail"), "y"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: next(answers))
    monkeypatch.setattr("typer.confirm", lambda *_, **__: True)
    said = shell.run("connect")
    assert (
        said.index("Mail on this computer") < said.index("app password") < said.index("signing in at Google")
    )
    assert [one.connector for one in config.load(home / "config.toml").accounts] == ["files"]


def test_what_a_server_says_does_not_command_the_terminal(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sign_in(talk: Talk, _vaults: Vaults, _given: Given) -> Sequence[Proposed]:
        talk.say("Left out: \x1b]0;owned\x07Shared")
        assert talk.confirm("Read the calendar “\x1b[2JWork”, too?", default=True)
        settings = {"address": ANN, "host": "127.0.0.1"}
        return [Proposed(name=ANN, connector="imap", vault="", settings=settings, seen="1 calendar: \x1b[2J")]

    monkeypatch.setattr(connector, "load_sign_in", lambda _: sign_in)
    shell.run("connect", "imap", "--yes")
    assert "\x1b" not in shell.out

    def refuse(*_: object) -> Sequence[Proposed]:
        raise AuthNeeded("It says: \x1b[2J", command="recipflow connect imap")

    monkeypatch.setattr(connector, "load_sign_in", lambda _: refuse)
    shell.run("connect", "imap", "--yes", code=1)
    assert "It says:" in shell.err
    assert "\x1b" not in shell.err


def test_every_command_of_connect_has_help_and_an_example(shell: Shell) -> None:
    for way in ("files", "imap", "outlook", "gmail", "caldav", "ics", "smtp"):
        assert f"Example: recipflow connect {way}" in shell.run("connect", way, "--help")


def test_a_home_without_config_is_told_to_begin(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RECIPFLOW_HOME", str(tmp_path / "none"))
    shell = Shell(capsys)
    shell.run("connect", "imap", ANN, "--yes", code=1)
    assert "recipflow init" in shell.err
    assert not find(os.environ).config.exists()


def test_without_a_home_nothing_is_offered_first(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RECIPFLOW_HOME", str(tmp_path / "none"))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    shell = Shell(capsys)
    shell.run("connect", code=1)
    assert "recipflow init" in shell.err
    assert "Where are your mail" not in shell.out


def test_an_address_that_is_none_is_asked_for_again(
    shell: Shell, home: Path, at_server: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    keyboard = StringIO(f"{ANN} foo\n{ANN}, office@haven.example\n")
    monkeypatch.setattr(keyboard, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdin", keyboard)
    monkeypatch.setattr("typer.confirm", lambda *_, **__: False)
    said = shell.run("connect", "imap", ANN, *at_server)
    assert "'foo' is no address" in said
    assert config.load(home / "config.toml").me.addresses == (ANN, "office@haven.example")


def test_whoever_sends_in_the_users_name_is_named_and_asked_about(
    shell: Shell,
    home: Path,
    at_server: tuple[object, ...],
    imap_server: Dovecot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = correspondence()[0].as_bytes()
    imap_server.append(tmp_path.name, "Sent", b"Sender: Pat <Pat@haven.example>\r\n" + raw, datetime.now(UTC))
    said = shell.run("connect", "imap", ANN, *at_server, "--yes")
    assert "pat@haven.example sent 1 mail in your name: that does not count as yours" in said
    asked: list[str] = []

    def leave_it(question: str, *, default: bool) -> bool:
        asked.append(question)
        return default

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.confirm", leave_it)
    for _ in range(2):
        shell.run("connect", "imap", ANN, *at_server, "--no-drafts")
    assert asked == [
        "pat@haven.example sent 1 mail in your name, as an assistant does. Does that count as yours?"
    ]
    assert config.load(home / "config.toml").me.assistants == {"pat@haven.example": False}


def test_while_a_provider_is_away_sync_says_what_it_waits_for(
    shell: Shell, home: Path, at_server: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.run("connect", "imap", ANN, *at_server, "--yes")
    config.change_account(home / "config.toml", ANN, {"port": 1})
    terminal = StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr(pulling, "sleep", lambda _: None)
    monkeypatch.setattr("recipflow.cli.render.monotonic", count(step=1).__next__)
    shell.run("sync", code=1)
    assert "127.0.0.1:1: connection refused; again in " in terminal.getvalue()


def test_nothing_is_left_behind_by_somebody_who_stops_halfway(
    shell: Shell, home: Path, at_server: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> bool:
        raise KeyboardInterrupt

    before = (home / "config.toml").read_bytes()
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.confirm", stop)
    shell.run("connect", "imap", ANN, *at_server, code=130)
    assert (home / "config.toml").read_bytes() == before
    assert not list((home / "tokens").rglob("*.secret"))


def test_notices_are_asked_about_once_where_drafts_may_be_looked_at(
    shell: Shell, home: Path, at_server: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def yes(question: str, *, default: bool) -> bool:
        asked.append(question)
        return not default

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.confirm", yes)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: ANN)
    for _ in range(2):
        said = shell.run("connect", "imap", ANN, *at_server)
    assert [one for one in asked if "desktop" in one] == [
        "Tell you on the desktop what cannot wait, like an ask in a draft that is too much?"
    ]
    assert config.load(home / "config.toml").notices.enabled
    assert "notices are on" not in said


def test_who_lets_drafts_be_looked_at_and_is_not_asked_hears_what_else_it_takes(
    shell: Shell, home: Path, at_server: tuple[object, ...]
) -> None:
    said = shell.run("connect", "imap", ANN, *at_server, "--drafts", "--yes")
    assert "Your drafts are looked at once notices are on" in said
    config.change(home / "config.toml", {"notices.enabled": True})
    assert "notices are on" not in shell.run("connect", "imap", ANN, *at_server, "--yes")
