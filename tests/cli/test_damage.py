"""What the command line says when the database is damaged or in use: what it is, and what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from recipflow.store import database
from recipflow.store.unusable import why
from tests.cli.running import Shell
from tests.letters import ANN, correspondence, mailbox

PAGE = 4096


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECIPFLOW_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], home: Path, tmp_path: Path) -> Shell:
    """After a sync."""
    shell = Shell(capsys)
    shell.run("init", "--me", ANN, "--tz", "Europe/Lisbon", "--yes")
    shell.run("connect", "files", mailbox(tmp_path / "mail.mbox", correspondence()), "--yes")
    shell.run("sync")
    return shell


def test_doctor_names_a_damaged_database_and_what_mends_it(shell: Shell, home: Path) -> None:
    path = home / "recipflow.db"
    whole = path.read_bytes()
    path.write_bytes(
        whole[: 8 * PAGE] + bytes(b ^ 0xA5 for b in whole[8 * PAGE : 18 * PAGE]) + whole[18 * PAGE :]
    )
    shell.run("rebuild", code=1)
    assert shell.err.startswith("The database cannot be used:")
    assert "recipflow doctor" in shell.err
    assert "is damaged" in shell.run("doctor", code=1)
    assert "recipflow.db.damaged && recipflow sync" in " ".join(shell.out.split())


def test_a_database_another_process_is_writing_to_is_no_mistake_of_ours(
    shell: Shell, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(home / "recipflow.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        shell.run("never", "dana", code=1)
        other.execute("ROLLBACK")
    assert "wait until it is done" in shell.err


def test_doctor_says_what_mends_a_database_that_does_not_even_open(shell: Shell, home: Path) -> None:
    path, copy = home / "recipflow.db", home / "recipflow.db.daily-2026-03-01"
    shell.run("log", "dana", "thanks")
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    copy.write_bytes(path.read_bytes())
    path.write_bytes(b"no database at all" * 1000)
    shell.run("today", code=1)
    assert "recipflow doctor" in shell.err
    shell.run("doctor", code=1)
    command = f"recipflow restore {copy}"
    assert command in shell.out
    shell.run(*command.split()[1:], "--yes")
    assert "cannot be used" not in shell.run("doctor")


def test_without_its_config_nobody_is_advised_and_nobody_private_is_read(shell: Shell, home: Path) -> None:
    (home / "config.toml").unlink()
    for command in ("today", "sync"):
        shell.run(command, code=1)
        assert "config.toml is not there" in shell.err
    assert "recipflow init" in shell.run("doctor", code=1)


def full(path: Path) -> sqlite3.Error:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA max_page_count = 1")
        with pytest.raises(sqlite3.Error) as raised:
            db.execute("CREATE TABLE one AS SELECT randomblob(100000)")
    return raised.value


def busy(path: Path) -> sqlite3.Error:
    with closing(sqlite3.connect(path)) as one, closing(sqlite3.connect(path, timeout=0)) as other:
        one.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.Error) as raised:
            other.execute("BEGIN IMMEDIATE")
    return raised.value


def read_only(path: Path) -> sqlite3.Error:
    sqlite3.connect(path).close()
    with (
        closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db,
        pytest.raises(sqlite3.Error) as raised,
    ):
        db.execute("CREATE TABLE one (x)")
    return raised.value


def strange(path: Path) -> sqlite3.Error:
    path.write_bytes(b"a letter, and no database" * 100)
    with closing(sqlite3.connect(path)) as db, pytest.raises(sqlite3.Error) as raised:
        db.execute("SELECT * FROM sqlite_master")
    return raised.value


@pytest.mark.parametrize(
    ("broken", "said", "command"),
    [
        (full, "the disk is full", "df -h "),
        (busy, "another program is writing to it", "recipflow service status"),
        (read_only, "it may not be read and written", "chmod u+rwX "),
        (strange, "it is damaged, or is not a recipflow database", "mv "),
    ],
)
def test_each_reason_is_told_apart_and_has_the_command_that_mends_it(
    tmp_path: Path, broken: Callable[[Path], sqlite3.Error], said: str, command: str
) -> None:
    found = why(tmp_path / "recipflow.db", broken(tmp_path / "recipflow.db"))
    assert said in found.reason
    assert found.command.startswith(command)


def test_an_instant_no_reckoning_reaches_is_refused(shell: Shell) -> None:
    for at in ("0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-12:00"):
        shell.run("today", "--at", at, code=2)
        assert "beyond the calendar" in shell.err
