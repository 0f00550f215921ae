"""A line to an IMAP server on which things go wrong, each in its own way."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

from tests.connectors.dovecot import PASSWORD

_ANSWERS = {
    "passwords switched off": b"NO Basic authentication is disabled.",
    "busy": b"NO [UNAVAILABLE] Temporary authentication failure.",
    "refuses": b"NO [LIMIT] Too many simultaneous connections.",
}
"""What is said to LOGIN."""


class Trouble:
    """Listens on a port of its own, and passes everything through to the server, up to the fault."""

    def __init__(self, server: int, fault: str, *, after: int = 900) -> None:
        self._server = server
        self._fault = fault
        self._after = after  #: bytes of the server's, at which the line is cut
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.said: list[bytes] = []  #: what the client said
        self.told = 0  #: how many bytes the server did
        self._lines: list[socket.socket] = []
        self.password = "mistaken" if fault == "wrong password" else PASSWORD

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None
    ) -> None:
        # accept() in another thread is not woken by close() alone
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def cut(self) -> None:
        """Break every line that is open, without a word."""
        for line in self._lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self._lines.clear()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            self._lines.append(line)
            threading.Thread(target=self._speak, args=(line,), daemon=True).start()

    def _speak(self, line: socket.socket) -> None:
        try:
            with line:
                self._spoken(line)
        except OSError:
            return

    def _spoken(self, line: socket.socket) -> None:
        if self._fault == "closes at once":
            return
        if self._fault == "resets":
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        if self._fault == "greets strangely":
            line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", self._server)) as server:
            back = threading.Thread(target=self._back, args=(server, line), daemon=True)
            back.start()
            self._forth(line, server)
            back.join()

    def _server_says(self, said: bytes) -> bytes:
        return said.replace(b"AUTH=PLAIN", b"AUTH=XOAUTH2") if self._fault == "takes tokens" else said

    def _client_says(self, said: bytes) -> bytes:
        return said

    def _forth(self, line: socket.socket, server: socket.socket) -> None:
        """From the client to the server; LOGIN may be answered here."""
        while said := line.recv(65_536):
            self.said.append(said)
            tag, _, command = said.partition(b" ")
            if self._fault == "Sent is closed" and command.startswith((b'STATUS "Sent"', b"STATUS Sent")):
                line.sendall(tag + b" NO [NOPERM] Permission denied\r\n")
            elif self._fault == "takes tokens" and command.startswith(b"AUTHENTICATE"):
                line.sendall(b"+ \r\n")
                self.said.append(line.recv(65_536))
                line.sendall(tag + b" NO [AUTHENTICATIONFAILED] Invalid token\r\n")
            elif command.upper().startswith(b"LOGIN") and (answer := _ANSWERS.get(self._fault)):
                line.sendall(tag + b" " + answer + b"\r\n")
            else:
                server.sendall(self._client_says(said))
        server.shutdown(socket.SHUT_RDWR)

    def _back(self, server: socket.socket, line: socket.socket) -> None:
        try:
            while said := server.recv(65_536):
                self.told += len(said)
                if self.told > self._after and self._fault == "says BYE in the middle":
                    line.sendall(b"* BYE going down\r\n")
                    break
                if self.told > self._after and self._fault == "cut off in the middle":
                    line.sendall(said[: len(said) // 2])
                    break
                line.sendall(self._server_says(said))
            line.shutdown(socket.SHUT_RDWR)
        except OSError:
            return
