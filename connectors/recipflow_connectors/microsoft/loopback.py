"""The page Microsoft sends the browser back to: a server of one answer, on this computer alone (RFC 8252, 7.3)."""

from __future__ import annotations

import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

_DONE = b"<!doctype html><meta charset=utf-8><title>recipflow</title><p>Signed in. You may close this page."
_NOT = b"<!doctype html><meta charset=utf-8><title>recipflow</title><p>Not signed in. The terminal says why."
_MOST = 100_000


class Loopback:
    """Waits for the answer that belongs to a `state`; whatever else comes by is turned away."""

    def __init__(self, port: int = 0) -> None:
        self.answer: dict[str, str] = {}
        self._state = ""
        self._server = HTTPServer(("127.0.0.1", port), _handler(self))

    @property
    def url(self) -> str:
        """Entra takes any port of `localhost`, and no other name for it."""
        return f"http://localhost:{self._server.server_port}"

    def __enter__(self) -> Loopback:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.server_close()

    def wait(
        self, state: str, seconds: float, *, clock: Callable[[], float] = time.monotonic
    ) -> dict[str, str]:
        """The answer; empty when none came in time."""
        self._state = state
        until = clock() + seconds
        while not self.answer and (left := until - clock()) > 0:
            self._server.timeout = min(left, 1.0)
            self._server.handle_request()
        return self.answer

    def take(self, given: str) -> bool:
        found = dict(parse_qsl(given))
        if not self._state or found.get("state") != self._state:
            return False
        self.answer = found
        return True


def _handler(loopback: Loopback) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 5.0

        def log_message(self, *_: Any) -> None:
            pass

        def do_GET(self) -> None:
            self._take(urlsplit(self.path).query)

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if length.isdecimal() and int(length) <= _MOST:
                self._take(self.rfile.read(int(length)).decode("utf-8", "replace"))

        def _take(self, given: str) -> None:
            known = loopback.take(given)
            body = _DONE if known and "code" in loopback.answer else _NOT
            self.send_response(200 if known else 400)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)

    return Handler
