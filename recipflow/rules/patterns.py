"""The one pattern dialect of the rule packs, and finding which of many rules' patterns hit a text.

Patterns are RE2's: linear in the text, no look-around, ASCII `\\b`, `\\w` and `\\d`. They are matched against the
*plain* form of a text (`plain`), which is lower case and ASCII in its Latin letters, so that neither case nor accents
matter, and a word that begins with one has a `\\b` before it. Where RE2 has no wheel,
the standard library's `re` matches them one by one, with the same hits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Protocol

from recipflow.rules.automata import LINEAR, MEMORY_OF_ONE, Automaton, OneByOne, is_gapped, try_out
from recipflow.rules.needed import needs_rare_words

SHORT, REMEMBERED = 80, 4096
"""People repeat themselves: of sentences no longer than this (in characters), so many are remembered with their hits.
Of twice as many, one more of 200 sentences would be met again, and they take 1.4 MiB."""

_SIGNS = {
    "\u2018": "'",
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u2026": "...",
    "\u00bf": "",
    "\u00a1": "",
}
_GERMAN = {
    "ä": "ae",
    "ö": "oe",
    "ü": "ue",
    "Ä": "Ae",
    "Ö": "Oe",
    "Ü": "Ue",
    "ß": "ss",
    "ẞ": "ss",
    "\u017f": "s",
}
"""As they are written where the keyboard has none; "schon" and "schön" stay two words."""


def _bases() -> dict[str, str]:
    """The accented Latin letters, each with the letter under its accent."""
    letters = map(chr, range(0xC0, 0x250))
    decomposed = ((letter, unicodedata.normalize("NFD", letter)) for letter in letters)
    return {letter: parts[0] for letter, parts in decomposed if parts[0].isascii()}


_LETTERS = _bases() | _GERMAN
_PLAIN = str.maketrans(_LETTERS | _SIGNS)
_FOLDED = str.maketrans(_LETTERS)
_TWO_LETTERS = re.compile(r"\[[^\]]*[äöüß]", re.IGNORECASE)

_NOT_OURS = re.compile(
    r"\\[1-9pPCQEZzGKkRXNuULxvVhH]"  # back-references, and escapes only one of the two engines knows
    r"|(?P<fine>\\.)"
    r"|\(\?(?!:)"  # look-around, named groups, flags, comments, conditions, atomic groups
    r"|(?:[*+?]|\{\d+(?:,\d*)?\})\+"  # possessive
    r"|\[\[:"  # POSIX classes
)


Group = Sequence[str]
"""Patterns that mean the same: one hit is enough."""

Finder = Callable[[str], bool]
"""Whether something hits a text in plain form."""


class Matcher(Protocol):
    """Which of the groups of patterns it was made of hit a text."""

    def hits(self, text: str) -> Sequence[int]:
        """The positions of the groups with a pattern that hits `text` (in plain form), ascending."""
        ...


def plain(text: str) -> str:
    """The form patterns are matched against: lower case, no accents (ä is ae), straight quotes, single spaces."""
    return " ".join(unaccented(text).lower().split())


def unaccented(text: str) -> str:
    """The text with no accents (ä is ae) and straight quotes."""
    return text if text.isascii() else unicodedata.normalize("NFC", text).translate(_PLAIN)


def matcher(groups: Sequence[Group]) -> Matcher:
    """The fastest matcher this platform has."""
    return SetMatcher(groups) if LINEAR else LoopMatcher(groups)


def finder(group: Group) -> Finder:
    """Whether one of a few patterns hits a text in plain form. Compiled when first asked: many never are."""
    return _finder(_either(map(_folded, group)))


def line_finder(group: Group) -> Finder:
    """The same of a text of several lines, each in plain form: whether one of the patterns hits a line.

    All lines are looked at at once, and by themselves only where something hits: a pattern may reach over a line's end.
    """
    pattern = _either(map(_folded, group))
    hits, may_hit = _finder(pattern), _finder("(?m:" + pattern.replace(r"\A", "^") + ")")
    return lambda lines: may_hit(lines) and any(map(hits, lines.split("\n")))


def _finder(pattern: str) -> Finder:
    if not LINEAR:
        return lambda text: re.search(pattern, text, re.ASCII) is not None
    hits = Automaton([pattern], MEMORY_OF_ONE).hits
    return lambda text: hits(text.encode())


def problem(pattern: str) -> str | None:
    """Why the pattern cannot be held to the dialect, or None."""
    foreign = next((found[0] for found in _NOT_OURS.finditer(pattern) if not found["fine"]), None)
    if foreign:
        return f"{foreign!r} is not in the dialect (RE2: no look-around, no back-references)"
    if _TWO_LETTERS.search(pattern):
        return "ä, ö, ü and ß are read as ae, oe, ue and ss: write (?:ä|ö), not [äö]"
    try:
        compiled = re.compile(_folded(pattern), re.ASCII)
        if LINEAR:
            try_out(_folded(pattern))
    except (re.error, OverflowError, RecursionError) as error:
        return f"not a pattern: {error}"
    except Exception as error:  # noqa: BLE001  # re2.error derives from nothing narrower
        return f"not a pattern: {error}"
    return "it hits the empty text, so everything" if compiled.search("") else None


class SetMatcher:
    """Whole phrases in one automaton (RE2::Set); each other pattern by itself, where the words it needs are there.

    A gap (`a.*b`) multiplies an automaton's states: among the phrases, one more such rule could make it outgrow its
    memory, and reading take twenty times as long. A phrase with a rare word is seldom tried, and its states are many
    where all are sought at once. Of a group's phrases, which one hits is not asked: fewer states.
    """

    def __init__(self, groups: Sequence[Group]) -> None:
        phrases: dict[int, list[str]] = {}
        others: list[tuple[int, str]] = []
        for number, group in enumerate(groups):
            for pattern in map(_folded, group):
                if is_gapped(pattern) or needs_rare_words(pattern):
                    others.append((number, pattern))
                else:
                    phrases.setdefault(number, []).append(pattern)
        self._owners = tuple(phrases)
        self._phrases = Automaton(map(_either, phrases.values()))
        self._others = OneByOne(others) if others else None
        self._known = lru_cache(REMEMBERED)(self._hits)

    def hits(self, text: str) -> Sequence[int]:
        return self._known(text) if len(text) <= SHORT else self._hits(text)

    def _hits(self, text: str) -> Sequence[int]:
        sought = text.encode()
        found = {self._owners[entry] for entry in self._phrases.which(sought)} if self._owners else set()
        if self._others:
            self._others.add_hits(sought, found)
        return tuple(sorted(found))


class LoopMatcher:
    """The standard library, group by group."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self._groups = [
            re.compile(_either(map(_folded, group)), re.ASCII) if group else None for group in groups
        ]

    def hits(self, text: str) -> Sequence[int]:
        return tuple(number for number, group in enumerate(self._groups) if group and group.search(text))


def _either(patterns: Iterable[str]) -> str:
    return "|".join(f"(?:{pattern})" for pattern in patterns)


def _folded(pattern: str) -> str:
    """The pattern with its letters as in `plain`, but for classes such as `\\S`."""
    if not pattern.isascii():
        pattern = unicodedata.normalize("NFC", pattern).translate(_FOLDED)
    return re.sub(r"\\.|[^\\]+", _fold, pattern, flags=re.DOTALL)


def _fold(part: re.Match[str]) -> str:
    return part[0] if part[0][0] == "\\" else part[0].lower()
