"""What a message becomes: its words, its attachments, and what cannot be read."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from email.parser import BytesParser
from email.policy import default
from mailbox import mbox
from pathlib import Path

import pytest
from recipflow_connectors import mime

from recipflow.demo import unpack
from recipflow.model import Form, Message
from recipflow.testing import NOW, ids, pull_all
from tests.connectors.letters import letter
from tests.connectors.mailbox import ServerMailbox
from tests.connectors.trouble import Trouble

from .found import messages


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
    ((where, reason, _),) = pages[0].set_aside
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
