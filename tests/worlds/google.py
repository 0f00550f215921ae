"""At the project's fake Google."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from recipflow_connectors.given import MOST
from recipflow_connectors.google import auth

from recipflow.demo import DemoFiles
from recipflow.home import Home
from recipflow.secrets.files import FileVault
from tests.connectors.googling import ALL, granted
from tests.fakes.google import Google, serving
from tests.fakes.google.filling import put_event
from tests.worlds import Posted, keys_in, posted
from tests.worlds.arriving import events, mails

VAULT = "google:world"


class AtGoogle:
    """Gmail and Google Calendar, signed in to with leave to send the digest and keep reminders."""

    def __init__(self, files: DemoFiles, me: tuple[str, ...]) -> None:
        self.now = datetime(2000, 1, 1, tzinfo=UTC)
        self.google = Google(address=me[0], clock=lambda: self.now.timestamp())
        self.google.mail.aliases = me[1:]
        self._mails, self._events = mails(files.mail), events(files.calendar)
        self.reads = ("mail", "meetings")

    @property
    def settings(self) -> dict[str, object]:
        shared = {"vault": VAULT, "address": self.google.mail.address}
        url, calendar = self.google.url, f"{self.google.url}/calendar/v3/"
        mail = {"name": "mail", "connector": "gmail", "url": url, "units_per_minute": MOST}
        meetings = {"name": "meetings", "connector": "google_calendar", "url": calendar}
        accounts = [
            {**mail, **shared, "allow": ["digest"]},
            {**meetings, **shared, "allow": ["reminders"]},
        ]
        return {"secrets": "file", "accounts": accounts, "digest.via": "mail", "reminders.via": "meetings"}

    def sign_in(self, home: Home) -> None:
        kept = granted(self.google, *ALL).get(auth.SECRET)
        FileVault(home.tokens, VAULT).put(auth.SECRET, kept or "")

    def arrive(self, now: datetime) -> None:
        self.now = now
        for one in self._mails.by(now):
            self.google.mail.deliver(one.raw, ("SENT",) if one.sent else ("INBOX",), at=one.at)
        for event in self._events.by(now):
            put_event(self.google, event, now=event["LAST-MODIFIED"].dt)

    def posted(self) -> list[Posted]:
        inbox = [one for one in self.google.mail.mails.values() if "INBOX" in one.labels]
        return [
            told
            for one in inbox
            for told in posted(datetime.fromtimestamp(one.at_ms / 1000, UTC), one.subject, _text(one.parsed))
        ]

    def put_up(self) -> list[str]:
        ours = [one for one in self.google.calendars.all.values() if one.by_app]
        live = [event for one in ours for event in one.events.values() if event["status"] != "cancelled"]
        return [key for event in live for key in keys_in(event.get("description", ""))]


def _text(mail: object) -> str:
    parts = mail.walk()  # type: ignore[attr-defined]
    plain = [one.get_payload(decode=True) for one in parts if one.get_content_type() == "text/plain"]
    return plain[0].decode("utf-8", "replace") if plain else ""


@contextmanager
def at_google(files: DemoFiles, me: tuple[str, ...]) -> Iterator[AtGoogle]:
    """Served; at the end, all that was asked and answered must have been Google's own."""
    world = AtGoogle(files, me)
    world.google.check_every = 20
    with serving(world.google):
        yield world
    assert not world.google.problems, world.google.problems[:3]
