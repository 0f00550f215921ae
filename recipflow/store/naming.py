"""Finding people's addresses and names in texts, however they are spelt there: wrapped, in capitals, without accents."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection

_WHOLE = r"(?:(?<!\w)(?<!\w[.+-])|(?<=\\[nrtbf])|(?<=\\[nrtbf][.+-]))"
"""Before an address: no more of another one, as in fred@y.example for ed@y.example; but JSON may have escaped a line
end there. What follows is not looked at: rather a word too much than one that names them."""
_GAP = r"(?:\s|\\[nrt])+"
"""Between the words of a name: a line may end there, and JSON may have escaped that."""
_NOTHING = r"(?!)"


def naming(words: Collection[str]) -> re.Pattern[str]:
    """What finds these addresses and names in a text, or in its JSON; of words that begin alike, the longest."""
    longest = sorted(filter(str.strip, words), key=len, reverse=True)
    return re.compile("|".join(map(_word, longest)) or _NOTHING, re.IGNORECASE)


def _word(word: str) -> str:
    parts = ["".join(map(_letter, part)) for part in unicodedata.normalize("NFC", word).split()]
    if "@" in word:
        return _WHOLE + _GAP.join(parts)
    *first, last = parts
    family_first = f"|{last},{_GAP}{_GAP.join(first)}" if first else ""
    return f"{_GAP.join(parts)}{family_first}"


def _letter(letter: str) -> str:
    """A letter beyond ASCII, whole, in parts, plain, and as JSON escapes it."""
    if letter.isascii():
        return re.escape(letter)
    written = {form for case in (letter, letter.lower(), letter.upper()) for form in _forms(case)}
    escaped = {json.dumps(one)[1:-1] for one in written}
    return f"(?:{'|'.join(map(re.escape, sorted(written | escaped, key=len, reverse=True)))})"


def _forms(letter: str) -> set[str]:
    parts = unicodedata.normalize("NFD", letter)
    plain = "".join(part for part in parts if not unicodedata.combining(part))
    return {letter, parts, plain or letter}
