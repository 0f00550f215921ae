"""A sync that is killed at any moment, and run again, ends where one that nobody disturbed ends."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.connectors.dovecot import Dovecot
from tests.killing import VAULT, assert_survives, letters
from tests.letters import ANN, mailbox

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")


def test_a_sync_of_files_killed_again_and_again_ends_where_an_undisturbed_one_does(tmp_path: Path) -> None:
    mail = mailbox(tmp_path / "mail.mbox", letters())
    assert_survives(tmp_path, {"name": "mail", "connector": "files", "paths": [str(mail)]})


def test_a_sync_by_imap_killed_again_and_again_ends_where_an_undisturbed_one_does(
    tmp_path: Path, imap_server: Dovecot
) -> None:
    mails = letters()
    for folder, sent in (("Sent", True), ("INBOX", False)):
        these = [one.as_bytes() for one in mails if (f"<{ANN}>" in one["From"]) == sent]
        imap_server.fill("killed", folder, these, datetime.now(UTC))
    where = {"host": "127.0.0.1", "port": imap_server.port, "security": "plain", "user": "killed"}
    assert_survives(tmp_path, {"name": "mail", "connector": "imap", "vault": VAULT, "address": ANN} | where)
