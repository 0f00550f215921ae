"""What day the words for one mean on the day they were written: a weekday, the 23rd, "in two weeks", the end of the month."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from recipflow.rules.days import Days

FRIDAY = 4
SUNDAY = 6
_UNITS = {"d": 1, "t": 1, "w": 7, "s": 7, "m": 30}
"""Days in a day, week or month, by the letter that its name begins with: Tag, día, Woche, semana."""

_EARLY = re.compile("early|beginning|start|anfang|inicio|principio")

Said = dict[str, str]
"""What each named group of a language's pattern found."""


def day_of(found: re.Match[str], on: date, days: Days) -> date | None:
    """The day that a match of `days.day` names, as understood on the day `on`; None where there is no such day."""
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
    return last_of_month(on)


def _next_month(_groups: Said, on: date, _days: Days) -> date:
    return last_of_month(last_of_month(on) + timedelta(days=1))


def _month_named(groups: Said, on: date, days: Days) -> date:
    """Early in a month is over with its first third, its middle with the second."""
    month = _ahead(date(on.year, days.months[groups["name3"][:3]], 1), on)
    thirds = 1 if _EARLY.match(groups["part"]) else 2 if groups["part"].startswith(("mi", "me")) else 3
    return last_of_month(month) if thirds == 3 else month + timedelta(days=10 * thirds - 1)


def _year(_groups: Said, on: date, _days: Days) -> date:
    return date(on.year, 12, 31)


def last_of_month(on: date) -> date:
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
    return (last_of_month(on) + timedelta(days=1)).replace(day=day)


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
