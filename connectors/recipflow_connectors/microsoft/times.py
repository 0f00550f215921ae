"""Graph's times of events: a local time with the name of a zone, Microsoft's own or IANA's."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo


def zone(name: str) -> tzinfo:
    """The zone of that name; UTC for one nobody knows ("tzone://Microsoft/Custom").

    Microsoft's names are mapped as Unicode's CLDR does, whose table tzlocal keeps.
    """
    if name in ("", "UTC", "tzone://Microsoft/Utc"):
        return UTC
    from tzlocal.windows_tz import win_tz

    try:
        return ZoneInfo(win_tz.get(name, name))
    except (ValueError, OSError, KeyError):
        return UTC


def instant(given: Any, day: tzinfo | None = None) -> datetime | None:
    """A dateTimeTimeZone in UTC; None when it is none. Of an all-day event it is midnight in the zone `day`."""
    if not isinstance(given, dict) or not isinstance(given.get("dateTime"), str):
        return None
    try:
        local = datetime.fromisoformat(given["dateTime"][:26])
    except ValueError:
        return None
    if day is not None:
        local = local.replace(hour=0, minute=0, second=0, tzinfo=day)
    elif local.tzinfo is None:
        local = local.replace(tzinfo=zone(str(given.get("timeZone") or "")))
    try:
        return local.astimezone(UTC).replace(microsecond=0)
    except (OverflowError, ValueError):
        return None


def graph_time(moment: datetime) -> dict[str, str]:
    return {"dateTime": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"), "timeZone": "UTC"}
