"""At servers of one's own: Dovecot for reading, SMTP for the digest, Radicale for the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from icalendar import Calendar
from imapclient import IMAPClient

from recipflow.demo import DemoFiles
from recipflow.home import Home
from recipflow.secrets.files import FileVault
from tests import dav
from tests.connectors import dovecot
from tests.worlds import Posted, keys_in, posted
from tests.worlds.arriving import events, mails

USER = "noor"


class AtServers:
    """IMAP, SMTP and CalDAV, each with its password."""

    def __init__(self, server: dovecot.Dovecot, smtp: int, shelf: dav.Shelf, folder: Path) -> None:
        self.now = datetime(2000, 1, 1, tzinfo=UTC)
        self._server, self._smtp, self._shelf, self._folder = server, smtp, shelf, folder
        self._series: dict[str, list[Any]] = {}
        self.reads = ("mail", "meetings")

    def holding(self, files: DemoFiles, me: tuple[str, ...]) -> None:
        self._files, self._me = files, me
        self._mails, self._events = mails(files.mail), events(files.calendar)
        whole = Calendar.from_ical(files.calendar.read_bytes())
        self._zones = {str(one["TZID"]): one for one in whole.walk("VTIMEZONE")}

    @property
    def settings(self) -> dict[str, Any]:
        plain = {"host": "127.0.0.1", "security": "plain"}
        mail = {"name": "mail", "connector": "imap", "port": self._server.port, "user": USER, **plain}
        post = {"name": "post", "connector": "smtp", "port": self._smtp, "address": self._me[0], **plain}
        url = self._shelf.url.partition(f"/{dav.USER}/")[0]
        allowed = {"allow": ["reminders"], "tz": "Europe/Lisbon"}
        meetings = {"name": "meetings", "connector": "caldav", "url": f"{url}/", "user": dav.USER, **allowed}
        accounts = [{**one, "vault": str(one["name"])} for one in (mail, post, meetings)]
        return {"secrets": "file", "accounts": accounts, "digest.via": "post", "reminders.via": "meetings"}

    def sign_in(self, home: Home) -> None:
        for vault, password in (("mail", dovecot.PASSWORD), ("post", "any"), ("meetings", dav.PASSWORD)):
            FileVault(home.tokens, vault).put("password", password)

    def arrive(self, now: datetime) -> None:
        self.now = now
        due = list(self._mails.by(now))
        if due:
            with self._server.client(USER) as client:
                for one in due:
                    client.append("Sent" if one.sent else "INBOX", one.raw, [], one.at)
        for uid in {self._kept(event) for event in self._events.by(now)}:
            self._shelf.put(uid.partition("@")[0], self._file(uid))

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """SMTP took a letter: it is delivered to the inbox, now."""
        with self._server.client(USER) as client:
            client.append("INBOX", envelope.content, [], self.now)
        return "250 taken"

    def posted(self) -> list[Posted]:
        with self._server.client(USER) as client:
            client.select_folder("INBOX", readonly=True)
            found = client.fetch(client.search(["SUBJECT", "[rf"]), ["RFC822", "INTERNALDATE"])
            return [told for one in found.values() for told in _posted(client, one)]

    def put_up(self) -> list[str]:
        files = (self._folder / "data" / "collection-root").glob("*/*/*.ics")
        texts = (one.read_text("utf-8") for one in files)
        return [key for text in texts for key in keys_in(text)]

    def _kept(self, event: Any) -> str:
        self._series.setdefault(str(event["UID"]), []).append(event)
        return str(event["UID"])

    def _file(self, uid: str) -> str:
        """An event with what changed in its series, and the zones it names."""
        events = self._series[uid]
        text = b"".join(one.to_ical() for one in events).decode()
        zones = [one for name, one in self._zones.items() if f"TZID={name}" in text]
        whole = Calendar()
        whole.add("PRODID", "-//somebody else//EN")
        whole.add("VERSION", "2.0")
        for one in (*zones, *events):
            whole.add_component(one)
        return str(whole.to_ical().decode())


def _posted(client: IMAPClient, one: dict[bytes, Any]) -> Iterator[Posted]:
    mail = message_from_bytes(one[b"RFC822"])
    plain = [part for part in mail.walk() if part.get_content_type() == "text/plain"]
    text = plain[0].get_payload(decode=True).decode("utf-8", "replace")  # type: ignore[union-attr]
    at = one[b"INTERNALDATE"].astimezone(UTC)
    yield from posted(at, str(mail["Subject"]), text)


@contextmanager
def at_servers(files: DemoFiles, me: tuple[str, ...], folder: Path) -> Iterator[AtServers]:
    """Real servers, each on a port of its own."""
    with ExitStack() as stack:
        server = stack.enter_context(dovecot.running())
        url = stack.enter_context(dav.radicale(folder))
        shelf = dav.Shelf(f"{url}{dav.USER}/meetings/")
        shelf.make()
        smtp = dav.free_port()
        world = AtServers(server, smtp, shelf, folder)
        world.holding(files, me)
        controller = Controller(world, hostname="127.0.0.1", port=smtp, server_hostname="localhost")
        controller.start()
        stack.callback(controller.stop)
        yield world
