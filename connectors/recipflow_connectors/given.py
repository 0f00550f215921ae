"""What several connectors read of their settings: checked, and every problem told with the key it is of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

MOST = 100_000
"""More than any number in the settings need be; as days, it stays within the calendar."""
_NAMED = {
    str: 'a text in "quotes"',
    int: f"a whole number from 1 to {MOST:,}",
    bool: "true or false",
    list: 'a list of texts, like ["one", "two"]',
}
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


def problems_of(
    settings: Mapping[str, Any], where: str, kinds: Mapping[str, type], *, may: str = ""
) -> list[str]:
    """What there is no setting for, or is of another kind than it should be; `object` is looked at elsewhere.

    `may` is the one thing that `allow` can hold.
    """
    problems = [f"{where}.{key}: there is no such setting." for key in sorted(settings.keys() - kinds.keys())]
    problems += [
        f"{where}.{key}: must be {_NAMED[kind]}, is {settings[key]!r}."
        for key, kind in kinds.items()
        if key in settings and not _is(kind, settings[key])
    ]
    allowed = settings.get("allow", ())
    if may and _is(list, allowed) and set(allowed) - {may}:
        problems.append(f'{where}.allow: may only be ["{may}"].')
    return problems


def unsafe(settings: Mapping[str, Any], where: str, *keys: str) -> list[str]:
    """What is wrong with the addresses of servers: what goes there, somebody on the way could read."""
    return [
        f"{where}.{key}: give an address that begins with https://"
        for key in keys
        if isinstance(settings.get(key), str) and not is_safe(settings[key])
    ]


def is_safe(url: str) -> bool:
    """Passwords and tokens go nowhere without TLS but to this computer."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (
            parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOCAL)
        )
    except ValueError:
        return False


def _is(kind: type, value: object) -> bool:
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST
    if kind is list:
        return isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)
    return isinstance(value, kind)


def zone_of(given: object, where: str, problems: list[str]) -> tzinfo:
    """The zone of that name, the computer's own without one; what is wrong with it is added to the problems."""
    if given is None:
        from tzlocal import get_localzone

        return get_localzone()
    try:
        return ZoneInfo(str(given))
    except (ValueError, OSError, KeyError):
        problems.append(f"{where}.tz: there is no time zone {given!r}; write it as in Europe/Lisbon.")
        return ZoneInfo("UTC")


def timeout_of(given: object, where: str, problems: list[str]) -> float:
    """Seconds to wait for an answer, checked likewise."""
    if isinstance(given, int | float) and not isinstance(given, bool) and 0 < given <= 600:
        return float(given)
    problems.append(f"{where}.timeout: give the seconds to wait for an answer, at most 600.")
    return 30.0
