"""Letters through Gmail: from the user to the user, once, and found again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from recipflow_connectors.google import auth

from recipflow.connector import Enclosure, Letter, MailCourier
from recipflow.errors import AuthNeeded, TryLater, Uncertain, UserError
from recipflow.model import Message
from recipflow.testing import NOW, pull_all
from tests.fakes.google import Fault, Google

from .googling import a_google, granted, mailbox

TOKEN = "rf7k2m9q"
LETTER = Letter(
    address="noor@haddad.example",
    subject=f"Guten Morgen, schöner Tag · {TOKEN}",
    token=TOKEN,
    text="Dana helped you.\n",
    html="<p>Dana helped you.</p>",
    enclosures=(
        Enclosure("reminders.ics", 'text/calendar; method="PUBLISH"; charset=utf-8', b"BEGIN:VCALENDAR"),
    ),
)
SINCE = NOW - timedelta(minutes=1)


@pytest.fixture
def google() -> Iterator[Google]:
    with a_google() as google:
        google.mail.aliases = ("noor.haddad@gmail.example",)
        yield google


def courier(google: Google) -> MailCourier:
    found = mailbox(google, allow=["digest"])
    assert isinstance(found, MailCourier)
    return found


def test_a_letter_arrives_with_all_that_is_in_it(google: Google) -> None:
    sent = courier(google).send(LETTER)
    mail = google.mail.mails[sent].parsed
    parts = {part.get_content_type(): part for part in mail.walk()}
    assert mail["To"] == mail["From"] == "noor@haddad.example"
    assert {"text/plain", "text/html", "text/calendar"} <= parts.keys()
    assert parts["text/calendar"].get_param("method") == "PUBLISH"
    assert parts["text/calendar"].get_filename() == "reminders.ics"
    assert parts["text/calendar"].get_payload(decode=True) == b"BEGIN:VCALENDAR"


def test_it_is_known_by_the_id_that_sending_it_gave(google: Google) -> None:
    found = mailbox(google, allow=["digest"])
    cursor = pull_all(found)[-1].cursor
    assert isinstance(found, MailCourier)
    sent = found.send(LETTER)
    (page,) = pull_all(found, cursor)
    assert [one.ref for one in page.interactions if isinstance(one, Message)] == [sent]


def test_a_letter_that_was_sent_is_found_by_its_token_and_another_is_not(google: Google) -> None:
    one = courier(google)
    assert one.sent(TOKEN, since=SINCE) is None
    sent = one.send(LETTER)
    assert one.sent(TOKEN, since=SINCE) == sent
    assert one.sent("rf000000", since=SINCE) is None
    assert one.sent(TOKEN, since=datetime.now(UTC) + timedelta(days=3650)) is None


@pytest.mark.parametrize("address", ["dana@example.org", "noor@haddad.example.evil.org", ""])
def test_nothing_is_ever_sent_to_anybody_else(google: Google, address: str) -> None:
    with pytest.raises(UserError, match="own"):
        courier(google).send(replace(LETTER, address=address))
    assert not google.writes


def test_an_alias_of_the_users_is_the_user(google: Google) -> None:
    assert courier(google).send(replace(LETTER, address="Noor.Haddad@gmail.example"))


@pytest.mark.parametrize(
    "fault", [Fault.BROKEN_AFTER, Fault.RESET_AFTER, Fault.TRUNCATED, Fault.BROKEN_BEFORE]
)
def test_when_the_answer_is_lost_it_is_uncertain_and_one_look_tells(google: Google, fault: Fault) -> None:
    one = courier(google)
    google.faults.next("messages.send", fault)
    with pytest.raises(Uncertain):
        one.send(LETTER)
    assert (one.sent(TOKEN, since=SINCE) is None) == (fault is Fault.BROKEN_BEFORE)


@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.FORBIDDEN_BUSY])
def test_when_google_asks_for_a_pause_it_was_not_sent(google: Google, fault: Fault) -> None:
    google.faults.next("messages.send", fault)
    with pytest.raises(TryLater) as raised:
        courier(google).send(LETTER)
    assert raised.value.after == (2 if fault is Fault.BUSY else None)
    assert not google.mail.mails


def test_a_grant_taken_back_says_what_to_type(google: Google) -> None:
    one = courier(google)
    google.oauth.revoke_all()
    with pytest.raises(AuthNeeded) as raised:
        one.send(LETTER)
    assert raised.value.command == "recipflow connect gmail --allow digest"


def test_without_a_network_nothing_was_sent(google: Google) -> None:
    from recipflow_connectors.google import gmail

    secrets = granted(google, auth.READ_MAIL, auth.SEND_MAIL)
    one = gmail.connect({"url": "http://127.0.0.1:9", "allow": ["digest"]}, secrets)
    with pytest.raises(TryLater):
        one.pull(None, now=NOW)
