"""Names of people, firms and places: what a judge must not learn from, as it would tell on them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bench.labelled import Labelled

OFTEN = 0.15
"""Of a word of somebody's address: the share of its capital letters that makes it a name."""

_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")

_ADDRESS = re.compile(r"\S+@\S+|\S+\.(?:com|org|net|edu)\S*|https?://\S+")

_OPENS = re.compile(r"(?:^|[.!?:;>\n\"(-])\s*$")


def tells(feature: str, names: frozenset[str]) -> bool:
    """Whether it is made of a name."""
    if feature.startswith(("rule ", "hit ", "act ", "-hit ", "+-hit ", "=")):
        return False
    return any(word.lstrip("?") in names for word in feature.split())


def names_in(messages: Sequence[Labelled]) -> frozenset[str]:
    """Words written with a capital within a sentence more often than without: of people, firms, places, products.

    And words of the people's own addresses that are written with a capital at all often, wherever they stand.
    """
    small, large, opening = Counter[str](), Counter[str](), Counter[str]()
    for one in messages:
        text = _ADDRESS.sub(" ", one.text)
        for found in _WORD.finditer(text):
            word = found[0].lower()
            if found[0][0].islower():
                small[word] += 1
            elif _OPENS.search(text, max(0, found.start() - 4), found.start()):
                opening[word] += 1
            else:
                large[word] += 1
    called = {
        part for one in messages for address in (one.sender, *one.to, *one.cc) for part in _called(address)
    }
    written = {*large, *opening, *called}
    often = {word for word in called if large[word] + opening[word] > OFTEN * small[word]}
    return frozenset(word for word in written if small[word] <= large[word] and word != "i") | often


def _called(address: str) -> list[str]:
    return [part for part in re.split(r"[^a-z]+", address.partition("@")[0]) if len(part) > 1]
