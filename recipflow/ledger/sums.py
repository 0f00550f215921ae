"""Sums of money as mail writes them: "R90 000", "€1.2k", "1.500 €", "1,2 Mio. Euro", and a bare "90k".

Only what currency it is in and how much it is: no rate of exchange is known here, so only sums of one currency compare.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

ANY = "money"
"""The currency of a sum that names none: whoever says "90k" means that of whatever it is compared with."""

_NAMES = {
    "eur": "€ eur euro euros",
    "usd": "$ us$ usd dollar dollars",
    "gbp": "£ gbp pound pounds quid",
    "brl": "r$ brl reais",
    "chf": "chf sfr franken francs",
    "zar": "r zar rand",
    "aud": "a$ aud",
    "cad": "c$ cad",
    "nzd": "nz$ nzd",
    "inr": "₹ inr rs rupees",
    "jpy": "¥ jpy yen",
    "kr": "kr sek nok dkk kronor kroner",
    "pln": "zł pln zloty",
    "mxn": "mx$ mxn pesos",
    "ngn": "₦ ngn naira",
    "kes": "ksh kes shillings",
}
CURRENCIES = frozenset(_NAMES)
_CURRENCIES = {name: currency for currency, names in _NAMES.items() for name in names.split()}
_SCALES = {
    **dict.fromkeys(("hundred", "hundert"), 1e2),
    **dict.fromkeys(("k", "thousand", "tausend", "tsd", "mil"), 1e3),
    **dict.fromkeys(
        ("m", "mn", "mio", "million", "millionen", "milhão", "milhões", "millón", "millones"), 1e6
    ),
}
NUMBER = r"\d{1,3}(?:[.,'’ ]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,2})?"
"""A number with or without marks between its thousands, in either way of writing them."""
_NAMED = sorted(map(re.escape, _CURRENCIES), key=len, reverse=True)
_NOUNS = "|".join(name for name in _NAMED if name != "r")
_SIGNS = rf"{_NOUNS}|r(?= ?\d[., ]?\d)"  # "R 2" is a room
_LETTERS = "|".join(sorted(_SCALES, key=len, reverse=True))
_SUM = re.compile(
    rf"(?<![\w$])(?P<before>{_SIGNS}) ?(?P<first>{NUMBER})(?: ?(?P<scale>{_LETTERS})\b)?"
    rf"|(?<![\w.,])(?P<second>{NUMBER})(?: ?(?P<scale2>{_LETTERS})\b\.?)? ?(?P<after>{_NOUNS})(?![\w$])"
    rf"|(?<![\w.,])(?P<bare>{NUMBER})k\b(?! [^\W\d_]{{4}})"
)
_MARKS = re.compile(r"[.,'’ ](?=\d{3}(?:\D|$))")


def sums(text: str) -> tuple[list[tuple[str, float]], str]:
    """Each sum in a text of small letters, by its currency; and the text without them."""
    return list(_found(text)), _SUM.sub(" , ", text)


def value(digits: str) -> float:
    """A number as it is written here or there: 1.500 and 1,500 and 1 500 are one."""
    return float(_MARKS.sub("", digits).replace(",", "."))


def currency(word: str) -> str | None:
    """Which currency is called so."""
    return _CURRENCIES.get(word)


def scaled(number: float, word: str | None) -> float:
    """So many thousands, or millions."""
    return number * _SCALES.get(word or "", 1.0)


def _found(text: str) -> Iterator[tuple[str, float]]:
    for one in _SUM.finditer(text):
        if one["bare"]:
            yield ANY, scaled(value(one["bare"]), "k")
            continue
        number, scale = one["first"] or one["second"], one["scale"] or one["scale2"]
        yield _CURRENCIES[one["before"] or one["after"]], scaled(value(number), scale)
