"""At which hours of the user's day a contact is known to write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, tzinfo

FEWEST = 10
"""Mails below which nothing is known of anybody's hours."""
SHARE = 0.1
"""Part of somebody's mail that makes an hour one of theirs: by chance each of ten working hours has as much."""


def hours(written: Iterable[datetime], zone: tzinfo) -> frozenset[int]:
    """The usual hours; none where too little is known."""
    counted = Counter(at.astimezone(zone).hour for at in written)
    total = sum(counted.values())
    if total < FEWEST:
        return frozenset()
    return frozenset(hour for hour, count in counted.items() if count > total * SHARE)
