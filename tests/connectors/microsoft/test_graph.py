"""Requests to Graph: paced, and every failure told as what it asks of whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recipflow_connectors.microsoft.failures import Conflict, Gone, failure, retry_after
from recipflow_connectors.microsoft.graph import Graph
from recipflow_connectors.microsoft.pace import SECONDS, Pace
from recipflow_connectors.microsoft.refusals import refused

from recipflow.errors import (
    AuthNeeded,
    Changed,
    CursorExpired,
    RecipflowError,
    TryLater,
    Uncertain,
)
from tests.connectors.microsoft.accounts import Token, graph
from tests.fakes.graph.server import FakeGraph


@pytest.fixture
def fake() -> Iterator[FakeGraph]:
    with FakeGraph() as server:
        yield server


class Time:
    """Passes when somebody sleeps, or a request is made."""

    def __init__(self) -> None:
        self.now = 0.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.mark.parametrize(
    ("status", "code", "writing", "kind"),
    [
        (400, "BadRequest", False, TryLater),
        (401, "InvalidAuthenticationToken", False, AuthNeeded),
        (403, "ErrorAccessDenied", False, AuthNeeded),
        (403, "ErrorServerBusy", False, TryLater),
        (404, "ErrorItemNotFound", False, Gone),
        (404, "MailboxNotEnabledForRESTAPI", False, AuthNeeded),
        (409, "ErrorFolderExists", True, Conflict),
        (410, "SyncStateNotFound", False, CursorExpired),
        (400, "syncStateInvalid", False, CursorExpired),
        (410, "resyncRequired", False, CursorExpired),
        (412, "ErrorIrresolvableConflict", True, Changed),
        (423, "locked", False, TryLater),
        (429, "ApplicationThrottled", True, TryLater),
        (500, "generalException", False, TryLater),
        (500, "generalException", True, Uncertain),
        (503, "serviceNotAvailable", True, Uncertain),
        (504, "", True, Uncertain),
        (509, "", False, TryLater),
    ],
)
def test_each_answer_asks_something_of_somebody(
    status: int, code: str, writing: bool, kind: type[Exception]
) -> None:
    found = failure(status, {}, {"error": {"code": code}}, writing=writing)
    assert type(found) is kind
    assert str(status) in str(found)


def test_what_an_answer_says_of_the_mail_is_not_repeated() -> None:
    body = {"error": {"code": "ErrorItemNotFound", "message": "The item 'Secret plan' was not found."}}
    assert "Secret" not in str(failure(404, {}, body, writing=False))


@pytest.mark.parametrize(
    "body", [None, [], "<html>", {"error": "no"}, {"error": {"code": 7}}, {"error": None}]
)
def test_an_answer_in_no_form_is_no_riddle(body: Any) -> None:
    assert isinstance(failure(502, {}, body, writing=False), TryLater)


def test_how_long_to_wait_is_said_in_seconds_or_as_an_instant() -> None:
    assert retry_after({"retry-after": "17"}) == 17.0
    date = "Thu, 15 Jan 2026 12:00:00 GMT"
    assert retry_after({"Retry-After": "Thu, 15 Jan 2026 12:01:30 GMT", "Date": date}) == 90.0
    assert retry_after({"Retry-After": date, "Date": "Thu, 15 Jan 2026 12:01:30 GMT"}) == 0.0
    assert retry_after({"Retry-After": "soon"}) is retry_after({}) is None


def test_the_wait_comes_from_the_server(fake: FakeGraph) -> None:
    fake.faults.plan("GET", status=429, retry_after="42", code="ApplicationThrottled")
    with pytest.raises(TryLater) as raised:
        graph(fake).get(fake.url + "/me/mailFolders")
    assert raised.value.after == 42.0


def test_a_token_that_died_early_is_replaced_once(fake: FakeGraph) -> None:
    token = Token()
    fake.faults.plan("GET", status=401, code="InvalidAuthenticationToken")
    graph(fake, token).get(fake.url + "/me/mailFolders")
    assert token.asked == [False, True]
    fake.faults.plan("GET", times=2, status=401, code="InvalidAuthenticationToken")
    with pytest.raises(AuthNeeded) as raised:
        graph(fake, token).get(fake.url + "/me/mailFolders")
    assert raised.value.command.startswith("recipflow connect outlook")


@pytest.mark.parametrize("fault", [{"cut": True}, {"reset": True}])
def test_a_broken_answer_to_a_question_passes_and_to_a_write_is_uncertain(
    fake: FakeGraph, fault: dict[str, Any]
) -> None:
    fake.faults.plan(".", times=2, **fault)
    with pytest.raises(TryLater):
        graph(fake).get(fake.url + "/me/mailFolders")
    with pytest.raises(Uncertain):
        graph(fake).post(fake.url + "/me/calendars", {"name": "x"})


def test_what_takes_too_long_passes(fake: FakeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recipflow_connectors.microsoft.graph.TIMEOUT", (1.0, 0.1))
    fake.faults.plan(".", times=2, delay=0.4)
    with pytest.raises(TryLater):
        graph(fake).get(fake.url + "/me/mailFolders")
    with pytest.raises(Uncertain):
        graph(fake).post(fake.url + "/me/calendars", {"name": "x"})


@pytest.mark.parametrize("base", ["http://127.0.0.1:9/v1.0", "https://nowhere.invalid/v1.0"])
def test_a_server_that_is_not_there_got_nothing(base: str) -> None:
    one = Graph(Token(), base=base)
    with pytest.raises(TryLater):
        one.get(base + "/me")
    with pytest.raises(TryLater):
        one.post(base + "/me/calendars", {})


def test_proxies_of_the_environment_are_used(fake: FakeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    with pytest.raises(TryLater, match="Proxy"):
        Graph(Token(), base="http://graph.invalid/v1.0").get("http://graph.invalid/v1.0/me")


def test_no_answer_leads_the_token_to_another_server(fake: FakeGraph) -> None:
    with FakeGraph() as other, pytest.raises(TryLater):
        graph(fake).get(other.url + "/me/mailFolders")
    assert other.exchanges == 0


def test_of_a_batch_each_answer_stands_for_itself(fake: FakeGraph) -> None:
    fake.faults.plan("BATCHED GET /me/mailFolders/sentitems", status=503, retry_after="3")
    one = graph(fake)
    urls = [one.url("me", "mailFolders", name) for name in ("inbox", "sentitems", "nothing", "archive")]
    inbox, sent, nothing, archive = one.batch(urls)
    assert isinstance(inbox, dict)
    assert inbox["displayName"] == "Inbox"
    assert isinstance(sent, TryLater)
    assert sent.after == 3.0
    assert isinstance(nothing, Gone)
    assert not isinstance(archive, RecipflowError)


def test_a_batch_holds_twenty_at_most(fake: FakeGraph) -> None:
    one = graph(fake)
    found = one.batch([one.url("me", "mailFolders", "inbox")] * 45)
    assert len(found) == 45
    assert fake.exchanges == 3


def test_a_link_is_known_by_its_server_and_not_by_how_it_is_written() -> None:
    one = Graph(Token(), base="https://graph.example/v1.0")
    for good in ("https://graph.example/v1.0/me", "https://GRAPH.example:443/v1.0/me?$skiptoken=x"):
        assert one.ours(good)
    for bad in (
        "https://graph.example.evil.example/v1.0/me",
        "https://graph.example@evil.example/v1.0/me",
        "http://graph.example/v1.0/me",
        "https://graph.example:8443/v1.0/me",
        "https://graph.example/v1.0evil",
        "//graph.example/v1.0/me",
        "https://[",
        "",
    ):
        assert not one.ours(bad), bad


def test_ids_with_any_letters_are_asked_for_as_they_are() -> None:
    one = Graph(Token(), base="https://graph.example/v1.0")
    assert one.url("me", "messages", "a/b+c=", select="id") == (
        "https://graph.example/v1.0/me/messages/a%2Fb%2Bc=?$select=id"
    )


@given(st.lists(st.floats(0, 30), min_size=300, max_size=600), st.integers(50, 400))
def test_no_ten_minutes_hold_more_requests_than_are_allowed(pauses: list[float], most: int) -> None:
    time = Time()
    pace = Pace(most, clock=time.clock, sleep=time.sleep)
    made: list[float] = []
    for pause in pauses:
        time.now += pause
        pace.take()
        made.append(time.now)
    for number, begun in enumerate(made):
        assert sum(begun <= later < begun + SECONDS - 1e-6 for later in made[number:]) <= most + 1


def test_a_backfill_uses_nearly_all_that_is_allowed_and_is_never_refused() -> None:
    time, most = Time(), 1_000
    with FakeGraph(clock=time.clock, most=most) as fake:
        one = Graph(Token(), base=fake.url, pace=Pace(most, clock=time.clock, sleep=time.sleep))
        urls = [one.url("me", "mailFolders", "inbox")] * 20
        asked = 0
        while time.now < SECONDS * 3:
            answers = one.batch(urls)
            assert not any(isinstance(answer, RecipflowError) for answer in answers)
            asked += len(answers)
        assert asked > 0.9 * most * 3


@pytest.mark.parametrize(
    ("error", "number", "word"),
    [
        ("invalid_grant", "65001", "never given"),
        ("access_denied", "90094", "administrator"),
        ("invalid_grant", "50173", "ended the sign-in"),
        ("interaction_required", "50076", "second proof"),
        ("unauthorized_client", "700016", "--client-id"),
        ("invalid_client", "7000218", "Allow public client flows"),
        ("access_denied", "53003", "--thunderbird"),
        ("access_denied", "", "declined"),
        ("invalid_grant", "99999", "AADSTS99999"),
    ],
)
def test_a_refusal_says_what_is_the_matter(error: str, number: str, word: str) -> None:
    found = refused(
        {"error": error, "error_description": f"AADSTS{number}: x"}, command="recipflow connect outlook"
    )
    assert isinstance(found, AuthNeeded)
    assert word in str(found)
    assert found.command == "recipflow connect outlook"


def test_a_sign_in_that_is_down_passes() -> None:
    assert isinstance(refused({"error": "temporarily_unavailable"}, command="x"), TryLater)
    assert isinstance(refused({"error": "invalid_grant", "error_codes": [90033]}, command="x"), TryLater)
