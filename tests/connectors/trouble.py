"""A line to an IMAP server on which things go wrong, each in its own way."""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from types import TracebackType
from typing import Self

from tests.connectors.dovecot import PASSWORD

_ANSWERS = {
    "passwords switched off": b"NO Basic authentication is disabled.",
    "busy": b"NO [UNAVAILABLE] Temporary authentication failure.",
    "refuses": b"NO [LIMIT] Too many simultaneous connections.",
}
"""What is said to LOGIN."""
_STATUS_OF_SENT = (b'STATUS "Sent"', b"STATUS Sent")


class Trouble:
    """Listens on a port of its own, and passes everything on to the server, up to the fault."""

    def __init__(self, server: int, fault: str = "none", *, after: int = 900) -> None:
        self.server = server
        self.fault = fault
        self.said: list[bytes] = []  #: what clients said
        self.told = 0  #: how many bytes the server did
        self.password = "mistaken" if fault == "wrong password" else PASSWORD
        self._after = after
        self._lines: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # on Linux close() alone does not wake accept()
        self._listener.close()

    def cut(self) -> None:
        """Break every line that is open, without a word."""
        for line in self._lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self._lines.clear()

    def next_fault(self) -> tuple[str, int]:
        """What goes wrong on the next line, and after how many bytes of the server's."""
        return self.fault, self._after

    def from_client(self, said: bytes) -> bytes:
        return said

    def from_server(self, said: bytes) -> bytes:
        return said.replace(b"AUTH=PLAIN", b"AUTH=XOAUTH2") if self.fault == "takes tokens" else said

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            self._lines.append(line)
            fault, after = self.next_fault()
            Thread(target=_Spoken(self, line, fault, after), daemon=True).start()


@dataclass(slots=True)
class _Spoken:
    """What is spoken on one line."""

    trouble: Trouble
    line: socket.socket
    fault: str
    after: int

    def __call__(self) -> None:
        with suppress(OSError), self.line:
            match self.fault:
                case "closes at once":
                    return
                case "resets":
                    self.line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                case "greets strangely":
                    self.line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                case _:
                    self._pass_on()

    def _pass_on(self) -> None:
        with socket.create_connection(("127.0.0.1", self.trouble.server)) as server:
            back = Thread(target=self._back, args=(server,), daemon=True)
            back.start()
            while said := self.line.recv(65_536):
                self.trouble.said.append(said)
                if not self._answered(said):
                    server.sendall(self.trouble.from_client(said))
            server.shutdown(socket.SHUT_RDWR)
            back.join()

    def _answered(self, said: bytes) -> bool:
        """Whether it was answered here, in the server's place."""
        tag, _, command = said.partition(b" ")
        if self.fault == "Sent is closed" and command.startswith(_STATUS_OF_SENT):
            answer = b"NO [NOPERM] Permission denied"
        elif self.fault == "refuses the second FETCH" and self._is_second_fetch(command):
            answer = b"NO [EXPUNGEISSUED] Some of the requested messages no longer exist."
        elif self.fault == "takes tokens" and command.startswith(b"AUTHENTICATE"):
            self.line.sendall(b"+ \r\n")
            self.trouble.said.append(self.line.recv(65_536))
            answer = b"NO [AUTHENTICATIONFAILED] Invalid token"
        elif command.startswith(b"LOGIN") and self.fault in _ANSWERS:
            answer = _ANSWERS[self.fault]
        else:
            return False
        self.line.sendall(tag + b" " + answer + b"\r\n")
        return True

    def _is_second_fetch(self, command: bytes) -> bool:
        return b"FETCH" in command[:16] and sum(b"FETCH" in said[:24] for said in self.trouble.said) == 2

    def _back(self, server: socket.socket) -> None:
        told = 0
        with suppress(OSError):
            while said := server.recv(65_536):
                told += len(said)
                self.trouble.told += len(said)
                if told > self.after and self.fault == "says BYE in the middle":
                    self.line.sendall(b"* BYE going down\r\n")
                    break
                if told > self.after and self.fault == "cut off in the middle":
                    self.line.sendall(said[: len(said) // 2])
                    break
                self.line.sendall(self.trouble.from_server(said))
            self.line.shutdown(socket.SHUT_RDWR)
