"""The connector `imap` against a real server: the contracts, and what mailboxes do besides."""

from __future__ import annotations

import gc
import re
import sys
from base64 import b64decode
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from email.policy import default
from mailbox import mbox
from pathlib import Path
from threading import Timer

import pytest
from recipflow_connectors import mime
from recipflow_connectors.imap import connect, session
from recipflow_connectors.imap.account import Imap, ImapWithDrafts

from recipflow.connector import Drafting, MemorySecrets, Page, WatchingDrafts
from recipflow.demo import unpack
from recipflow.errors import AuthNeeded, TryLater, UserError
from recipflow.model import Form, Message
from recipflow.testing import NOW, ConnectorContract, ids, pull_all
from recipflow.testing.live import (
    FaultContract,
    FetchingContract,
    ForgettingContract,
    ReadOnlyContract,
    WatchingContract,
)
from tests.connectors.dovecot import Dovecot
from tests.connectors.letters import letter
from tests.connectors.mailbox import ServerMailbox
from tests.connectors.trouble import Trouble


@pytest.fixture
def account(imap_server: Dovecot) -> ServerMailbox:
    return ServerMailbox(imap_server)


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


def test_a_message_without_an_id_comes_whole_for_its_words_are_its_id(account: ServerMailbox) -> None:
    nameless = letter(1).replace(b"Message-ID: <1@ana.example>\n", b"")
    account.append("INBOX", nameless)
    (message,) = messages(pull_all(account.connect()))
    assert not message.partial
    assert message.id == mime.parse(nameless).id


def test_a_message_that_cannot_be_read_is_set_aside_and_the_others_come(account: ServerMailbox) -> None:
    account.append("INBOX", b"Subject: no sender, no date\r\n\r\nHello")
    account.add(2)
    pages = pull_all(account.connect())
    assert ids(pages) == account.ids()
    ((where, reason),) = pages[0].set_aside
    assert where.endswith(".1.INBOX")
    assert "no date" in reason


def test_attachments_are_named_and_their_bytes_never_fetched(account: ServerMailbox) -> None:
    account.append("INBOX", with_attachment())
    with Trouble(account.server.port) as account.trouble:
        connector = account.connect()
        (head,) = messages(pull_all(connector))
        (whole,) = connector.fetch([head.ref])
        told = account.trouble.told
    assert isinstance(whole, Message)
    assert head.attachments == whole.attachments
    ((name, kind, size),) = head.attachments
    assert (name, kind) == ("Angebot für Bo.pdf", "application/pdf")
    assert size == pytest.approx(200_000, rel=0.01)
    assert whole.body == "See attached.\n"
    assert told < 20_000


def test_html_is_fetched_where_the_plain_text_is_empty_and_only_there(account: ServerMailbox) -> None:
    account.append("INBOX", alternatives(plain="Good morning.", rich="<p>Good <b>morning</b></p>"))
    account.append("INBOX", alternatives(plain=" ", rich="<p>Only here</p>"))
    connector = account.connect()
    refs = [one.ref for one in messages(pull_all(connector))]
    found = {one.body.strip(): one.form for one in connector.fetch(refs) if isinstance(one, Message)}
    assert found == {"Good morning.": Form.PLAIN, "<p>Only here</p>": Form.HTML}


def test_what_the_server_describes_reads_as_the_file_does(account: ServerMailbox, tmp_path: Path) -> None:
    unpack(tmp_path)
    with closing(mbox(tmp_path / "mail.mbox")) as kept:
        mails = [one.as_bytes() for one in kept]
    account.server.fill(account.user, "INBOX", mails, NOW)
    connector = account.connect()
    heads = {one.id: one for one in messages(pull_all(connector))}
    whole = {
        one.id: one
        for one in connector.fetch([one.ref for one in heads.values()])
        if isinstance(one, Message)
    }
    assert len(whole) > 600
    for raw in mails:
        expected = bare(mime.parse(raw))
        assert bare(whole[expected.id]) == expected
        assert bare(replace(heads[expected.id], body=expected.body, form=expected.form)) == expected


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


def messages(pages: Iterable[Page]) -> list[Message]:
    return [one for page in pages for one in page.interactions if isinstance(one, Message)]


def bare(message: Message) -> Message:
    """As it is apart from where it was found. A server counts the bytes of an attachment a little differently."""
    return replace(
        message,
        ref="",
        partial=False,
        labels=(),
        thread_hint="",
        sealed=False,
        body=message.body.strip(),
        attachments=tuple(one._replace(size=0) for one in message.attachments),
    )


def with_attachment() -> bytes:
    mail = BytesParser(policy=default).parsebytes(letter(1, body=""))
    mail.set_content("See attached.\n")
    mail.add_attachment(bytes(200_000), maintype="application", subtype="pdf", filename="Angebot für Bo.pdf")
    return mail.as_bytes()


def alternatives(*, plain: str, rich: str) -> bytes:
    mail = BytesParser(policy=default).parsebytes(letter(abs(hash(plain)) % 1000, body=""))
    mail.set_content(plain)
    mail.add_alternative(rich, subtype="html")
    return mail.as_bytes()
