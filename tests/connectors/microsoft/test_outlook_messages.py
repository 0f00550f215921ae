"""What a message of Outlook's becomes, and how its words are fetched."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from recipflow.errors import TryLater
from recipflow.model import Attachment, Form, Message, Party
from recipflow.testing import NOW, pull_all
from tests.connectors.microsoft.accounts import ME, at, graph
from tests.fakes.graph.mailbox import recipient
from tests.fakes.graph.server import FakeGraph

from .mailbox import DANA, account, received, subjects


def test_a_message_becomes_what_it_is(fake: FakeGraph) -> None:
    fake.mailbox.add(
        {
            "from": DANA,
            "subject": " The  contract\r\n",
            "internetMessageId": "<a1@fabrikam.example>",
            "conversationId": "AAQk" + "x" * 120,
            "toRecipients": [recipient(ME, "Alex Rivera")],
            "ccRecipients": [recipient("Kwame@Fabrikam.example", "kwame@fabrikam.example")],
            "body": {"contentType": "html", "content": "<p>Could you\r\nsend it?</p>"},
            "internetMessageHeaders": [
                {"name": "References", "value": "<r1@x.example>\r\n <r2@x.example>"},
                {"name": "X-Mailer", "value": "Outlook"},
                {"name": "Subject", "value": "not kept"},
            ],
            "attachments": [
                _attachment("plan.pdf", "application/pdf", 12_345),
                _attachment("logo.png", "image/png", 99, isInline=True),
            ],
            "singleValueExtendedProperties": [{"id": "String 0x1042", "value": "<r2@x.example>"}],
            **received(3),
        }
    )
    connector = account(fake)
    (head,) = connector.pull(None, now=NOW).interactions
    assert isinstance(head, Message)
    assert (head.partial, head.body, head.attachments) == (True, "", ())
    (whole,) = connector.fetch([head.ref])
    assert whole == Message(
        id="a1@fabrikam.example",
        at=at(3),
        sender=Party("dana.ruiz@fabrikam.example", "Dana Ruiz"),
        to=(Party(ME, "Alex Rivera"),),
        cc=(Party("kwame@fabrikam.example"),),
        subject="The contract",
        in_reply_to="r2@x.example",
        references=("r1@x.example", "r2@x.example"),
        thread_hint="AAQk" + "x" * 120,
        labels=("inbox",),
        ref=head.ref,
        attachments=(Attachment("plan.pdf", "application/pdf", 12_345),),
        headers={"x-mailer": "Outlook"},
        body="<p>Could you\nsend it?</p>",
        form=Form.HTML,
    )


def _attachment(name: str, kind: str, size: int, **more: Any) -> dict[str, Any]:
    return {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "id": name,
        "name": name,
        "contentType": kind,
        "size": size,
        "isInline": False,
        **more,
    }


def whole(fake: FakeGraph, **fields: Any) -> Message:
    ref = fake.mailbox.add({**received(3), **fields})
    (found,) = account(fake).fetch([ref])
    assert isinstance(found, Message)
    return found


def test_the_bytes_of_an_attachment_are_never_asked_for(fake: FakeGraph) -> None:
    secret = _attachment("plan.pdf", "application/pdf", 9, contentBytes="c2VjcmV0")
    ref = fake.mailbox.add({**received(3), "attachments": [secret]})
    answer = graph(fake).get(account(fake).message(ref))
    assert [one["name"] for one in answer["attachments"]] == ["plan.pdf"]
    assert "contentBytes" not in str(answer)


def test_what_is_encrypted_or_an_image_only_is_sealed(fake: FakeGraph) -> None:
    empty = {"contentType": "html", "content": "<html><body> </body></html>"}
    sealed = _attachment("smime.p7m", "application/pkcs7-mime", 5_000)
    protected = _attachment("message.rpmsg", "application/x-microsoft-rpmsg-message", 5_000)
    image = _attachment("scan.jpg", "image/jpeg", 5_000, isInline=True)
    assert whole(fake, body=empty, attachments=[sealed]).sealed
    assert whole(fake, attachments=[protected]).sealed
    assert whole(fake, body=empty, attachments=[image]).sealed
    assert not whole(fake, attachments=[image]).sealed


def test_an_invitation_within_the_organisation_is_known_as_one(fake: FakeGraph) -> None:
    assert whole(fake, **{"@odata.type": "#microsoft.graph.eventMessageRequest"}).headers == {
        "content-type": "text/calendar"
    }


def test_a_message_that_says_it_was_sent_long_after_it_came_goes_by_when_it_came(fake: FakeGraph) -> None:
    assert whole(fake, sentDateTime="2031-01-01T00:00:00Z").at == at(3)
    assert whole(fake, sentDateTime="1601-01-01T00:00:00Z").at == at(3)


def test_one_message_nobody_sent_stops_nothing(fake: FakeGraph) -> None:
    fake.mailbox.add({"subject": "good", **received(3)})
    fake.mailbox.add({"from": None, "sender": None, **received(2)})
    pages = pull_all(account(fake))
    assert subjects(pages) == ["good"]
    assert [one.reason for page in pages for one in page.set_aside] == ["it does not say who sent it"]


def test_a_message_without_an_id_has_the_same_one_every_time(fake: FakeGraph) -> None:
    ref = fake.mailbox.add({**received(3), "internetMessageId": None})
    connector = account(fake)
    (head,), (full,) = connector.pull(None, now=NOW).interactions, connector.fetch([ref])
    assert isinstance(full, Message)
    assert head.id == full.id
    assert head.id.startswith("hash:")


def test_fetching_asks_for_twenty_messages_a_request(fake: FakeGraph) -> None:
    refs = [fake.mailbox.add(received(3)) for _ in range(45)]
    connector = account(fake)
    list(connector.fetch(refs[:1]))
    before = fake.exchanges
    assert len(list(connector.fetch(refs))) == 45
    assert fake.exchanges - before == 3


def test_when_some_bodies_are_refused_for_now_the_others_come_first(fake: FakeGraph) -> None:
    refs = [fake.mailbox.add(received(3)) for _ in range(4)]
    connector = account(fake)
    fake.faults.plan(f"BATCHED GET /me/messages/{refs[1][:30]}", status=429, retry_after="9")
    found: list[object] = []
    with pytest.raises(TryLater) as raised:
        found.extend(connector.fetch(refs))
    assert raised.value.after == 9.0
    assert len(found) == 3


def test_ids_that_are_not_immutable_are_said_once(fake: FakeGraph, caplog: pytest.LogCaptureFixture) -> None:
    fake.immutable = False
    fake.mailbox.add(received(3))
    with caplog.at_level(logging.WARNING):
        pull_all(connector := account(fake))
        list(connector.present(at(9), now=NOW))
    assert [one.message for one in caplog.records if "immutable" in one.message] == [
        "Microsoft Graph gives no immutable ids: a moved message may have to be found again"
    ]
