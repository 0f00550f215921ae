"""The stand-in for Graph keeps to what is written about Graph: its metadata, and each rule that is not in there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
import requests

from tests.fakes.graph.calendar import attendee, every, graph_time
from tests.fakes.graph.csdl import metadata
from tests.fakes.graph.mailbox import WELL_KNOWN, Mailbox, blank, stamp
from tests.fakes.graph.rules import RULES
from tests.fakes.graph.server import FakeGraph

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
Check = Callable[[FakeGraph], None]
CHECKS: dict[str, Check] = {}
MAX = {"Prefer": "odata.maxpagesize=2"}


@pytest.fixture
def fake() -> Iterator[FakeGraph]:
    with FakeGraph(now=lambda: NOW) as server:
        yield server
        assert server.problems == []


def check(name: str) -> Callable[[Check], Check]:
    def keep(function: Check) -> Check:
        CHECKS[name] = function
        return function

    return keep


def ask(fake: FakeGraph, path: str, method: str = "GET", **more: Any) -> requests.Response:
    url = path if path.startswith("http") else fake.url + path
    headers = {"Authorization": "Bearer token", **more.pop("headers", {})}
    return requests.request(method, url, headers=headers, timeout=5, **more)


def code(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def drain(fake: FakeGraph, path: str, **headers: str) -> tuple[list[dict[str, Any]], str]:
    """All of a round, and its deltaLink."""
    found: list[dict[str, Any]] = []
    while True:
        body = ask(fake, path, headers=headers).json()
        found += body["value"]
        if "@odata.deltaLink" in body:
            return found, body["@odata.deltaLink"]
        path = body["@odata.nextLink"]


def test_every_rule_is_held_to() -> None:
    assert CHECKS.keys() == RULES.keys()


@pytest.mark.parametrize("name", RULES)
def test_rule(name: str, fake: FakeGraph) -> None:
    CHECKS[name](fake)


def test_the_metadata_finds_what_is_wrong() -> None:
    good = {key: value for key, value in blank(1, "a@b.example").items() if key not in ("attachments",)}
    assert metadata().problems("message", {**good, "id": "1"}) == []
    wrongs: list[dict[str, Any]] = [
        {"colour": "red"},
        {"importance": "very"},
        {"isRead": "yes"},
        {"receivedDateTime": "yesterday"},
        {"toRecipients": {}},
        {"body": {"contentType": "html", "words": "x"}},
        {"id": None},
    ]
    for wrong in wrongs:
        assert metadata().problems("message", {**good, **wrong}), wrong


INBOX = "/me/mailFolders/inbox/messages"


@check("delta-is-per-folder")
def _(fake: FakeGraph) -> None:
    fake.mailbox.add({}, "archive")
    assert drain(fake, INBOX + "/delta")[0] == []
    assert ask(fake, "/me/messages/delta").status_code == 404


@check("delta-links")
def _(fake: FakeGraph) -> None:
    for _ in range(5):
        fake.mailbox.add({})
    found, link = drain(fake, INBOX + "/delta?$select=subject", **MAX)
    assert len(found) == 5
    assert all(one.keys() <= {"@odata.type", "@odata.etag", "id", "subject"} for one in found)
    assert drain(fake, link)[0] == []
    fake.mailbox.add({"subject": "new"})
    assert [one["subject"] for one in drain(fake, link)[0]] == ["new"]


@check("delta-filter")
def _(fake: FakeGraph) -> None:
    for bad in (
        "$filter=subject eq 'x'",
        "$filter=receivedDateTime le 2026-01-01T00:00:00Z",
        "$orderby=subject",
    ):
        assert ask(fake, f"{INBOX}/delta?{bad}").status_code == 400
    good = "$filter=receivedDateTime ge 2026-01-01T00:00:00Z&$orderby=receivedDateTime desc"
    assert ask(fake, f"{INBOX}/delta?{good}").status_code == 200


@check("delta-most")
def _(fake: FakeGraph) -> None:
    for _ in range(5_010):
        fake.mailbox.add({})
    filtered = INBOX + "/delta?$select=id&$filter=receivedDateTime ge 2020-01-01T00:00:00Z"
    large = {"Prefer": "odata.maxpagesize=1000"}
    assert len(drain(fake, filtered, **large)[0]) == 5_000
    assert len(drain(fake, INBOX + "/delta?$select=id", **large)[0]) == 5_010


@check("delta-removed")
def _(fake: FakeGraph) -> None:
    moved, deleted = fake.mailbox.add({}), fake.mailbox.add({})
    _, link = drain(fake, INBOX + "/delta")
    fake.mailbox.move(moved, "archive")
    fake.mailbox.remove(deleted)
    found = drain(fake, link)[0]
    assert {one["id"] for one in found} == {moved, deleted}
    assert all(one["@removed"] == {"reason": "deleted"} and "subject" not in one for one in found)


@check("delta-expired")
def _(fake: FakeGraph) -> None:
    _, link = drain(fake, INBOX + "/delta")
    fake.mailbox.forget_states()
    assert code(ask(fake, link)) == (410, "SyncStateNotFound")


@check("page-size")
def _(fake: FakeGraph) -> None:
    for _ in range(25):
        fake.mailbox.add({})
    assert len(ask(fake, INBOX).json()["value"]) == 10
    assert len(ask(fake, f"{INBOX}?$top=20").json()["value"]) == 20
    assert ask(fake, f"{INBOX}?$top=1001").status_code == 400
    answer = ask(fake, INBOX + "/delta", headers=MAX)
    assert len(answer.json()["value"]) == 2
    assert "odata.maxpagesize=2" in answer.headers["Preference-Applied"]


@check("immutable-ids")
def _(fake: FakeGraph) -> None:
    id_ = fake.mailbox.add({})
    fake.mailbox.move(id_, "archive")
    answer = ask(fake, f"/me/messages/{id_}", headers={"Prefer": 'IdType="ImmutableId"'})
    assert answer.json()["id"] == id_
    assert 'IdType="ImmutableId"' in answer.headers["Preference-Applied"]


@check("list-order")
def _(fake: FakeGraph) -> None:
    assert code(ask(fake, f"{INBOX}?$orderby=receivedDateTime desc")) == (400, "InefficientFilter")


@check("headers-selected")
def _(fake: FakeGraph) -> None:
    fake.mailbox.add({"internetMessageHeaders": [{"name": "List-Id", "value": "<x>"}]})
    assert "internetMessageHeaders" not in ask(fake, INBOX).json()["value"][0]
    assert "internetMessageHeaders" in ask(fake, f"{INBOX}?$select=internetMessageHeaders").json()["value"][0]


@check("hidden-folders")
def _(fake: FakeGraph) -> None:
    parent = fake.mailbox.add_folder("Clients").id
    fake.mailbox.add_folder("Kwame", parent)
    fake.mailbox.add_folder("Clutter", hidden=True)
    names = [one["displayName"] for one in ask(fake, "/me/mailFolders?$top=100").json()["value"]]
    assert names == [*WELL_KNOWN.values(), "Clients"]
    assert len(ask(fake, f"/me/mailFolders/{parent}/childFolders").json()["value"]) == 1
    assert (
        len(ask(fake, "/me/mailFolders?$top=100&includeHiddenFolders=true").json()["value"]) == len(names) + 1
    )


@check("batch")
def _(fake: FakeGraph) -> None:
    asked = [{"id": str(n), "method": "GET", "url": f"/me/mailFolders/{n}"} for n in ("inbox", "nothing")]
    answers = {
        one["id"]: one for one in ask(fake, "/$batch", "POST", json={"requests": asked}).json()["responses"]
    }
    assert (answers["inbox"]["status"], answers["nothing"]["status"]) == (200, 404)
    assert ask(fake, "/$batch", "POST", json={"requests": asked * 11}).status_code == 400


@check("throttled")
def _(fake: FakeGraph) -> None:
    with FakeGraph(most=3) as small:
        statuses = [ask(small, "/me/mailFolders").status_code for _ in range(4)]
        answer = ask(small, "/me/mailFolders")
    assert statuses == [200, 200, 200, 429]
    assert int(answer.headers["Retry-After"]) > 0


@check("send-mail")
def _(fake: FakeGraph) -> None:
    letter = {"subject": "s", "toRecipients": [], "body": {"contentType": "text", "content": "x"}}
    answer = ask(fake, "/me/sendMail", "POST", json={"message": letter})
    assert (answer.status_code, answer.content) == (202, b"")
    assert code(ask(fake, "/me/sendMail", "POST", data="!", headers={"Content-Type": "text/plain"}))[0] == 400


def event(**fields: Any) -> dict[str, Any]:
    return {"subject": "s", "start": graph_time(NOW), "end": graph_time(NOW + timedelta(hours=1)), **fields}


def events(fake: FakeGraph) -> str:
    return f"/me/calendars/{quote(fake.calendars.default)}/events"


@check("transaction-id")
def _(fake: FakeGraph) -> None:
    first, second = (ask(fake, events(fake), "POST", json=event(transactionId="t")) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
    assert len(fake.calendars.events) == 1


@check("if-match")
def _(fake: FakeGraph) -> None:
    made = ask(fake, events(fake), "POST", json=event()).json()
    path = f"/me/events/{made['id']}"
    changed = ask(fake, path, "PATCH", json={"subject": "n"}, headers={"If-Match": made["@odata.etag"]})
    assert changed.status_code == 200
    stale = {"If-Match": made["@odata.etag"]}
    assert ask(fake, path, "PATCH", json={"subject": "m"}, headers=stale).status_code == 412
    assert ask(fake, path, "DELETE", headers=stale).status_code == 412


def view(fake: FakeGraph) -> str:
    window = f"startDateTime={stamp(NOW)}&endDateTime={stamp(NOW + timedelta(days=30))}"
    return f"/me/calendars/{quote(fake.calendars.default)}/calendarView/delta?{window}"


@check("view-delta")
def _(fake: FakeGraph) -> None:
    inside = fake.calendars.add(NOW + timedelta(days=1))
    fake.calendars.add(NOW + timedelta(days=40))
    found, link = drain(fake, view(fake))
    assert [one["id"] for one in found] == [inside]
    assert ask(fake, view(fake) + "&$select=subject").status_code == 400
    assert drain(fake, link)[0] == []


@check("view-occurrences")
def _(fake: FakeGraph) -> None:
    fake.calendars.add(NOW, attendees=[attendee("a@b.example")], recurrence=every("weekly", 2))
    found = {one["type"]: one for one in drain(fake, view(fake))[0]}
    assert found["occurrence"].keys() == {
        "@odata.type", "@odata.etag", "id", "type", "seriesMasterId", "start", "end"
    }  # fmt: skip
    assert found["seriesMaster"]["attendees"]


@check("view-outside")
def _(fake: FakeGraph) -> None:
    _, link = drain(fake, view(fake))
    later = fake.calendars.add(NOW + timedelta(days=40))
    assert [(one["id"], one["@removed"]) for one in drain(fake, link)[0]] == [(later, {"reason": "deleted"})]


@check("extended-properties")
def _(fake: FakeGraph) -> None:
    properties = [{"id": "String {1} Name a", "value": "x"}, {"id": "String {1} Name b", "value": "y"}]
    made = ask(fake, events(fake), "POST", json=event(singleValueExtendedProperties=properties)).json()
    path = f"/me/events/{made['id']}"
    assert "singleValueExtendedProperties" not in ask(fake, path).json()
    wanted = "?$expand=singleValueExtendedProperties($filter=id eq 'String {1} Name b')"
    assert ask(fake, path + wanted).json()["singleValueExtendedProperties"] == [properties[1]]


@check("shared-mailboxes")
def _(fake: FakeGraph) -> None:
    office = fake.share(Mailbox("office@contoso.example"))
    for _ in range(3):
        office.add({})
    found, link = drain(fake, f"/users/{office.address}/mailFolders/inbox/messages/delta", **MAX)
    assert len(found) == 3
    assert f"/users/{office.address}/mailFolders" in link
    assert drain(fake, link)[0] == []
    fake.tokens["own"] = frozenset({"Mail.Read"})
    own = {"Authorization": "Bearer own"}
    denied = ask(fake, f"/users/{office.address}/mailFolders", headers=own)
    assert code(denied) == (403, "ErrorAccessDenied")
    fake.closed.add("board@contoso.example")
    assert code(ask(fake, "/users/board@contoso.example/mailFolders")) == (403, "ErrorAccessDenied")
    assert code(ask(fake, "/users/nobody@contoso.example/mailFolders")) == (404, "ErrorInvalidUser")


@check("scopes")
def _(fake: FakeGraph) -> None:
    fake.tokens["weak"] = frozenset({"Mail.Read"})
    weak = {"Authorization": "Bearer weak"}
    assert ask(fake, "/me/mailFolders", headers=weak).status_code == 200
    for path, method in (("/me/calendars", "GET"), ("/me/sendMail", "POST"), (events(fake), "POST")):
        assert code(ask(fake, path, method, json=event(), headers=weak)) == (403, "ErrorAccessDenied")
    assert ask(fake, "/me/mailFolders", headers={"Authorization": "Bearer nobody"}).status_code == 401
