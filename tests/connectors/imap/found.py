"""What of a pull is of interest here."""

from __future__ import annotations

from collections.abc import Iterable

from recipflow.connector import Page
from recipflow.model import Message


def messages(pages: Iterable[Page]) -> list[Message]:
    return [one for page in pages for one in page.interactions if isinstance(one, Message)]
