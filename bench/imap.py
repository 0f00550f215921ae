"""What IMAP costs, and how soon it tells: requests for a message, seconds from its arrival until it is known.

`python -m bench.imap [--messages 5000] [--arrivals 40]` needs Dovecot. Requests are counted on the line. "Known" means that
`wait` returned and the message was pulled and fetched, as the daemon does; reading its acts comes on top.
"""

from __future__ import annotations

import argparse
import re
import statistics
import time
from datetime import UTC, datetime
from threading import Thread
from time import perf_counter

from recipflow_connectors.imap.account import Imap

from recipflow.connector import MemorySecrets, load
from recipflow.model import Message
from recipflow.testing import pull_all
from tests.connectors.dovecot import PASSWORD, Dovecot, running
from tests.connectors.letters import letter
from tests.connectors.trouble import Trouble

USER = "bench"
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


def latency(server: Dovecot, arrivals: int) -> None:
    connector = opened(server.port)
    cursor = pull_all(connector, now=NOW)[-1].cursor
    connector.wait(0.1)
    taken = []
    for number in range(arrivals):
        sent: list[float] = []
        thread = Thread(target=_later, args=(sent, server, number))
        thread.start()
        assert connector.wait(30)
        pages = pull_all(connector, cursor, now=NOW)
        refs = [one.ref for page in pages for one in page.interactions if isinstance(one, Message)]
        assert list(connector.fetch(refs))
        known, cursor = perf_counter(), pages[-1].cursor
        thread.join()
        taken.append(known - sent[0])
    _percentiles("from arrival to known, by IDLE", taken)


def _later(sent: list[float], server: Dovecot, number: int) -> None:
    time.sleep(0.2)
    with server.client(USER) as client:
        begun = perf_counter()
        client.append("INBOX", letter(400_000 + number), (), datetime.now(UTC))
        sent.append((begun + perf_counter()) / 2)


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
