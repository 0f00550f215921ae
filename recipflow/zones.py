"""The user's time zone: the one they named, else the computer's own."""

from __future__ import annotations

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def user_zone(name: str | None = None) -> tzinfo:
    """The zone of that IANA name; without one the computer's, UTC when it does not know."""
    if name:
        return ZoneInfo(name)
    from tzlocal import get_localzone

    try:
        return get_localzone()
    except (ZoneInfoNotFoundError, OSError, ValueError):
        return UTC
