"""Drafts, letters found again, and waiting for what is new."""

from __future__ import annotations

import gc
from datetime import timedelta
from threading import Timer

import pytest
from recipflow_connectors.imap import session
from recipflow_connectors.imap.account import Imap

from recipflow.connector import Drafting, WatchingDrafts
from recipflow.testing import NOW, ids, pull_all
from tests.connectors.letters import letter
from tests.connectors.mailbox import ServerMailbox
from tests.connectors.trouble import Trouble


def test_drafts_are_seen_each_once(account: ServerMailbox) -> None:
    account.append("Drafts", letter(1))
    connector = account.connect(drafts=True)
    assert isinstance(connector, Drafting)
    first = connector.drafts({})
    assert [message.body for _, message in first.values() if message] == ["Good morning.\n"]
    known = {ref: version for ref, (version, _) in first.items()}
    account.append("Drafts", letter(2))
    again = connector.drafts(known)
    assert [message.id for _, message in again.values() if message] == ["2@ana.example"]
    assert again.keys() > first.keys()


def test_without_leave_drafts_are_not_to_be_had(account: ServerMailbox) -> None:
    assert not isinstance(account.connect(), Drafting)


def test_a_letter_that_arrived_is_found_by_its_token(account: ServerMailbox) -> None:
    account.append("INBOX", letter(1, head="X: y\n").replace(b"letter 1", b"Today (rf-7q2x)"))
    assert account.connect().sent("rf-7q2x", since=NOW - timedelta(days=1))
    assert account.connect().sent("rf-0000", since=NOW - timedelta(days=1)) is None


def test_waiting_goes_on_after_the_line_was_cut(account: ServerMailbox) -> None:
    account.add(1)
    with Trouble(account.server.port) as account.trouble:
        connector = account.connect()
        pull_all(connector)
        assert not connector.wait(0.3)
        account.trouble.cut()
        Timer(0.3, account.add, (1,)).start()
        assert connector.wait(20)


def test_a_draft_that_is_saved_or_gone_ends_the_wait_for_drafts(account: ServerMailbox) -> None:
    account.append("Drafts", letter(1))
    connector = account.connect(drafts=True)
    assert isinstance(connector, WatchingDrafts)
    while connector.wait_drafts(0.3):  # the first one looks, for nobody knows what was there
        pass
    Timer(0.3, account.append, ("Drafts", letter(2))).start()
    assert connector.wait_drafts(20)
    assert not connector.wait_drafts(0.3)
    with account.server.client(account.user) as client:
        client.select_folder("Drafts")
        client.delete_messages([1])
        client.expunge()
    assert connector.wait_drafts(20)


def test_a_wait_for_drafts_is_ended_by_another_thread(account: ServerMailbox) -> None:
    connector = account.connect(drafts=True)
    assert isinstance(connector, WatchingDrafts)
    while connector.wait_drafts(0.3):
        pass
    Timer(0.3, connector.stop_drafts).start()
    assert not connector.wait_drafts(60)


def test_what_was_sent_from_another_program_ends_the_wait_for_mail(
    account: ServerMailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recipflow_connectors.imap.watch.ASKED", 0.2)
    account.add(4)
    connector = account.connect()
    pull_all(connector)
    while connector.wait(0.5):
        pass
    Timer(0.3, account.append, ("Sent", letter(70))).start()
    assert connector.wait(20)


def test_a_connection_that_died_between_two_pulls_is_made_anew(
    account: ServerMailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recipflow_connectors.imap.account.STALE", 0.0)
    account.add(1)
    with Trouble(account.server.port) as account.trouble:
        connector = account.connect()
        cursor = pull_all(connector)[-1].cursor
        account.trouble.cut()
        account.add(1)
        assert len(ids(pull_all(connector, cursor))) == 1
    assert alive(connector) == 1  # the one that died is not kept


def alive(connector: Imap) -> int:
    """How many connections are kept by, or for, a mailbox."""
    gc.collect()
    port = connector._access.server.port
    return sum(type(one) is session._Client and one._server.port == port for one in gc.get_objects())
