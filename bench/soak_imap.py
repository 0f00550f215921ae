"""IMAP in foul weather: a large mailbox, a line that breaks at random, a program that is killed, folders that change.

`python -m bench.soak_imap [--messages 50000] [--kills 100] [--seed 1]` needs Dovecot. At the end the store must hold every
message the server holds, each as it was written, and none that never was to be read. The seed decides every fault but
the moment at which the system runs what.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from recipflow import config
from recipflow.home import find
from recipflow.patience import Patience
from recipflow.secrets.files import FileVault
from recipflow.session import Session, now
from tests.connectors.dovecot import PASSWORD, Dovecot, running
from tests.connectors.trouble import Trouble

ME = "ann@haven.example"
VAULT = "mail:soak"
FOLDERS = ("Sent", "INBOX", "Archive", "Projects/Harbour", "Projects/Kiosk")
CLOSED = ("Drafts", "Junk", "Trash")
PEOPLE = 500
CHUNK = 5_000
NOW = datetime.now(UTC).replace(microsecond=0)


@dataclass(slots=True)
class Weather:
    """What became of it."""

    messages: int = 0
    syncs: int = 0
    kills: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    missing: list[str] = field(default_factory=list)  #: on the server, and not in the store
    strange: list[str] = field(default_factory=list)  #: in the store, and never to be read
    changed: list[str] = field(default_factory=list)  #: not as they were written
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        return not (self.missing or self.strange or self.changed)


class Storm(Trouble):
    """Every connection may break, at a byte that nobody knows."""

    def __init__(self, server: int, rng: random.Random, *, calm: float = 0.3) -> None:
        super().__init__(server)
        self._rng = rng
        self.calm = calm  #: the share of connections that nothing happens to
        self.seen: Counter[str] = Counter()

    def next_fault(self) -> tuple[str, int]:
        if self._rng.random() < self.calm:
            return "none", 0
        fault = self._rng.choice(
            (
                "closes at once",
                "resets",
                "greets strangely",
                "busy",
                "says BYE in the middle",
                "cut off in the middle",
            )
        )
        self.seen[fault] += 1
        return fault, int(10 ** self._rng.uniform(3, 6.5))


def run(messages: int, kills: int, seed: int, *, longest: float = 8.0, tell: bool = False) -> Weather:
    """The whole of it; the program is killed so often, after at most `longest` seconds each time."""
    rng, found, begun = random.Random(seed), Weather(messages=messages), time.monotonic()
    with running() as server, tempfile.TemporaryDirectory(prefix="soak") as folder:
        mailbox = Mailbox(server, "soak", rng)
        mailbox.grow(messages)
        home = Path(folder)
        with Storm(server.port, rng) as storm:
            _set_up(home, storm.port)
            while found.kills < kills:
                found.syncs += 1
                found.kills += _killed(home, rng.uniform(0.5, longest))
                mailbox.change()
                if tell:
                    sys.stderr.write(
                        f"\r{found.syncs} syncs, {found.kills} killed, {_stored(home):,} stored "
                    )
            while not storm.seen:  # where all is slow, each was killed before it had a line to break
                found.syncs += 1
                subprocess.run(_command(home), check=False)
            storm.calm = 1.0
            while subprocess.run(_command(home), check=False).returncode:
                found.syncs += 1
            found.faults = storm.seen
        _compare(home, mailbox, found)
    found.seconds = time.monotonic() - begun
    return found


class Mailbox:
    """What lies on the server, as it should."""

    def __init__(self, server: Dovecot, user: str, rng: random.Random) -> None:
        self._server, self._user, self._rng = server, user, rng
        self.subjects: dict[str, str] = {}  #: of what is to be read, by id
        self.removed: set[str] = set()
        self._last = 0

    def grow(self, count: int) -> None:
        """So many more, spread over the folders and over ten months."""
        for start in range(0, count, CHUNK):
            at = NOW - timedelta(days=self._rng.randrange(300))
            for place, numbers in self._spread(min(CHUNK, count - start)).items():
                self._server.fill(self._user, place, [self._letter(one, place, at) for one in numbers], at)

    def change(self) -> None:
        """What people do to a mailbox between two syncs."""
        with self._server.client(self._user) as client:
            self.grow(self._rng.randrange(1, 20))
            place = self._rng.choice(FOLDERS)
            client.select_folder(place)
            uids = client.search()
            some = self._rng.sample(uids, min(len(uids), 5))
            if self._rng.random() < 0.5:
                client.move(some, self._rng.choice([one for one in FOLDERS if one != place]))
            else:
                self._remove(client.fetch(some, ["BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"]))
                client.delete_messages(some)
                client.expunge()
        if self._rng.random() < 0.1:
            self._server.renumber(self._user, self._rng.choice(FOLDERS))

    def _remove(self, told: dict[int, dict[bytes, bytes]]) -> None:
        for one in told.values():
            head = next(value for key, value in one.items() if key.startswith(b"BODY"))
            self.removed.add(head.partition(b"<")[2].partition(b">")[0].decode())

    def _spread(self, count: int) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number in range(self._last, self._last + count):
            place = self._rng.choice((*FOLDERS, *FOLDERS, *FOLDERS, self._rng.choice(CLOSED)))
            found.setdefault(place, []).append(number)
        self._last += count
        return found

    def _letter(self, number: int, place: str, at: datetime) -> bytes:
        other = f"person{self._rng.randrange(PEOPLE)}@crowd.example"
        sender, to = (ME, other) if place == "Sent" else (other, ME)
        if place in FOLDERS:
            self.subjects[f"{number}@soak.example"] = f"Letter {number} in {place}"
        return (
            f"Message-ID: <{number}@soak.example>\r\nDate: {format_datetime(at + timedelta(seconds=number))}\r\n"
            f"From: <{sender}>\r\nTo: <{to}>\r\nSubject: Letter {number} in {place}\r\n\r\n"
            f"Hello,\r\n\r\nthis is the letter of number {number}.\r\n"
        ).encode()


def sync(home: Path) -> None:
    """As the command does, but for waiting long between two attempts."""
    patient = Patience(lambda seconds: time.sleep(min(seconds, 0.02)), random.random, 3_600.0)
    with Session.open(find({"RECIPFLOW_HOME": str(home)})) as session:
        done = list(session.sync(now(), patient=patient))
        session.derive(now(), rules=True)
    sys.exit(any(one.problems for one in done))


def _set_up(home: Path, port: int) -> None:
    where = {"host": "127.0.0.1", "port": port, "security": "plain", "user": "soak", "address": ME}
    table = {"name": "soak", "connector": "imap", "vault": VAULT} | where
    place = find({"RECIPFLOW_HOME": str(home)})
    config.create(place.config, {"me.addresses": [ME], "me.tz": "UTC", "accounts": [table]})
    FileVault(place.tokens, VAULT).put("password", PASSWORD)


def _command(home: Path) -> list[str]:
    return [sys.executable, "-m", "bench.soak_imap", "--sync", str(home)]


def _killed(home: Path, after: float) -> bool:
    process = subprocess.Popen(_command(home), stderr=subprocess.DEVNULL)
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def _stored(home: Path) -> int:
    with closing(sqlite3.connect(home / "recipflow.db")) as db:
        try:
            return int(db.execute("SELECT count(*) FROM interaction").fetchone()[0])
        except sqlite3.OperationalError:
            return 0


def _compare(home: Path, mailbox: Mailbox, found: Weather) -> None:
    with closing(sqlite3.connect(home / "recipflow.db")) as db:
        stored = dict(db.execute("SELECT ext, subject FROM interaction WHERE type = 'message'"))
    found.messages = len(mailbox.subjects)
    found.missing = sorted(mailbox.subjects.keys() - stored.keys() - mailbox.removed)
    found.strange = sorted(stored.keys() - mailbox.subjects.keys())
    found.changed = sorted(
        one for one, subject in stored.items() if mailbox.subjects.get(one, subject) != subject
    )


def _lines(found: Weather) -> Iterator[str]:
    yield f"{found.messages:,} messages; {found.syncs} syncs, {found.kills} of them killed; {found.seconds:,.0f} s"
    yield "faults: " + ", ".join(f"{many} × {fault}" for fault, many in found.faults.most_common())
    yield f"missing {len(found.missing)}, strange {len(found.strange)}, changed {len(found.changed)}"
    yield from (f"missing: {one}" for one in found.missing[:10])


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--messages", type=int, default=50_000)
    arguments.add_argument("--kills", type=int, default=100)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--sync", type=Path, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.sync:
        sync(given.sync)
    found = run(given.messages, given.kills, given.seed, tell=sys.stderr.isatty())
    print("\n".join(_lines(found)))
    sys.exit(not found.good)


if __name__ == "__main__":
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    main()
