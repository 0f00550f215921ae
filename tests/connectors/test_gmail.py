"""The connector `gmail`, under the real client library, against a fake Google held to the discovery documents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from recipflow_connectors.google import auth, gmail
from recipflow_connectors.google.pace import Pace

from recipflow.connector import Drafting, MailCourier
from recipflow.errors import AuthNeeded, TryLater, UserError
from recipflow.testing import NOW, ConnectorContract, ids, pull_all
from recipflow.testing.live import FaultContract, FetchingContract, ForgettingContract, ReadOnlyContract
from tests.fakes.google import Fault, Google, Quota

from .gmailing import BULK, conversation, messages
from .googling import Clock, a_google, failing, granted, mailbox
from .letters import letter

PLACES = (("INBOX",), ("SENT",), BULK, ("INBOX", "CATEGORY_PERSONAL"))


@pytest.fixture
def google() -> Iterator[Google]:
    with a_google() as google:
        yield google


class _Account:
    faults = {  # noqa: RUF012  (as the contract has it)
        "429 with Retry-After": TryLater,
        "403 userRateLimitExceeded": TryLater,
        "503, nothing done": TryLater,
        "500, though it was done": TryLater,
        "an answer cut short": TryLater,
        "a connection reset before anything was done": TryLater,
        "signed out": AuthNeeded,
        "switched off": AuthNeeded,
    }

    def __init__(self, google: Google) -> None:
        self.google, self.count = google, 0
        self._secrets = granted(google, auth.READ_MAIL)

    def add(self, count: int) -> None:
        for number in range(self.count, self.count + count):
            answers = f"In-Reply-To: <{number - 4}@ana.example>\n" if number % 8 > 3 else ""
            at = NOW - timedelta(days=1) + timedelta(minutes=number)
            self.google.mail.deliver(letter(number, head=answers), PLACES[number % 4], at=at)
        self.count += count

    def ids(self) -> set[str]:
        return {f"{number}@ana.example" for number in range(self.count)}

    def connect(self) -> gmail.Gmail:
        return gmail.connect({"url": self.google.url}, self._secrets, pace=Pace(1e12))

    def remove(self, message: str) -> None:
        mails = self.google.mail.mails.values()
        self.google.mail.delete(next(one.id for one in mails if one.message_id == message))

    def state(self) -> object:
        mails = {one.id: (one.labels, one.history) for one in self.google.mail.mails.values()}
        return mails, list(self.google.writes)

    def forget(self) -> None:
        self.google.mail.forget_history()

    def failing(self, fault: str) -> AbstractContextManager[None]:
        return failing(self.google, "gmail", fault)


class TestContract(ConnectorContract, FetchingContract, ReadOnlyContract, ForgettingContract, FaultContract):
    many = 170

    @pytest.fixture
    def account(self, google: Google) -> _Account:
        return _Account(google)


def test_conversations_the_user_is_part_of_come_first_then_people_then_newsletters(google: Google) -> None:
    google.mail.deliver(letter(1), BULK, at=NOW)
    google.mail.deliver(letter(2), ("INBOX",), at=NOW - timedelta(days=1))
    conversation(google, 3, 4, 5, days=2)
    found = [one.id.partition("@")[0] for one in messages(mailbox(google))]
    assert found == ["5", "4", "3", "2", "1"]


def test_a_thread_comes_whole_for_one_request(google: Google) -> None:
    conversation(google, 1, 2, 3, 4, 5, 6)
    assert len(messages(mailbox(google))) == 6
    assert google.calls["gmail.users.threads.get"] == 1
    assert google.calls["gmail.users.messages.get"] == 0


def test_what_is_older_than_asked_for_is_left_out_even_of_a_thread(google: Google) -> None:
    google.mail.deliver(letter(1), at=NOW - timedelta(days=500))
    old = google.mail.deliver(letter(2), at=NOW - timedelta(days=400))
    thread = google.mail.mails[old].thread
    google.mail.deliver(letter(3), ("SENT",), at=NOW - timedelta(days=3), thread=thread)
    google.mail.deliver(letter(4), ("SENT",), at=NOW - timedelta(days=2), thread=thread)
    assert {one.id for one in messages(mailbox(google))} == {"3@ana.example", "4@ana.example"}
    assert len(messages(mailbox(google, since_days=1000))) == 4


def test_a_list_that_breaks_off_between_two_pages_is_asked_for_again_later(
    google: Google, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(501):
        google.mail.deliver(letter(number), at=NOW - timedelta(hours=1))
    monkeypatch.setattr("tests.fakes.google.gmail._as_token", lambda _: "long forgotten")
    with pytest.raises(TryLater):
        list(mailbox(google).present(NOW - timedelta(days=1), now=NOW))
    with pytest.raises(TryLater):
        mailbox(google).pull(None, now=NOW)


def test_drafts_spam_trash_and_chats_stay_out(google: Google) -> None:
    for number, place in enumerate(("DRAFT", "SPAM", "TRASH", "CHAT")):
        google.mail.deliver(letter(number), (place,), at=NOW)
    pages = pull_all(mailbox(google))
    assert not ids(pages)
    for number, place in enumerate(("DRAFT", "SPAM", "TRASH", "CHAT"), start=10):
        google.mail.deliver(letter(number), (place,), at=NOW)
    assert not ids(pull_all(mailbox(google), pages[-1].cursor))


def test_what_is_taken_out_of_spam_comes(google: Google) -> None:
    spam = google.mail.deliver(letter(1), ("SPAM",), at=NOW)
    cursor = pull_all(mailbox(google))[-1].cursor
    google.mail.relabel(spam, add=("INBOX",), remove=("SPAM",))
    assert ids(pull_all(mailbox(google), cursor)) == {"1@ana.example"}


def test_reading_and_starring_mail_fetches_nothing_again(google: Google) -> None:
    one = google.mail.deliver(letter(1), ("INBOX", "UNREAD"), at=NOW)
    cursor = pull_all(mailbox(google))[-1].cursor
    google.calls.clear()
    google.mail.relabel(one, add=("STARRED",), remove=("UNREAD",))
    assert not ids(pull_all(mailbox(google), cursor))
    assert google.calls["gmail.users.messages.get"] == 0


def test_what_was_read_of_a_page_is_not_read_again_when_it_broke_off(google: Google) -> None:
    for number in range(20):
        google.mail.deliver(letter(number), at=NOW - timedelta(hours=number))
    connector = mailbox(google, lanes=1)
    cursor = connector.pull(None, now=NOW).cursor  # sent mail, of which there is none
    for place in range(10):
        google.faults.next("messages.get", Fault.RESET)
        with pytest.raises(TryLater):
            connector.pull(cursor, now=NOW)
        assert google.calls["gmail.users.messages.get"] == place + 1
    assert len(ids([connector.pull(cursor, now=NOW)])) == 20
    assert google.calls["gmail.users.messages.get"] == 10 + 20


def test_a_page_token_google_no_longer_takes_starts_that_stage_over(google: Google) -> None:
    for number in range(120):
        google.mail.deliver(letter(number), at=NOW - timedelta(hours=number))
    connector = mailbox(google)
    first = connector.pull(None, now=NOW)
    second = connector.pull(first.cursor, now=NOW)
    spoilt = second.cursor.replace('"token":"', '"token":"x')
    assert spoilt != second.cursor
    assert ids([first, second, *pull_all(connector, spoilt)]) == {f"{n}@ana.example" for n in range(120)}


def test_a_forgotten_history_says_from_when_on_it_reads_again(google: Google) -> None:
    google.mail.deliver(letter(1), at=NOW - timedelta(days=30))
    cursor = pull_all(mailbox(google))[-1].cursor
    later = NOW + timedelta(days=20)
    google.mail.deliver(letter(2), at=later)
    google.mail.forget_history()
    pages = pull_all(mailbox(google), cursor, now=later)
    assert pages[0].reset
    assert pages[0].since == NOW - timedelta(days=2)
    assert ids(pages) == {"2@ana.example"}


def test_the_cursor_of_a_quiet_mailbox_is_renewed_once_a_day(google: Google) -> None:
    cursor = pull_all(mailbox(google))[-1].cursor
    assert pull_all(mailbox(google), cursor, now=NOW + timedelta(hours=20))[-1].cursor == cursor
    assert pull_all(mailbox(google), cursor, now=NOW + timedelta(hours=25))[-1].cursor != cursor


def test_the_quota_is_kept_to_and_nearly_used_up() -> None:
    clock = Clock()
    with a_google(clock) as google:
        for number in range(600):
            google.mail.deliver(letter(number), at=NOW - timedelta(minutes=number))
        google.quota = Quota(6_000, clock)
        secrets = granted(google, auth.READ_MAIL)
        pace = Pace(6_000, clock=clock, sleep=clock.sleep)
        assert len(messages(gmail.connect({"url": google.url}, secrets, pace=pace))) == 600
        assert google.quota.refused == 0
        assert google.quota.spent / (clock.now - NOW.timestamp()) * 60 > 0.95 * 6_000


def test_a_scope_that_was_not_granted_is_named_with_what_to_type(google: Google) -> None:
    with pytest.raises(AuthNeeded, match="send mail") as raised:
        mailbox(google, auth.READ_MAIL, address="noor@haddad.example", allow=["digest"]).pull(None, now=NOW)
    assert raised.value.command == "recipflow connect gmail noor@haddad.example --allow digest"


def test_what_was_not_switched_on_is_not_offered(google: Google) -> None:
    assert not isinstance(mailbox(google), Drafting | MailCourier)
    assert isinstance(mailbox(google, drafts=True), Drafting)
    assert isinstance(mailbox(google, drafts=True, allow=["digest"]), MailCourier)


def test_settings_are_refused_all_at_once() -> None:
    with pytest.raises(UserError) as raised:
        gmail.connect(
            {"since_days": 0, "adress": "x", "allow": ["reminders"], "drafts": "yes"}, granted(Google())
        )
    assert len(raised.value.problems) == 4


def test_drafts_are_told_by_their_version_and_looked_at_only_when_it_changed(google: Google) -> None:
    connector = mailbox(google, drafts=True)
    assert isinstance(connector, Drafting)
    draft = google.mail.save_draft(letter(1, body="Could you"))
    ((version, first),) = connector.drafts({}).values()
    assert first
    assert first.body == "Could you"
    assert connector.drafts({draft: version}) == {draft: (version, None)}
    google.mail.save_draft(letter(1, body="Could you introduce me"), draft)
    ((_, second),) = connector.drafts({draft: version}).values()
    assert second
    assert second.body == "Could you introduce me"


def test_disconnecting_gives_the_grant_back(google: Google) -> None:
    connector = mailbox(google)
    connector.pull(None, now=NOW)
    connector.revoke()
    assert google.oauth.revoked
    with pytest.raises(AuthNeeded):
        connector.pull(None, now=NOW)
    connector.revoke()  # twice is once
