"""Whether two asks are one and the same, by the words that tell them from others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

from recipflow.ledger.answers import content_words

T = TypeVar("T")

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
    return _alike(telling_words(one), telling_words(other))


class Sayings(Generic[T]):
    """Things said, among which those alike are found without comparing each."""

    def __init__(self) -> None:
        self._said: list[tuple[frozenset[str], T]] = []
        self._with: dict[str, list[int]] = {}

    def add(self, quote: str, what: T) -> None:
        words = telling_words(quote)
        for word in words:
            self._with.setdefault(word, []).append(len(self._said))
        self._said.append((words, what))

    def alike(self, quote: str) -> Iterator[T]:
        """Those of them that `alike` says ask for the same as this, in the order in which they were added."""
        words = telling_words(quote)
        near = {number for word in words for number in self._with.get(word, ())}
        said = (self._said[number] for number in sorted(near))
        return (what for theirs, what in said if _alike(words, theirs))


def _alike(first: frozenset[str], second: frozenset[str]) -> bool:
    shared, least = len(first & second), min(len(first), len(second))
    return shared >= min(SHARED, least) > 0 and shared >= SHARE * least
