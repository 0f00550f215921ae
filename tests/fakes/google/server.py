"""A Google on this computer: Gmail, Calendar and sign-in over HTTP, stateful, held to the discovery documents."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fakes.google.answers import Answer, Asked, Refused, Unsupported
from tests.fakes.google.calendar import Calendars
from tests.fakes.google.contract import Call, Contract
from tests.fakes.google.faults import Fault, Faults, Quota
from tests.fakes.google.gmail import Gmail
from tests.fakes.google.mail import Mailbox
from tests.fakes.google.oauth import OAuth

#: Not by GET, and writes nothing all the same.
_READS = frozenset({"calendar.freebusy.query"})


class Google:
    """One user's Google. What is in it can be changed at any time, also while somebody is connected."""

    def __init__(
        self, *, address: str = "noor@haddad.example", clock: Callable[[], float] = time.time
    ) -> None:
        self.clock = clock
        self.mail = Mailbox(address)
        self.calendars = Calendars(address, clock)
        self.oauth = OAuth()
        self.faults = Faults()
        self.quota: Quota | None = None
        self.check_every = 1  #: every so-manieth request and answer is held to the discovery documents
        self.problems: list[str] = []  #: what of it did not fit them
        self.calls: Counter[str] = Counter()
        self.writes: list[str] = []
        self.disabled: set[str] = set()  #: "gmail", "calendar": not switched on in the user's project
        self.methods = Gmail(self.mail, clock).methods | self.calendars.methods
        self._contracts = {"gmail": Contract("gmail", "v1"), "calendar": Contract("calendar", "v3")}
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return self.oauth.url

    def addresses(self) -> dict[str, str]:
        """Where its parts are, by the names our settings use."""
        return {
            "gmail_url": self.url,
            "calendar_url": f"{self.url}/calendar/v3/",
            "revoke_uri": f"{self.url}/revoke",
        }

    def client_json(self) -> dict[str, Any]:
        return self.oauth.client_json(**self.addresses())

    def answer(
        self, verb: str, target: str, headers: Mapping[str, str], content: bytes
    ) -> tuple[Answer, Fault | None]:
        """What is answered to a request, and what shall go wrong with it on the way."""
        url = urlsplit(target)
        query = parse_qs(url.query, keep_blank_values=True)
        with self._lock:
            if url.path in ("/o/oauth2/v2/auth", "/token", "/revoke"):
                return self._sign_in(url.path, query, headers, content)
            for name, contract in self._contracts.items():
                if call := contract.find(verb, url.path):
                    return self._call(name, call, query, headers, content)
            self.problems.append(f"{verb} {url.path} is no method of Google's")
            return Refused(404, "notFound", "Not Found").answer, None

    def _sign_in(
        self, path: str, query: Mapping[str, list[str]], headers: Mapping[str, str], content: bytes
    ) -> tuple[Answer, Fault | None]:
        fault = self.faults.strike(path)
        if fault and fault.hits_first:
            return (fault.refusal or Refused(503, "", "")).answer, fault
        form = parse_qs(content.decode()) if content else query
        if path == "/token":
            return self.oauth.token(form, headers.get("authorization", "")), fault
        return self.oauth.revoke(form) if path == "/revoke" else self.oauth.consent(query), fault

    def _call(
        self,
        name: str,
        call: Call,
        query: Mapping[str, list[str]],
        headers: Mapping[str, str],
        content: bytes,
    ) -> tuple[Answer, Fault | None]:
        self.calls[call.id] += 1
        fault = self.faults.strike(call.id)
        if fault and fault.hits_first:
            return (fault.refusal or Refused(503, "", "")).answer, fault
        try:
            granted = self._allowed(name, call, headers)
            if self.quota:
                self.quota.charge(call.id)
            body = json.loads(content) if content else None
            asked = Asked(path=call.path, query=query, body=body, headers=headers, granted=granted)
            answer = self._done(name, call, asked)
        except Refused as refused:
            answer = refused.answer
        return (fault.refusal.answer if fault and fault.refusal else answer), fault

    def _allowed(self, name: str, call: Call, headers: Mapping[str, str]) -> frozenset[str]:
        granted = self.oauth.granted(headers.get("authorization", ""))
        if granted is None:
            raise Refused(401, "authError", "Request had invalid authentication credentials.")
        if not granted & call.scopes:
            raise Refused(403, "insufficientPermissions", "Request had insufficient authentication scopes.")
        if name in self.disabled:
            told = f"{name} API has not been used in project 1234 before or it is disabled."
            raise Refused(403, "accessNotConfigured", told, domain="usageLimits")
        return granted

    def _done(self, name: str, call: Call, asked: Asked) -> Answer:
        contract = self._contracts[name]
        checked = self.calls.total() % self.check_every == 0
        problems = contract.problems_of_request(call, asked.query, asked.body) if checked else []
        body = None
        if call.id not in self.methods:
            problems.append("the fake does not know this method")
        else:
            if call.method["httpMethod"] != "GET" and call.id not in _READS:
                self.writes.append(call.id)
            try:
                body = self.methods[call.id](asked)
            except Unsupported as unsupported:
                problems.append(f"the fake does not know {unsupported}")
        if checked and not problems:
            problems = contract.problems_of_answer(call, body)
        if problems:
            self.problems += [f"{call.id}: {one}" for one in problems]
            return Answer(status=501, body={"error": {"code": 501, "message": "; ".join(problems)}})
        return Answer(body=body) if body is not None else Answer(status=204)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    google: Google

    def do_GET(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        heads = {name.lower(): value for name, value in self.headers.items()}
        try:
            answer, fault = self.google.answer(self.command, self.path, heads, content)
        except Exception:  # noqa: BLE001  (a fault of the fake's own; the test shall hear of it)
            self.google.problems.append(traceback.format_exc())
            answer, fault = Answer(status=501), None
        if fault in (Fault.RESET, Fault.RESET_AFTER):
            self._reset()
            return
        if fault is Fault.SLOW:
            time.sleep(self.google.faults.latency)
        sent = self._head(answer, len(answer.content())) + answer.content()
        if fault is Fault.TRUNCATED:
            sent = sent[: -max(1, len(answer.content()) // 2)] if answer.content() else sent[:20]
            self.close_connection = True
        self.wfile.write(sent)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815  (as http.server names them)

    def _head(self, answer: Answer, length: int) -> bytes:
        kind = "text/html; charset=utf-8" if answer.html else "application/json; charset=UTF-8"
        heads = {"Content-Type": kind, "Content-Length": str(length), **answer.headers}
        lines = [f"HTTP/1.1 {answer.status} -", *(f"{name}: {value}" for name, value in heads.items())]
        return "\r\n".join([*lines, "", ""]).encode()

    def _reset(self) -> None:
        """Close in the way that makes the other side's read fail."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        with suppress(OSError):
            self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (as http.server has it)
        """Say nothing: tests print what went wrong themselves."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away, or was reset, is no news."""


@contextmanager
def serving(google: Google, port: int = 0) -> Iterator[Google]:
    """`google` at http://127.0.0.1:port; a free port by default."""
    handler = type("Handler", (_Handler,), {"google": google})
    with _Server(("127.0.0.1", port), handler) as server:
        google.oauth.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield google
        finally:
            server.shutdown()
            thread.join()
