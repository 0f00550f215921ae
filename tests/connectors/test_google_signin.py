"""Signing in to Google: a client of one's own, loopback and PKCE, and a look at what was granted."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from recipflow_connectors.google import auth, calendars, gmail, signin

from recipflow.connector import MemorySecrets, Proposed, Secrets, Writer, load_sign_in, pulling
from recipflow.errors import AuthNeeded, TryLater, UserError
from recipflow.testing import NOW, pull_all
from tests.fakes.google import Fault, Google

from .googling import ALL, a_google, granted
from .letters import letter

ME = "noor@haddad.example"


@pytest.fixture
def google() -> Iterator[Google]:
    with a_google() as google:
        yield google


class Person:
    """Somebody at the keyboard, with a browser that clicks what it is told to."""

    def __init__(
        self, *, answer: str = "allow", untick: str = "", browser: bool = True, wants: str = ""
    ) -> None:
        self.answer, self.untick, self.browser, self.wants = answer, untick, browser, wants
        self.told: list[str] = []
        self.pages: list[str] = []
        self.error = ""

    def say(self, text: str) -> None:
        self.told.append(text)
        if not self.browser and (found := re.search(r"http\S+", text)):
            self._click(found[0])

    def ask(self, question: str, *, default: str | None = None, secret: bool = False) -> str:
        raise AssertionError(question)

    def confirm(self, question: str, *, default: bool) -> bool:
        return bool(self.wants) and self.wants in question

    def browse(self, url: str) -> bool:
        if self.browser:
            self._click(url)
        return self.browser

    def _click(self, url: str) -> None:
        self.pages.append(url)
        threading.Thread(target=self._follow, args=(url,)).start()

    def _follow(self, url: str) -> None:
        scopes = [one for one in parse_qs(urlsplit(url).query)["scope"][0].split() if one != self.untick]
        page = requests.get(url, params={"answer": self.answer, "ticked": scopes}, timeout=10)
        if not page.ok:
            self.error = page.text


def signed_in(
    google: Google, tmp_path: Path, person: Person | None = None, **given: Any
) -> tuple[Mapping[str, Proposed], dict[str, MemorySecrets]]:
    """What signing in proposes, by connector, and the secrets by vault."""
    path = tmp_path / "client.json"
    path.write_text(json.dumps(google.client_json()), encoding="utf-8")
    vaults: dict[str, MemorySecrets] = {}

    def vault(name: str) -> Secrets:
        return vaults.setdefault(name, MemorySecrets())

    found = load_sign_in("gmail")(person or Person(), vault, {"client": path, **given})
    return {one.connector: one for one in found}, vaults


def test_mailbox_and_calendars_become_two_accounts_of_one_vault(google: Google, tmp_path: Path) -> None:
    google.mail.aliases = ("noor.haddad@gmail.example",)
    for number in range(3):
        google.mail.deliver(letter(number), at=NOW.replace(year=2099))
    found, vaults = signed_in(google, tmp_path)
    assert found.keys() == {"gmail", "google_calendar"}
    assert {one.vault for one in found.values()} == {f"google:{ME}"} == vaults.keys()
    assert found["gmail"].mine == (ME, "noor.haddad@gmail.example")
    assert found["gmail"].seen.startswith("3 messages since ")
    assert found["google_calendar"].seen == "1 of 1 calendars"


def test_who_sends_in_the_users_name_is_seen_in_the_newest_sent_mail(google: Google, tmp_path: Path) -> None:
    at, heads = NOW.replace(year=2099), ("Sender: Pat <Pat@haddad.example>\n",) * 2
    for number, head in enumerate((*heads, "", f"Sender: {ME}\n")):
        sent = letter(number, head=head).replace(b"ana@lopes.example", ME.encode(), 1)
        google.mail.deliver(sent, ("SENT",), at=at)
    google.mail.deliver(letter(9, head="Sender: lee@x.example\n"), at=at)
    found, _ = signed_in(google, tmp_path)
    assert found["gmail"].writers == (Writer("pat@haddad.example", ME, 2),)


def test_what_it_proposes_can_be_pulled_from(google: Google, tmp_path: Path) -> None:
    google.mail.deliver(letter(1), at=NOW)
    found, vaults = signed_in(google, tmp_path)
    for one in found.values():
        assert pull_all(pulling(one.connector, one.settings, vaults[one.vault]))


def test_only_reading_is_asked_for_unless_more_is_allowed(google: Google, tmp_path: Path) -> None:
    person = Person()
    signed_in(google, tmp_path, person)
    scopes = parse_qs(urlsplit(person.pages[0]).query)["scope"][0].split()
    assert sorted(scopes) == sorted([auth.READ_MAIL, auth.READ_CALENDARS])
    signed_in(google, tmp_path, person, allow=["digest", "reminders"])
    assert set(parse_qs(urlsplit(person.pages[1]).query)["scope"][0].split()) == set(ALL)


def test_the_answer_comes_to_this_computer_alone_with_a_proof_that_it_is_ours(
    google: Google, tmp_path: Path
) -> None:
    person = Person()
    signed_in(google, tmp_path, person)
    asked = parse_qs(urlsplit(person.pages[0]).query)
    assert urlsplit(asked["redirect_uri"][0]).hostname == "127.0.0.1"
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["state"][0]
    assert asked["access_type"] == ["offline"]


def test_without_a_browser_the_address_is_shown(google: Google, tmp_path: Path) -> None:
    person = Person(browser=False)
    found, _ = signed_in(google, tmp_path, person)
    assert found
    assert google.url in person.told[0]


def test_what_was_unticked_is_left_out_and_said(google: Google, tmp_path: Path) -> None:
    person = Person(untick=auth.READ_CALENDARS)
    found, _ = signed_in(google, tmp_path, person)
    assert found.keys() == {"gmail"}
    assert any("only the mailbox" in one for one in person.told)


def test_where_nothing_was_ticked_that_alone_is_said(google: Google, tmp_path: Path) -> None:
    class Unwilling(Person):
        def _follow(self, url: str) -> None:
            requests.get(url, params={"answer": "allow", "ticked": "openid"}, timeout=10)

    person = Unwilling()
    with pytest.raises(AuthNeeded, match="allowed nothing that could be read"):
        signed_in(google, tmp_path, person)
    assert not any("only" in one for one in person.told)


def test_a_client_whose_sign_in_somebody_could_read_is_refused(google: Google, tmp_path: Path) -> None:
    path = tmp_path / "client.json"
    client = google.client_json()
    client["installed"]["token_uri"] = "http://tokens.example/"
    path.write_text(json.dumps(client), encoding="utf-8")
    with pytest.raises(UserError, match=r"token_uri: give an address that begins with https://"):
        signin.sign_in(Person(), lambda _: MemorySecrets(), {"client": path})


@pytest.mark.parametrize("connect", [gmail.connect, calendars.connect])
def test_a_token_goes_nowhere_without_tls_but_to_this_computer(
    google: Google, connect: Callable[[Mapping[str, Any], Secrets], object]
) -> None:
    with pytest.raises(UserError, match=r"\.url: give an address that begins with https://"):
        connect({"url": "http://googleapis.example/"}, granted(google, *ALL))
    assert connect({"url": google.url}, granted(google, *ALL))


def test_a_digest_that_was_unticked_is_not_switched_on(google: Google, tmp_path: Path) -> None:
    person = Person(untick=auth.SEND_MAIL)
    found, _ = signed_in(google, tmp_path, person, allow=["digest", "reminders"])
    assert found["gmail"].settings["allow"] == []
    assert found["google_calendar"].settings["allow"] == ["reminders"]
    assert any("send mail" in one for one in person.told)


def test_calendars_alone_can_be_connected(google: Google, tmp_path: Path) -> None:
    found, _ = signed_in(google, tmp_path, Person(untick=auth.READ_MAIL))
    assert found.keys() == {"google_calendar"}
    assert found["google_calendar"].mine == (ME,)


def test_other_calendars_are_read_when_the_user_wants_them(google: Google, tmp_path: Path) -> None:
    google.calendars.add("team@group.calendar.google.com", "Team")
    google.calendars.add("pt#holiday@group.v.calendar.google.com", "Holidays in Portugal")
    found, _ = signed_in(google, tmp_path, Person(wants="Team"))
    assert found["google_calendar"].settings["calendars"] == ["primary", "team@group.calendar.google.com"]


def test_what_was_chosen_before_is_proposed_again(google: Google, tmp_path: Path) -> None:
    class Content(Person):
        def confirm(self, question: str, *, default: bool) -> bool:
            return default

    google.calendars.add("team@group.calendar.google.com", "Team")
    google.calendars.add("club@group.calendar.google.com", "Club")
    team = ["team@group.calendar.google.com"]
    found, _ = signed_in(google, tmp_path, Content(), drafts=True, before={"calendars": ["primary", *team]})
    assert found["google_calendar"].settings["calendars"] == ["primary", *team]
    assert "since_days" not in found["gmail"].settings


def test_a_refusal_is_no_accident(google: Google, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="did not allow"):
        signed_in(google, tmp_path, Person(answer="deny"))


def test_a_code_that_somebody_else_slips_in_is_refused(google: Google, tmp_path: Path) -> None:
    class Mallory(Person):
        def _follow(self, url: str) -> None:
            asked = parse_qs(urlsplit(url).query)
            requests.get(
                asked["redirect_uri"][0], params={"code": "4/theirs", "state": "guessed"}, timeout=10
            )

    with pytest.raises(AuthNeeded):
        signed_in(google, tmp_path, Mallory())


def test_the_wrong_account_is_noticed_and_nothing_kept(google: Google, tmp_path: Path) -> None:
    class Asked(Person):
        def confirm(self, question: str, *, default: bool) -> bool:
            raise AssertionError(question)

    for untick in ("", auth.READ_MAIL):
        with pytest.raises(UserError, match="signed in as"):
            signed_in(google, tmp_path, Asked(untick=untick), address="ann@example.org")


def test_signing_in_again_needs_no_file(google: Google, tmp_path: Path) -> None:
    _, vaults = signed_in(google, tmp_path)
    found = signin.sign_in(Person(), lambda name: vaults[name], {"address": ME, "client": None})
    assert len(found) == 2


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("no json", "not the JSON"),
        ('{"web": {}}', "Desktop"),
        ("[]", "installed"),
        ('{"installed": {}}', "installed"),
        (None, "cannot be opened"),
    ],
)
def test_a_file_that_is_no_desktop_client_is_named(tmp_path: Path, content: str | None, told: str) -> None:
    path = tmp_path / "client.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=told):
        signin.sign_in(Person(), lambda _: MemorySecrets(), {"client": path})


def test_an_interface_that_is_not_switched_on_is_explained(google: Google, tmp_path: Path) -> None:
    google.disabled.add("gmail")
    with pytest.raises(AuthNeeded, match="switched on") as raised:
        signed_in(google, tmp_path)
    assert raised.value.command == "recipflow connect gmail --explain"


def test_without_the_calendar_interface_the_mailbox_is_connected(google: Google, tmp_path: Path) -> None:
    google.disabled.add("calendar")
    person = Person()
    found, _ = signed_in(google, tmp_path, person)
    assert found.keys() == {"gmail"}
    assert any("left out" in one for one in person.told)


def test_a_busy_sign_in_is_tried_later(google: Google, tmp_path: Path) -> None:
    google.faults.next("/token", Fault.RESET)
    with pytest.raises(TryLater):
        signed_in(google, tmp_path)


def test_explaining_asks_for_nothing(tmp_path: Path) -> None:
    person = Person()
    assert not signin.sign_in(person, lambda _: MemorySecrets(), {"explain": True})
    (told,) = person.told
    for word in ("Desktop app", "seven days", "redirect_uri_mismatch", "Internal", "Privacy"):
        assert word in told
