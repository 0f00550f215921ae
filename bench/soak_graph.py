"""A large Outlook mailbox that lives while it is read, with faults and kills at random; then the store is compared with it.

python bench/soak_graph.py [--messages 50000] [--rate 0.03] [--kills 40] [--seed 1]

The real connector and the real sync, over HTTP, against the stand-in for Graph. At the end the store must hold every
message the mailbox holds, as it is there, and nothing that never was in it. A calm run beside it counts the requests.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # the stand-in belongs to the tests

from recipflow_connectors.microsoft.graph import Graph  # noqa: E402
from recipflow_connectors.microsoft.outlook_mail import OutlookMail  # noqa: E402
from recipflow_connectors.microsoft.pace import Pace  # noqa: E402

from recipflow.connector import Page, SetAside  # noqa: E402
from recipflow.heads import Wanted  # noqa: E402
from recipflow.machines import Machines  # noqa: E402
from recipflow.model import Message  # noqa: E402
from recipflow.patience import Patience  # noqa: E402
from recipflow.preparing import Preparing  # noqa: E402
from recipflow.store import HEAD, Store  # noqa: E402
from recipflow.workflow import Intake, pull  # noqa: E402
from tests.fakes.graph.faults import Faults  # noqa: E402
from tests.fakes.graph.mailbox import Mailbox, recipient, stamp  # noqa: E402
from tests.fakes.graph.server import FakeGraph  # noqa: E402

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
ME = "alex@contoso.example"
FOLDERS = ("Clients", "Projects", "Family", "Travel")
CALM = 0.0


@dataclass
class Living:
    """A mailbox to which things happen."""

    mailbox: Mailbox
    dice: Random
    number: int = 0
    ever: set[str] = field(default_factory=set)  #: ids of all messages that were ever in it
    now: datetime = NOW

    def fill(self, messages: int) -> None:
        places = ["inbox"] * 11 + ["sentitems"] * 5 + [self.mailbox.add_folder(name).id for name in FOLDERS]
        step = timedelta(days=355) / max(1, messages)
        for number in range(messages):
            self.add(self.dice.choice(places), self.now - number * step)

    def add(self, folder: str, at: datetime) -> None:
        self.number += 1
        other = recipient(f"person{self.dice.randrange(400)}@people{self.number % 9}.example")
        me, sent = recipient(ME, "Alex"), folder == "sentitems"
        self.ever.add(f"{self.number}@soak.example")
        self.mailbox.add(
            {
                "internetMessageId": f"<{self.number}@soak.example>",
                "subject": f"about {self.number}",
                "from": me if sent else other,
                "toRecipients": [other if sent else me],
                "receivedDateTime": stamp(at),
                "sentDateTime": stamp(at),
                "body": {
                    "contentType": "html",
                    "content": f"<p>These are the words of letter {self.number}.",
                },
            },
            folder,
        )

    def live(self) -> None:
        """A little while passes: mail comes, is moved, read, deleted; rarely the server forgets."""
        self.now += timedelta(minutes=self.dice.randrange(1, 90))
        for _ in range(self.dice.randrange(4)):
            self.add(self.dice.choice(("inbox", "sentitems")), self.now)
        some = self.dice.sample(sorted(self.mailbox.messages), 3)
        self.mailbox.move(some[0], self.dice.choice(("archive", "inbox")))
        self.mailbox.change(some[1], isRead=True)
        self.mailbox.remove(some[2])
        if self.dice.random() < 0.1:
            self.mailbox.forget_states()


class Killed(BaseException):
    """As a SIGKILL leaves no time for anything, nobody is to catch this."""


@dataclass
class Found:
    """What a run came to."""

    messages: int = 0
    requests: int = 0  #: as Graph counts them
    exchanges: int = 0  #: over HTTP
    faults: int = 0
    kills: int = 0
    rescans: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)


def run(messages: int, *, rate: float, kills: int, seed: int) -> Found:
    """Fill a mailbox, read it in spite of everything, compare."""
    dice, found, begun = Random(seed), Found(), time.perf_counter()
    living = Living(Mailbox(ME), dice)
    living.fill(messages)
    with (
        FakeGraph(living.mailbox, now=lambda: living.now, most=10**9) as fake,
        tempfile.TemporaryDirectory() as home,
    ):
        fake.faults = Faults(rate=rate, dice=Random(seed))
        path = Path(home) / "recipflow.db"
        for number in range(kills):  # half of them while the first sync goes on, half when it is over
            if number == kills // 2:
                _sync(fake, living, path, found)
            longest = 5 + number if number < kills // 2 else 3
            _sync(fake, living, path, found, kill=dice.randrange(1, longest))
            living.live()
        fake.faults.rate = CALM
        _sync(fake, living, path, found)
        found.faults, found.exchanges = fake.faults.count, fake.exchanges
        found.requests = fake.requests.total() - fake.requests["POST /$batch"]
        found.wrong = [*fake.problems[:5], *_differences(living, path)]
        if fake.writes:
            found.wrong.append(f"{fake.writes} writes")
    found.messages, found.seconds = living.number, time.perf_counter() - begun
    return found


def _signed_in(*, fresh: bool = False) -> str:  # noqa: ARG001
    return "token"


def _sync(fake: FakeGraph, living: Living, path: Path, found: Found, kill: int | None = None) -> None:
    graph = Graph(_signed_in, base=fake.url, pace=Pace(10**9))
    connector = _Mortal(OutlookMail(graph, graph, address=ME), kill)
    with Store(path) as store:
        account = store.accounts.ensure("outlook", "outlook_mail")
        machines, me = Machines({}), frozenset({ME})
        known = set(store.interactions.correspondents(me))
        intake = Intake(
            prepare=Preparing(machines=machines, me=me),
            me=me,
            wanted=Wanted(machines, me, known.intersection),
            patient=Patience(lambda _: None, lambda: 0.5, most=1e9),
        )
        try:
            found.rescans += pull(store, account, connector, intake, now=living.now).rescan
        except Killed:
            found.kills += 1


class _Mortal:
    """The connector, until it is killed: instead of a call."""

    def __init__(self, connector: OutlookMail, calls: int | None) -> None:
        self._connector, self._calls = connector, calls

    def pull(self, cursor: str | None, *, now: datetime) -> Page:
        return self._alive().pull(cursor, now=now)

    def fetch(self, refs: Sequence[str]) -> Iterable[Message | SetAside]:
        return self._alive().fetch(refs)

    def present(self, since: datetime, *, now: datetime) -> Iterable[str]:
        return self._alive().present(since, now=now)

    def _alive(self) -> OutlookMail:
        if self._calls is not None:
            self._calls -= 1
            if self._calls < 0:
                raise Killed
        return self._connector


def _differences(living: Living, path: Path) -> list[str]:
    """Message for message."""
    with Store(path) as store:
        stored = {
            one.interaction.id: one
            for one in store.interactions.get(store.interactions.in_order())
            if isinstance(one.interaction, Message)
        }
    wrong = [f"{one} was never there" for one in sorted(stored.keys() - living.ever)]
    for one in living.mailbox.messages.values():
        id_ = one["internetMessageId"].strip("<>")
        if id_ not in stored:
            wrong.append(f"{id_} is missing")
            continue
        message, language = stored[id_].interaction, stored[id_].language
        assert isinstance(message, Message)
        told = (message.subject, stamp(message.at), message.sender.address)
        there = (one["subject"], one["sentDateTime"], one["from"]["emailAddress"]["address"])
        words = f"These are the words of letter {id_.partition('@')[0]}."
        if told != there or (language != HEAD and message.text != words):
            wrong.append(f"{id_} is not as it is there")
    return wrong[:20]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--messages", type=int, default=50_000)
    parser.add_argument("--rate", type=float, default=0.03, help="share of answers that go wrong")
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    calm = run(given.messages, rate=CALM, kills=0, seed=given.seed)
    _tell("calm", calm)
    wild = run(given.messages, rate=given.rate, kills=given.kills, seed=given.seed)
    _tell(f"{given.rate:.0%} faults, {given.kills} kills", wild)
    sys.exit(bool(calm.wrong or wild.wrong))


def _tell(name: str, found: Found) -> None:
    each = found.requests / found.messages
    print(
        f"{name}: {found.messages:,} messages in {found.seconds:.0f} s, {found.requests:,} requests "
        f"({each:.3f} a message), {found.exchanges:,} over HTTP ({found.exchanges / found.messages:.3f} a message), "
        f"{found.faults} faults, {found.kills} killed, {found.rescans} rescans, {len(found.wrong)} wrong"
    )
    for one in found.wrong:
        print(f"  {one}")


if __name__ == "__main__":
    main()
