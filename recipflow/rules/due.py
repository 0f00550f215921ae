"""The day a sentence names: "by Friday", "tomorrow", "end of the month", "the 23rd", ISO dates."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from recipflow.rules.patterns import finder

FRIDAY = 4
_SEASON = timedelta(days=60)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "couple": 2, "few": 3}

_BY = r"\b(?:by|before|until|till|no later than|not later than|deadline|due|latest)\b"
_DAY = re.compile(
    r"\b(?:(?P<iso>\d{4}-\d{2}-\d{2})"
    r"|(?P<today>today|tonight|eod|cob|close of business|end of (?:the )?day|this (?:morning|afternoon|evening)"
    r"|in an hour|right away)"
    r"|(?P<tomorrow>tomorrow|tomorow|first thing|in the morning)"
    r"|(?:(?P<next>next )|this |on |by )?(?P<weekday>mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|satur|sun(?=day))(?:day)?"
    r"|(?P<week>(?:end of (?:the |this )?|this |later (?:this )?)week|eow|the weekend|this weekend)"
    r"|(?P<nextweek>(?:early |late )?next week)"
    r"|(?P<month>(?:end of (?:the |this )?|this )month|eom|month-?end)"
    r"|(?P<nextmonth>next month)"
    r"|(?:in|within) (?:a )?(?P<count>\d{1,2}|an?|one|two|three|four|five|couple|few) (?:of )?(?P<unit>day|week|month)s?"
    r"|(?:the )?(?P<day>\d{1,2})(?:st|nd|rd|th)?(?: of)? (?P<name>jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)"
    r"(?:uary|ruary|ch|il|ust|tember|ober|ember)?"
    r"|(?P<name2>jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?:uary|ruary|ch|il|ust|tember|ober|ember)?\.? "
    r"(?P<day2>\d{1,2})(?:st|nd|rd|th)?"
    r"|the (?P<ordinal>\d{1,2})(?:st|nd|rd|th))\b"
)
_DEADLINE = re.compile(_BY)
_NAMES = "(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)"
_PERHAPS = finder(
    (
        rf"week|month|\d{{4}}-\d\d-\d\d|\d(?:st|nd|rd|th)\b|\d(?: of)? {_NAMES}|\b{_NAMES}[a-z]*\.? \d",
        r"\b(?:today|tonight|eod|cob|close of|this (?:morning|afternoon|evening)|in an hour|right away|tomor|first thing"
        r"|in the morning|mon|tue|wed|thu|fri|satur|sun|eow|eom|days?\b)",
    )
)


def day_named(sentence: str, on: date) -> date | None:
    """The first day the sentence (in plain form) names, as its writer understood it on the day `on`."""
    found = _DAY.search(sentence)
    return None if found is None else _day(found, on)


def _may_name(text: str) -> bool:
    """Whether a day may be named: asked of every letter, it takes a tenth of the time of looking for one."""
    return not text.isascii() or _PERHAPS(text)


def last_named(sentences: Iterable[str], on: date) -> date | None:
    """The last of the days ahead that a letter of the day `on` names; days of another season are about something else."""
    said = list(sentences)
    if not _may_name("\n".join(said)):
        return None
    named = (_day(found, on) for sentence in filter(_may_name, said) for found in _DAY.finditer(sentence))
    return max((day for day in named if day and on <= day <= on + _SEASON), default=None)


def _day(found: re.Match[str], on: date) -> date | None:
    groups = {name: value for name, value in found.groupdict().items() if value}
    for name, read in _READERS.items():
        if name in groups:
            try:
                return read(groups, on)
            except (ValueError, OverflowError):
                return None
    return None


def deadline(sentence: str, on: date) -> date | None:
    """The day by which the sentence wants something, None where it sets no deadline."""
    found = _DEADLINE.search(sentence)
    return day_named(sentence[found.start() :], on) if found else None


def _iso(groups: dict[str, str], _on: date) -> date:
    return date.fromisoformat(groups["iso"])


def _weekday(groups: dict[str, str], on: date) -> date:
    """The next such day, never today; "next Tuesday" is the one of next week."""
    wanted = _WEEKDAYS.index(groups["weekday"][:3])
    if "next" in groups:
        return on + timedelta(days=7 - on.weekday() + wanted)
    return on + timedelta(days=(wanted - on.weekday() - 1) % 7 + 1)


def _week(_groups: dict[str, str], on: date) -> date:
    return on + timedelta(days=(FRIDAY - on.weekday()) % 7)


def _next_week(_groups: dict[str, str], on: date) -> date:
    return on + timedelta(days=7 - on.weekday() + FRIDAY)


def _month(_groups: dict[str, str], on: date) -> date:
    return on.replace(day=monthrange(on.year, on.month)[1])


def _next_month(_groups: dict[str, str], on: date) -> date:
    first = _month({}, on) + timedelta(days=1)
    return _month({}, first)


def _count(groups: dict[str, str], on: date) -> date:
    count = _NUMBERS.get(groups["count"]) or int(groups["count"])
    return on + timedelta(days=count * {"day": 1, "week": 7, "month": 30}[groups["unit"]])


def _named(groups: dict[str, str], on: date) -> date:
    day = int(groups.get("day") or groups["day2"])
    month = _MONTHS.index((groups.get("name") or groups["name2"])[:3]) + 1
    return _ahead(date(on.year, month, day), on)


def _ahead(day: date, on: date) -> date:
    """A date long past without its year is next year's."""
    return day if (on - day).days < 60 else day.replace(year=day.year + 1)


def _ordinal(groups: dict[str, str], on: date) -> date:
    day = int(groups["ordinal"])
    if day >= on.day:
        return on.replace(day=day)
    return (_month({}, on) + timedelta(days=1)).replace(day=day)


_READERS: dict[str, Callable[[dict[str, str], date], date]] = {
    "iso": _iso,
    "today": lambda _groups, on: on,
    "tomorrow": lambda _groups, on: on + timedelta(days=1),
    "weekday": _weekday,
    "week": _week,
    "nextweek": _next_week,
    "month": _month,
    "nextmonth": _next_month,
    "count": _count,
    "name": _named,
    "name2": _named,
    "ordinal": _ordinal,
}
