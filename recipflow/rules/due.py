"""The day a sentence names: "by Friday", "tomorrow", "end of the month", "the 23rd", ISO dates."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import pairwise

from recipflow.rules.days import DAYS, ENGLISH, Days
from recipflow.rules.gone import any_such, passed_over

FRIDAY = 4
SUNDAY = 6
_SEASON = timedelta(days=60)
_HALF_A_YEAR = timedelta(days=183)
_UNITS = {"d": 1, "t": 1, "w": 7, "s": 7, "m": 30}
"""Days in a day, week or month, by the letter that its name begins with: Tag, día, Woche, semana."""

_EARLY = re.compile("early|beginning|start|anfang|inicio|principio")
_CHOICE = re.compile(r"[\w' .:()-]{0,24}?(?:,|/|\b(?:or|oder|ou|o)\b){1,2}[\w' .:()-]{0,24}", re.ASCII)
_OR = re.compile(r"/|\b(?:or|oder|ou|o)\b")
"""What stands between days to choose from: "Monday, Tuesday morning or Friday"."""

_OF = re.compile(r"\b(?:of|from|for|vom|von|fuer|d[aeo]|de la|del) $")
_BREAKS = re.compile(r"[,;:]|\b(?:and|but|then|so|und|aber|dann|e|mas|y|pero|luego|depois|despues)\b")


def day_named(sentence: str, on: date, language: str = ENGLISH) -> date | None:
    """The first day the sentence (in plain form) names, as its writer understood it on the day `on`."""
    days = _days(language)
    named = (one for one in days.day.finditer(sentence) if not any_such(one, sentence))
    found = next(named, None)
    return None if found is None else _day(found, on, days)


def day_asked(sentence: str, on: date, language: str = ENGLISH) -> date | None:
    """The day after which what the sentence asks is of no use: of days to choose from the last, of those gone by none."""
    days = _days(language)
    ahead = (one for one in days.day.finditer(sentence) if not passed_over(one, sentence))
    named = [(one, day) for one in ahead if (day := _day(one, on, days)) is not None]
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
    found = days.in_month.search(sentence)
    if found is None:
        return None
    month = days.months[found["name"][:3]]
    ends = _last_of_month(date(on.year + (month < on.month), month, 1))
    return ends if ends - on <= _HALF_A_YEAR else None


def day_promised(sentence: str, on: date, language: str = ENGLISH) -> date | None:
    """The day by which a promise is to be there: of several, the one nearest to the verb that brings it; else the first.

    "I'll look today and tell you tomorrow" is kept tomorrow.
    """
    days = _days(language)
    named = [one for one in days.day.finditer(sentence) if not any_such(one, sentence)]
    brings = days.delivers.search(sentence) if len(named) > 1 else None
    if brings is None:
        return _day(named[0], on, days) if named else None
    ahead = [one for one in named if not _names_a_thing(sentence, one)] or named
    return _day(min(ahead, key=lambda one: _apart(sentence, one, brings)), on, days)


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
        _day(found, on, days)
        for sentence in filter(days.may_name, said)
        for found in days.day.finditer(sentence)
        if not passed_over(found, sentence)
    )
    return max((day for day in named if day and on <= day <= on + _SEASON), default=None)


def deadline(sentence: str, on: date, language: str = ENGLISH) -> date | None:
    """The day by which the sentence wants something, None where it sets no deadline."""
    found = _days(language).deadline.search(sentence)
    return day_named(sentence[found.start() :], on, language) if found else None


def deadline_alone(sentence: str, on: date, language: str = ENGLISH) -> date | None:
    """The day that a sentence begins with as one by which something is wanted: "By Saturday I should know"."""
    if _days(language).deadline.match(sentence) is None:
        return None
    return deadline(sentence, on, language)


def _days(language: str) -> Days:
    return DAYS.get(language, DAYS[ENGLISH])


Said = dict[str, str]
"""What each named group of a language's pattern found."""


def _day(found: re.Match[str], on: date, days: Days) -> date | None:
    groups = {name: value for name, value in found.groupdict().items() if value}
    for name, read in _READERS.items():
        if name in groups:
            try:
                return read(groups, on, days)
            except (ValueError, OverflowError):
                return None
    return None


def _iso(groups: Said, _on: date, _days: Days) -> date:
    return date.fromisoformat(groups["iso"])


