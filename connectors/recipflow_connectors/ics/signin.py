"""Connecting a calendar by its address or file: looked at first; the address goes into the vault, not into config."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from recipflow.connector import MemorySecrets, Page, Proposed, Secrets, Talk
from recipflow.errors import AuthNeeded, TryLater, UserError
from recipflow.model import Meeting
from recipflow_connectors import ics
from recipflow_connectors.given import is_safe
from recipflow_connectors.ics.source import web

HELP = """\
Where to find the address of a calendar (it is a secret: who has it can read the calendar):
    Google      Settings > your calendar > Integrate calendar > Secret address in iCal format
    Outlook     Settings > Calendar > Shared calendars > Publish a calendar > ICS
    iCloud      Share the calendar > Public calendar
    others      look for "ICS", "iCal" or "webcal\""""


def sign_in(talk: Talk, vault: Callable[[str], Secrets], given: Mapping[str, Any]) -> Sequence[Proposed]:
    """Asks for the place if none is `given`, reads it once, and proposes the account."""
    place = given.get("place")
    if not place:
        talk.say(HELP)
        place = talk.ask("The address or file (what you type is not shown)", secret=True)
    if "://" not in place:
        return [_file(Path(place).expanduser().absolute())]
    if not is_safe(web(place)):
        raise UserError("The address must begin with https:// or webcal://, so that nobody reads along.")
    name = f"ics:{sha256(place.encode()).hexdigest()[:12]}"
    proposed = Proposed(
        name="calendar",
        connector="ics",
        vault=name,
        settings={},
        seen=_seen({}, MemorySecrets(**{ics.ADDRESS: place})),
    )
    vault(name).put(ics.ADDRESS, place)
    return [proposed]


def _file(path: Path) -> Proposed:
    settings = {"path": str(path)}
    return Proposed(
        name=path.stem.lower(),
        connector="ics",
        vault="",
        settings=settings,
        seen=_seen(settings, MemorySecrets()),
    )


def _seen(settings: Mapping[str, Any], secrets: Secrets) -> str:
    """What is in it; a UserError says why nothing can be read."""
    try:
        pages = _all(ics.connect(settings, secrets))
    except (AuthNeeded, TryLater) as fault:
        raise UserError(f"{str(fault)[:1].upper()}{str(fault)[1:].rstrip('.')}.") from fault
    ids = {one.uid for page in pages for one in page.interactions if isinstance(one, Meeting)}
    return f"{len(ids):,} {'event' if len(ids) == 1 else 'events'}"


def _all(calendar: ics.Ics) -> list[Page]:
    now = datetime.now(UTC)
    pages = [calendar.pull(None, now=now)]
    while pages[-1].more:
        pages.append(calendar.pull(pages[-1].cursor, now=now))
    return pages
