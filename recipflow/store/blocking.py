"""Whose mail is never written: private contacts and the forgotten, taken out before it reaches the disk."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import lru_cache

from recipflow.model import Attendee, Interaction, Meeting, Party
from recipflow.store.erasing import FORGOTTEN
from recipflow.store.naming import naming
from recipflow.store.rows import Prepared

Blocked = Callable[[str], bool]

_WORD = re.compile(r"[^\s<>()\[\]{},;:|=\"'“”]+")


def without(
    one: Interaction, blocked: Blocked, me: Collection[str] = (), names: tuple[str, ...] = ()
) -> Interaction | None:
    """The interaction without blocked people; None if from them, or between them and the user only.

    In what others wrote, their addresses are blotted out, and these names of theirs.
    """
    starter = one.organizer if isinstance(one, Meeting) else one.sender
    others: tuple[Party | Attendee, ...]
    others = one.attendees if isinstance(one, Meeting) else (*one.to, *one.cc, *one.bcc)
    if starter and blocked(starter.address):
        return None
    gone = {p.address for p in others if blocked(p.address)}
    if not gone:
        return _blotted(one, blocked, names)
    left = {p.address for p in others} - gone
    if not left or not (left | ({starter.address} if starter else set())) - set(me):
        return None
    return _blotted(_trimmed(one, gone), blocked, names)


def unblocked(
    items: list[Prepared], blocked: Blocked | None, me: Collection[str], names: tuple[str, ...]
) -> list[Prepared]:
    """What of them is kept, without blocked people."""
    if blocked is None:
        return items
    left = ((item, without(item.interaction, blocked, me, names)) for item in items)
    return [item._replace(interaction=one) for item, one in left if one is not None]


def _trimmed(one: Interaction, gone: Collection[str]) -> Interaction:
    if isinstance(one, Meeting):
        return replace(one, attendees=tuple(a for a in one.attendees if a.address not in gone))
    to, cc, bcc = (tuple(p for p in who if p.address not in gone) for who in (one.to, one.cc, one.bcc))
    return replace(one, to=to, cc=cc, bcc=bcc)


def _blotted(one: Interaction, blocked: Blocked, names: tuple[str, ...]) -> Interaction:
    def blot(text: str) -> str:
        if names:
            text = _pattern(names).sub(FORGOTTEN, text)
        return _WORD.sub(lambda word: _word(word[0], blocked), text) if "@" in text else text

    attachments = tuple(each._replace(name=blot(each.name)) for each in one.attachments)
    if isinstance(one, Meeting):
        return replace(one, summary=blot(one.summary), attachments=attachments)
    headers = {name: blot(value) for name, value in one.headers.items()}
    return replace(
        one, subject=blot(one.subject), text=blot(one.text), headers=headers, attachments=attachments
    )


def _word(word: str, blocked: Blocked) -> str:
    return FORGOTTEN if "@" in word and blocked(word.lower().rstrip(".!?")) else word


_pattern = lru_cache(maxsize=8)(naming)
