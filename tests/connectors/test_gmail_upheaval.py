"""A first pull during which mail comes, goes and moves, Google fails and the process dies: nothing that stays is missed."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from recipflow.errors import TryLater
from recipflow.testing import NOW, ids
from tests.fakes.google import Faults, Google

from .googling import a_google, mailbox
from .letters import letter

PLACES = (("INBOX",), ("SENT",), ("SENT",), ("INBOX", "CATEGORY_PROMOTIONS"), ("SPAM",))
HIDDEN = frozenset({"SPAM", "TRASH"})


@dataclass
class _Upheaval:
    """One mailbox, one course of things."""

    google: Google
    dice: random.Random
    count: int = 0
    found: set[str] = field(default_factory=set)

    def arrive(self) -> None:
        """A message comes or is imported: dated at any time within the year, often an answer."""
        self.count += 1
        known = [one.message_id for one in self.google.mail.mails.values()]
        answers = known and self.dice.random() < 0.7
        head = f"In-Reply-To: <{self.dice.choice(known)}>\n" if answers else ""
        at = NOW - timedelta(minutes=self.dice.randrange(400_000))
        self.google.mail.deliver(letter(self.count, head=head), self.dice.choice(PLACES), at=at)

    def change(self) -> None:
        """A message is deleted, taken out of spam, or put somewhere."""
        box = self.google.mail
        one = self.dice.choice(list(box.mails))
        if self.dice.random() < 0.5 and len(box.mails) > 1:
            box.delete(one)
        elif "SPAM" in box.mails[one].labels:
            box.relabel(one, add=("INBOX",), remove=("SPAM",))
        else:
            box.relabel(one, add=(self.dice.choice(["SPAM", "TRASH", "STARRED"]),))

    def pull(self) -> None:
        """All there is, by one process after the other."""
        connector, cursor, more = mailbox(self.google, lanes=1), None, True
        while more:
            for _ in range(self.dice.randrange(4)):
                self.dice.choice([self.arrive, self.change])()
            if self.dice.random() < 0.3:
                connector = mailbox(self.google, lanes=1)
            try:
                page = connector.pull(cursor, now=NOW)
            except TryLater:
                continue
            if self.dice.random() < 0.1:
                continue  # it died before the page was stored
            self.found |= ids([page])
            cursor, more = page.cursor, page.more


@pytest.mark.parametrize("seed", range(25))
def test_nothing_that_stays_is_missed(seed: int) -> None:
    with a_google() as google:
        dice = random.Random(seed)
        upheaval = _Upheaval(google, dice)
        for _ in range(dice.randrange(20, 160)):
            upheaval.arrive()
        google.faults = Faults(rate=0.02, seed=seed)
        upheaval.pull()
        there = {one.message_id for one in google.mail.mails.values() if not one.labels & HIDDEN}
        assert there <= upheaval.found
