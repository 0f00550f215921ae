"""Outlook's mail as a user's mailbox really is: folders, moves, forgotten links, large folders, letters to oneself."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from recipflow_connectors.microsoft import lists, outlook_mail
from recipflow_connectors.microsoft.outlook_mail import Sending
from recipflow_connectors.microsoft.position import RENEWED_AT, SMALL, Span, text

from recipflow.connector import Drafting, Enclosure, Fetching, Letter, MailCourier, MemorySecrets, Page
from recipflow.errors import AuthNeeded, CannotLook, TryLater, Uncertain, UserError
from recipflow.model import Attachment, Form, Message, Party
from recipflow.testing import NOW, pull_all
from tests.connectors.microsoft.accounts import ME, OutlookAccount, Token, at, graph
from tests.fakes.graph.mailbox import recipient, stamp
from tests.fakes.graph.server import FakeGraph

DANA = recipient("Dana.Ruiz@Fabrikam.example", "Dana Ruiz")


@pytest.fixture
def fake() -> Iterator[FakeGraph]:
    with FakeGraph(now=lambda: NOW) as server:
        yield server
        assert server.problems == []


def account(fake: FakeGraph, **more: Any) -> Sending:
    return Sending(graph(fake), graph(fake), address=ME, **more)


def received(days: float) -> dict[str, str]:
    """Received so many days ago."""
    return {"receivedDateTime": stamp(at(days)), "sentDateTime": stamp(at(days))}


def subjects(pages: list[Page]) -> list[str]:
    return [one.subject for page in pages for one in page.interactions if isinstance(one, Message)]


def pulled(fake: FakeGraph, cursor: str | None = None, *, now: datetime = NOW) -> tuple[list[str], str]:
    """The subjects, and from where to go on."""
    pages = pull_all(account(fake), cursor, now=now)
    return subjects(pages), pages[-1].cursor


# --- what is read, and in which order


def test_sent_mail_comes_before_received_and_the_newest_first(fake: FakeGraph) -> None:
    fake.mailbox.add({"subject": "in, old", **received(9)})
    fake.mailbox.add({"subject": "in, new", **received(1)})
    fake.mailbox.add({"subject": "out, old", **received(8)}, "sentitems")
    fake.mailbox.add({"subject": "out, new", **received(2)}, "sentitems")
    assert pulled(fake)[0] == ["out, new", "out, old", "in, new", "in, old"]


def test_drafts_junk_deleted_mail_chats_and_search_folders_stay_out(fake: FakeGraph) -> None:
    found = fake.mailbox.add_folder("Found", kind="#microsoft.graph.mailSearchFolder").id
    inside = fake.mailbox.add_folder("Old things", fake.mailbox.ids["deleteditems"]).id
    trash = fake.mailbox.add_folder("Papierkorb").id  # as another program made it
    for folder in (
        "drafts",
        "junkemail",
        "deleteditems",
        "outbox",
        "conversationhistory",
        found,
        inside,
        trash,
    ):
        fake.mailbox.add(received(3), folder)
    fake.mailbox.add({"isDraft": True, **received(3)})
    assert pulled(fake)[0] == []
    assert list(account(fake).present(at(30), now=NOW)) == []


def test_folders_within_folders_are_read_also_those_made_later(fake: FakeGraph) -> None:
    clients = fake.mailbox.add_folder("Clients").id
    fake.mailbox.add({"subject": "one", **received(3)}, fake.mailbox.add_folder("Kwame", clients).id)
    first, cursor = pulled(fake)
    fake.mailbox.add({"subject": "two", **received(200)}, fake.mailbox.add_folder("Carla", clients).id)
    assert (first, pulled(fake, cursor)[0]) == (["one"], ["two"])


def test_a_folder_that_is_deleted_is_no_trouble(fake: FakeGraph) -> None:
    folder = fake.mailbox.add_folder("Clients").id
    fake.mailbox.add(received(3), folder)
    _, cursor = pulled(fake)
    fake.mailbox.remove_folder(folder)
    fake.mailbox.add({"subject": "new", **received(0)})
    assert pulled(fake, cursor)[0] == ["new"]


def test_what_is_moved_keeps_its_ref_and_gets_the_label_of_its_folder(fake: FakeGraph) -> None:
    moved = fake.mailbox.add({"subject": "here", **received(3)})
    _, cursor = pulled(fake)
    fake.mailbox.move(moved, "archive")
    (found,) = (one for page in pull_all(account(fake), cursor) for one in page.interactions)
    assert isinstance(found, Message)
    assert (found.ref, found.labels) == (moved, ("archive",))


def test_what_is_taken_out_of_junk_is_read(fake: FakeGraph) -> None:
    junk = fake.mailbox.add({"subject": "no junk", **received(30)}, "junkemail")
    _, cursor = pulled(fake)
    fake.mailbox.move(junk, "inbox")
    assert pulled(fake, cursor)[0] == ["no junk"]


def test_deleted_mail_is_not_forgotten_and_no_trouble(fake: FakeGraph) -> None:
    gone, _ = fake.mailbox.add(received(3)), fake.mailbox.add(received(2))
    _, cursor = pulled(fake)
    fake.mailbox.remove(gone)
    assert pulled(fake, cursor)[0] == []


def test_a_year_is_read_unless_the_settings_say_otherwise(fake: FakeGraph) -> None:
    for days in (3, 100, 364, 366):
        fake.mailbox.add({"subject": str(days), **received(days)})
    assert pulled(fake)[0] == ["3", "100", "364"]
    assert subjects(pull_all(account(fake, since_days=30))) == ["3"]


def test_mail_that_comes_while_the_first_sync_goes_on_is_not_missed(fake: FakeGraph) -> None:
    OutlookAccount(fake).add(600)
    page = account(fake).pull(None, now=NOW)
    fake.mailbox.add({"subject": "meanwhile", **received(0)}, "sentitems")
    found, cursor = pulled(fake, page.cursor)
    assert "meanwhile" in found + pulled(fake, cursor)[0]


# --- links that were forgotten, or lead elsewhere


def test_a_forgotten_link_says_from_when_on_everything_is_read_again(fake: FakeGraph) -> None:
    fake.mailbox.add({"subject": "known", **received(3)})
    _, cursor = pulled(fake)
    fake.mailbox.forget_states()
    fake.mailbox.add({"subject": "new", **received(0)})
    pages = pull_all(account(fake), cursor, now=NOW)
    assert pages[0].reset
    assert pages[0].since is not None
    assert pages[0].since <= at(3)
    assert "new" in subjects(pages)


def test_in_a_large_folder_it_is_read_again_from_the_last_time_nothing_was_missing(fake: FakeGraph) -> None:
    fake.mail.counts = False
    for days in (20, 6):
        fake.mailbox.add({"subject": str(days), **received(days)})
    _, cursor = pulled(fake, now=at(4))
    fake.mailbox.add({"subject": "3", **received(3)})
    fake.mailbox.forget_states()
    pages = pull_all(account(fake), cursor, now=NOW)
    assert subjects(pages) == ["3"]
    assert pages[0].since == at(5)


def test_a_link_forgotten_in_the_middle_of_a_round_begins_it_again(fake: FakeGraph) -> None:
    OutlookAccount(fake).add(1_000)
    page = account(fake).pull(None, now=NOW)
    fake.mailbox.forget_states()
    pages = [page, *pull_all(account(fake), page.cursor)]
    assert len({one.id for each in pages for one in each.interactions}) == 1_000


def test_the_token_is_never_sent_to_another_server(fake: FakeGraph) -> None:
    fake.mailbox.add(received(3))
    _, cursor = pulled(fake)
    with FakeGraph(now=lambda: NOW) as other:
        other.mailbox.add({"subject": "elsewhere", **received(2)})
        pages = pull_all(account(fake), cursor.replace(fake.url, other.url))
        assert other.exchanges == 0
    assert pages[0].reset
    assert len(subjects(pages)) == 1


def test_what_came_before_a_fault_is_kept_and_the_wait_heeded_before_more_is_asked_for(
    fake: FakeGraph,
) -> None:
    fake.mailbox.add({"subject": "sent", **received(3)}, "sentitems")
    fake.mailbox.add({"subject": "inbox", **received(3)})
    fake.faults.plan(f"GET .*{fake.mailbox.ids['inbox'][:20]}.*delta", status=429, retry_after="11")
    connector = account(fake)
    first = connector.pull(None, now=NOW)
    assert (subjects([first]), first.more) == (["sent"], True)
    before = fake.exchanges
    with pytest.raises(TryLater) as raised:
        connector.pull(first.cursor, now=NOW)
    assert (raised.value.after, fake.exchanges) == (11.0, before)
    assert subjects(pull_all(connector, first.cursor)) == ["inbox"]


# --- large folders


@pytest.mark.parametrize("strict", [False, True])
def test_the_limit_of_a_delta_query_with_a_filter_hides_nothing(fake: FakeGraph, strict: bool) -> None:
    """Whichever way its 5,000 are meant: in one round, or in all together."""
    fake.mail.strict = strict
    for number in range(RENEWED_AT + 700):
        fake.mailbox.add({"subject": str(number), **received(number / RENEWED_AT)})
    found, cursor = pulled(fake)
    fake.mailbox.add({"subject": "new", **received(0)})
    assert len(set(found)) == RENEWED_AT + 700
    assert "new" in pulled(fake, cursor)[0]  # with a day read again, at this rate


def test_a_small_folder_that_grows_large_loses_nothing(fake: FakeGraph) -> None:
    for number in range(SMALL - 10):
        fake.mailbox.add({"subject": f"before {number}", **received(100)})
    found, cursor = pulled(fake)
    now = NOW
    for round_ in range(4):
        now += timedelta(days=20)
        for number in range(1_000):
            moment = stamp(now - timedelta(minutes=number))
            fake.mailbox.add(
                {"subject": f"{round_} {number}", "receivedDateTime": moment, "sentDateTime": moment}
            )
        fresh, cursor = pulled(fake, cursor, now=now)
        found += fresh
    assert len(set(found)) == SMALL - 10 + 4_000


def test_any_number_of_messages_of_the_same_second_is_read(fake: FakeGraph) -> None:
    fake.mail.counts = False
    for number in range(900):
        fake.mailbox.add({"subject": str(number), **received(100 if 50 < number < 850 else 50 + number / 10)})
    assert len(pulled(fake)[0]) == 900


def test_mail_that_vanishes_while_a_list_is_read_makes_it_skip_nothing(fake: FakeGraph) -> None:
    ids = [fake.mailbox.add({"subject": str(number), **received(number / 10)}) for number in range(700)]
    one, span, found = graph(fake), Span(text(at(300)), text(NOW)), []
    last, removed = False, 0
    while not last:
        page, last = lists.step(one, fake.mailbox.ids["inbox"], span, "subject,receivedDateTime")
        found += [each["subject"] for each in page]
        for _ in range(20):  # of those already read: a list by count would now leave twenty out
            fake.mailbox.remove(ids[removed])
            removed += 1
    assert found == [str(number) for number in range(700)]


# --- the messages themselves


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
    assert [reason for page in pages for _, reason in page.set_aside] == ["it does not say who sent it"]


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
