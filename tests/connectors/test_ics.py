"""A calendar by its address or file: asked whether it changed, read whole, delivered once; its address stays secret."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest
from recipflow_connectors import ics
from recipflow_connectors.ics.signin import sign_in
from recipflow_connectors.ics.source import Address, web

from recipflow.connector import Connector, MemorySecrets
from recipflow.errors import AuthNeeded, TryLater, UserError
from recipflow.model import Meeting
from recipflow.testing import NOW, ConnectorContract, ids, pull_all
from recipflow.testing.live import FaultContract, ReadOnlyContract
from tests.dav import Proxy, event, proxied
from tests.talk import Said


@dataclass
class Calendar:
    """A calendar as a file, rewritten whole as programs do, and served as one."""

    path: Path
    proxy: Proxy
    events: dict[str, str] = field(default_factory=dict)
    versions: int = 0
    faults: ClassVar = {
        "gone": AuthNeeded,
        "no permission": AuthNeeded,
        "a page to sign in": AuthNeeded,
        "busy": TryLater,
        "broken": TryLater,
        "reset": TryLater,
        "cut off": TryLater,
    }

    def add(self, count: int) -> None:
        for _ in range(count):
            number = len(self.events) + 1
            self.put(f"e{number}", event(number))

    def put(self, name: str, text: str) -> None:
        self.events[name] = "".join(text.partition("BEGIN:VEVENT")[1:]).partition("END:VCALENDAR")[0]
        self.write()

    def remove(self, name: str) -> None:
        del self.events[name]
        self.write()

    def write(self) -> None:
        self.versions += 1
        body = "".join(self.events.values())
        self.path.write_text(
            f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-RELCALID:{self.versions}\r\n{body}END:VCALENDAR\r\n"
        )

    def ids(self) -> set[str]:
        return set(self.events)

    def state(self) -> object:
        return self.path.read_bytes(), [one for one in self.proxy.asked if one != "GET"]

    @property
    def address(self) -> str:
        return f"{self.proxy.url}{self.path.name}"

    def connect(self) -> ics.Ics:
        return ics.connect({"tz": "Europe/Lisbon", "timeout": 5}, MemorySecrets(address=self.address))

    @contextmanager
    def failing(self, fault: str) -> Iterator[None]:
        before = self.path.read_bytes()
        self.proxy.status = {"gone": 404, "no permission": 403, "busy": 429, "broken": 503}.get(fault)
        self.proxy.headers = {"Retry-After": "7"} if fault == "busy" else {}
        self.proxy.reset, self.proxy.cut = fault == "reset", 40 if fault == "cut off" else None
        if fault == "a page to sign in":
            self.path.write_text("<html>Sign in</html>")
        try:
            yield
        finally:
            self.path.write_bytes(before)
            self.proxy.well()


class Filed(Calendar):
    """The same, read as a file."""

    def connect(self) -> ics.Ics:
        return ics.connect({"tz": "Europe/Lisbon", "path": str(self.path)}, MemorySecrets())


class Serving(BaseHTTPRequestHandler):
    """Serves the calendar with an ETag, as providers do."""

    folder: Path

    def log_message(self, *_: object) -> None:
        """Be silent."""

    def do_GET(self) -> None:
        content = (self.folder / self.path.lstrip("/")).read_bytes()
        tag = f'"{sha256(content).hexdigest()}"'
        known = self.headers.get("If-None-Match") == tag
        self.send_response(304 if known else 200)
        self.send_header("ETag", tag)
        self.send_header("Content-Length", "0" if known else str(len(content)))
        self.end_headers()
        self.wfile.write(b"" if known else content)


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The files of a folder, at an address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Of", (Serving,), {"folder": folder}))
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Proxy]:
    with serving(tmp_path) as url, proxied(url) as proxy:
        yield proxy


@pytest.fixture(params=[Calendar, Filed])
def account(request: pytest.FixtureRequest, tmp_path: Path, served: Proxy) -> Calendar:
    made: Calendar = request.param(tmp_path / "calendar.ics", served)
    made.write()
    return made


@pytest.fixture
def online(tmp_path: Path, served: Proxy) -> Calendar:
    made = Calendar(tmp_path / "calendar.ics", served)
    made.add(2)
    return made


class TestAsAnyConnector(ConnectorContract):
    many = 612


class TestReadingOnly(ReadOnlyContract):
    pass


class TestFaults(FaultContract):
    @pytest.fixture
    def account(self, online: Calendar) -> Calendar:
        return online


def meetings(
    account: Calendar, cursor: str | None = None, now: datetime = NOW
) -> tuple[dict[str, Meeting], str]:
    pages = pull_all(account.connect(), cursor, now=now)
    found = [one for page in pages for one in page.interactions]
    return {one.id: one for one in found if isinstance(one, Meeting)}, pages[-1].cursor


def test_unchanged_it_is_not_sent_again(online: Calendar) -> None:
    _, cursor = meetings(online)
    connector = online.connect()
    pages = pull_all(connector, cursor)
    assert not ids(pages)
    assert pages[-1].cursor == cursor
    source = Address(online.address, 5)
    fetched = source.fetch("")
    assert fetched is not None
    assert source.fetch(fetched.tag) is None


def test_a_calendar_of_many_pages_is_sent_once(online: Calendar) -> None:
    online.add(501)
    pages = pull_all(online.connect())
    assert (len(pages), ids(pages)) == (2, online.ids())
    assert online.proxy.asked.count("GET") == 1


def test_what_is_called_off_is_known_and_what_took_place_stays(account: Calendar) -> None:
    account.put("past", event(1, uid="past", starts=NOW - timedelta(days=3)))
    account.put("ahead", event(2, uid="ahead", starts=NOW + timedelta(days=3)))
    _, cursor = meetings(account)
    account.remove("past")
    account.remove("ahead")
    later, cursor = meetings(account, cursor)
    assert [(one.id, one.cancelled) for one in later.values()] == [("ahead", True)]
    assert meetings(account, cursor)[0] == {}


def test_what_goes_while_two_processes_read_its_pages_is_called_off(online: Calendar) -> None:
    online.add(501)
    online.put("ahead", event(0, uid="ahead", starts=NOW + timedelta(days=3)))
    page = online.connect().pull(None, now=NOW)
    assert page.more
    assert "ahead" in ids([page])
    online.remove("ahead")
    later, _ = meetings(online, page.cursor)
    assert later["ahead"].cancelled


def test_a_moved_event_is_a_new_version(account: Calendar) -> None:
    account.put("e", event(1, uid="e", starts=NOW + timedelta(days=1)))
    first, cursor = meetings(account)
    account.put("e", event(1, uid="e", starts=NOW + timedelta(days=2), more="SEQUENCE:1\r\n"))
    later, _ = meetings(account, cursor)
    assert [one.cancelled for one in later.values()] == [False]
    assert later["e"].starts > first["e"].starts


def test_a_series_comes_into_sight_as_time_passes_though_nothing_changed(account: Calendar) -> None:
    account.put("s", event(1, uid="s", starts=NOW - timedelta(days=7), more="RRULE:FREQ=WEEKLY\r\n"))
    first, cursor = meetings(account)
    later, _ = meetings(account, cursor, NOW + timedelta(days=14))
    assert len(later) == 2
    assert not set(first) & set(later)


def test_the_address_is_nowhere_to_be_read(online: Calendar, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    connector = online.connect()
    with online.failing("reset"), pytest.raises(TryLater) as lost:
        connector.pull(None, now=NOW)
    with online.failing("gone"), pytest.raises(AuthNeeded) as gone:
        connector.pull(None, now=NOW)
    told = [str(lost.value), str(gone.value), repr(vars(connector)), caplog.text, str(lost.value.__cause__)]
    assert not any(online.path.name in one or "127.0.0.1" in one for one in told)


def test_webcal_is_fetched_by_https() -> None:
    assert web("webcal://cal.example.org/x.ics") == "https://cal.example.org/x.ics"


def test_signing_in_asks_for_the_address_and_keeps_it_in_the_vault(online: Calendar) -> None:
    kept: dict[str, MemorySecrets] = {}
    (found,) = sign_in(Said([online.address]), lambda name: kept.setdefault(name, MemorySecrets()), {})
    assert found.seen == "2 events"
    assert online.address not in repr(found)
    assert isinstance(ics.connect(found.settings, kept[found.vault]), Connector)


def test_a_file_is_connected_by_its_path(online: Calendar) -> None:
    (found,) = sign_in(Said(), lambda _: MemorySecrets(), {"place": str(online.path)})
    assert (found.settings, found.vault, found.seen) == ({"path": str(online.path)}, "", "2 events")


def test_what_is_no_calendar_is_said_before_anything_is_kept(online: Calendar, tmp_path: Path) -> None:
    kept: dict[str, MemorySecrets] = {}

    def vault(name: str) -> MemorySecrets:
        return kept.setdefault(name, MemorySecrets())

    with online.failing("a page to sign in"), pytest.raises(UserError, match="iCal format"):
        sign_in(Said(), vault, {"place": online.address})
    with pytest.raises(UserError, match="https://"):
        sign_in(Said(), vault, {"place": "http://cal.example.org/x.ics"})
    with pytest.raises(UserError, match="cannot be read"):
        sign_in(Said(), vault, {"place": str(tmp_path / "none.ics")})
    (tmp_path / "note.ics").write_text("Buy milk")
    with pytest.raises(UserError, match="is no calendar"):
        sign_in(Said(), vault, {"place": str(tmp_path / "note.ics")})
    assert not kept


def test_every_fault_in_the_settings_is_named_at_once() -> None:
    with pytest.raises(UserError) as raised:
        ics.connect({"tz": "Mars/North", "timeout": 0, "adress": "x"}, MemorySecrets())
    assert len(raised.value.problems) == 4
