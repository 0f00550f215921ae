"""What a recurrence rule amounts to: how often, how long, whether ever; so that none keeps a machine busy."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from recipflow_connectors import events

if TYPE_CHECKING:
    from icalendar import Component

#: How far into the future a series is followed.
AHEAD = timedelta(days=60)
#: Of one series so many instances at most; the latest are the ones that matter.
MAX_INSTANCES = 2_000
#: A series without anybody else in it (birthdays, holidays, habits) says nothing of a relationship: a year will do.
ALONE = timedelta(days=366)
#: Steps that dateutil may take through a rule; some microseconds each.
_MAX_STEPS = 40_000
_TOO_OFTEN = "it repeats too often or has for too long: the first time only"
_NEVER = "its rule never comes true: the first time only"
_DAY = timedelta(days=1)
_PERIOD = {
    "YEARLY": 365.2,
    "MONTHLY": 30.4,
    "WEEKLY": 7.0,
    "DAILY": 1.0,
    "HOURLY": 1 / 24,
    "MINUTELY": 1 / 1_440,
    "SECONDLY": 1 / 86_400,
}
_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def window(master: Component, first: datetime, horizon: datetime) -> tuple[datetime | None, str]:
    """From when on instances are to be made, and why not from the start; None if only the first is to be."""
    start, reason = first, ""
    for rule in of(master):
        problem = _problem(rule, (horizon - first) / _DAY)
        if problem:
            return None, problem
        if 0 < int(_one(rule, "COUNT", 0)) <= MAX_INSTANCES:
            continue
        last = min([horizon, *(events.instant(one, UTC) for one in _all(rule, "UNTIL"))])
        span = timedelta(days=min(MAX_INSTANCES / _pace(rule)[1], 36_500.0))
        if "ATTENDEE" not in master:
            start = max(start, last - AHEAD - min(ALONE, span))
        elif last - span > start:
            start, reason = last - span, f"a long series: its last {MAX_INSTANCES} times only"
    return start, reason


def bounded(master: Component, start: datetime, horizon: datetime, zone: tzinfo) -> Component:
    """The event with an end to its rules, and its start brought close to `start`: no rule runs for ever."""
    bounded: Component = master.copy()
    rules = [deepcopy(rule) for rule in of(master)]
    if rules:
        bounded["RRULE"] = rules if len(rules) > 1 else rules[0]
    for rule in rules:
        until = _one(rule, "UNTIL", None)
        if "COUNT" not in rule and (until is None or events.instant(until, UTC) > horizon):
            rule["UNTIL"] = [_like(events.start(master), horizon)]
    starts = events.start(master)
    if len(rules) == 1 and "COUNT" not in rules[0] and starts is not None:
        _move(bounded, starts, _leap(rules[0], starts, start, zone))
    return bounded


def of(component: Component) -> list[Any]:
    """The rules of an event; more than one is against the RFC, and happens."""
    given = component.get("RRULE", [])
    return given if isinstance(given, list) else [given]


def _problem(rule: Any, days: float) -> str:
    """Why a rule is not to be followed for so many days; empty when it may be."""
    period, rate = _pace(rule)
    count = int(_one(rule, "COUNT", 0))
    steps = max(0.0, days) / period
    if count and not _filters(rule):
        steps = min(steps, count)
    if period < 1 and {"BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS"} & set(rule):
        return _TOO_OFTEN
    if (rate > 24 and steps > MAX_INSTANCES) or (steps > _MAX_STEPS and not _can_leap(rule)):
        return _TOO_OFTEN
    return "" if _comes_true(rule) else _NEVER


def _comes_true(rule: Any) -> bool:
    """Whether there is a day the rule can mean; dateutil would look for it until the year 9999."""
    frequency = str(_one(rule, "FREQ", "DAILY")).upper()
    if frequency != "YEARLY" and ("BYWEEKNO" in rule or "BYYEARDAY" in rule):
        return False
    months = [int(month) for month in _all(rule, "BYMONTH")] or list(range(1, 13))
    days = [abs(int(day)) for day in _all(rule, "BYMONTHDAY")] or [1]
    if not any(1 <= month <= 12 and 1 <= day <= _LENGTHS[month - 1] for month in months for day in days):
        return False
    positions = [abs(int(one)) for one in _all(rule, "BYSETPOS")] or [1]
    return min(positions) <= max(1.0, _pace(rule, bounded=False)[1])


def _filters(rule: Any) -> bool:
    """Whether the rule passes over some of its steps, so that COUNT does not bound them."""
    return any(name.upper().startswith("BY") for name in rule)


def _pace(rule: Any, *, bounded: bool = True) -> tuple[float, float]:
    """Days in a step of the rule, and a bound on its instances a day; unbounded: in a step."""
    frequency = str(_one(rule, "FREQ", "DAILY")).upper()
    interval = max(1, int(_one(rule, "INTERVAL", 1)))
    period = _PERIOD.get(frequency, 1.0) * interval
    within = 1
    for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        within *= len(_all(rule, name)) or 1
    if period < 1:
        return period, within / period
    days = 1
    for name in ("BYDAY", "BYMONTHDAY", "BYMONTH", "BYWEEKNO", "BYYEARDAY"):
        days *= len(_all(rule, name)) or 1
    if frequency in ("YEARLY", "MONTHLY"):
        days *= (53 if frequency == "YEARLY" else 5) if "BYDAY" in rule else 7 if "BYWEEKNO" in rule else 1
    return period, (min(days / period, 1.0) if bounded else days) * within


def _can_leap(rule: Any) -> bool:
    return "COUNT" not in rule and str(_one(rule, "FREQ", "")).upper() in ("DAILY", "WEEKLY", "YEARLY")


def _leap(rule: Any, starts: date, window: datetime, zone: tzinfo) -> date:
    """A start shortly before the window from which the rule gives the same instances."""
    frequency, interval = str(_one(rule, "FREQ", "")).upper(), int(_one(rule, "INTERVAL", 1))
    days = (window - events.instant(starts, zone)).days
    if frequency in ("DAILY", "WEEKLY"):
        step = interval * (7 if frequency == "WEEKLY" else 1)
        return starts + timedelta(days=max(0, days // step - 1) * step)
    years = max(0, days // 366 // interval - 1) * interval
    if frequency != "YEARLY" or (starts.month, starts.day) == (2, 29):
        return starts
    return starts.replace(year=starts.year + years)


def _move(component: Component, starts: date, to: date) -> None:
    if to == starts:
        return
    ends = events.end(component, starts)
    for name in ("DTSTART", "DTEND", "DURATION"):
        component.pop(name, None)
    component.add("DTSTART", to)
    component.add("DTEND", to + (ends - starts))


def _all(rule: Any, name: str) -> list[Any]:
    found = rule.get(name, [])
    return found if isinstance(found, list) else [found]


def _one(rule: Any, name: str, default: Any) -> Any:
    found = _all(rule, name)
    return found[0] if found else default


def _like(starts: date | None, horizon: datetime) -> date:
    """`horizon` in the form UNTIL must have beside such a start."""
    if not isinstance(starts, datetime):
        return horizon.date()
    return horizon if starts.tzinfo is not None else horizon.replace(tzinfo=None)