def _weekday(groups: Said, on: date, days: Days) -> date:
    """The next such day, never today; "next Tuesday" is the one of next week, "Friday 26" the 26th if it is a Friday."""
    wanted = days.weekdays[(groups.get("weekday") or groups["weekday2"])[:3]]
    if "monthday" in groups and (day := _of_that_name(int(groups["monthday"]), wanted, on)):
        return day
    if "next" in groups or "next2" in groups:
        return on + timedelta(days=7 - on.weekday() + wanted)
    return on + timedelta(days=(wanted - on.weekday() - 1) % 7 + 1)


def _of_that_name(number: int, weekday: int, on: date) -> date | None:
    """The next day of that number in a month, if it is that weekday."""
    try:
        day = _of_the_month(number, on)
    except ValueError:
        return None
    return day if day.weekday() == weekday else None


def _week(_groups: Said, on: date, _days: Days) -> date:
    return on + timedelta(days=(FRIDAY - on.weekday()) % 7)


def _weekend(_groups: Said, on: date, _days: Days) -> date:
    return on + timedelta(days=SUNDAY - on.weekday())


def _next_weekend(groups: Said, on: date, days: Days) -> date:
    return _weekend(groups, on, days) + timedelta(days=7)


def _next_week(_groups: Said, on: date, _days: Days) -> date:
    return on + timedelta(days=7 - on.weekday() + FRIDAY)


def _month(_groups: Said, on: date, _days: Days) -> date:
    return _last_of_month(on)


def _next_month(_groups: Said, on: date, _days: Days) -> date:
    return _last_of_month(_last_of_month(on) + timedelta(days=1))


def _month_named(groups: Said, on: date, days: Days) -> date:
    """Early in a month is over with its first third, its middle with the second."""
    month = _ahead(date(on.year, days.months[groups["name3"][:3]], 1), on)
    thirds = 1 if _EARLY.match(groups["part"]) else 2 if groups["part"].startswith(("mi", "me")) else 3
    return _last_of_month(month) if thirds == 3 else month + timedelta(days=10 * thirds - 1)


def _year(_groups: Said, on: date, _days: Days) -> date:
    return date(on.year, 12, 31)


def _last_of_month(on: date) -> date:
    return on.replace(day=monthrange(on.year, on.month)[1])


def _count(groups: Said, on: date, days: Days) -> date:
    count = days.numbers.get(groups["count"]) or int(groups["count"])
    return on + timedelta(days=count * _UNITS[groups["unit"][0]])


def _named(groups: Said, on: date, days: Days) -> date:
    day = int(groups.get("day") or groups["day2"])
    return _ahead(date(on.year, days.months[(groups.get("name") or groups["name2"])[:3]], day), on)


def _numbered(groups: Said, on: date, _days: Days) -> date:
    return _ahead(date(on.year, int(groups["number"]), int(groups["day2"])), on)


def _ahead(day: date, on: date) -> date:
    """A date long past without its year is next year's."""
    return day if (on - day).days < 60 else day.replace(year=day.year + 1)


def _ordinal(groups: Said, on: date, _days: Days) -> date:
    return _of_the_month(int(groups.get("ordinal") or groups["ordinal2"]), on)


def _of_the_month(day: int, on: date) -> date:
    """The next day of that number, today too; a ValueError where the month has none."""
    if day >= on.day:
        return on.replace(day=day)
    return (_last_of_month(on) + timedelta(days=1)).replace(day=day)


def _in(days: int) -> Callable[[Said, date, Days], date]:
    return lambda _groups, on, _days: on + timedelta(days=days)


_READERS: dict[str, Callable[[Said, date, Days], date]] = {
    "iso": _iso,
    "today": _in(0),
    "tomorrow": _in(1),
    "overmorrow": _in(2),
    "weekday": _weekday,
    "weekday2": _weekday,
    "week": _week,
    "weekend": _weekend,
    "nextweekend": _next_weekend,
    "nextweek": _next_week,
    "name3": _month_named,
    "month": _month,
    "nextmonth": _next_month,
    "year": _year,
    "count": _count,
    "name": _named,
    "name2": _named,
    "number": _numbered,
    "ordinal": _ordinal,
    "ordinal2": _ordinal,
}
