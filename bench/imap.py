"""What IMAP costs, and how soon it tells: requests for a message, seconds from its arrival until its act is known.

`python -m bench.imap [--messages 5000] [--arrivals 40]` needs Dovecot. Requests are counted on the line. An act is known once
it stands in the database: the message was told of or looked for, pulled, fetched and read.
"""

from __future__ import annotations

import argparse
import re
import sqlite3
import statistics
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from functools import cached_property
from threading import Thread
from time import perf_counter

from recipflow_connectors.imap.account import Imap

from recipflow import config
from recipflow.connector import MemorySecrets, load
from recipflow.home import find
from recipflow.model import Message
from recipflow.session import Session
from recipflow.session.pulling import patience
from recipflow.settings import AccountTable
from recipflow.testing import pull_all
from tests.connectors.dovecot import PASSWORD, Dovecot, running
from tests.connectors.letters import letter
from tests.connectors.trouble import Trouble

USER = "bench"
ANA = "ana@lopes.example"
"""Whose mailbox it is, in which Bo's letters come to be answered."""
NOW = datetime.now(UTC)
_COMMAND = re.compile(rb"^[A-Z]{4}\d+ ", re.MULTILINE)


def opened(port: int) -> Imap:
    where = {"address": USER, "host": "127.0.0.1", "port": port, "security": "plain"}
    account = load("imap")(where, MemorySecrets(password=PASSWORD))
    assert isinstance(account, Imap)
    return account


class Meter(Trouble):
    """Counts what is asked on the line."""

    def taken(self) -> tuple[int, int]:
        """Requests and bytes since the last time."""
        asked, told = len(_COMMAND.findall(b"".join(self.said))), self.told
        self.said.clear()
        self.told = 0
        return asked, told


def requests(server: Dovecot, messages: int) -> None:
    for start, (folder, share) in enumerate((("Sent", 4), ("INBOX", 4), ("Archive", 2))):
        numbers = range(start * 100_000, start * 100_000 + messages * share // 10)
        server.fill(USER, folder, [letter(one, body="Good morning.\n" * 30) for one in numbers], NOW)
    with Meter(server.port) as meter:
        begun, connector = perf_counter(), opened(meter.port)
        pages = pull_all(connector, now=NOW)
        heads = [one for page in pages for one in page.interactions if isinstance(one, Message)]
        _tell(f"{len(heads):,} heads, three folders", meter, len(heads), perf_counter() - begun)
        begun = perf_counter()
        whole = list(connector.fetch([one.ref for one in heads]))
        _tell(f"{len(whole):,} wholes", meter, len(whole), perf_counter() - begun)
        for label in ("nothing new, connected", "one new, connected"):
            if label.startswith("one"):
                server.append(USER, "INBOX", letter(399_999), datetime.now(UTC))
            begun = perf_counter()
            pages = pull_all(connector, pages[-1].cursor, now=NOW)
            _tell(label, meter, 1, perf_counter() - begun)
        begun = perf_counter()
        pull_all(opened(meter.port), pages[-1].cursor, now=NOW)
        _tell("nothing new, by a new connection", meter, 1, perf_counter() - begun)
        begun = perf_counter()
        found = len(list(connector.present(datetime(2020, 1, 1, tzinfo=UTC), now=NOW)))
        _tell(f"{found:,} compared", meter, found, perf_counter() - begun)


class Kept(Session):
    """One that keeps its connection, as the daemon does."""

    @cached_property
    def mailbox(self) -> Imap:
        return opened(self.settings.accounts[0].settings["port"])

    def opened(self, table: AccountTable) -> object:  # noqa: ARG002
        return self.mailbox

    def acts(self) -> int:
        """How many there are, once all that is there was pulled and read."""
        for done in self.sync(datetime.now(UTC), patient=patience()):
            assert not done.problems, done.problems
        with closing(sqlite3.connect(self.home.database)) as db:
            return int(db.execute("SELECT count(*) FROM act").fetchone()[0])


def latency(server: Dovecot, arrivals: int) -> None:
    """From the arrival of an ask of somebody known until the act stands in the database: told by IDLE, and by a look."""
    with tempfile.TemporaryDirectory() as folder:
        home = find({"RECIPFLOW_HOME": folder})
        where = {"address": USER, "host": "127.0.0.1", "port": server.port, "security": "plain"}
        account = {"name": "box", "connector": "imap", **where}
        config.create(home.config, {"me.addresses": [ANA], "me.tz": "UTC", "accounts": [account]})
        with Kept.open(home) as session:
            session.acts()
            session.derive(datetime.now(UTC))
            session.mailbox.wait(0.1)
            _percentiles("from arrival to act, by IDLE", [_told(session, server, n) for n in range(arrivals)])
            _percentiles(
                "a look that finds one, to its act", [_looked(session, server, n) for n in range(arrivals)]
            )


def _told(session: Kept, server: Dovecot, number: int) -> float:
    """Seconds from the arrival until the act is known."""
    sent: list[float] = []
    before = session.acts()
    thread = Thread(target=_later, args=(sent, server, 400_000 + number))
    thread.start()
    while session.mailbox.wait(30) and session.acts() == before:
        pass
    known = perf_counter()
    thread.join()
    return known - sent[0]


def _looked(session: Kept, server: Dovecot, number: int) -> float:
    """Seconds that a look takes which finds one: by polling, half the interval comes on top on average."""
    before = session.acts()
    _put(server, 500_000 + number)
    begun = perf_counter()
    assert session.acts() > before
    return perf_counter() - begun


def _later(sent: list[float], server: Dovecot, number: int) -> None:
    time.sleep(0.2)
    sent.append(_put(server, number))


def _put(server: Dovecot, number: int) -> float:
    """An ask of Bo's arrives; when."""
    ask = letter(number, body="Could you please send me the contract by Friday?\n")
    ask = ask.replace(b"From: Ana Lopes <ana@lopes.example>", b"From: Bo <bo@berg.example>")
    ask = ask.replace(b"To: Bo <bo@berg.example>", b"To: Ana Lopes <ana@lopes.example>")
    with server.client(USER) as client:
        begun = perf_counter()
        client.append("INBOX", ask, (), datetime.now(UTC))
        return (begun + perf_counter()) / 2


def _percentiles(label: str, taken: list[float]) -> None:
    cuts = statistics.quantiles(taken, n=20)
    print(f"{label}: median {statistics.median(taken):.3f} s, 95 % within {cuts[-1]:.3f} s, n = {len(taken)}")


def _tell(label: str, meter: Meter, messages: int, seconds: float) -> None:
    asked, told = meter.taken()
    print(
        f"{label}: {asked:,} requests, {asked / max(messages, 1):.4f} a message, {told / max(messages, 1):,.0f} bytes "
        f"each, {seconds:.3f} s"
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--messages", type=int, default=5_000)
    arguments.add_argument("--arrivals", type=int, default=40)
    given = arguments.parse_args()
    with running() as server:
        requests(server, given.messages)
        latency(server, given.arrivals)


if __name__ == "__main__":
    main()
