"""Real CalDAV servers for tests, a calendar written to them by another client, and a proxy that spoils answers."""

from __future__ import annotations

import http.client
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import requests

_HOP = frozenset({"transfer-encoding", "connection", "content-length", "date", "server"})
USER, PASSWORD = "alex", "secret"
START = datetime(2026, 1, 5, 10, tzinfo=UTC)

RADICALE = """
[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {folder}/data
[logging]
level = error
"""


@contextmanager
def radicale(folder: Path) -> Iterator[str]:
    """Radicale, with one user who needs a password; its address."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "users").write_text(f"{USER}:{PASSWORD}\n")
    (folder / "config").write_text(RADICALE.format(port=port, folder=folder))
    with _running([sys.executable, "-m", "radicale", "-C", str(folder / "config")], port):
        yield f"http://127.0.0.1:{port}/"


@contextmanager
def xandikos(folder: Path) -> Iterator[str]:
    """Xandikos, which asks for no password; its address."""
    port = free_port()
    program = Path(sys.executable).with_name("xandikos")
    words = ["serve", "-d", str(folder), "-l", "127.0.0.1", "-p", str(port), "--defaults"]
    with _running([str(program), *words, "--current-user-principal", f"/{USER}/"], port):
        yield f"http://127.0.0.1:{port}/"


@contextmanager
def _running(command: list[str], port: int) -> Iterator[None]:
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, server)
        yield
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert server.poll() is None, "the server ended at once"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server does not answer")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def event(number: int, *, starts: datetime | None = None, more: str = "", uid: str = "") -> str:
    """An event with Dana, as another program would write it."""
    begin = starts or START + timedelta(days=number % 28)
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\n"
        f"UID:{uid or f'e{number}'}\r\nDTSTAMP:20260101T000000Z\r\n"
        f"DTSTART:{begin:%Y%m%dT%H%M%SZ}\r\nDTEND:{begin + timedelta(hours=1):%Y%m%dT%H%M%SZ}\r\n"
        f"SUMMARY:Coffee {number}\r\nORGANIZER:mailto:ann@example.org\r\n"
        f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:dana@example.org\r\n{more}END:VEVENT\r\nEND:VCALENDAR\r\n"
    )


@dataclass
class Shelf:
    """A calendar on a server, as another client sees it."""

    url: str

    def make(self) -> None:
        answer = requests.request("MKCALENDAR", self.url, auth=(USER, PASSWORD), timeout=10)
        assert answer.status_code == 201, answer.text

    def put(self, name: str, ics: str) -> None:
        answer = requests.put(
            f"{self.url}{name}.ics",
            ics.encode(),
            headers={"Content-Type": "text/calendar"},
            auth=(USER, PASSWORD),
            timeout=10,
        )
        assert answer.status_code in (201, 204), answer.text

    def get(self, name: str) -> str:
        return requests.get(f"{self.url}{name}.ics", auth=(USER, PASSWORD), timeout=10).text

    def delete(self, name: str) -> None:
        answer = requests.delete(f"{self.url}{name}.ics", auth=(USER, PASSWORD), timeout=10)
        assert answer.status_code in (200, 204), answer.text


@dataclass
class Proxy:
    """Between a client and a server: notes what is asked, and spoils what it is told to."""

    target: str
    status: int | None = None  #: answered instead of asking
    after: int | None = None  #: answered after the server did what it was asked
    reset: bool = False
    cut: int | None = None  #: bytes after which the answer breaks off
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def well(self) -> None:
        self.status = self.after = self.cut = None
        self.reset, self.headers = False, {}


@contextmanager
def proxied(target: str) -> Iterator[Proxy]:
    proxy = Proxy(target)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Of", (Handler,), {"proxy": proxy}))
    server.daemon_threads = True
    proxy.url = f"http://127.0.0.1:{server.server_port}/"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Handler(BaseHTTPRequestHandler):
    """Passes everything on, whatever the method, unless its proxy says otherwise."""

    protocol_version = "HTTP/1.1"
    proxy: Proxy

    def log_message(self, *_: object) -> None:
        """Be silent."""

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("do_"):
            return self._any
        raise AttributeError(name)

    def _any(self) -> None:
        proxy = self.proxy
        proxy.asked.append(self.command)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if proxy.reset:
            self._reset()
        elif proxy.status:
            self._answer(proxy.status, proxy.headers, b"")
        else:
            status, headers, content = self._passed_on(body)
            if proxy.after:
                status, headers, content = proxy.after, proxy.headers, b""
            self._answer(status, headers, content)

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def _passed_on(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        at = urlsplit(self.proxy.target)
        upstream = http.client.HTTPConnection(at.hostname or "", at.port, timeout=20)
        kept = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
        upstream.request(self.command, self.path, body or None, kept)
        answer = upstream.getresponse()
        content = answer.read()
        upstream.close()
        return answer.status, dict(answer.getheaders()), content

    def _answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in _HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.proxy.cut is not None:
            content, self.close_connection = content[: self.proxy.cut], True
        if self.command != "HEAD":
            self.wfile.write(content)
