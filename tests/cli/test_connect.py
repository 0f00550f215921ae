"""`recipflow connect` and `disconnect`, as somebody with a mailbox at a real server would use them."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import EntryPoint
from importlib.metadata import entry_points as really_installed
from pathlib import Path
from typing import Any

import pytest

from recipflow import config, connector
from recipflow.connector import Proposed, Secrets, Talk
from recipflow.errors import AuthNeeded
from recipflow.home import find
from tests.cli.running import Shell
from tests.connectors.dovecot import PASSWORD, Dovecot
from tests.letters import ANN, correspondence
from tests.test_secrets import Ring

Given = Mapping[str, Any]
Vaults = Callable[[str], Secrets]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECIPFLOW_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("RECIPFLOW_PASSWORD", raising=False)
    return tmp_path / "home"


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], home: Path) -> Shell:
    shell = Shell(capsys)
    shell.run("init", "--tz", "UTC", "--yes")
    return shell


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
    (account,) = config.load(path).accounts
    assert (account.settings["since_days"], account.settings["drafts"]) == (30, True)
    assert "# enough" in path.read_text()


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


class TestStrangers:
    """What signing in to a mailbox and a calendar at once comes to, with a provider of our own making."""

    @pytest.fixture(autouse=True)
    def _installed(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        def entry_points(*, group: str) -> Sequence[EntryPoint]:
            ours = {
                connector.SIGN_IN_GROUP: [EntryPoint("gmail", f"{__name__}:village_sign_in", group)],
                connector.GROUP: [
                    EntryPoint(one, f"{__name__}:Village", group) for one in ("post", "events")
                ],
            }
            return [*really_installed(group=group), *ours[group]]

        monkeypatch.setattr("recipflow.connector.entry_points", entry_points)
        connector._loaded.cache_clear()
        Village.revoked = 0
        yield
        connector._loaded.cache_clear()

    @pytest.mark.parametrize("quotes", [False, True])
    def test_where_leave_was_given_it_is_asked_once_what_to_deliver(
        self, shell: Shell, home: Path, monkeypatch: pytest.MonkeyPatch, quotes: bool
    ) -> None:
        asked: list[str] = []

        def confirm(question: str, **_: object) -> bool:
            asked.append(question)
            return quotes if question.startswith("Quote") else "desktop" not in question

        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        monkeypatch.setattr("typer.prompt", lambda _, default="", **__: default)
        monkeypatch.setattr("typer.confirm", confirm)
        shell.run("connect", "gmail", "--allow", "digest", "--allow", "reminders")
        settings = config.load(home / "config.toml")
        assert (settings.digest.via, settings.reminders.via) == ("post", "events")
        assert settings.digest.detail.value == ("quotes" if quotes else "names")
        assert not settings.notices.enabled
        assert len(asked) == 4
        shell.run("connect", "gmail", "--allow", "digest", "--allow", "reminders")
        assert len(asked) == 4

    def test_without_leave_nothing_is_asked_and_nothing_goes_out(self, shell: Shell, home: Path) -> None:
        shell.run("connect", "gmail", "--yes")
        settings = config.load(home / "config.toml")
        assert (settings.digest.via, settings.reminders.via) == ("", "")

    def test_both_accounts_share_a_vault_until_the_last_one_goes(self, shell: Shell, home: Path) -> None:
        said = shell.run("connect", "gmail", "--yes")
        assert "post: 12 messages" in said
        tables = config.load(home / "config.toml").accounts
        assert [(one.name, one.vault) for one in tables] == [
            ("post", "village:ann"),
            ("events", "village:ann"),
        ]
        assert "events uses them, too" in shell.run("disconnect", "post", "--yes")
        assert Village.revoked == 0
        assert "taken back at the provider" in shell.run("disconnect", "events", "--yes")
        assert Village.revoked == 1
        assert list((home / "tokens").rglob("*")) == []

    def test_what_cannot_be_taken_back_is_told_and_removed_all_the_same(
        self, shell: Shell, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shell.run("connect", "gmail", "--name", "x", "--yes")
        shell.run("disconnect", "post", "--yes")
        monkeypatch.setattr(
            Village, "fault", AuthNeeded("The village is closed.", command="recipflow connect gmail")
        )
        assert "could not be taken back" in shell.run("disconnect", "events", "--yes")
        assert list((home / "tokens").rglob("*")) == []

    def test_explaining_needs_nothing_and_changes_nothing(
        self, shell: Shell, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("RECIPFLOW_HOME", str(tmp_path / "elsewhere"))
        monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
        assert "First, walk to the village." in shell.run("connect", "gmail", "--explain")
        assert not (tmp_path / "elsewhere").exists()

    def test_secrets_go_to_the_keyring_if_there_is_one(
        self, shell: Shell, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import keyring

        before, ring = keyring.get_keyring(), Ring()
        keyring.set_keyring(ring)
        try:
            shell.run("connect", "gmail", "--yes")
            assert ("recipflow", "village:ann token") in ring.entries
            shell.run("disconnect", "post", "--yes")
            shell.run("disconnect", "events", "--yes")
            assert ring.entries == {}
        finally:
            keyring.set_keyring(before)
        assert not (home / "tokens").exists()


class Village:
    """An account of the village's."""

    revoked = 0
    fault: Exception | None = None

    def __init__(self, settings: Given, secrets: Secrets) -> None:
        self._secrets = secrets

    def revoke(self) -> None:
        assert self._secrets.get("token") == "t" * 5_000
        if self.fault:
            raise self.fault
        Village.revoked += 1


def village_sign_in(talk: Talk, vaults: Vaults, given: Given) -> Sequence[Proposed]:
    if given.get("explain"):
        talk.say("First, walk to the village.")
        return []
    assert "password" not in given
    vaults("village:ann").put("token", "t" * 5_000)
    may = given.get("allow") or ()
    return [
        Proposed(
            name=name,
            connector=name,
            vault="village:ann",
            settings={"allow": [what]} if what in may else {},
            seen=seen,
            mine=(ANN,),
        )
        for name, seen, what in (("post", "12 messages", "digest"), ("events", "3 calendars", "reminders"))
    ]


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
