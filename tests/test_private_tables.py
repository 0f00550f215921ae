"""Mail of a private person changes no table but how far the account was read, and hashes of what it was called.

Without these, a later answer of somebody else's would bring the Message-ID of theirs that it refers to into the database.
"""

from __future__ import annotations

import re
import sqlite3
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from recipflow import config
from tests.cli.told import told
from tests.letters import ANN, DANA, correspondence, letter, mailbox

READING = {"cursor", "last_sync", "seen"}
"""What of an account says how far it was read."""


def tables(home: Path) -> dict[str, list[dict[str, Any]]]:
    with sqlite3.connect(home / "recipflow.db") as db:
        db.row_factory = sqlite3.Row
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {name: [dict(row) for row in db.execute(f"SELECT * FROM {name}")] for name in names}
    db.close()
    return rows


def _with_dana(mail: EmailMessage) -> bool:
    return DANA in f"{mail['From']} {mail['To']}"


def test_mail_of_somebody_private_leaves_every_table_as_it_was_but_for_how_far_it_was_read_and_hashes(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mails = correspondence()
    shell = told(capsys, tmp_path, monkeypatch, [mail for mail in mails if not _with_dana(mail)])
    config.append(shell.home / "config.toml", "contacts", {"addresses": [DANA], "tags": ["private"]})
    shell.run("sync")
    before = tables(shell.home)
    theirs = [mail for mail in mails if _with_dana(mail)]
    assert theirs
    later = letter(90, DANA, ANN, "Could you send me the plan by Friday?", day=12)
    mailbox(shell.mbox, [*theirs, later], "ab")
    shell.run("sync")
    after = tables(shell.home)
    assert {name for name in after if after[name] != before[name]} == {"account", "tombstone"}
    assert all(re.fullmatch(r"[0-9a-f]{32}", row["hash"]) for row in after["tombstone"])
    for old, new in zip(before["account"], after["account"], strict=True):
        assert {key for key in new if new[key] != old[key]} <= READING
