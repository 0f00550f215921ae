"""Whose mail is never written: private contacts and the forgotten, taken out before it reaches the disk."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from recipflow.model import Attendee, Interaction, Meeting, Party

Blocked = Callable[[str], bool]


def without(one: Interaction, blocked: Blocked, me: Collection[str] = ()) -> Interaction | None:
    """The interaction without blocked people; None if from them, or between them and the user only."""
    starter = one.organizer if isinstance(one, Meeting) else one.sender
    others: tuple[Party | Attendee, ...]
    others = one.attendees if isinstance(one, Meeting) else (*one.to, *one.cc, *one.bcc)
    if starter and blocked(starter.address):
        return None
    gone = {p.address for p in others if blocked(p.address)}
    if not gone:
        return one
    left = {p.address for p in others} - gone
    if not left or not (left | ({starter.address} if starter else set())) - set(me):
        return None
    return _trimmed(one, gone)


def _trimmed(one: Interaction, gone: Collection[str]) -> Interaction:
    if isinstance(one, Meeting):
        return replace(one, attendees=tuple(a for a in one.attendees if a.address not in gone))
    to, cc, bcc = (tuple(p for p in who if p.address not in gone) for who in (one.to, one.cc, one.bcc))
    return replace(one, to=to, cc=cc, bcc=bcc)
