"""What of theirs waits for thanks: when an act is a favour to remember, and what is kept of it."""

from __future__ import annotations

from recipflow.ledger.relationship import Favour
from recipflow.model import Act, Entry, Flag

FAVOUR_SIZE = 1.5
"""A granted ask from here on (fu) is worth a thank-you of its own; below it a plain answer was a plain answer."""


def notable(act: Act) -> bool:
    """Worth a word of thanks; an offer is, once it was taken up."""
    return act.notable and Flag.OFFERED not in act.flags


def favour_of(entry: Entry, act: Act, at: float, *, size: float, granted: bool = False) -> Favour:
    return Favour(
        at=at,
        interaction=entry.interaction,
        quote=act.quote,
        what=act.kind,
        size=size,
        granted=granted,
        confidence=act.confidence if granted else act.notable_confidence,
    )
