"""The README says that nothing leaves the computer: no command so much as opens a connection."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.letters import ANN, DANA, MORNING, calendar, correspondence, mailbox

#: Runs one command where the interpreter itself reports, and refuses, every step towards a network.
GUARDED = """
import sys
FORBIDDEN = ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo",
             "socket.gethostbyname", "socket.gethostbyaddr", "urllib.Request", "http.client.connect",
             "smtplib.connect", "imaplib.open", "ftplib.connect", "webbrowser.open", "subprocess.Popen", "os.system")
def refuse(event, arguments):
    if event in FORBIDDEN:
        sys.stderr.write(f"NETWORK {event}\\n")
        raise RuntimeError(event)
sys.addaudithook(refuse)
from recipflow.cli import main
main(sys.argv[1:])
"""


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    return mailbox(tmp_path / "mail.mbox", correspondence()), calendar(tmp_path / "meetings.ics")


def guarded(home: Path, *words: object, source: str = GUARDED) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", source, *map(str, words)],
        env=os.environ | {"RECIPFLOW_HOME": str(home), "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def offline(home: Path, commands: Sequence[Sequence[object]]) -> None:
    for words in commands:
        done = guarded(home, *words)
        assert "NETWORK" not in done.stderr, words
        assert done.returncode == 0, done.stderr


def test_trying_it_opens_no_connection(tmp_path: Path, places: tuple[Path, Path]) -> None:
    mail, meetings = places
    offline(tmp_path / "home", [("try", mail, "--ics", meetings, "--at", MORNING), ("read", mail, "--json")])


def test_setting_up_syncing_and_reading_the_digest_open_no_connection(
    tmp_path: Path, places: tuple[Path, Path]
) -> None:
    commands: list[tuple[object, ...]] = [
        ("init", "--me", ANN, "--tz", "Europe/Lisbon", "--yes"),
        ("connect", "files", *places, "--yes"),
        ("sync",),
        ("today", "--html", tmp_path / "today.html"),
        ("show", DANA, "--numbers"),
        ("rebuild", "--verify"),
        ("doctor",),
    ]
    offline(tmp_path / "home", commands)


def test_the_guard_would_notice(tmp_path: Path) -> None:
    attempt = GUARDED.replace(
        "main(sys.argv[1:])", "import socket; socket.create_connection(('127.0.0.1', 9))"
    )
    assert "NETWORK socket" in guarded(tmp_path, source=attempt).stderr
