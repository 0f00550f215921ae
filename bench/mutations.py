"""Mail and calendars that are spoilt, in a few ways at once."""

from __future__ import annotations

from random import Random

from bench.spoilt_calendars import CALENDAR
from bench.spoilt_mail import MAIL


def mutated(raw: bytes, random: Random) -> bytes:
    """A message spoilt in one to four ways."""
    for _ in range(random.randint(1, 4)):
        raw = random.choice(MAIL)(raw, random)
    return raw


def mutated_calendar(raw: bytes, random: Random) -> bytes:
    """A calendar spoilt in one to four ways."""
    for _ in range(random.randint(1, 4)):
        raw = random.choice(CALENDAR)(raw, random)
    return raw
