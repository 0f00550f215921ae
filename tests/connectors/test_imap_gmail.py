"""Gmail by IMAP: a real server that speaks Gmail's dialect (X-GM-EXT-1) on the way to us.

As documented: https://developers.google.com/workspace/gmail/imap/imap-extensions. Labels leave out the folder that is
open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from recipflow_connectors.imap.account import Imap

from recipflow.model import Message
from recipflow.testing import NOW, ids, pull_all
from tests.connectors.dovecot import Dovecot
from tests.connectors.letters import letter
from tests.connectors.mailbox import ServerMailbox
from tests.connectors.trouble import Trouble

ALL, SENT = "[Gmail]/All Mail", "[Gmail]/Sent Mail"
_ASKED = re.compile(rb" X-GM-(?:THRID|MSGID|LABELS)")
_ANSWER = re.compile(rb"\* \d+ FETCH \(UID (\d+) ")


class Gmail(Trouble):
    """Translates between a client that knows Gmail and a server that is not."""

    def __init__(self, server: int, labels: dict[int, bytes]) -> None:
        super().__init__(server)
        self._labels = labels  #: of the messages in All Mail, by UID
        self._in_all = self._asked = False
        self._pending = b""

    def from_client(self, said: bytes) -> bytes:
        if b" EXAMINE " in said:
            self._in_all = b"All Mail" in said
        self._asked = bool(_ASKED.search(said))
        return _ASKED.sub(b"", said)

    def from_server(self, said: bytes) -> bytes:
        whole, _, self._pending = (self._pending + said).rpartition(b"\n")
        told = (whole + b"\n" if whole else b"").replace(
            b"CAPABILITY IMAP4rev1", b"CAPABILITY IMAP4rev1 X-GM-EXT-1"
        )
        return _ANSWER.sub(self._with_labels, told) if self._asked else told

    def _with_labels(self, found: re.Match[bytes]) -> bytes:
        uid = int(found[1])
        labels = self._labels.get(uid, b"") if self._in_all else b""
        return found[0] + b"X-GM-THRID %d X-GM-LABELS (%s) " % (10**18 + uid // 2, labels)


@pytest.fixture
def account(imap_server: Dovecot) -> Iterator[ServerMailbox]:
    """All mail has six messages; two of them were sent, and one is a draft."""
    account = ServerMailbox(imap_server)
    for number in range(1, 7):
        account.append(ALL, letter(number))
    for number in (2, 4):
        account.append(SENT, letter(number))
    labels = {
        1: rb'"\\Inbox" Clients',
        2: rb'"\\Sent"',
        3: rb'"\\Inbox"',
        4: rb'"\\Sent" "\\Important"',
        6: rb'"\\Draft"',
    }
    with Gmail(imap_server.port, labels) as account.trouble:
        yield account


def pulled(connector: Imap) -> list[Message]:
    return [one for page in pull_all(connector) for one in page.interactions if isinstance(one, Message)]


def test_each_message_comes_once_sent_ones_first(account: ServerMailbox) -> None:
    found = pulled(account.connect())
    assert [one.id.partition("@")[0] for one in found] == ["4", "2", "5", "3", "1"]


def test_labels_are_gmails_and_threads_are_too(account: ServerMailbox) -> None:
    found = {one.id.partition("@")[0]: one for one in pulled(account.connect())}
    assert {number: one.labels for number, one in found.items()} == {
        "1": ("inbox", "clients"),
        "2": ("sent",),
        "3": ("inbox",),
        "4": ("sent",),
        "5": (),
    }
    assert found["3"].thread_hint == str(10**18 + 1)


def test_what_is_present_is_what_was_pulled(account: ServerMailbox) -> None:
    connector = account.connect()
    assert sorted(one.ref for one in pulled(connector)) == sorted(
        connector.present(NOW.replace(year=2024), now=NOW)
    )


def test_wholes_keep_labels_and_thread(account: ServerMailbox) -> None:
    connector = account.connect()
    heads = {one.ref: one for one in pulled(connector)}
    for one in connector.fetch(list(heads)):
        assert isinstance(one, Message)
        assert (one.labels, one.thread_hint) == (heads[one.ref].labels, heads[one.ref].thread_hint)
        assert one.body == "Good morning.\n"


def test_a_draft_that_was_one_no_more_comes(account: ServerMailbox) -> None:
    connector = account.connect()
    pages = pull_all(connector)
    assert isinstance(account.trouble, Gmail)
    account.trouble._labels[6] = rb'"\\Inbox"'
    account.append(ALL, letter(7))  # a flag alone raises no count here that the server would keep
    assert ids(pull_all(account.connect(), pages[-1].cursor)) == {"6@ana.example", "7@ana.example"}


def test_new_mail_is_awaited_in_all_mail(account: ServerMailbox) -> None:
    connector = account.connect()
    pull_all(connector)
    account.append(SENT, letter(8))
    assert not connector.wait(0.5)
    account.append(ALL, letter(8))
    assert connector.wait(5)
