"""What the command line says when the database is damaged or in use: what it is, and what to do."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from recipflow.store import database
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


def test_an_instant_no_reckoning_reaches_is_refused(shell: Shell) -> None:
    for at in ("0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-12:00"):
        shell.run("today", "--at", at, code=2)
        assert "beyond the calendar" in shell.err
