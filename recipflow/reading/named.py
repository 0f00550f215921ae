"""Whom a sentence names, of those who wrote and read the message."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain

from recipflow.model import Party
from recipflow.rules.letter import Part

REMEMBERED = 512
"""People whose names are remembered."""

MOST_READERS = 4
"""Readers among whom somebody brings two together; more are a circular."""

_APART = re.compile(r"[^a-zà-ÿ]+")


@lru_cache(REMEMBERED)
def called(party: Party) -> frozenset[str]:
    """The names somebody may be called by, in lower case: of their name or else of their address, and their initials."""
    name = party.name.lower() or party.address.partition("@")[0]
    parts = [part for part in _APART.split(name) if part]
    return frozenset((*parts, "".join(part[0] for part in parts)))


def spoken(people: Iterable[frozenset[str]]) -> str:
    """What some people are called, each name between spaces."""
    return f" {' '.join(chain.from_iterable(people))} "


def of_names(part: Part, own: str, readers: str) -> tuple[str, ...]:
    """Whose name ends the sentence: "Thanks, Noor." closes Noor's mail, and thanks her in Dana's.

    Names are given as `spoken`: they are looked for in every sentence.
    """
    last = part.plain.rstrip(" .!-").rpartition(" ")[2].rpartition("-")[2]
    if len(last) < 2:
        return ()
    if f" {last} " in readers:
        return ("=ends-in-reader",)
    if (f" {last}" if len(last) > 2 else f" {last} ") in own:
        return ("=ends-in-own-name",)
    return ()


def of_readers(part: Part, readers: Sequence[frozenset[str]]) -> tuple[str, ...]:
    """How many of several readers it speaks of by name: who brings two together tells each of the other."""
    if not 2 <= len(readers) <= MOST_READERS or part.words < 3:
        return ()
    words = frozenset(word for word in _APART.split(part.plain) if len(word) > 2)
    named = sum(not words.isdisjoint(names) for names in readers)
    return (f"=names{min(2, named)}",) if named else ()
