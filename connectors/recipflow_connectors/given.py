"""What several connectors read of their settings: checked, with what is wrong added to the problems."""

from __future__ import annotations

from datetime import tzinfo
from zoneinfo import ZoneInfo


def zone_of(given: object, problems: list[str]) -> tzinfo:
    """The zone of that name, the computer's own without one; what is wrong with it is added to the problems."""
    if given is None:
        from tzlocal import get_localzone

        return get_localzone()
    try:
        return ZoneInfo(str(given))
    except (ValueError, OSError, KeyError):
        problems.append(f"tz: there is no time zone {given!r}; write it as in Europe/Lisbon.")
        return ZoneInfo("UTC")


def timeout_of(given: object, problems: list[str]) -> float:
    """Seconds to wait for an answer, checked likewise."""
    if isinstance(given, int | float) and not isinstance(given, bool) and 0 < given <= 600:
        return float(given)
    problems.append("timeout: give the seconds to wait for an answer, at most 600.")
    return 30.0
