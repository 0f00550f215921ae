"""Whether two asks are one and the same, by the words that tell them from others."""

from __future__ import annotations

from recipflow.ledger.answers import content_words

SHARED = 2
"""Telling words that two asks share, at least."""
SHARE = 0.5
"""Of the shorter one's telling words."""
_COMMON = content_words(
    "could would should please might maybe there about still again after before until these those their which where "
    "friday monday tuesday wednesday thursday saturday sunday today tomorrow really think possible chance quick short "
    "question problem anything something everything somebody someone little other wanted wonder wondering following"
)


def telling_words(text: str) -> frozenset[str]:
    """Its words of five letters or more that not every ask has."""
    return content_words(text) - _COMMON


def alike(one: str, other: str) -> bool:
    """Whether the two ask for the same."""
    first, second = telling_words(one), telling_words(other)
    shared = len(first & second)
    return shared >= min(SHARED, len(first), len(second)) > 0 and shared >= SHARE * min(
        len(first), len(second)
    )
