"""Weekdays that are not ahead: gone by, of every week, or none in particular."""

from __future__ import annotations

import re

_NOT_AHEAD = re.compile(
    r"\b(?:since|last|past|every|each|the|seit|letzte[mnr]?|vergangene[mnr]?|jeden?"
    r"|desde|na ultima|no ultimo|passad[ao]|toda|todo|cada|el pasado|la pasada|el ultimo|todos los)(?: de[mnr]| el| la)? $"
)
"""What stands before a weekday that has gone by, or that comes every week, or that only names a thing: "the Friday list"."""
_ANY = re.compile(
    r"\b(?:an?|any|some|which|what|(?:irgend)?eine[mnrs]?|welche[mnrs]?|n?uma?|algum|qual|un|algun|cual"
    r"|(?:of|on|by|for|before|until) that) $"
)
"""What stands before a weekday that is any of its kind ("on a Friday in May", "which Friday?"), or named before ("on that
Friday")."""

_GONE = re.compile(
    r"\b(?:i|we|he|she|they) (?:\w+ly )?(?:\w{2,}ed|cut|put|got|had|made|saw|met|did|said|read|heard|spoke|came|went|was|were"
    r"|sent|took|gave|found|left|wrote|bought|sang|drove)"
    r" (?:(?!(?:to|for|about|is|are|will|that|by|until|till)\b)[\w']+ ){0,8}(?:on )?$"
)
"""What stands before a weekday on which something was done: "I cut the last of them on Sunday"."""

_GONE_OF_A_THING = re.compile(
    r"\b(?:the|my|our|his|her|their|your|its?|nobody|somebody|everybody) (?:(?!to|if\b)[\w'-]+ ){0,4}"
    r"(?:came|went|got|made|saw|met|said|heard|sent|took|gave|found|left|wrote|bought|drove|fell|broke|brought|rang|sold"
    r"|arrived|stopped|died|happened|started|ended|closed|opened|failed)"
    r" (?:(?!(?:for|about|is|are|will|that|by|until|till)\b)[\w']+ ){0,8}(?:on )?$"
)
"""The same where a thing did it, or somebody by name of what they are: "the river came up to the step on Sunday"."""
_SUPPOSED = re.compile(r"\b(?:if|would|could|wish|unless|had)\b")
"""What makes a past verb no past: "if the parcel came on Friday"."""


def passed_over(found: re.Match[str], sentence: str) -> bool:
    """Whether a weekday is none in particular, or has gone by."""
    gone = bool(found["weekday"]) and gone_by(sentence[: found.start()])
    return gone or any_such(found, sentence)


def gone_by(before: str) -> bool:
    """Whether what stands before a weekday puts it into the past, or into every week."""
    if _NOT_AHEAD.search(before) or _GONE.search(before):
        return True
    told = _GONE_OF_A_THING.search(before)
    return told is not None and not _SUPPOSED.search(before[: told.end()])


def any_such(found: re.Match[str], sentence: str) -> bool:
    """Whether it names a weekday of its kind, and no day."""
    return bool(found["weekday"]) and _ANY.search(sentence[: found.start()]) is not None
