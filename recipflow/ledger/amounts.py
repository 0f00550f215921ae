"""How much an ask asks for in its own words: a time, a sum, a number of things. Only like is compared with like.

The size of an ask in fu is a coarse class: two asks of one class may differ tenfold. Where both say how much of the same
they want, that is compared in its place; where only one does, nothing is made of it.
"""

from __future__ import annotations

import re

from recipflow.ledger.sums import ANY, CURRENCIES, NUMBER, currency, scaled, sums, value

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
_TOKENS = re.compile(rf"(?:{NUMBER})(?!\d)|[^\W\d_]+|[,.;:!?]")
_FILLERS = frozenset({"a", "an", "of", "full", "good", "whole", "more", "short", "quick", "extra", "working"})
_STOP = frozenset(
    {
        "of",
        "the",
        "them",
        "us",
        "you",
        "or",
        "and",
        "more",
        "time",
        "at",
        "on",
        "in",
        "by",
        "to",
        "for",
        "please",
        "bitte",
    }
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
    one, other = _amounts(first), _amounts(second)
    one, other = _in_the_currency_of(other, one), _in_the_currency_of(one, other)
    ratios = [other[unit] / one[unit] for unit in one if unit in other and one[unit]]
    return max(ratios, default=None)


def times(first: str, size: float | None, second: str, other: float | None) -> float:
    """The same, by their sizes in fu where words do not tell; an ask of no size is larger than none."""
    told = compared(first, second)
    return told if told is not None else (other or 0.0) / max(size or 0.0, 1e-9)


def less_by_words(text: str) -> bool:
    """Whether it says of itself that it is the smaller thing."""
    return _LESS.search(" ".join(text.lower().split())) is not None


def _amounts(text: str) -> dict[str, float]:
    """The largest number that each unit is named with."""
    told, rest = sums(" ".join(text.lower().split()))
    words = _TOKENS.findall(rest)
    found = [one for place in range(len(words)) if (one := _amount(words, place)) is not None]
    return dict(sorted((*told, *found), key=lambda one: one[1]))


def _in_the_currency_of(other: dict[str, float], one: dict[str, float]) -> dict[str, float]:
    """A sum that names no currency is in the one that the other text names, if it names just one."""
    known = [unit for unit in other if unit in CURRENCIES]
    if ANY not in one or len(known) != 1 or known[0] in one:
        return one
    return {known[0] if unit == ANY else unit: number for unit, number in one.items()}


def _amount(words: list[str], place: int) -> tuple[str, float] | None:
    """What is said from the word at `place` on: "half an hour", "three chapters", "two thousand words"."""
    word = words[place]
    number = value(word) if word[0].isdecimal() else _WORDS.get(word)
    after = [word for word in words[place + 1 : place + 5] if word not in _FILLERS]
    if number is None or not after or (place and words[place - 1] in _PARTS):
        return None
    if len(after) > 1 and scaled(1.0, after[0]) > 1.0:
        number, after = scaled(number, after[0]), after[1:]
    unit = after[0]
    if unit in _MINUTES:
        return "minutes", number * _MINUTES[unit]
    if money := currency(unit):
        return money, number
    article = word in ("a", "an") or number < 1.0
    return None if article or unit in _STOP or len(unit) < _LEAST or unit in _WORDS else (unit[:5], number)
