"""Asks whose answer mail cannot show: those their own day has overtaken, and those answered by calling."""

from __future__ import annotations

import re
from datetime import tzinfo

from recipflow.advice.days import local_date, start_of
from recipflow.due import day_named
from recipflow.ledger.relationship import OpenItem
from recipflow.model import Kind

_PASSING = frozenset({Kind.MEETING, Kind.INFO})
"""What is asked for a day, and of no use after it; a thing to be done by then is late, not past."""


def moot_from(ask: OpenItem, zone: tzinfo) -> float | None:
    """When the day that the ask was about has gone by (days since the epoch); None when it is about none."""
    if ask.due is not None or ask.what not in _PASSING:
        return None
    asked = local_date(ask.at, zone)
    day = day_named(" ".join(ask.quote.lower().split()), asked)
    return None if day is None or day < asked else start_of(day, zone) + 1.0


_BY_VOICE = re.compile(
    r"\b(?:call|ring|phone|page|see|visit|catch|grab|find) (?:me|us)\b"
    r"|\bgive (?:me|us) a (?:call|ring|buzz|shout)\b|\b(?:stop|come|drop|swing) by\b"
)


def by_voice(quote: str) -> bool:
    """Whether the ask wants a call or a visit: whether it came, no mail tells."""
    return _BY_VOICE.search(quote.lower()) is not None
