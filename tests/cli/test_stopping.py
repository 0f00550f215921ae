"""Ctrl-C at a question: exit code 130, one line, and nothing is half done."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from recipflow import config
from recipflow.store import Store
from tests.cli.connected import home, shell
from tests.cli.running import Shell
from tests.connectors import test_smtp as smtp
from tests.letters import ANN, DANA, correspondence, mailbox

__all__ = ["home", "shell"]

Typing = Callable[..., None]


class _Keyboard(io.StringIO):
    """Somebody who types these lines, and then Ctrl-C."""

    def isatty(self) -> bool:
        return True

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
        line = super().readline(size)
        if not line:
            raise KeyboardInterrupt
        return line


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Typing:
    """Whoever is at the keyboard answers so, and stops at the question after."""

    def install(*answers: str) -> None:
        monkeypatch.setattr("sys.stdin", _Keyboard("".join(f"{one}\n" for one in answers)))

    return install


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    return mailbox(tmp_path / "mail.mbox", correspondence())


def stopped(shell: Shell) -> str:
    """The one line that is said besides the questions."""
    lines = shell.err.splitlines()
    assert lines[0] == ""
    assert len(lines) == 2
    return lines[1]


def test_init_that_is_stopped_makes_nothing(
    shell: Shell, typed: Typing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECIPFLOW_HOME", str(tmp_path / "other"))
    typed(ANN)
    shell.run("init", code=130)
    assert stopped(shell) == "Stopped."
    assert not (tmp_path / "other").exists()


def test_files_of_which_the_question_is_left_open_are_not_connected(
    shell: Shell, home: Path, mail: Path, typed: Typing
) -> None:
    before = (home / "config.toml").read_bytes()
    typed()
    shell.run("connect", "files", mail, code=130)
    assert stopped(shell) == "Stopped."
    assert (home / "config.toml").read_bytes() == before


def test_forgetting_that_is_stopped_forgets_nobody(
    shell: Shell, home: Path, mail: Path, typed: Typing
) -> None:
    shell.run("connect", "files", mail, "--yes")
    shell.run("sync")
    typed()
    shell.run("forget", "dana", code=130)
    with Store(home / "recipflow.db") as store:
        assert DANA in str(list(store.export()))


def test_a_no_is_no_stop(shell: Shell, mail: Path, typed: Typing) -> None:
    shell.run("connect", "files", mail, "--yes")
    shell.run("sync")
    typed("n")
    shell.run("forget", "dana", code=1)


def test_who_was_said_to_be_private_before_the_stop_is_gone_at_once(
    shell: Shell, home: Path, mail: Path, typed: Typing
) -> None:
    shell.run("connect", "files", mail, "--yes")
    shell.run("sync")
    typed("p")
    shell.run("init", "--people", code=130)
    assert stopped(shell) == f"Stopped. Noted for 1 in {home / 'config.toml'}."
    (said,) = config.load(home / "config.toml").contacts
    assert said.tags == ("private",)
    with Store(home / "recipflow.db") as store:
        assert said.addresses[0] not in str(list(store.export()))


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_an_account_whose_last_question_is_left_open_is_not_connected_and_keeps_no_password(
    shell: Shell, home: Path, tmp_path: Path, typed: Typing
) -> None:
    before = (home / "config.toml").read_bytes()
    (tmp_path / "password").write_text(smtp.PASSWORD)
    with smtp.served(smtp.Post()) as port:
        where = ("--host", "127.0.0.1", "--port", port, "--security", "plain", "--name", "sending")
        typed("y")
        shell.run("connect", "smtp", smtp.ANN, *where, "--password-file", tmp_path / "password", code=130)
    assert "Quote other people's sentences in it?" in shell.out
    assert stopped(shell) == "Stopped. Nothing was connected."
    assert (home / "config.toml").read_bytes() == before
    assert not list((home / "tokens").rglob("*.secret"))
