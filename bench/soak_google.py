"""50,000 messages through the connector `gmail` into a store, while everything that can go wrong does, from a seed.

Requests are refused, cut short, reset; mail comes, goes and moves meanwhile; Gmail forgets its history; the process
dies between two pages. At the end the store has to equal the mailbox, message for message.

    python bench/soak_google.py [--messages 50000] [--seed 1] [--faults 0.01]
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from recipflow_connectors.google import auth, gmail
from recipflow_connectors.google.pace import Pace

from bench.gmailbox import ME, Postman
from recipflow.connector import MemorySecrets
from recipflow.model import Message
from recipflow.patience import Patience
from recipflow.store import Prepared, Store
from recipflow.workflow import Intake, pull
from tests.connectors.googling import granted
from tests.fakes.google import Faults, Google, serving

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
_HIDDEN = frozenset({"SPAM", "TRASH"})


class Died(Exception):
    """The process, between two pages."""


@dataclass
class Soak:
    """One course of things, and what came of it."""

    seed: int
    faults: float
    google: Google = field(default_factory=lambda: Google(address=ME))
    deaths: int = 0
    changes: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)
        self._postman = Postman(self.google, self.seed, NOW)

    def run(self, messages: int, path: Path) -> None:
        self._postman.fill(messages)
        began = time.perf_counter()
        with serving(self.google):
            secrets = granted(self.google, auth.READ_MAIL)
            self.google.faults = Faults(rate=self.faults, seed=self.seed)
            self._pull(path, secrets)
            self._lose_the_history()
            self._pull(path, secrets)
            self._calm = True
            self._pull(path, secrets)
        self.seconds = time.perf_counter() - began
        with Store(path) as store:
            self._compare(store)

    _calm = False

    def _pull(self, path: Path, secrets: MemorySecrets) -> None:
        """Until there is nothing more, by as many processes as it takes."""
        patient = Patience(sleep=lambda _: None, random=self._dice.random, most=1e9)
        while True:
            connector = gmail.connect({"url": self.google.url}, secrets, pace=Pace(1e12), lanes=1)
            try:
                with Store(path) as store:
                    account = store.accounts.ensure("gmail", "gmail")
                    intake = Intake(prepare=Prepared, me=[ME], patient=patient)
                    pull(store, account, connector, intake, now=NOW, stored=self._between_pages)
                return
            except Died:
                self.deaths += 1

    def _lose_the_history(self) -> None:
        """Gmail forgets what happened, and more happens: what a rescan by date can see, which old mail imported is not."""
        self.google.mail.forget_history()
        for _ in range(20):
            self._postman.deliver(NOW)
            self.google.mail.delete(self._dice.choice(self.google.mail.by_date)[1])
        self.changes += 40

    def _between_pages(self) -> None:
        if self._calm:
            return
        for _ in range(self._dice.randrange(3)):
            self._change()
        if self._dice.random() < 0.05:
            raise Died

    def _change(self) -> None:
        """Something happens in the mailbox."""
        self.changes += 1
        box, chance = self.google.mail, self._dice.random()
        if chance < 0.5:
            self._postman.deliver(NOW - timedelta(days=self._dice.random() * 300 if chance < 0.1 else 0))
            return
        one = self._dice.choice(box.by_date)[1]
        if chance < 0.6:
            box.delete(one)
        elif box.mails[one].labels & _HIDDEN:
            box.relabel(one, remove=_HIDDEN, add=("INBOX",))
        else:
            box.relabel(one, add=(self._dice.choice(["SPAM", "TRASH", "STARRED", "STARRED"]),))

    def _compare(self, store: Store) -> None:
        """Message for message; what was deleted or hidden after it had been read may stay."""
        stored = store.interactions.get(store.interactions.in_order())
        kept = [one.interaction for one in stored if isinstance(one.interaction, Message)]
        known = {one.id: one for one in kept}
        there = {one.message_id: one for one in self.google.mail.mails.values() if not one.labels & _HIDDEN}
        self.wrong += [f"missing {name}" for name in there.keys() - known.keys()]
        self.wrong += ["doubled"] * (len(kept) - len(known))
        for name in there.keys() & known.keys():
            mail, found = there[name], known[name]
            same = (found.subject, found.thread_hint) == (mail.subject, mail.thread)
            self.wrong += [] if same and found.labels else [f"not the same: {name}"]
        refs = {one.id for one in there.values()}
        (account,) = store.accounts.all()
        self.wrong += [f"no ref {ref}" for ref in refs - store.sources.refs(account.id)]
        self.wrong += self.google.problems


def run(messages: int, seed: int, faults: float) -> Soak:
    """The soak, in a folder of its own."""
    soak = Soak(seed, faults)
    soak.google.check_every = max(1, messages // 2_000)
    with tempfile.TemporaryDirectory() as folder:
        soak.run(messages, Path(folder) / "recipflow.db")
    return soak


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--messages", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", type=float, default=0.01)
    given = parser.parse_args()
    soak = run(given.messages, given.seed, given.faults)
    calls = soak.google.calls
    print(
        f"{len(soak.google.mail.mails):,} messages at the end, {soak.changes:,} changes, {soak.deaths} deaths"
    )
    print(f"{soak.google.faults.hit:,} faults in {calls.total():,} requests, {soak.seconds:.0f} s")
    for method, count in calls.most_common():
        print(f"  {count:>8,} {method}")
    print(
        "The store equals the mailbox." if not soak.wrong else f"WRONG: {len(soak.wrong)}: {soak.wrong[:10]}"
    )
    raise SystemExit(bool(soak.wrong))


if __name__ == "__main__":
    main()
