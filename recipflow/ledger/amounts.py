"""How much an ask asks for in its own words: a time, a sum, a number of things. Only like is compared with like.

The size of an ask in fu is a coarse class: two asks of one class may differ tenfold. Where both say how much of the same
they want, that is compared in its place; where only one does, nothing is made of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

HOUR, DAY, WEEK = 60.0, 8 * 60.0, 5 * 8 * 60.0
"""Minutes of working time."""

_WORDS = {
    **dict.fromkeys(
        ("a", "an", "one", "ein", "eine", "einen", "einem", "einer", "um", "uma", "un", "una"), 1.0
    ),
    **dict.fromkeys(("two", "couple", "zwei", "dois", "duas", "dos"), 2.0),
    **dict.fromkeys(("three", "drei", "tres", "três"), 3.0),
    **dict.fromkeys(("four", "vier", "quatro", "cuatro"), 4.0),
    **dict.fromkeys(("five", "fünf", "cinco"), 5.0),
    **dict.fromkeys(("six", "sechs", "seis"), 6.0),
    **dict.fromkeys(("seven", "sieben", "sete", "siete"), 7.0),
    **dict.fromkeys(("eight", "acht", "oito", "ocho"), 8.0),
    **dict.fromkeys(("nine", "neun", "nove", "nueve"), 9.0),
    **dict.fromkeys(("ten", "zehn", "dez", "diez"), 10.0),
    **dict.fromkeys(("twelve", "dozen", "zwölf", "doze", "doce"), 12.0),
    **dict.fromkeys(("half", "halbe", "halben", "halber", "meia", "meio", "media", "medio"), 0.5),
    **dict.fromkeys(("quarter", "viertel"), 0.25),
    **dict.fromkeys(("twenty", "zwanzig", "vinte", "veinte"), 20.0),
    **dict.fromkeys(("hundred", "hundert", "cem", "cien"), 100.0),
}
_MINUTES = {
    **dict.fromkeys(("second", "seconds", "sekunde", "sekunden", "segundo", "segundos"), 1.0 / 60.0),
    **dict.fromkeys(("minute", "minutes", "min", "mins", "minuten", "minuto", "minutos"), 1.0),
    **dict.fromkeys(("hour", "hours", "stunde", "stunden", "hora", "horas", "h"), HOUR),
    **dict.fromkeys(("day", "days", "tag", "tage", "tagen", "dia", "dias", "día", "días"), DAY),
    **dict.fromkeys(("week", "weeks", "woche", "wochen", "semana", "semanas"), WEEK),
}
_MONEY = {
    "€": "eur", "eur": "eur", "euro": "eur", "euros": "eur", "$": "usd", "usd": "usd", "dollar": "usd", "dollars": "usd",
    "£": "gbp", "gbp": "gbp", "pound": "gbp", "pounds": "gbp", "r$": "brl", "reais": "brl", "chf": "chf", "franken": "chf",
}  # fmt: skip
_NUMBER = r"\d{1,3}(?:[., ]\d{3})+(?![\d])|\d+(?:[.,]\d{1,2})?"
_TOKENS = re.compile(rf"(?:{_NUMBER})k?\b|r\$|[€$£]|[^\W\d_]+")
_FIGURE = re.compile(rf"({_NUMBER})(k?)")
_FILLERS = frozenset({"a", "an", "of", "full", "good", "whole", "more", "short", "quick", "extra", "working"})
_STOP = frozenset(
    {"of", "the", "them", "us", "you", "or", "and", "more", "time", "at", "on", "in", "by", "to", "for"}
)
_PARTS = frozenset({"half", "quarter", "of"})
"""After these, "an hour" is no hour."""
_LEAST = 4
"""Letters of a thing that is counted."""
_LESS = re.compile(
    r"\b(?:at least|even just|if only|only (?:a|an|one|the)|just (?:a|an|one|the|some)|instead|something smaller"
    r"|a smaller|a shorter|half of|part of|wenigstens|zumindest|stattdessen|etwas kleineres|pelo menos|em vez disso"
    r"|por lo menos|al menos|en su lugar)\b"
)


def compared(first: str, second: str) -> float | None:
    """How many times what `first` asks for the `second` does; None where they do not say how much of the same."""
    one, other = dict(_amounts(first)), dict(_amounts(second))
    ratios = [other[unit] / one[unit] for unit in one if unit in other]
    return max(ratios, default=None)


def times(first: str, size: float | None, second: str, other: float | None) -> float:
    """The same, by their sizes in fu where words do not tell; an ask of no size is larger than none."""
    told = compared(first, second)
    return told if told is not None else (other or 0.0) / max(size or 0.0, 1e-9)


def less_by_words(text: str) -> bool:
    """Whether it says of itself that it is the smaller thing."""
    return _LESS.search(" ".join(text.lower().split())) is not None


def _amounts(text: str) -> Iterator[tuple[str, float]]:
    """Each unit that is named with a number, the largest number last."""
    words = _TOKENS.findall(text.lower())
    found = [one for place in range(len(words)) if (one := _amount(words, place)) is not None]
    yield from sorted(found, key=lambda one: one[1])


def _amount(words: list[str], place: int) -> tuple[str, float] | None:
    """What is said from the word at `place` on: "half an hour", "€ 500", "three chapters"."""
    if words[place] in _MONEY and place + 1 < len(words) and (sum_ := _figure(words[place + 1])) is not None:
        return _MONEY[words[place]], sum_
    number = _figure(words[place])
    number = _WORDS.get(words[place]) if number is None else number
    after = [word for word in words[place + 1 : place + 4] if word not in _FILLERS]
    if number is None or not after or (place and words[place - 1] in _PARTS):
        return None
    unit = after[0]
    if unit in _MINUTES:
        return "minutes", number * _MINUTES[unit]
    if unit in _MONEY:
        return _MONEY[unit], number
    article = words[place] in ("a", "an") or number < 1.0
    return None if article or unit in _STOP or len(unit) < _LEAST or unit in _WORDS else (unit[:5], number)


def _figure(word: str) -> float | None:
    match = _FIGURE.fullmatch(word)
    if match is None:
        return None
    digits = re.sub(r"[., ](?=\d{3}(?:\D|$))", "", match[1]).replace(",", ".")
    return float(digits) * (1000.0 if match[2] else 1.0)
