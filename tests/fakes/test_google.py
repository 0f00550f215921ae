"""The fake Google is only worth what it is held to: these show that it is held."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests

from recipflow.testing import NOW
from tests.connectors.letters import letter
from tests.fakes.google import Fault, Faults, Google, Quota, serving
from tests.fakes.google.answers import Refused, Unsupported
from tests.fakes.google.contract import Contract
from tests.fakes.google.search import search

SCOPE = "https://www.googleapis.com/auth/gmail.readonly"


@pytest.fixture
def google() -> Iterator[Google]:
    with serving(Google()) as google:
        yield google


def ask(google: Google, path: str, *, scope: str = SCOPE, **query: str) -> requests.Response:
    google.oauth.access["token"] = frozenset({scope})
    heads = {"Authorization": "Bearer token"}
    return requests.get(f"{google.url}/gmail/v1/users/me/{path}", params=query, headers=heads, timeout=10)


def test_a_field_google_does_not_have_is_noticed() -> None:
    contract = Contract("gmail", "v1")
    call = contract.find("GET", "/gmail/v1/users/me/profile")
    assert call
    assert not contract.problems_of_answer(call, {"emailAddress": "a@b.example", "historyId": "7"})
    assert contract.problems_of_answer(call, {"address": "a@b.example"})
    assert contract.problems_of_answer(call, {"historyId": 7})


def test_a_parameter_or_method_google_does_not_have_is_noticed(google: Google) -> None:
    assert ask(google, "messages", question="in:sent").status_code == 501
    assert ask(google, "letters").status_code == 404
    assert len(google.problems) == 2


def test_a_token_is_worth_what_was_granted_and_no_more(google: Google) -> None:
    google.mail.deliver(letter(1), at=NOW)
    assert ask(google, "messages").ok
    assert ask(google, "messages", scope="https://www.googleapis.com/auth/gmail.send").status_code == 403
    google.oauth.expire_access()
    heads = {"Authorization": "Bearer token"}
    assert (
        requests.get(f"{google.url}/gmail/v1/users/me/profile", headers=heads, timeout=10).status_code == 401
    )


def test_pages_are_of_the_size_asked_for_and_follow_one_another(google: Google) -> None:
    for number in range(7):
        google.mail.deliver(letter(number), at=NOW + timedelta(hours=number))
    found: list[str] = []
    token = ""
    while True:
        page = ask(google, "messages", maxResults="3", **({"pageToken": token} if token else {})).json()
        found += [one["id"] for one in page["messages"]]
        token = page.get("nextPageToken", "")
        if not token:
            break
    assert found == sorted(google.mail.mails, reverse=True)


def test_an_old_history_is_not_found(google: Google) -> None:
    old = str(google.mail.now_history)
    google.mail.forget_history()
    assert ask(google, "history", startHistoryId=old).status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("in:sent", "s"),
        ("-in:sent", "ip"),
        ("in:inbox -category:promotions", "i"),
        ("-in:sent {category:promotions category:social}", "p"),
        ('subject:"letter 1"', "s"),
        ("rfc822msgid:2@ana.example", "i"),
        (f"after:{int(datetime(2026, 1, 2, tzinfo=UTC).timestamp())}", "ip"),
        ("before:2026/01/02", "s"),
        ("good", "sip"),
        ("from:nobody", ""),
    ],
)
def test_what_gmail_finds_the_fake_finds(google: Google, query: str, found: str) -> None:
    box = google.mail
    names = {
        box.deliver(letter(1), ("SENT",), at=datetime(2026, 1, 1, tzinfo=UTC)): "s",
        box.deliver(letter(2), at=datetime(2026, 1, 2, tzinfo=UTC)): "i",
        box.deliver(letter(3), ("INBOX", "CATEGORY_PROMOTIONS"), at=datetime(2026, 1, 3, tzinfo=UTC)): "p",
    }
    test = search(query)
    assert {names[one.id] for one in box.mails.values() if test(one)} == set(found)


def test_a_search_it_does_not_know_is_refused_loudly() -> None:
    with pytest.raises(Unsupported):
        search("larger:10M")


def test_within_any_minute_no_more_than_the_quota_is_given() -> None:
    now = 0.0
    quota = Quota(100, lambda: now)
    for _ in range(5):
        quota.charge("gmail.users.messages.get")
    with pytest.raises(Refused):
        quota.charge("gmail.users.history.list")
    now = 59.9
    with pytest.raises(Refused):
        quota.charge("gmail.users.history.list")
    now = 60.0
    quota.charge("gmail.users.history.list")
    assert (quota.spent, quota.refused) == (102, 2)


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.TRUNCATED, Fault.RESET_AFTER])
def test_a_connection_that_breaks_breaks(google: Google, fault: Fault) -> None:
    google.faults.next("getProfile", fault)
    with pytest.raises(requests.exceptions.RequestException):
        ask(google, "profile")
    assert ask(google, "profile").ok


def test_faults_come_at_random_from_their_seed_alone() -> None:
    courses = []
    for seed in (1, 1, 2):
        faults = Faults(rate=0.5, seed=seed)
        courses.append([faults.strike("getProfile") for _ in range(50)])
    assert courses[0] == courses[1] != courses[2]
