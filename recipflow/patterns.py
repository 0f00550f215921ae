"""The one pattern dialect of the rule packs, and finding which of many patterns hit a text.

Patterns are RE2's: linear in the text, no look-around, ASCII `\\b`, `\\w` and `\\d`. They are matched against the
*plain* form of a text (`plain`), which is lower case, so upper and lower case never matter. Where RE2 has no wheel,
the standard library's `re` matches them one by one, with the same hits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

try:
    import re2
except ImportError:  # no wheel for this platform
    re2 = None

MEMORY = 64 << 20
"""Bytes the automaton may take: far more than our packs use, so that it is never thrown away and built again."""

_CURLY = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2026": "...", "\u017f": "s"}
)

_NOT_OURS = re.compile(
    r"\\[1-9pPCQEZzGKkRXNuULxvVhH]"  # back-references, and escapes only one of the two engines knows
    r"|(?P<fine>\\.)"
    r"|\(\?(?!:)"  # look-around, named groups, flags, comments, conditions, atomic groups
    r"|(?:[*+?]|\{\d+(?:,\d*)?\})\+"  # possessive
    r"|\[\[:"  # POSIX classes
)


class Matcher(Protocol):
    """Which of the patterns it was made of hit a text."""

    def hits(self, text: str) -> list[int]:
        """The positions of the patterns that hit somewhere in `text`, ascending. `text` is in plain form."""
        ...


def plain(text: str) -> str:
    """The form patterns are matched against: lower case, straight quotes, single spaces."""
    if not text.isascii():
        text = text.translate(_CURLY)
    return " ".join(text.lower().split())


def matcher(patterns: Sequence[str]) -> Matcher:
    """The fastest matcher this platform has."""
    return SetMatcher(patterns) if re2 is not None else LoopMatcher(patterns)


def problem(pattern: str) -> str | None:
    """Why the pattern cannot be held to the dialect, or None."""
    foreign = next((found[0] for found in _NOT_OURS.finditer(pattern) if not found["fine"]), None)
    if foreign:
        return f"{foreign!r} is not in the dialect (RE2: no look-around, no back-references)"
    try:
        compiled = re.compile(_folded(pattern), re.ASCII)
        if re2 is not None:
            re2.compile(_folded(pattern), _options())
    except (re.error, OverflowError, RecursionError) as error:
        return f"not a pattern: {error}"
    except Exception as error:  # noqa: BLE001  # re2.error derives from nothing narrower
        return f"not a pattern: {error}"
    return "it hits the empty text, so everything" if compiled.search("") else None


class SetMatcher:
    """All patterns in one automaton (RE2::Set): one pass over the text, whatever their number."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._empty = not patterns
        self._set = re2.Set.SearchSet(_options())
        for pattern in patterns:
            self._set.Add(_folded(pattern))
        if not self._empty:
            self._set.Compile()

    def hits(self, text: str) -> list[int]:
        found = None if self._empty else self._set.Match(text)
        return sorted(found) if found else []


class LoopMatcher:
    """The standard library, pattern by pattern."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = [re.compile(_folded(pattern), re.ASCII) for pattern in patterns]

    def hits(self, text: str) -> list[int]:
        return [number for number, pattern in enumerate(self._patterns) if pattern.search(text)]


def _options() -> re2.Options:
    options = re2.Options()
    options.max_mem = MEMORY
    options.log_errors = False
    options.never_capture = True
    return options


def _folded(pattern: str) -> str:
    """The pattern with its letters in lower case, but for classes such as `\\S`."""
    return re.sub(
        r"\\.|[^\\]+", lambda part: part[0] if part[0][0] == "\\" else part[0].lower(), pattern, flags=re.S
    )
