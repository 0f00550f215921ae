"""The stand-in over HTTP, on a free port of this computer."""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

from tests.fakes.graph.calendar import Calendars
from tests.fakes.graph.csdl import metadata
from tests.fakes.graph.events import Events
from tests.fakes.graph.faults import Fault, Faults
from tests.fakes.graph.mail import READ_SHARED, Mail
from tests.fakes.graph.mailbox import Json, Mailbox
from tests.fakes.graph.odata import Asked, Refused, query
from tests.fakes.served import Served

VERSION = "/v1.0"
_KEYED = re.compile(r"(\w+)\('(.+)'\)")
ALL = frozenset({"Mail.Read", "Mail.Read.Shared", "Mail.Send", "Calendars.ReadWrite"})
MOST, SECONDS = 10_000, 600.0


class FakeGraph(Served):
    """Use it as a context manager; `url` is what `graph_url` is to be."""

    def __init__(
        self,
        mailbox: Mailbox | None = None,
        calendars: Calendars | None = None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        port: int = 0,
        most: int = MOST,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.mailbox, self.calendars = mailbox or Mailbox(), calendars or Calendars()
        self.mail = Mail(self.mailbox, lambda: f"{self.url}/me", now)
        self.shared: dict[str, Mail] = {}  #: by address
        self.closed: set[str] = set()  #: mailboxes the user is no member of
        self._now = now
        self.events = Events(self.calendars, lambda: self.url, now)
        self.faults = Faults()
        self.tokens: dict[str, frozenset[str]] = {"token": ALL}
        self.requests: Counter[str] = Counter()  #: by `METHOD /resource`, those inside of batches as well
        self.exchanges = 0  #: over HTTP
        self.problems: list[str] = []  #: what of the answers was not as the metadata says
        self.immutable = True
        self._most, self._clock, self._times = most, clock, deque[float]()
        self._lock = threading.RLock()
        super().__init__(port, self._handler())

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}{VERSION}"

    @property
    def writes(self) -> int:
        """Requests that could change anything; a batch is none, what is in it may be."""
        reads = ("GET ", "POST /$batch")
        return sum(count for line, count in self.requests.items() if not line.startswith(reads))

    def handle(
        self, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], Json]:
        """One request, alone or in a batch."""
        parts = urlsplit(target)
        path = _path(parts.path)
        with self._lock:
            self.requests[f"{method} {_resource(path)}"] += 1
            try:
                scopes = self._scopes(headers)
                if path != ["$batch"]:  # what is in it counts
                    self._throttle()
                if path == ["$batch"]:
                    return 200, {}, self._batch(json.loads(body), headers)
                below = path[2:] if path[0] == "users" else path[1:]
                asked = Asked(method, below, query(parts.query), headers, body, scopes)
                return self._answered(path, asked)
            except Refused as fault:
                extra = {name.replace("_", "-"): value for name, value in fault.headers.items()}
                return fault.status, extra, _error(fault.code)

    def _answered(self, path: list[str], asked: Asked) -> tuple[int, dict[str, str], Json]:
        status, type_, found = self._owner(path).answer(asked)
        self._validate(type_, found)
        applied = asked.applied if self.immutable else [one for one in asked.applied if "IdType" not in one]
        return status, {"Preference-Applied": ", ".join(applied)} if applied else {}, found

    def _owner(self, path: list[str]) -> Mail | Events:
        """What answers for this path (rule `shared-mailboxes`)."""
        if path[0] == "users" and len(path) > 2:
            if path[1] in self.closed:
                raise Refused(403, "ErrorAccessDenied")
            if path[1] not in self.shared:
                raise Refused(404, "ErrorInvalidUser")
            return self.shared[path[1]]
        if path[0] != "me":
            raise Refused(404, "ResourceNotFound")
        return self.events if len(path) > 1 and path[1] in ("calendar", "calendars", "events") else self.mail

    def share(self, mailbox: Mailbox) -> Mailbox:
        """Let the user be a member of this mailbox as well."""
        self.shared[mailbox.address] = Mail(
            mailbox, lambda: f"{self.url}/users/{mailbox.address}", self._now, READ_SHARED
        )
        return mailbox

    def _validate(self, type_: str, found: Json) -> None:
        """Against the published metadata."""
        for one in found.get("value", [found] if type_ else []):
            if "@removed" not in one:
                self.problems += metadata().problems(type_, one)

    def _scopes(self, headers: dict[str, str]) -> frozenset[str]:
        token = headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.tokens:
            raise Refused(401, "InvalidAuthenticationToken")
        return self.tokens[token]

    def _throttle(self) -> None:
        """Rule `throttled`."""
        now = self._clock()
        while self._times and self._times[0] <= now - SECONDS:
            self._times.popleft()
        if len(self._times) >= self._most:
            wait = self._times[0] + SECONDS - now
            raise Refused(429, "ApplicationThrottled", Retry_After=str(int(wait) + 1))
        self._times.append(now)

    def _batch(self, body: Json, headers: dict[str, str]) -> Json:
        """Rule `batch`."""
        asked = body["requests"]
        if len(asked) > 20:
            raise Refused(400, "BadRequest")
        answers = []
        for one in reversed(asked):  # in any order
            own = {name.lower(): value for name, value in one.get("headers", {}).items()}
            own["authorization"] = headers["authorization"]
            status, given, found = self._broken(one["method"], one["url"], own)
            answers.append({"id": one["id"], "status": status, "headers": given, "body": found})
        return {"responses": answers}

    def _broken(self, method: str, url: str, headers: dict[str, str]) -> tuple[int, dict[str, str], Json]:
        fault = self.faults.take(f"BATCHED {method} {url}") if self.faults.planned else Fault()
        if fault.status:
            extra = {"Retry-After": fault.retry_after} if fault.retry_after else {}
            return fault.status, extra, _error(fault.code)
        return self.handle(method, VERSION + url, headers, b"")

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        return type("Handler", (_Handler,), {"graph": self})


class _Handler(BaseHTTPRequestHandler):
    """Serves one request from the mailbox, or the fault that is due."""

    graph: ClassVar[FakeGraph]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes: the second would wait for an ACK

    def log_message(self, *_: Any) -> None:
        pass

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.graph.exchanges += 1
        fault = self.graph.faults.take(f"{self.command} {self.path}")
        time.sleep(fault.delay)
        if fault.reset:
            return self._reset()
        if fault.status:
            extra = {"Retry-After": fault.retry_after} if fault.retry_after else {}
            return self._write(fault.status, extra, _error(fault.code))
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, given, found = self.graph.handle(self.command, self.path, headers, body)
        if fault.reset_after:
            return self._reset()
        if fault.after:
            return self._write(fault.after, {}, _error(fault.code))
        return self._write(status, given, found, cut=fault.cut)

    def _write(self, status: int, headers: dict[str, str], found: Json, *, cut: bool = False) -> None:
        body = json.dumps(found).encode() if found else b""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(body[: len(body) // 2] if cut else body)
        self.close_connection = self.close_connection or cut

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = _serve  # noqa: N815


def _path(text: str) -> list[str]:
    """Its segments, `mailFolders('id')` as two."""
    found: list[str] = []
    for part in text.removeprefix(VERSION).strip("/").split("/"):
        keyed = _KEYED.fullmatch(unquote(part))
        found += [keyed[1], keyed[2]] if keyed else [unquote(part)]
    return found


def _resource(path: list[str]) -> str:
    """Without ids, to count by."""
    return "/" + "/".join("*" if len(one) > 30 else one for one in path)


def _error(code: str) -> Json:
    return {"error": {"code": code, "message": "The stand-in says no.", "innerError": {}}}
