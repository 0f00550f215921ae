"""What signing in to a mailbox and a calendar at once comes to, with a provider of our own making."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import EntryPoint
from importlib.metadata import entry_points as really_installed
from pathlib import Path
from typing import Any

import pytest

from recipflow import config, connector, secrets
from recipflow.connector import Proposed, Secrets, Talk
from recipflow.errors import AuthNeeded, UserError
from tests.cli.connected import home, shell
from tests.cli.running import Shell
from tests.letters import ANN
from tests.test_secrets import Ring

__all__ = ["home", "shell"]

Given = Mapping[str, Any]
Vaults = Callable[[str], Secrets]


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def entry_points(*, group: str) -> Sequence[EntryPoint]:
        ours = {
            connector.SIGN_IN_GROUP: [EntryPoint("gmail", f"{__name__}:village_sign_in", group)],
            connector.GROUP: [EntryPoint(one, f"{__name__}:Village", group) for one in ("post", "events")],
        }
        return [*really_installed(group=group), *ours[group]]

    monkeypatch.setattr("recipflow.connector.entry_points", entry_points)
    connector._loaded.cache_clear()
    Village.revoked = 0
    yield
    connector._loaded.cache_clear()


@pytest.mark.parametrize("quotes", [False, True])
def test_where_leave_was_given_it_is_asked_once_what_to_deliver(
    shell: Shell, home: Path, monkeypatch: pytest.MonkeyPatch, quotes: bool
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


def test_without_leave_nothing_is_asked_and_nothing_goes_out(shell: Shell, home: Path) -> None:
    shell.run("connect", "gmail", "--yes")
    settings = config.load(home / "config.toml")
    assert (settings.digest.via, settings.reminders.via) == ("", "")


def test_both_accounts_share_a_vault_until_the_last_one_goes(shell: Shell, home: Path) -> None:
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
    shell: Shell, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.run("connect", "gmail", "--name", "x", "--yes")
    shell.run("disconnect", "post", "--yes")
    monkeypatch.setattr(
        Village, "fault", AuthNeeded("The village is closed.", command="recipflow connect gmail")
    )
    assert "could not be taken back" in shell.run("disconnect", "events", "--yes")
    assert list((home / "tokens").rglob("*")) == []


def test_explaining_needs_nothing_and_changes_nothing(
    shell: Shell, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RECIPFLOW_HOME", str(tmp_path / "elsewhere"))
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    assert "First, walk to the village." in shell.run("connect", "gmail", "--explain")
    assert not (tmp_path / "elsewhere").exists()


def test_secrets_go_to_the_keyring_if_there_is_one(
    shell: Shell, home: Path, monkeypatch: pytest.MonkeyPatch
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


def test_what_goes_out_by_an_account_that_is_disconnected_is_told_and_goes_out_no_more(
    shell: Shell, home: Path
) -> None:
    shell.run("connect", "gmail", "--allow", "digest", "--allow", "reminders", "--yes")
    config.change(home / "config.toml", {"digest.via": "post", "reminders.via": "events"})
    said = shell.run("disconnect", "post", "--yes")
    assert "The digest goes out by this account" in said
    said = shell.run("disconnect", "events", "--yes")
    assert "recipflow calendar clean" in said
    settings = config.load(home / "config.toml")
    assert (settings.digest.via, settings.reminders.via, settings.accounts) == ("", "", ())
    assert list((home / "tokens").rglob("*")) == []


def test_signing_in_anew_takes_no_leave_away(shell: Shell, home: Path) -> None:
    shell.run("connect", "gmail", "--allow", "digest", "--yes")
    shell.run("connect", "gmail", ANN, "--allow", "reminders", "--yes")
    allowed = [one.settings["allow"] for one in config.load(home / "config.toml").accounts]
    assert allowed == [["digest"], ["reminders"]]


def test_leave_that_is_lost_without_an_address_is_told(shell: Shell, home: Path) -> None:
    shell.run("connect", "gmail", "--allow", "digest", "--yes")
    said = " ".join(shell.run("connect", "gmail", "--yes").split())
    assert "So far it had leave to write, too (digest): not this time." in said
    assert f"To have that again: recipflow connect gmail {ANN} --allow digest" in said
    assert not any(one.settings["allow"] for one in config.load(home / "config.toml").accounts)


@pytest.mark.parametrize(("stop", "code"), [(KeyboardInterrupt(), 130), (UserError("No."), 1)])
def test_signing_in_anew_that_is_broken_off_leaves_all_as_it_was(
    shell: Shell, home: Path, monkeypatch: pytest.MonkeyPatch, stop: BaseException, code: int
) -> None:
    shell.run("connect", "gmail", "--yes")
    settings, vault = home / "config.toml", secrets.vault("village:ann", home / "tokens", secrets.Keep.AUTO)
    settings.write_bytes(b"\xef\xbb\xbf" + settings.read_bytes().replace(b"\n", b"\r\n"))
    before = settings.read_bytes()
    vault.put("token", "what let in before")

    def confirm(*_: object, **__: object) -> bool:
        raise stop

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.confirm", confirm)
    shell.run("connect", "gmail", "--allow", "digest", code=code)
    assert "Nothing was connected." in shell.err
    assert (settings.read_bytes(), vault.get("token")) == (before, "what let in before")


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
            settings={"address": ANN, "allow": [what] if what in may else []},
            seen=seen,
            mine=(ANN,),
        )
        for name, seen, what in (("post", "12 messages", "digest"), ("events", "3 calendars", "reminders"))
    ]
