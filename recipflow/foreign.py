"""Other people's words made safe to show: one line, nothing that controls or turns the text."""

from __future__ import annotations

import unicodedata

QUOTE_LENGTH = 200
"""Characters of a quote that are shown: enough for a sentence or two."""

NAME_LENGTH = 80
"""Characters of a name that are shown: more than any real one needs."""

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"  # within Persian and Indic words, and emoji
_MARKS_IN_A_ROW = 4


def one_line(text: str, limit: int = QUOTE_LENGTH) -> str:
    """`text` on one line, cut at a word to at most `limit` characters.

    Control characters, line ends, overrides of the writing direction and heaps of accents do not pass.
    """
    # Whatever is cut off need not be cleaned: a subject may be megabytes long.
    cleaned = "".join(map(_shown, text[: limit * 8]))
    return _shorten(" ".join(_thin_marks(cleaned).split()), limit)


def harmless(text: str) -> str:
    """`text` as it is, line by line, but for what would control the terminal or turn the text."""
    return "\n".join("".join(map(_shown, line)) for line in text.split("\n"))


def name_line(name: str) -> str:
    """A person's name as it is shown."""
    return one_line(name, NAME_LENGTH)


def _shown(character: str) -> str:
    if character.isascii():
        return character if character.isprintable() else " "
    if character in _JOINERS:
        return character
    category = unicodedata.category(character)
    if category not in _UNSEEN:
        return character
    return " " if category in ("Cc", "Zl", "Zp") else ""


def _thin_marks(text: str) -> str:
    if text.isascii():
        return text
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MARKS_IN_A_ROW:
            kept.append(character)
    return "".join(kept)


def _shorten(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    word_end = cut.rfind(" ")
    # a single endless word is cut where it stands
    return (cut[:word_end] if word_end > limit // 2 else cut).rstrip(" ,;:-") + "…"
