"""Outlook's drafts, letters to oneself, and what in its settings is at fault."""

from __future__ import annotations

from typing import Any

import pytest
from recipflow_connectors.microsoft import outlook_mail
from recipflow_connectors.microsoft.outlook_mail import Sending

from recipflow.connector import Drafting, Enclosure, Fetching, Letter, MailCourier, MemorySecrets
from recipflow.errors import AuthNeeded, CannotLook, TryLater, Uncertain, UserError
from tests.connectors.microsoft.accounts import ME, OutlookAccount, Token, at, graph
from tests.fakes.graph.server import FakeGraph

from .mailbox import DANA, account

# --- drafts


@pytest.mark.parametrize("drafts", [False, True])
@pytest.mark.parametrize("allow", [[], ["digest"]])
def test_drafts_and_sending_are_offered_only_with_leave(drafts: bool, allow: list[str]) -> None:
    settings = {"client_id": "x", "address": ME, "drafts": drafts, "allow": allow}
    found = outlook_mail.connect(settings, MemorySecrets())
    assert isinstance(found, Fetching)
    assert isinstance(found, Drafting) == drafts
    assert isinstance(found, MailCourier) == bool(allow)


def test_a_draft_is_read_when_it_changed_and_not_again(fake: FakeGraph) -> None:
    draft = {"isDraft": True, "from": None, "sender": None, "internetMessageId": None, "sentDateTime": None}
    ref = fake.mailbox.add({**draft, "subject": "asking", "toRecipients": [DANA]}, "drafts")
    connector = OutlookAccount(fake).connect()
    found = connector.drafts({})
    version, message = found[ref]
    assert message is not None
    assert (message.sender.address, message.to[0].address) == (ME, "dana.ruiz@fabrikam.example")
    assert (message.subject, message.labels, message.body != "") == ("asking", ("drafts",), True)
    assert connector.drafts({ref: version}) == {ref: (version, None)}
    fake.mailbox.change(ref, subject="asking for less")
    again = connector.drafts({ref: version})[ref]
    assert again[0] != version
    assert again[1] is not None
    assert again[1].subject == "asking for less"
    fake.mailbox.remove(ref)
    assert connector.drafts({ref: version}) == {}


# --- letters to oneself


def letter(token: str = "[r-1a2b3c]") -> Letter:
    return Letter(
        address=ME,
        subject=f"Your morning {token}",
        token=token,
        text="Dana helped you.",
        html="<p>Dana helped you.</p>",
        enclosures=(Enclosure("reminders.ics", "text/calendar; method=PUBLISH", b"BEGIN:VCALENDAR\r\n"),),
    )


def test_a_letter_goes_to_oneself_alone_and_is_found_again(fake: FakeGraph) -> None:
    connector = account(fake)
    assert connector.sent("[r-1a2b3c]", since=at(1)) is None
    assert connector.send(letter()) == ""
    found = connector.sent("[r-1a2b3c]", since=at(1))
    assert found in fake.mailbox.messages
    for one in fake.mailbox.messages.values():
        assert one["subject"] == "Your morning [r-1a2b3c]"
        assert [each["emailAddress"]["address"] for each in one["toRecipients"]] == [ME]
        assert not one["ccRecipients"] + one["bccRecipients"]
        assert [each["name"] for each in one["attachments"]] == ["reminders.ics"]
        assert "method" in one["attachments"][0]["contentType"]
    assert connector.sent("[r-other]", since=at(1)) is None


def test_a_letter_is_found_wherever_a_rule_or_its_reader_put_it(fake: FakeGraph) -> None:
    connector = account(fake)
    connector.send(letter())
    for one in list(fake.mailbox.messages):
        fake.mailbox.move(one, "deleteditems")
    assert connector.sent("[r-1a2b3c]", since=at(1))


@pytest.mark.parametrize("fault", [{"after": 500}, {"after": 504}, {"reset_after": True}, {"status": 503}])
def test_a_letter_whose_answer_is_lost_may_have_gone_and_can_be_looked_for(
    fake: FakeGraph, fault: dict[str, Any]
) -> None:
    connector = account(fake)
    fake.faults.plan("POST .*sendMail", **fault)
    with pytest.raises(Uncertain):
        connector.send(letter())
    assert (connector.sent("[r-1a2b3c]", since=at(1)) is not None) == (fault != {"status": 503})


def test_a_letter_that_was_refused_has_not_gone(fake: FakeGraph) -> None:
    fake.faults.plan("POST .*sendMail", status=429, retry_after="4")
    with pytest.raises(TryLater):
        account(fake).send(letter())
    assert fake.mailbox.messages == {}


def test_a_server_that_cannot_be_reached_got_no_letter() -> None:
    with FakeGraph() as fake:
        connector = account(fake)
    with pytest.raises(TryLater):
        connector.send(letter())


def test_a_letter_to_more_than_one_address_is_refused(fake: FakeGraph) -> None:
    for address in ("a@x.example, b@x.example", "a@x.example\r\nBcc: b@x.example", "nobody"):
        with pytest.raises(UserError):
            account(fake).send(Letter(address=address, subject="s", token="t", text="x", html="x"))
    assert fake.writes == 0


def test_sending_needs_its_own_permission_and_looking_needs_reading(fake: FakeGraph) -> None:
    fake.tokens["reading"], fake.tokens["sending"] = frozenset({"Mail.Read"}), frozenset({"Mail.Send"})
    with pytest.raises(AuthNeeded):
        Sending(graph(fake), graph(fake, Token("reading"))).send(letter())
    with pytest.raises(CannotLook):
        Sending(graph(fake, Token("sending")), graph(fake)).sent("t", since=at(1))


# --- settings


def test_every_wrong_setting_is_named_at_once() -> None:
    with pytest.raises(UserError) as raised:
        outlook_mail.connect(
            {"since_days": 0, "graph_url": "http://graph.example", "colour": "red", "allow": ["all"]},
            MemorySecrets(),
        )
    told = "\n".join(raised.value.problems)
    for word in ("client_id", "since_days", "graph_url", "colour", "allow"):
        assert word in told
