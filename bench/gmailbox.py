"""A made-up mailbox at Gmail, of any size: conversations, notices and newsletters in the usual shares."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from tests.fakes.google import Google

ME = "noor@haddad.example"
#: Of a hundred messages: of newsletters and networks, of notices by machines; the others are conversations.
NEWSLETTERS, NOTICES = 40, 15
#: How many messages a conversation has, as often as it stands here.
LENGTHS = (1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 6, 9)
_BULK = ("CATEGORY_PROMOTIONS", "CATEGORY_PROMOTIONS", "CATEGORY_SOCIAL", "CATEGORY_FORUMS")


class Postman:
    """Delivers messages, one after the other from an old day on, or at `now`."""

    def __init__(self, google: Google, seed: int, now: datetime) -> None:
        self._box = google.mail
        self._dice = random.Random(seed)
        self._now = now
        self._count = 0
        self._open: list[tuple[EmailMessage, str, int]] = []

    def fill(self, messages: int, days: int = 360) -> None:
        """So many messages, evenly over the last days."""
        for number in range(messages):
            self.deliver(self._now - timedelta(days=days * (1 - number / messages)))

    def deliver(self, at: datetime) -> None:
        """One more message."""
        share = self._dice.randrange(100)
        if share < NEWSLETTERS:
            self._send(f"news{share}@shop{share % 7}.example", ME, at, ("INBOX", self._dice.choice(_BULK)))
        elif share < NEWSLETTERS + NOTICES:
            self._send(f"no-reply@service{share}.example", ME, at, ("INBOX", "CATEGORY_UPDATES"))
        else:
            self._converse(at)

    def _converse(self, at: datetime) -> None:
        if self._open and self._dice.random() < 0.65:
            last, other, left = self._open.pop(self._dice.randrange(len(self._open)))
        else:
            last, other, left = (
                None,
                f"person{self._dice.randrange(400)}@people.example",
                self._dice.choice(LENGTHS),
            )
        mine = self._dice.random() < 0.45
        sender, to = (ME, other) if mine else (other, ME)
        mail = self._send(sender, to, at, ("SENT",) if mine else ("INBOX",), last)
        if left > 1:
            self._open.append((mail, other, left - 1))

    def _send(
        self,
        sender: str,
        to: str,
        at: datetime,
        labels: tuple[str, ...],
        answered: EmailMessage | None = None,
    ) -> EmailMessage:
        self._count += 1
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Date"] = sender, to, format_datetime(at)
        mail["Message-ID"] = f"<{self._count}.{self._dice.randrange(10**9)}@mail.example>"
        mail["Subject"] = (
            f"Re: {answered['Subject'].removeprefix('Re: ')}" if answered else f"about {self._count}"
        )
        if answered:
            mail["In-Reply-To"] = mail["References"] = answered["Message-ID"]
        if labels[-1].startswith("CATEGORY"):
            mail["List-Unsubscribe"] = "<https://shop.example/u>"
        mail.set_content(f"Hello, this is the {self._count}th message.\n" * self._dice.randrange(1, 12))
        self._box.deliver(mail.as_bytes(), labels, at=at)
        return mail
