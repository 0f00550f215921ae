"""Seconds from a draft saved to a word about it: until it is known, and until the notice is handed to the desktop.

    python -m bench.drafts [--drafts 20] [--only imap,gmail,outlook]

IMAP against Dovecot by IDLE; Gmail and Outlook against the stand-ins in tests/fakes, asked every fifteen seconds as the
daemon does (half of that is waiting, on average). The judging is the daemon's own, over a ledger in a file; what the
desktop takes to draw the notice is not in it. Requests are those that waiting alone costs.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, sleep

from recipflow_connectors.google import auth

from recipflow.connector import MemorySecrets, load
from recipflow.daemon.draft_watch import EVERY, Drafts, DraftWatch
from recipflow.daemon.engine import Engine
from recipflow.store import DeliveryForm
from tests.connectors.dovecot import PASSWORD, running
from tests.connectors.googling import mailbox
from tests.daemon.simulation import Computer, Provider, mail
from tests.fakes.google import Google, serving
from tests.letters import ANN, DANA

NOW = datetime.now(UTC)
TEXT = (
    "Hi Dana,\n\nHere is the checklist I put together for you last night, six pages of it. "
    "Could you introduce me to your printer?\n\nAnn\n"
)
GIVE_UP = 60.0


def written(number: int) -> bytes:
    """A draft as a mail program saves it."""
    head = f"From: {ANN}\nTo: {DANA}\nSubject: Note {number}\nMessage-ID: <d{number}@haven.example>\n"
    return (head + f"Date: {NOW:%a, %d %b %Y %H:%M:%S +0000}\n\n" + TEXT).encode()


@dataclass
class Desk:
    """Judges what it is told, and notes when."""

    engine: Engine
    shown: list[str]
    known: float = 0.0
    told: float = 0.0
    done: threading.Event = field(default_factory=threading.Event)

    def changed(self, found: Drafts) -> None:
        if any(one for _, one in found.values()):
            self.known = perf_counter()
            before = len(self.shown)
            self.engine.tell_of_drafts("box", found)
            self.engine.deliver(DeliveryForm.NOTICE)
            if len(self.shown) > before:
                self.told = perf_counter()
                self.done.set()


def measure(label: str, opened: Callable[[], object], save: Callable[[int], None], drafts: int) -> None:
    """Save one draft after the other, each at an instant of its own, and say how long they took."""
    with tempfile.TemporaryDirectory() as folder:
        desk = _desk(Path(folder))
        watch = DraftWatch("box", opened, dict, desk.changed, lambda: None)
        watch.start()
        sleep(1.0)
        known, told = [], []
        for number in range(drafts):
            sleep(random.uniform(0.2, EVERY if label != "IMAP, IDLE" else 1.0))
            desk.done.clear()
            begun = perf_counter()
            save(number)
            assert desk.done.wait(GIVE_UP), f"{label}: draft {number} was not told of"
            known.append(desk.known - begun)
            told.append(desk.told - begun)
        watch.stop()
    for what, taken in (("known", known), ("notice handed over", told)):
        cuts = statistics.quantiles(taken, n=20)
        print(
            f"{label}: saved to {what}: median {statistics.median(taken):.2f} s, 95 % within {cuts[-1]:.2f} s, "
            f"most {max(taken):.2f} s, n = {len(taken)}",
            flush=True,
        )


def _desk(folder: Path) -> Desk:
    """A ledger in which Dana is known."""
    first = mail(1, ANN, DANA, "Hi Dana,\n\nGood to see you at the fair.\n\nAnn", NOW - timedelta(days=9))
    again = mail(2, DANA, ANN, "Hi Ann,\n\nLikewise.\n\nDana", NOW - timedelta(days=8), answers=1)
    provider = Provider(items=[(one.at, one) for one in (first, again)])
    computer = Computer(
        folder, provider, NOW, {"me.addresses": [ANN], "me.tz": "UTC", "notices.enabled": True}
    )
    computer.work()
    return Desk(computer.engine(), computer.shown)


@contextmanager
def imap() -> Iterator[tuple[Callable[[], object], Callable[[int], None]]]:
    with running() as server:
        with server.client("ann") as client:
            client.create_folder("Drafts")
        where = {
            "address": "ann",
            "host": "127.0.0.1",
            "port": server.port,
            "security": "plain",
            "drafts": True,
        }
        yield (
            lambda: load("imap")(where, MemorySecrets(password=PASSWORD)),
            lambda number: server.append("ann", "Drafts", written(number), NOW),
        )


@contextmanager
def gmail() -> Iterator[tuple[Callable[[], object], Callable[[int], None]]]:
    google = Google(address=ANN)
    with serving(google):
        yield (
            lambda: mailbox(google, auth.READ_MAIL, drafts=True),
            lambda number: _saved(google, number),
        )


def _saved(google: Google, number: int) -> None:
    google.mail.save_draft(written(number))


@contextmanager
def outlook() -> Iterator[tuple[Callable[[], object], Callable[[int], None]]]:
    from recipflow_connectors.microsoft.outlook_mail import SendingWithDrafts

    from tests.connectors.microsoft.accounts import graph
    from tests.fakes.graph.mailbox import recipient, stamp
    from tests.fakes.graph.server import FakeGraph

    with FakeGraph() as fake:

        def save(number: int) -> None:
            fake.mailbox.add(
                {
                    "subject": f"Note {number}",
                    "isDraft": True,
                    "toRecipients": [recipient(DANA, "Dana")],
                    "createdDateTime": stamp(NOW),
                    "lastModifiedDateTime": stamp(NOW),
                    "body": {"contentType": "text", "content": TEXT},
                },
                "drafts",
            )

        one = graph(fake)
        yield (lambda: SendingWithDrafts(one, one, address=ANN), save)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--drafts", type=int, default=20)
    parser.add_argument("--only", default="imap,gmail,outlook")
    given = parser.parse_args()
    for name, label, source in (
        ("imap", "IMAP, IDLE", imap),
        ("gmail", "Gmail, asked", gmail),
        ("outlook", "Outlook, asked", outlook),
    ):
        if name in given.only.split(","):
            with source() as (opened, save):
                measure(label, opened, save, given.drafts)


if __name__ == "__main__":
    main()
