"""Cutting a pattern at its gaps: what must be in a text before the whole pattern can be."""

from __future__ import annotations

import re
from collections.abc import Iterator

_QUANTIFIER = re.compile(r"(?:[*+?]|\{\d+(?:,\d*)?\})\??")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]")
_WIDE = re.compile(r"\\[wSDW]|(?:^|[^\\])\.|\[\^|\[a-z\]")
_LETTERS = re.compile(r"(?<!\\)[a-z']+")
_ALTERNATIVES = re.compile(r"\(\?:|[|()]")
_EVERYDAY_WORDS = """
i you we he she they it me us my your our the a an this that is are was were be have has had do does did
for to of in on at by if and or but so not no with from will would can could get got go i'm i'll i've
we're you're thanks thank today tomorrow monday friday call need good great
"""
_EVERYDAY = frozenset(_EVERYDAY_WORDS.split())


def rarest_piece(pattern: str) -> str | None:
    """The stretch between the pattern's gaps least likely to be found; None where it has no gap.

    A gap is anything that runs over unknown text: `.*`, `.{0,40}`, `\\w+`, `(?:\\w+ ){0,3}`.
    """
    found = pieces(pattern)
    if len(found) == 1 and found[0] == pattern:
        return None
    return min(found, key=_frequency)


def pieces(pattern: str) -> tuple[str, ...]:
    """What must all be in a text for the pattern to hit it, in order."""
    elements = list(_elements(pattern))
    if any(element == "|" for element, _ in elements):
        return (pattern,)
    found = [""]
    for element, quantifier in elements:
        if quantifier and _WIDE.search(element):
            found.append("")
        else:
            found[-1] += element + quantifier
    if len(found) == 1:
        return (pattern,)
    needed = tuple(piece for piece in found if _says_something(piece))
    return needed or (pattern,)


def _frequency(piece: str) -> float:
    """A guess at how often a piece is found: every alternative adds to it, everyday words most."""
    return sum(
        _frequency_of(alternative)
        for alternative in _ALTERNATIVES.split(piece)
        if alternative.strip(" \\b^$?")
    )


def _frequency_of(alternative: str) -> float:
    words = _LETTERS.findall(alternative)
    if not words:
        return 10
    return 1 if set(words) - _EVERYDAY else 20 / len(words) ** 2


def _says_something(piece: str) -> bool:
    return len(piece.replace("\\b", "").strip()) > 1 and re.compile(piece, re.ASCII).search(" ") is None


def _elements(pattern: str) -> Iterator[tuple[str, str]]:
    """The parts of a pattern at its top level, each with its quantifier."""
    at = 0
    while at < len(pattern):
        end = _element_end(pattern, at)
        quantifier = _QUANTIFIER.match(pattern, end)
        after = quantifier.end() if quantifier else end
        yield pattern[at:end], pattern[end:after]
        at = after


def _element_end(pattern: str, at: int) -> int:
    """Past the escape, class, group or letter at `at`."""
    depth = 0
    while True:
        letter = pattern[at]
        if letter == "[":
            inside = _CLASS.match(pattern, at)
            at = inside.end() if inside else len(pattern)
        else:
            at += 2 if letter == "\\" else 1
            depth += (letter == "(") - (letter == ")")
        if depth <= 0 or at >= len(pattern):
            return at
