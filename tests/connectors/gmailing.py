"""What of a mailbox at Gmail is of interest to its tests."""

from __future__ import annotations

from datetime import timedelta

from recipflow.connector import Connector
from recipflow.model import Message
from recipflow.testing import NOW, pull_all
from tests.fakes.google import Google

from .letters import letter

BULK = ("INBOX", "CATEGORY_PROMOTIONS")


def messages(connector: Connector, cursor: str | None = None) -> list[Message]:
    pages = pull_all(connector, cursor)
    return [one for page in pages for one in page.interactions if isinstance(one, Message)]


def conversation(google: Google, *numbers: int, days: float = 1) -> None:
    """Letters that answer one another, in turn from the other side and sent."""
    for place, number in enumerate(numbers):
        head = f"In-Reply-To: <{numbers[place - 1]}@ana.example>\n" if place else ""
        at = NOW - timedelta(days=days) + timedelta(hours=place)
        google.mail.deliver(letter(number, head=head), (("INBOX",), ("SENT",))[place % 2], at=at)
