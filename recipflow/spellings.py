"""What a text in config.toml may be: an address, a time zone, a span of days; each fault says how it is written."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator

from recipflow.model import Tag

PENDING = "pending_decision:"


def _address(text: str) -> str:
    """As the core knows addresses: lower case, nothing around."""
    bare = text.strip().removeprefix("mailto:").lower()
    local, at, domain = bare.rpartition("@")
    if not (local and at and domain) or any(c.isspace() or c in "<>,;" for c in bare):
        raise ValueError("must be an address like dana@example.org")
    return bare


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        raise ValueError("must be a time zone like Europe/Lisbon") from exc
    return name


def _tag(text: str) -> str:
    """One of `Tag`, or `pending_decision:FROM..TO`."""
    if text.startswith(PENDING):
        period(text)
    elif text not in {tag.value for tag in Tag}:
        known = ", ".join(tag.value for tag in Tag)
        raise ValueError(f"must be one of {known} or pending_decision:FROM..TO")
    return text


def period(tag: str) -> tuple[date, date]:
    return _from_to(tag.removeprefix(PENDING), f"{PENDING}FROM..TO", "dates like 2026-02-05")


def _days(text: str) -> str:
    """FROM..TO, or a single day."""
    span(text)
    return text


def span(text: str) -> tuple[date, date]:
    """A single day is its own first and last."""
    return _from_to(
        text if ".." in text else f"{text}..{text}", "FROM..TO", "dates like 2026-08-01..2026-08-14"
    )


def _from_to(text: str, form: str, example: str) -> tuple[date, date]:
    first, _, last = text.partition("..")
    try:
        days = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError as exc:
        raise ValueError(f"must be {form} with {example}") from exc
    if days[0] > days[1]:
        raise ValueError(f"must be {form} with FROM before TO")
    return days


def _clock(text: str) -> str:
    """Working hours: 09:00-17:00."""
    hours(text)
    return text


def hours(text: str) -> tuple[time, time]:
    first, _, last = text.partition("-")
    try:
        begins, ends = time.fromisoformat(first.strip()), time.fromisoformat(last.strip())
    except ValueError as exc:
        raise ValueError("must be hours like 09:00-17:00") from exc
    if begins >= ends or begins.tzinfo or ends.tzinfo:
        raise ValueError("must be hours like 09:00-17:00, the first before the second")
    return begins, ends


def _country(code: str) -> str:
    """A country, or a part of one; whether there are holidays of it, `recipflow.daily.holidays` knows: it is slow to load."""
    if not re.fullmatch(r"[A-Z]{2}(-[A-Z0-9]{1,5})?", code.upper()):
        raise ValueError("must be a country like PT, or a part of one like DE-BY")
    return code.upper()


def _event(name: str) -> str:
    from recipflow.hooks import ALL, EVENTS

    if name not in (*EVENTS.values(), ALL):
        raise ValueError(f'must be one of {", ".join(EVENTS.values())}, or "*"')
    return name


def _via(text: str) -> str:
    """An account's name, file:PATH or maildir:PATH; whether there is such an account, `Settings` knows."""
    kind, colon, path = text.partition(":")
    if colon and kind in ("file", "maildir") and not path.strip():
        raise ValueError(f"must name a path: {kind}:PATH")
    return text.strip()


Address = Annotated[str, AfterValidator(_address)]
Days = Annotated[str, AfterValidator(_days)]
Country = Annotated[str, AfterValidator(_country)]
Hours = Annotated[str, AfterValidator(_clock)]
EventName = Annotated[str, AfterValidator(_event)]
Via = Annotated[str, AfterValidator(_via)]
Zone = Annotated[str, AfterValidator(_zone)]
TagName = Annotated[str, AfterValidator(_tag)]
