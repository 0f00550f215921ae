"""What things on their way are called: here, and at the provider, by which they are found again."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import date
from typing import Any

from recipflow.connector import Enclosure, Letter

TOKEN_LENGTH = 12
"""Letters of the token in a subject: 60 bits, so that no other mail has it by chance."""
ID_LENGTH = 26
"""Letters of an event's id (`Reminder.id`): 130 bits."""
_TOKEN = re.compile(r"\[(rf[a-z2-7]{10})\]$")
_BASE32HEX = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789abcdefghijklmnopqrstuv")


def digest_key(channel: str, day: date, *, late: bool = False) -> str:
    """One digest a day and channel, and at most one `late` in the day."""
    return f"{'late ' if late else ''}digest {channel} {day.isoformat()}"


def digest_token(address: str, day: date, *, late: bool = False) -> str:
    """What the digest of that day is found again by: the same on every computer that reads this mailbox."""
    what = "late digest" if late else "digest"
    digest = hashlib.sha256(f"recipflow {what}\n{address}\n{day.isoformat()}".encode()).digest()
    return "rf" + base64.b32encode(digest).decode("ascii").lower()[: TOKEN_LENGTH - 2]


def token_in(subject: str) -> str:
    """The token that the subject of a mail of the user's ends in, if it is a digest of ours; else ""."""
    found = _TOKEN.search(subject.rstrip())
    return found[1] if found else ""


def token_of(key: str, address: str) -> str:
    """The token of the digest under that key."""
    day = date.fromisoformat(key.rpartition(" ")[2])
    return digest_token(address, day, late=key.startswith("late "))


def reminder_id(key: str, sequence: int = 0) -> str:
    """The event's id, from the reminder's key; another one for each time it was taken back and put up again.

    Providers keep the id of a deleted event, and some refuse it for ever.
    """
    digest = hashlib.sha256(f"recipflow reminder\n{key}\n{sequence}".encode()).digest()
    return base64.b32encode(digest).decode("ascii").translate(_BASE32HEX)[:ID_LENGTH]


def letter_text(letter: Letter) -> str:
    """A letter as the outbox keeps it."""
    enclosures = [
        [one.name, one.type, base64.b64encode(one.content).decode("ascii")] for one in letter.enclosures
    ]
    return json.dumps(
        {
            "address": letter.address,
            "subject": letter.subject,
            "token": letter.token,
            "text": letter.text,
            "html": letter.html,
            "enclosures": enclosures,
        },
        ensure_ascii=False,
    )


def letter_form(text: str) -> Letter:
    """The other way round."""
    kept: dict[str, Any] = json.loads(text)
    enclosures = tuple(Enclosure(n, t, base64.b64decode(c)) for n, t, c in kept.pop("enclosures"))
    return Letter(**kept, enclosures=enclosures)
