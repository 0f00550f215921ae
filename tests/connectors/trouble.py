"""A line to an IMAP server on which things go wrong, each in its own way."""

from __future__ import annotations

import socket
import struct
import threading
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

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
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

    def _forth(self, line: socket.socket, server: socket.socket) -> None:
        """From the client to the server; LOGIN may be answered here."""
        while said := line.recv(65_536):
            tag, _, command = said.partition(b" ")
            if command.upper().startswith(b"LOGIN") and (answer := _ANSWERS.get(self._fault)):
                line.sendall(tag + b" " + answer + b"\r\n")
            else:
                server.sendall(said)
        server.shutdown(socket.SHUT_RDWR)

    def _back(self, server: socket.socket, line: socket.socket) -> None:
        told = 0
        try:
            while said := server.recv(65_536):
                told += len(said)
                if told > self._after and self._fault == "says BYE in the middle":
                    line.sendall(b"* BYE going down\r\n")
                    break
                if told > self._after and self._fault == "cut off in the middle":
                    line.sendall(said[: len(said) // 2])
                    break
                line.sendall(said)
            line.shutdown(socket.SHUT_RDWR)
        except OSError:
            return
