"""Signing in at Microsoft with the real msal, against a stand-in for Entra over TLS and one for Graph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from threading import Thread, Timer
from typing import Any

import pytest
import requests
from recipflow_connectors.microsoft import outlook_calendar, outlook_mail
from recipflow_connectors.microsoft.loopback import Loopback
from recipflow_connectors.microsoft.signin import sign_in
from recipflow_connectors.microsoft.tokens import CACHE, Tokens

from recipflow.connector import CalendarCourier, Connector, MemorySecrets, Proposed, Writer
from recipflow.errors import AuthNeeded, TryLater, UserError
from recipflow.testing import NOW
from tests.connectors.microsoft.accounts import ME, OutlookAccount
from tests.connectors.microsoft.test_reminders import REMINDER
from tests.fakes.entra import FakeEntra
from tests.fakes.graph.mailbox import Mailbox, recipient
from tests.fakes.graph.server import FakeGraph


class Person:
    """Somebody at a keyboard, with a browser or without."""

    def __init__(self, *, browser: bool = True) -> None:
        self.browser = browser
        self.told: list[str] = []

    def say(self, text: str) -> None:
        self.told.append(text)

    def ask(self, question: str, *, default: str | None = None, secret: bool = False) -> str:
        raise AssertionError(question)

    def confirm(self, question: str, *, default: bool) -> bool:
        self.told.append(question)
        return default

    def browse(self, url: str) -> bool:
        """Opens the page, and presses its button."""
        if self.browser:
            Thread(target=self._press, args=(url,), daemon=True).start()
        return self.browser

    def _press(self, url: str) -> None:
        page = requests.get(url, timeout=10).text
        action = re.search(r'action="([^"]+)"', page)
        assert action
        requests.post(action[1], data=dict(re.findall(r'name="([^"]+)" value="([^"]*)"', page)), timeout=10)


class Vaults(dict[str, MemorySecrets]):
    """Every vault there is."""

    def __call__(self, name: str) -> MemorySecrets:
        return self.setdefault(name, MemorySecrets())


@pytest.fixture
def graph() -> Iterator[FakeGraph]:
    with FakeGraph(now=lambda: NOW) as fake:
        fake.tokens.clear()
        yield fake
        assert fake.problems == []


@pytest.fixture
def entra(graph: FakeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeEntra]:
    with FakeEntra(graph.tokens) as fake:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(fake.write_ca(tmp_path / "ca.pem")))
        monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")
        yield fake


@pytest.fixture
def given(graph: FakeGraph, entra: FakeEntra) -> dict[str, Any]:
    return {"client_id": entra.client_id, "login_url": entra.url, "graph_url": graph.url}


def connected(given: dict[str, Any], **more: Any) -> tuple[list[Proposed], Vaults, Person]:
    vaults, person = Vaults(), Person(browser=more.pop("browser", True))
    return list(sign_in(person, vaults, {**given, **more})), vaults, person


def test_the_browser_signs_in_to_mail_and_calendar_at_once(given: dict[str, Any], graph: FakeGraph) -> None:
    OutlookAccount(graph).add(8)
    (mail, calendar), vaults, _ = connected(given)
    assert (mail.connector, calendar.connector) == ("outlook_mail", "outlook_calendar")
    assert mail.vault == calendar.vault == f"microsoft:{ME}"
    assert list(vaults) == [mail.vault]
    assert mail.mine == (ME,)
    assert re.fullmatch(r"\d+ messages since \d{4}-\d\d", mail.seen)
    assert calendar.seen == "1 calendar"


def test_what_it_proposes_is_what_the_connectors_take(given: dict[str, Any], graph: FakeGraph) -> None:
    OutlookAccount(graph).add(8)
    (mail, calendar), vaults, _ = connected(given)
    page = outlook_mail.connect(mail.settings, vaults[mail.vault]).pull(None, now=NOW)
    assert len(page.interactions) == 8
    assert (
        outlook_calendar.connect(calendar.settings, vaults[calendar.vault]).pull(None, now=NOW).more is False
    )


def test_without_a_browser_a_code_is_typed_in_elsewhere(given: dict[str, Any], entra: FakeEntra) -> None:
    Timer(0.5, entra.approve).start()
    found, _, person = connected(given, browser=False)
    assert len(found) == 2
    assert any("ABCD-EFGH" in said and f"{entra.url}/device" in said for said in person.told)


def test_only_reading_is_asked_for_unless_more_is_allowed(given: dict[str, Any], graph: FakeGraph) -> None:
    connected(given)
    assert {frozenset({"Mail.Read", "Calendars.Read"})} == set(graph.tokens.values())
    connected(given, allow=["digest", "reminders"])
    asked = frozenset({"Mail.Read", "Calendars.Read", "Mail.Send", "Calendars.ReadWrite"})
    assert asked in graph.tokens.values()


def test_what_is_not_granted_is_named(given: dict[str, Any], entra: FakeEntra) -> None:
    entra.withheld = {"Calendars.Read"}
    with pytest.raises(AuthNeeded, match=r"Calendars\.Read"):
        connected(given)


def test_where_an_administrator_must_consent_the_text_for_them_is_said(
    given: dict[str, Any], entra: FakeEntra
) -> None:
    entra.refusal = {
        "error": "invalid_grant",
        "error_description": "AADSTS90094: admin",
        "error_codes": [90094],
    }
    person = Person()
    with pytest.raises(AuthNeeded, match="administrator"):
        sign_in(person, Vaults(), given)
    assert any(f"{entra.url}/organizations/v2.0/adminconsent?client_id=" in said for said in person.told)


def test_explaining_needs_no_network_and_proposes_nothing() -> None:
    person = Person()
    assert sign_in(person, Vaults(), {"explain": True}) == ()
    for word in ("http://localhost", "Allow public client flows", "Mail.Read", "adminconsent"):
        assert word in person.told[0]


def test_what_may_be_allowed_is_checked_before_anybody_signs_in() -> None:
    with pytest.raises(UserError, match="--allow everything"):
        sign_in(Person(), Vaults(), {"allow": ["everything"]})


def test_drafts_are_asked_for_once_and_not_looked_at_unasked(given: dict[str, Any]) -> None:
    (mail, _), _, person = connected(given)
    assert mail.settings["drafts"] is False
    assert any("drafts" in said for said in person.told)
    (mail, _), _, person = connected(given, drafts=True)
    assert mail.settings["drafts"] is True
    assert not any("drafts" in said for said in person.told)


def test_another_account_than_the_one_meant_is_connected_only_when_the_user_says_so(
    given: dict[str, Any],
) -> None:
    class Sure(Person):
        def confirm(self, question: str, *, default: bool) -> bool:
            self.told.append(question)
            return "all the same" in question

    with pytest.raises(UserError, match="Choose the right account"):
        connected(given, address="ann@elsewhere.example")
    vaults, person = Vaults(), Sure()
    assert len(sign_in(person, vaults, {**given, "address": "ann@elsewhere.example"})) == 2
    question = f"You signed in as {ME}, not as ann@elsewhere.example. Connect {ME} all the same?"
    assert question in person.told


def test_sent_mail_tells_aliases_people_and_who_writes_in_the_users_name(
    given: dict[str, Any], graph: FakeGraph
) -> None:
    alias, pat = recipient("alex@alias.example"), recipient("pat@contoso.example")
    bo, cy = recipient("bo@x.example"), recipient("cy@x.example")
    for sent in (
        {"from": recipient(ME), "toRecipients": [bo], "ccRecipients": [cy]},
        {"from": alias, "toRecipients": [bo, recipient(ME)]},
        {"from": recipient(ME), "sender": pat, "toRecipients": [bo]},
    ):
        graph.mailbox.add(sent, "sentitems")
    (mail, _), _, _ = connected(given, since_days=10_000)
    assert mail.mine == (ME, "alex@alias.example")
    assert mail.writers == (Writer("pat@contoso.example", ME, 1),)
    assert mail.seen.startswith("3 messages since ")
    assert mail.seen.endswith(", 2 people you wrote to")


def test_a_shared_mailbox_becomes_an_account_of_the_same_vault_with_its_own_permission(
    given: dict[str, Any], graph: FakeGraph, entra: FakeEntra
) -> None:
    office = graph.share(Mailbox("office@contoso.example"))
    pat, bo = recipient("pat@contoso.example"), recipient("bo@x.example")
    office.add({"from": recipient(office.address), "sender": pat, "toRecipients": [bo]}, "sentitems")
    office.add({"from": bo, "toRecipients": [recipient(office.address)]})
    (*own, shared), vaults, person = connected(given, mailbox=["Office@contoso.example"], since_days=10_000)
    assert [one.name for one in own] == ["outlook", "outlook-calendar"]
    assert (shared.name, shared.vault) == (office.address, own[0].vault)
    assert shared.seen.startswith("2 messages since ")
    assert shared.mine == (ME,)
    assert any(f"send mail from {office.address}" in said for said in person.told)
    assert shared.writers == (Writer("pat@contoso.example", office.address, 1),)
    reading = outlook_mail.connect(shared.settings, vaults[shared.vault])
    assert isinstance(reading, Connector)
    assert len(reading.pull(None, now=NOW).interactions) == 2
    assert all("Mail.Read.Shared" in scopes for scopes in list(graph.tokens.values())[:1])


def test_a_shared_mailbox_that_is_not_the_users_to_read_keeps_all_from_being_connected(
    given: dict[str, Any], graph: FakeGraph
) -> None:
    graph.closed.add("board@contoso.example")
    for mailbox, told in (
        ("board@contoso.example", "denies access"),
        ("none@contoso.example", "knows no mailbox"),
    ):
        with pytest.raises(AuthNeeded, match=told):
            connected(given, mailbox=[mailbox])
    with pytest.raises(UserError, match="--mailbox office: give the address"):
        connected(given, mailbox=["office"])


def test_of_a_shared_mailbox_nothing_but_mail_is_read(given: dict[str, Any]) -> None:
    table = {**given, "mailbox": "office@contoso.example"}
    for more in ({"drafts": True}, {"allow": ["digest"]}):
        with pytest.raises(UserError, match=r"outlook_mail\.mailbox: of a shared mailbox the mail is read"):
            outlook_mail.connect({**table, **more}, MemorySecrets())
    with pytest.raises(UserError, match=r"outlook_calendar\.mailbox"):
        outlook_calendar.connect(table, MemorySecrets())


def test_what_was_allowed_stands_in_both_tables(
    given: dict[str, Any],
) -> None:
    (mail, calendar), _, _ = connected(given, allow=["digest"])
    assert (mail.settings["allow"], calendar.settings["allow"]) == (["digest"], [])


def test_a_token_is_renewed_when_it_runs_out_and_kept(given: dict[str, Any], entra: FakeEntra) -> None:
    (mail, _), vaults, _ = connected(given)
    secrets = vaults[mail.vault]
    entra.lasts, before = 60, secrets.get(CACHE)
    tokens = _tokens(secrets, given)
    tokens()
    assert entra.refreshed == 0
    assert secrets.get(CACHE) == before  # nothing new, nothing written
    tokens(fresh=True)
    tokens()  # a minute is too short to begin anything with
    assert entra.refreshed == 2
    assert secrets.get(CACHE) != before


def test_two_accounts_may_renew_the_same_sign_in(given: dict[str, Any], entra: FakeEntra) -> None:
    (mail, _), vaults, _ = connected(given)
    secrets = vaults[mail.vault]
    one, other = _tokens(secrets, given), _tokens(secrets, given, "Calendars.Read")
    assert all(tokens(fresh=True) for tokens in (one, other, one, other))
    assert entra.refreshed == 4


def test_whoever_is_signed_out_is_told_what_to_type(given: dict[str, Any], entra: FakeEntra) -> None:
    (mail, _), vaults, _ = connected(given)
    entra.revoke()
    with pytest.raises(AuthNeeded, match="ended the sign-in") as raised:
        outlook_mail.connect(mail.settings, vaults[mail.vault]).pull(None, now=NOW)
    urls = f"--login-url {given['login_url']} --graph-url {given['graph_url']}"
    assert raised.value.command == f"recipflow connect outlook {ME} --client-id {given['client_id']} {urls}"


def test_writing_without_the_permission_says_how_to_give_it(given: dict[str, Any]) -> None:
    (_, calendar), vaults, _ = connected(given)
    allowed = {**calendar.settings, "allow": ["reminders"]}
    courier = outlook_calendar.connect(allowed, vaults[calendar.vault])
    assert isinstance(courier, CalendarCourier)
    with pytest.raises(AuthNeeded, match="never given") as raised:
        courier.write(REMINDER, etag=None)
    assert raised.value.command.endswith("--allow reminders")


def test_a_busy_sign_in_passes_by_itself(given: dict[str, Any], entra: FakeEntra) -> None:
    (mail, _), vaults, _ = connected(given)
    entra.refusal = {"error": "temporarily_unavailable"}
    with pytest.raises(TryLater):
        _tokens(vaults[mail.vault], given)(fresh=True)


def test_no_network_passes_by_itself(given: dict[str, Any], entra: FakeEntra) -> None:
    (mail, _), vaults, _ = connected(given)
    with pytest.raises(TryLater):
        _tokens(vaults[mail.vault], {**given, "login_url": "https://127.0.0.1:9"})()


def test_an_untrusted_certificate_is_refused(
    given: dict[str, Any], entra: FakeEntra, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(TryLater):
        connected(given)


def test_the_loopback_takes_no_answer_but_its_own() -> None:
    with Loopback() as loopback:

        def knock() -> None:
            for state in ("another", "this"):
                requests.post(loopback.url, data={"state": state, "code": state}, timeout=5)

        Thread(target=knock, daemon=True).start()
        assert loopback.wait("this", 5.0) == {"state": "this", "code": "this"}


def _tokens(secrets: MemorySecrets, given: dict[str, Any], *scopes: str) -> Tokens:
    authority = f"{given['login_url']}/common"
    return Tokens(secrets, scopes or ["Mail.Read"], client_id=given["client_id"], authority=authority)
