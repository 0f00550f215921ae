"""How a mailbox is opened, and what in its settings is at fault."""

from __future__ import annotations

import re
import sys
from base64 import b64decode

import pytest
from recipflow_connectors.imap import connect
from recipflow_connectors.imap.account import Imap

from recipflow.connector import MemorySecrets
from recipflow.errors import AuthNeeded, TryLater, UserError
from recipflow.testing import NOW
from tests.connectors.mailbox import ServerMailbox
from tests.connectors.trouble import Trouble


def test_microsoft_without_passwords_sends_to_its_own_sign_in(account: ServerMailbox) -> None:
    with account.failing("passwords switched off"), pytest.raises(AuthNeeded) as raised:
        account.connect().pull(None, now=NOW)
    assert raised.value.command == "recipflow connect outlook"


@pytest.mark.parametrize("password", ["пароль", 'with "quotes" and \\', "%percent {5}"])
def test_any_password_is_carried_to_the_server(account: ServerMailbox, password: str) -> None:
    where = {"address": account.user, "host": "127.0.0.1", "port": account.server.port, "security": "plain"}
    mailbox = connect(where, MemorySecrets(password=password))
    assert isinstance(mailbox, Imap)
    with pytest.raises(AuthNeeded) as raised:  # it understood it, and it is not the one
        mailbox.pull(None, now=NOW)
    assert password not in str(raised.value)


def test_a_token_is_printed_by_the_users_own_program(account: ServerMailbox) -> None:
    program = [sys.executable, "-c", "print('ya29.token')"]
    with Trouble(account.server.port, "takes tokens") as account.trouble, pytest.raises(AuthNeeded):
        account.connect(token_command=program).pull(None, now=NOW)
    said = b"".join(account.trouble.said)
    (answer,) = re.findall(rb"AUTHENTICATE XOAUTH2\s+(\S+)", said)
    assert b64decode(answer) == f"user={account.user}\1auth=Bearer ya29.token\1\1".encode()


def test_every_problem_in_the_settings_is_told_at_once() -> None:
    with pytest.raises(UserError) as raised:
        connect(
            {"host": "mail example", "port": 0, "security": "ssl", "since_days": 10**7, "pasword": "x"},
            MemorySecrets(),
        )
    told = " ".join(raised.value.problems)
    for key in ("host", "port", "security", "since_days", "pasword", "address"):
        assert f"imap.{key}: " in told


def test_without_encryption_no_password_goes_to_another_computer() -> None:
    with pytest.raises(UserError, match="insecure = true"):
        connect({"address": "a@b.example", "host": "mail.b.example", "security": "plain"}, MemorySecrets())


def test_a_missing_password_is_asked_for_by_name() -> None:
    account = connect({"address": "a@b.example", "host": "localhost", "security": "plain"}, MemorySecrets())
    assert isinstance(account, Imap)
    with pytest.raises((AuthNeeded, TryLater)):
        account.pull(None, now=NOW)
