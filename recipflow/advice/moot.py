"""Asks that their own day has overtaken: nobody answers today whether they are free last Friday."""

from __future__ import annotations

from datetime import date, tzinfo

from recipflow.advice.days import local_date
from recipflow.due import day_named
from recipflow.ledger.relationship import OpenItem
from recipflow.model import Kind

_PASSING = frozenset({Kind.MEETING, Kind.INFO})
"""What is asked for a day, and of no use after it; a thing to be done by then is late, not past."""


def moot(ask: OpenItem, today: date, zone: tzinfo) -> bool:
    """Whether the day that the ask was about has gone by."""
    if ask.due is not None or ask.what not in _PASSING:
        return False
    asked = local_date(ask.at, zone)
    day = day_named(" ".join(ask.quote.lower().split()), asked)
    return day is not None and asked <= day < today
