"""Fictional mail for the tests of the connectors, as bytes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

SHARED = Path(__file__).parents[3] / "shared" / "data"
START = datetime(2025, 3, 1, 9, tzinfo=UTC)


def letter(number: int = 1, *, head: str = "", body: str = "Good morning.\n") -> bytes:
    """A plain message with its own id, an hour after the one before."""
    date = format_datetime(START + timedelta(hours=number))
    lines = (
        f"Message-ID: <{number}@ana.example>",
        f"Date: {date}",
        "From: Ana Lopes <ana@lopes.example>",
        "To: Bo <bo@berg.example>",
        f"Subject: letter {number}",
    )
    return ("\n".join(lines) + "\n" + head + "\n" + body).encode()


def boxed(*messages: bytes, postmark: str = "From ana@lopes.example Sat Mar  1 09:00:00 2025") -> bytes:
    """The messages as an mboxrd file."""
    return b"".join(postmark.encode() + b"\n" + one.rstrip(b"\n") + b"\n\n" for one in messages)


def raw(head: str, body: str = "Hello.\n") -> bytes:
    """A message of which only what is in `head` is special: a date and a sender are added when missing."""
    low = "\n" + head.lower()
    if "\ndate" not in low:
        head += "Date: Sat, 1 Mar 2025 10:00:00 +0100\n"
    if "\nfrom" not in low:
        head += "From: ana@lopes.example\n"
    return (head + "\n" + body).encode()
