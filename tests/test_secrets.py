"""Where secrets lie: for the user alone, whole after a crash, and never shown."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import keyring
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

from recipflow import secrets
from recipflow.errors import TryLater, UserError
from recipflow.secrets import Keep, keyrings
from recipflow.secrets.files import FileVault
from recipflow.secrets.keyrings import KeyringVault

LONG = "".join(chr(33 + number % 90) for number in range(9_000))
WINDOWS_BYTES = 2_560


class Ring(KeyringBackend):
    """A keyring as small as that of Windows, which can be closed, and can break at a given write."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.entries: dict[tuple[str, str], str] = {}
        self.closed = False
        self.writes_left = 10_000

    def get_password(self, service: str, username: str) -> str | None:
        if self.closed:
            raise KeyringLocked("the user pressed Cancel")
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        assert len(password.encode("utf-16-le")) <= WINDOWS_BYTES
        self.writes_left -= 1
        if self.writes_left < 0:
            raise ConnectionError("the computer went down")
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.entries.pop((service, username), None) is None:
            raise PasswordDeleteError


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ring]:
    """A desktop with a keyring."""
    monkeypatch.setenv("DISPLAY", ":0")
    before, made = keyring.get_keyring(), Ring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.fixture
def no_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "PYTHON_KEYRING_BACKEND"):
        monkeypatch.delenv(name, raising=False)


def test_a_file_is_for_the_user_alone(tmp_path: Path) -> None:
    kept = FileVault(tmp_path / "tokens", "mail:ann@haven.example")
    kept.put("password", "hunter2 ")
    assert kept.get("password") == "hunter2 "
    if os.name == "posix":
        for path in (tmp_path / "tokens").rglob("*"):
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


@given(
    vault=st.text(min_size=1, max_size=30), name=st.text(min_size=1, max_size=30), value=st.text(max_size=300)
)
def test_any_name_and_any_secret_can_be_kept_in_a_file(
    tmp_path_factory: pytest.TempPathFactory, vault: str, name: str, value: str
) -> None:
    tokens = tmp_path_factory.mktemp("tokens")
    try:
        vault.encode(), name.encode(), value.encode()
    except UnicodeEncodeError:
        return
    kept = FileVault(tokens, vault)
    kept.put(name, value)
    assert (FileVault(tokens, vault).get(name), kept.names()) == (value, (name,))
    assert all(tokens in path.parents for path in tokens.rglob("*"))
    kept.drop(name)
    assert (kept.get(name), list(tokens.rglob("*"))) == (None, [])


def test_what_a_crash_left_of_a_secret_goes_with_the_vault(tmp_path: Path) -> None:
    kept = FileVault(tmp_path, "mail:ann")
    kept.put("password", "hunter2")
    (folder,) = tmp_path.iterdir()
    (folder / "password.secret.new-4711").write_text("hunter3")
    (folder / "token.secret.new-4711").write_text("half of i")
    secrets.empty("mail:ann", tmp_path, Keep.FILE)
    assert list(tmp_path.iterdir()) == []


def test_vaults_do_not_mix(tmp_path: Path) -> None:
    FileVault(tmp_path, "mail:ann").put("password", "a")
    assert FileVault(tmp_path, "mail:bo").get("password") is None


@pytest.mark.parametrize("value", ["", "short", "x" * 1_200, LONG, LONG[:-1], "ключ " * 400])
def test_a_keyring_gives_back_what_was_put_however_long(ring: Ring, value: str) -> None:
    KeyringVault("google:ann", ring).put("token", value)
    again = KeyringVault("google:ann", ring)
    assert (again.get("token"), again.names()) == (value, ("token",))


def test_nothing_stays_in_the_keyring_of_what_was_dropped(ring: Ring) -> None:
    kept = KeyringVault("google:ann", ring)
    for value in (LONG, "short", LONG[:3_000], LONG):
        kept.put("token", value)
        assert kept.get("token") == value
    kept.drop("token")
    assert ring.entries == {}


