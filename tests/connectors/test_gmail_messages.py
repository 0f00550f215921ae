"""What a message at Gmail becomes: its words, its attachments, and what cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from recipflow.connector import SetAside
from recipflow.errors import TryLater
from recipflow.model import Message
from recipflow.testing import NOW, ids, pull_all
from tests.fakes.google import Fault, Google

from .gmailing import BULK, conversation, messages
from .googling import a_google, mailbox
from .letters import letter


@pytest.fixture
def google() -> Iterator[Google]:
    with a_google() as google:
        yield google


def test_of_newsletters_the_head_comes_and_the_whole_when_asked_for(google: Google) -> None:
    google.mail.deliver(letter(1, head="List-Id: <news.example>\n"), BULK, at=NOW)
    (head,) = messages(connector := mailbox(google))
    assert head.partial
    assert not head.body
    assert head.headers["list-id"] == "<news.example>"
    (whole,) = connector.fetch([head.ref])
    assert isinstance(whole, Message)
    assert (whole.partial, whole.body) == (False, "Good morning.\n")


def test_without_an_id_of_its_own_even_a_newsletter_comes_whole_since_it_is_known_by_its_words(
    google: Google,
) -> None:
    raw = letter(1).partition(b"\n")[2]
    google.mail.deliver(raw, BULK, at=NOW)
    (found,) = messages(mailbox(google))
    assert not found.partial
    assert found.id.startswith("hash:")


def test_a_label_of_the_users_own_called_trash_is_no_trash(google: Google) -> None:
    google.mail.own_labels |= {"Label_1": "Trash", "Label_2": "Family"}
    google.mail.deliver(letter(1), ("INBOX", "Label_1", "Label_2", "Label_deleted"), at=NOW)
    (found,) = messages(mailbox(google))
    assert sorted(found.labels) == ["family", "inbox", "label trash"]


def test_attachments_are_known_by_name_type_and_size_and_not_asked_for(google: Google) -> None:
    parts = (
        b"From: ana@lopes.example\nMessage-ID: <1@a>\nDate: Sat, 1 Mar 2025 10:00:00 +0100\n"
        b'Content-Type: multipart/mixed; boundary="x"\n\n--x\nContent-Type: text/plain\n\nHere it is.\n'
        b'--x\nContent-Type: application/pdf; name="guide.pdf"\nContent-Transfer-Encoding: base64\n'
        b'Content-Disposition: attachment; filename="guide.pdf"\n\n' + b"QUJD" * 100 + b"\n--x--\n"
    )
    google.mail.deliver(parts, at=NOW)
    (found,) = messages(mailbox(google))
    assert found.attachments == (("guide.pdf", "application/pdf", 300),)
    assert found.body.strip() == "Here it is."
    assert not any("attachments" in method for method in google.calls)


def test_a_text_so_long_that_gmail_keeps_it_apart_is_read_all_the_same(google: Google) -> None:
    google.mail.deliver(letter(1, body="Good morning.\n" * 100_000), at=NOW)
    (found,) = messages(mailbox(google))
    assert found.body.count("Good morning.") == 100_000
    assert not found.attachments


@pytest.mark.parametrize("charset", ["koi8-r", "utf-8", "iso-8859-5", "iso-2022-jp"])
def test_text_comes_in_utf8_whatever_its_header_still_says(google: Google, charset: str) -> None:
    text = "こんにちは" if charset == "iso-2022-jp" else "Доброе утро"
    head = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n"
    google.mail.deliver(letter(1, head=head, body="").rstrip() + b"\n\n" + text.encode(charset), at=NOW)
    (found,) = messages(mailbox(google))
    assert found.body.strip() == text


def test_a_message_google_cannot_show_is_set_aside_and_stops_nobody(google: Google) -> None:
    for number in range(3):
        google.mail.deliver(letter(number), at=NOW - timedelta(hours=number))
    connector = mailbox(google, lanes=1)
    google.faults.next("messages.get", *[Fault.BROKEN_BEFORE] * 5)
    for _ in range(4):
        with pytest.raises(TryLater):
            pull_all(connector)
    pages = pull_all(connector)
    assert ids(pages) == {"1@ana.example", "2@ana.example"}
    assert [one.reason for page in pages for one in page.set_aside] == [
        "Gmail fails to show it, again and again"
    ]


def test_of_a_thread_google_cannot_show_the_messages_come_that_it_can(google: Google) -> None:
    conversation(google, 1, 2, 3, 4)
    connector = mailbox(google, lanes=1)
    google.faults.next("threads.get", *[Fault.BROKEN_BEFORE] * 5)
    for _ in range(4):
        with pytest.raises(TryLater):
            pull_all(connector)
    assert len(ids(pull_all(connector))) == 4


def test_a_message_that_is_none_is_set_aside_with_its_reason(google: Google) -> None:
    google.mail.deliver(b"Subject: nobody sent this\n\nHello.\n", at=NOW)
    (page,) = [page for page in pull_all(mailbox(google)) if page.set_aside]
    (aside,) = page.set_aside
    assert isinstance(aside, SetAside)
    assert "sent it" in aside.reason
