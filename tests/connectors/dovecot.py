"""A real IMAP server for tests, with a mailbox for each: started on a port that is free, gone when they are over."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep

from imapclient import IMAPClient

from tests.connectors.dovecot_settings import configured

WHY_NOT = "Dovecot is not installed here (apt-get install dovecot-imapd)"
PASSWORD = "open-sesame"
BINARY = shutil.which("dovecot") or ("/usr/sbin/dovecot" if Path("/usr/sbin/dovecot").exists() else None)


@dataclass(frozen=True, slots=True)
class Dovecot:
    """A running server."""

    root: Path
    port: int
    secure: int  #: the port for TLS; 0 where no certificate could be made

    @property
    def certificate(self) -> Path:
        return self.root / "cert.pem"

    @contextmanager
    def client(self, user: str) -> Iterator[IMAPClient]:
        """Somebody else's mail program, which may write."""
        with IMAPClient("127.0.0.1", self.port, ssl=False, timeout=20) as client:
            client.login(user, PASSWORD)
            yield client

    def append(self, user: str, folder: str, raw: bytes, at: datetime, flags: tuple[str, ...] = ()) -> None:
        with self.client(user) as client:
            client.append(folder, raw, [flag.encode() for flag in flags], at)

    def fill(self, user: str, folder: str, raws: Iterable[bytes], at: datetime) -> None:
        """Many at once, put where the server keeps them, as a delivery program would."""
        with self.client(user) as client:
            if not client.folder_exists(folder):
                client.create_folder(folder)
            client.select_folder(folder, readonly=True)
        place = self._place(user, folder) / "new"
        owner = place.stat()
        for number, raw in enumerate(raws):
            path = place / f"{at.timestamp():.0f}.{number}_{id(raws)}.here"
            path.write_bytes(raw)
            os.chown(path, owner.st_uid, owner.st_gid)
            os.utime(path, (at.timestamp(), at.timestamp()))

    def renumber(self, user: str, folder: str) -> None:
        """Let a folder lose its UIDs, as when a server is restored or moved."""
        for kept in self._place(user, folder).glob("dovecot*"):
            kept.unlink()
        sleep(1.1)  # UIDVALIDITY is the second at which it is made

    def _place(self, user: str, folder: str) -> Path:
        return self.root / "mail" / user / ("" if folder == "INBOX" else f".{folder.replace('/', '.')}")


@contextmanager
def running() -> Iterator[Dovecot]:
    assert BINARY, WHY_NOT
    root = Path(tempfile.mkdtemp(prefix="dovecot-"))
    root.chmod(0o755)
    port, secure = _free(), _free()
    config = root / "dovecot.conf"
    config.write_text(configured(BINARY, root, port, secure, PASSWORD))
    process = subprocess.Popen([BINARY, "-F", "-c", str(config)], stdout=subprocess.DEVNULL)
    try:
        _wait(port, process)
        yield Dovecot(root, port, secure)
    finally:
        process.terminate()
        try:
            process.wait(2)
        except subprocess.TimeoutExpired:  # it waits for those who are still connected
            process.kill()
            process.wait()
        shutil.rmtree(root, ignore_errors=True)


def _free() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    end = monotonic() + 20
    while monotonic() < end:
        assert process.poll() is None, "Dovecot did not start"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            sleep(0.05)
        else:
            return
    raise AssertionError("Dovecot does not answer")