@pytest.mark.parametrize("survived", range(9))
def test_a_crash_while_writing_leaves_the_old_secret_or_the_new_one(ring: Ring, survived: int) -> None:
    kept = KeyringVault("google:ann", ring)
    kept.put("token", LONG)
    ring.writes_left = survived
    with pytest.raises(ConnectionError):
        kept.put("token", LONG[::-1])
    assert kept.get("token") == LONG


def test_with_a_keyring_no_file_is_written(ring: Ring, tmp_path: Path) -> None:
    secrets.vault("mail:ann", tmp_path, Keep.AUTO).put("password", "hunter2")
    assert list(tmp_path.iterdir()) == []
    assert "hunter2" in str(ring.entries)
    assert secrets.vault("mail:ann", tmp_path, Keep.AUTO).get("password") == "hunter2"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a screen")
def test_without_a_screen_a_file_is_written_and_stays_in_use(
    ring: Ring, no_screen: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets.vault("mail:ann", tmp_path, Keep.AUTO).put("password", "hunter2")
    assert ring.entries == {}
    monkeypatch.setenv("DISPLAY", ":0")
    at_home = secrets.vault("mail:ann", tmp_path, Keep.AUTO)
    assert at_home.get("password") == "hunter2"
    at_home.put("password", "hunter3")
    assert FileVault(tmp_path, "mail:ann").get("password") == "hunter3"


def test_file_means_file(ring: Ring, tmp_path: Path) -> None:
    secrets.vault("mail:ann", tmp_path, Keep.FILE).put("password", "hunter2")
    assert ring.entries == {}


def test_keyring_means_keyring_and_says_when_there_is_none(tmp_path: Path) -> None:
    from keyring.backends.fail import Keyring as NoRing

    before = keyring.get_keyring()
    keyring.set_keyring(NoRing())  # type: ignore[no-untyped-call]
    try:
        with pytest.raises(UserError, match='secrets = "auto" or "file"'):
            secrets.vault("mail:ann", tmp_path, Keep.KEYRING)
        secrets.vault("mail:ann", tmp_path, Keep.AUTO).put("password", "hunter2")
        assert FileVault(tmp_path, "mail:ann").get("password") == "hunter2"
    finally:
        keyring.set_keyring(before)


def test_a_closed_keyring_is_tried_again_later(ring: Ring, tmp_path: Path) -> None:
    ring.closed = True
    with pytest.raises(TryLater, match="closed"):
        secrets.vault("mail:ann", tmp_path, Keep.AUTO).get("password")


def test_a_keyring_that_waits_for_somebody_does_not_hold_up_what_runs_alone(
    ring: Ring, no_screen: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    never = Event()
    monkeypatch.setattr(keyrings, "HASTE", 0.05)
    monkeypatch.setattr(keyrings, "PATIENCE", 0.05)
    monkeypatch.setattr(ring, "get_password", lambda service, name: never.wait(5))
    with pytest.raises(TryLater, match="does not answer"):
        KeyringVault("mail:ann", ring).get("password")
    never.set()


def test_emptying_a_vault_empties_both_places(ring: Ring, tmp_path: Path) -> None:
    FileVault(tmp_path, "mail:ann").put("old", "1")
    KeyringVault("mail:ann", ring).put("token", LONG)
    KeyringVault("mail:bo", ring).put("token", "2")
    secrets.empty("mail:ann", tmp_path, Keep.AUTO)
    assert list(tmp_path.iterdir()) == []
    assert KeyringVault("mail:bo", ring).get("token") == "2"
    assert not any("mail:ann" in name for _, name in ring.entries)


def test_no_secret_shows_in_what_a_vault_looks_like(ring: Ring, tmp_path: Path) -> None:
    for keep in Keep:
        kept = secrets.vault("mail:ann", tmp_path, keep)
        kept.put("password", "hunter2")
        assert "hunter2" not in f"{kept!r} {kept} {vars(kept)}"
    assert "hunter2" not in repr(secrets.vault("", tmp_path, Keep.AUTO))


def test_a_damaged_file_says_what_to_do(tmp_path: Path) -> None:
    kept = FileVault(tmp_path, "mail:ann")
    kept.put("password", "x")
    next(tmp_path.rglob("*.secret")).write_bytes(b"\xff\xfe")
    with pytest.raises(UserError, match="Connect the account again"):
        kept.get("password")
