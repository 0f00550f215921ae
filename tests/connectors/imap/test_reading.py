"""The contracts, and which folders are read how far."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from recipflow_connectors.imap.account import ImapWithDrafts

from recipflow.errors import UserError
from recipflow.model import Message
from recipflow.testing import NOW, ConnectorContract, ids, pull_all
from recipflow.testing.live import (
    FaultContract,
    FetchingContract,
    ForgettingContract,
    ReadOnlyContract,
    WatchingContract,
)
from tests.connectors.letters import letter
from tests.connectors.mailbox import ServerMailbox
from tests.connectors.trouble import Trouble

from .found import messages


class TestContract(
    ConnectorContract, FetchingContract, WatchingContract, ReadOnlyContract, ForgettingContract, FaultContract
):
    many = 850


def test_sent_mail_comes_first_then_the_inbox_each_newest_first(account: ServerMailbox) -> None:
    account.add(9)
    came = [one.id for page in pull_all(account.connect()) for one in page.interactions]
    assert came == [f"{number}@ana.example" for number in (8, 4, 9, 7, 6, 5, 3, 2, 1)]


def test_what_is_unread_stays_unread(account: ServerMailbox) -> None:
    account.add(3)
    connector = account.connect(drafts=True)
    list(connector.fetch([one.ref for one in messages(pull_all(connector))]))
    with account.server.client(account.user) as client:
        client.select_folder("INBOX")
        assert client.search("UNSEEN") == [1, 2, 3]


def test_no_command_that_could_write_is_ever_sent(account: ServerMailbox) -> None:
    account.add(8)
    account.append("Drafts", letter(90))
    with Trouble(account.server.port) as account.trouble:
        connector = account.connect(drafts=True)
        assert isinstance(connector, ImapWithDrafts)
        heads = messages(pull_all(connector))
        assert list(connector.fetch([one.ref for one in heads]))
        assert list(connector.present(NOW - timedelta(days=9), now=NOW))
        assert connector.drafts({})
        connector.wait(0.1)
        said = b"".join(account.trouble.said)
    commands = {
        line.split()[1 + (b" UID " in line[:16])] for line in said.splitlines() if len(line.split()) > 1
    }
    assert commands <= {
        b"CAPABILITY",
        b"LOGIN",
        b"NAMESPACE",
        b"LIST",
        b"STATUS",
        b"EXAMINE",
        b"SEARCH",
        b"FETCH",
        b"IDLE",
        b"NOOP",
    }
    assert b"BODY[" not in said


@pytest.mark.parametrize("folder", ["Drafts", "Junk", "Trash"])
def test_drafts_spam_and_trash_stay_out(account: ServerMailbox, folder: str) -> None:
    account.add(1)
    account.append(folder, letter(50))
    assert ids(pull_all(account.connect())) == {"1@ana.example"}


def test_other_folders_are_read_and_named_in_the_labels(account: ServerMailbox) -> None:
    account.append("Clients/Süd", letter(60))
    (message,) = messages(pull_all(account.connect()))
    assert message.labels == ("süd",)
    (whole,) = account.connect().fetch([message.ref])
    assert isinstance(whole, Message)
    assert whole.labels == message.labels


def test_named_folders_are_read_alone_and_a_name_that_is_not_there_is_told(account: ServerMailbox) -> None:
    account.add(4)
    assert ids(pull_all(account.connect(folders=["Sent"]))) == {"4@ana.example"}
    with pytest.raises(UserError, match=r"no folder 'Sentt'; it has: .*Sent"):
        account.connect(folders=["Sentt"]).pull(None, now=NOW)


def test_what_a_flag_calls_junk_is_left_out_until_the_flag_is_gone(account: ServerMailbox) -> None:
    account.add(1)
    account.append("INBOX", letter(70), "$Junk")
    pages = pull_all(account.connect())
    assert ids(pages) == {"1@ana.example"}
    assert not ids(pull_all(account.connect(), pages[-1].cursor))
    with account.server.client(account.user) as client:
        client.select_folder("INBOX")
        client.remove_flags([2], [b"$Junk"])
    assert ids(pull_all(account.connect(), pages[-1].cursor)) == {"70@ana.example"}


def test_a_moved_message_comes_again_from_where_it_is(account: ServerMailbox) -> None:
    account.add(2)
    pages = pull_all(account.connect())
    with account.server.client(account.user) as client:
        client.create_folder("Archive")
        client.select_folder("INBOX")
        client.move([1], "Archive")
    (moved,) = messages(pull_all(account.connect(), pages[-1].cursor))
    assert (moved.id, moved.labels) == ("1@ana.example", ("archive",))
    assert moved.ref in set(account.connect().present(NOW - timedelta(days=2), now=NOW))


def test_a_year_is_read_at_first_and_more_when_more_is_wanted(account: ServerMailbox) -> None:
    account.append("INBOX", letter(1), at=NOW - timedelta(days=500))
    account.append("INBOX", letter(2), at=NOW - timedelta(days=300))
    pages = pull_all(account.connect())
    assert ids(pages) == {"2@ana.example"}
    wider = pull_all(account.connect(since_days=600), pages[-1].cursor)
    assert ids(wider) == {"1@ana.example", "2@ana.example"}
    assert not ids(pull_all(account.connect(since_days=600), wider[-1].cursor))


def test_a_folder_with_new_uids_is_read_again_as_far_back_as_before_and_says_so(
    account: ServerMailbox,
) -> None:
    account.append("INBOX", letter(1), at=NOW - timedelta(days=20))
    account.append("Archive", letter(2), at=NOW)
    pages = pull_all(account.connect())
    account.forget()
    account.append("INBOX", letter(3), at=NOW - timedelta(days=300))  # imported: it is new, and old
    (page,) = pull_all(account.connect(), pages[-1].cursor)
    assert page.reset
    assert page.since == datetime(2025, 1, 15, tzinfo=UTC)
    assert ids([page]) == {"1@ana.example", "3@ana.example"}
    again = account.connect().fetch([one.ref for one in messages([page])])
    assert {one.id for one in again if isinstance(one, Message)} == ids([page])


def test_new_uids_in_the_middle_of_a_first_pass_start_it_again(account: ServerMailbox) -> None:
    account.add(850)
    first = account.connect().pull(None, now=NOW)
    account.forget()
    assert ids([first]) | ids(pull_all(account.connect(), first.cursor)) == account.ids()


def test_a_folder_that_the_server_keeps_closed_is_set_aside_and_the_others_are_read(
    account: ServerMailbox,
) -> None:
    account.add(4)
    with Trouble(account.server.port, "Sent is closed") as account.trouble:
        pages = pull_all(account.connect())
    assert ids(pages) == {f"{number}@ana.example" for number in (1, 2, 3)}
    (closed,) = pages[0].set_aside
    assert closed.where == "Sent"
    assert "Permission denied" in closed.reason
    account.trouble = None
    again = pull_all(account.connect(), pages[-1].cursor)
    assert "Sent" in again[0].reread
    assert not again[0].set_aside


def test_what_was_read_of_a_folder_stays_when_the_server_refuses_to_go_on_with_it(
    account: ServerMailbox,
) -> None:
    account.server.fill(account.user, "INBOX", [letter(number) for number in range(1, 601)], NOW)
    first = account.connect().pull(None, now=NOW)
    account.append("INBOX", letter(601))
    with Trouble(account.server.port, "refuses the second FETCH") as account.trouble:
        refused = account.connect().pull(first.cursor, now=NOW)
    account.trouble = None
    assert "no longer exist" in refused.set_aside[0].reason
    rest = pull_all(account.connect(), refused.cursor)
    assert ids([first, refused, *rest]) == {f"{number}@ana.example" for number in range(1, 602)}
