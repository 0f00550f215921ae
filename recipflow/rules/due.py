"""The day a sentence names: "by Friday", "tomorrow", "end of the month", "the 23rd", ISO dates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from recipflow.rules.dated import day_of, last_of_month
from recipflow.rules.days import DAYS, ENGLISH, Days, compiled
from recipflow.rules.gone import any_such, passed_over

REMEMBERED = 4096
"""What is open is looked at several times, for several pieces of advice: of so many sentences the day is remembered."""
_SEASON = timedelta(days=60)
_HALF_A_YEAR = timedelta(days=183)

_CHOICE = re.compile(r"[\w' .:()-]{0,24}?(?:,|/|\b(?:or|oder|ou|o)\b){1,2}[\w' .:()-]{0,24}", re.ASCII)
_OR = re.compile(r"/|\b(?:or|oder|ou|o)\b")
"""What stands between days to choose from: "Monday, Tuesday morning or Friday"."""

_OF = re.compile(r"\b(?:of|from|for|vom|von|fuer|d[aeo]|de la|del) $")
_BREAKS = re.compile(r"[,;:]|\b(?:and|but|then|so|und|aber|dann|e|mas|y|pero|luego|depois|despues)\b")


def day_named(sentence: str, on: date, language: str = ENGLISH) -> date | None:
    """The first day the sentence (in plain form) names, as its writer understood it on the day `on`."""
    days = _days(language)
    named = (one for one in compiled(days.day).finditer(sentence) if not any_such(one, sentence))
    found = next(named, None)
    return None if found is None else day_of(found, on, days)


@lru_cache(REMEMBERED)
def day_asked(sentence: str, on: date, language: str = ENGLISH) -> date | None:
    """The day after which what the sentence asks is of no use: of days to choose from the last, of those gone by none."""
    days = _days(language)
    ahead = (one for one in compiled(days.day).finditer(sentence) if not passed_over(one, sentence))
    named = [(one, day) for one in ahead if (day := day_of(one, on, days)) is not None]
    return max((day for _, day in _choices(named, sentence)), default=None)


Named = tuple[re.Match[str], date]


def _choices(named: list[Named], sentence: str) -> list[Named]:
    """The first of the days named, and those that are offered beside it."""
    chain, offered = named[:1], 1
    for (one, _), other in pairwise(named):
        between = sentence[one.end() : other[0].start()]
        if not _CHOICE.fullmatch(between):
            break
        chain.append(other)
        offered = len(chain) if _OR.search(between) else offered
    return chain[:offered]


def month_named(sentence: str, on: date, language: str = ENGLISH) -> date | None:
    """The last day of a month within half a year in which the sentence (in plain form) has something to be."""
    days = _days(language)
    found = compiled(days.in_month).search(sentence)
    if found is None:
        return None
    month = days.months[found["name"][:3]]
    ends = last_of_month(date(on.year + (month < on.month), month, 1))
    return ends if ends - on <= _HALF_A_YEAR else None


def day_promised(sentence: str, on: date, language: str = ENGLISH) -> date | None:
    """The day by which a promise is to be there: of several, the one nearest to the verb that brings it; else the first.

    "I'll look today and tell you tomorrow" is kept tomorrow.
    """
    days = _days(language)
    named = [one for one in compiled(days.day).finditer(sentence) if not any_such(one, sentence)]
    brings = compiled(days.delivers).search(sentence) if len(named) > 1 else None
    if brings is None:
        return day_of(named[0], on, days) if named else None
    ahead = [one for one in named if not _names_a_thing(sentence, one)] or named
    return day_of(min(ahead, key=lambda one: _apart(sentence, one, brings)), on, days)


def _names_a_thing(sentence: str, day: re.Match[str]) -> bool:
    """Whether a day only tells which thing is meant: "today's list", "the minutes of monday"."""
    return sentence.startswith("'s", day.end()) or _OF.search(sentence[: day.start()]) is not None


def _apart(sentence: str, day: re.Match[str], verb: re.Match[str]) -> tuple[int, int]:
    """How far a day stands from a verb: in breaks of the sentence, then in letters."""
    between = sentence[min(day.end(), verb.end()) : max(day.start(), verb.start())]
    return len(_BREAKS.findall(between)), len(between)


def last_named(sentences: Iterable[str], on: date, language: str = ENGLISH) -> date | None:
    """The last of the days ahead that a letter of the day `on` names; days of another season are about something else."""
    days, said = _days(language), list(sentences)
    if not days.may_name("\n".join(said)):
        return None
    named = (
        day_of(found, on, days)
        for sentence in filter(days.may_name, said)
        for found in compiled(days.day).finditer(sentence)
        if not passed_over(found, sentence)
    )
    return max((day for day in named if day and on <= day <= on + _SEASON), default=None)


def deadline(sentence: str, on: date, language: str = ENGLISH) -> date | None:
    """The day by which the sentence wants something, None where it sets no deadline."""
    found = compiled(_days(language).deadline).search(sentence)
    return day_named(sentence[found.start() :], on, language) if found else None


def deadline_alone(sentence: str, on: date, language: str = ENGLISH) -> date | None:
    """The day that a sentence begins with as one by which something is wanted: "By Saturday I should know"."""
    if compiled(_days(language).deadline).match(sentence) is None:
        return None
    return deadline(sentence, on, language)


def _days(language: str) -> Days:
    return DAYS.get(language, DAYS[ENGLISH])
