"""A recurring event into its instances, however long, wrong or hostile its rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING

from recipflow.connector import SetAside
from recipflow.model import Meeting
from recipflow_connectors import events, rrules

if TYPE_CHECKING:
    from icalendar import Component


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """All events of one UID, at least one of which repeats."""

    uid: str
    components: list[Component]
    horizon: datetime  #: instances are made until then
    zone: tzinfo
    cancels: bool = False

    @property
    def where(self) -> str:
        return f"event {self.uid[:100]}"

    @property
    def exceptions(self) -> list[Component]:
        return [one for one in self.components if "RECURRENCE-ID" in one]

    @property
    def master(self) -> Component | None:
        """The event with the rule; of several the latest."""
        masters = [one for one in self.components if "RECURRENCE-ID" not in one]
        return max(masters, key=events.sequence, default=None)


def recurs(component: Component) -> bool:
    """Whether an event stands for more than itself."""
    return "RRULE" in component or "RDATE" in component


def expand(series: Series, *, follow: bool = True) -> Iterator[Meeting | SetAside]:
    """The instances with their exceptions, those taken out (EXDATE) as cancelled; without `follow` the first only."""
    changed: set[str] = set()
    for found in events.single(series.uid, series.exceptions, series.zone, cancels=series.cancels):
        yield found
        if isinstance(found, Meeting):
            changed.add(found.id)
    master = series.master
    if master is None:
        return
    starts = events.start(master)
    if starts is None:
        yield SetAside(series.where, "it has no start one could go by")
    elif not follow:
        yield SetAside(series.where, "the rules of this calendar never end: the first time only")
        yield _first(series, master, starts)
    else:
        yield from _followed(series, master, starts, changed)


def _followed(
    series: Series, master: Component, starts: date, changed: set[str]
) -> Iterator[Meeting | SetAside]:
    try:
        first = events.instant(starts, series.zone)
        window, reason = rrules.window(master, first, series.horizon)
        if reason:
            yield SetAside(series.where, reason)
        if window is None or window > series.horizon:
            yield _first(series, master, starts)
            return
        yield from _taken_out(series, master, starts, window, changed)
        yield from _instances(series, master, window, changed)
    except Exception as fault:  # noqa: BLE001  (rules are as broken as they come; the first instance is sure)
        yield SetAside(series.where, f"its rule cannot be read ({type(fault).__name__}): the first time only")
        yield _first(series, master, starts)


def _first(series: Series, master: Component, starts: date) -> Meeting:
    ends = events.end(master, starts)
    return events.meeting(
        series.uid, master, starts, ends, series.zone, cancels=series.cancels, instance=starts
    )


def _taken_out(
    series: Series, master: Component, starts: date, window: datetime, changed: set[str]
) -> Iterator[Meeting]:
    lasts = events.end(master, starts) - starts
    for day in _exdates(master):
        if window <= events.instant(day, series.zone) <= series.horizon:
            gone = events.meeting(
                series.uid, master, day, day + lasts, series.zone, cancels=True, instance=day
            )
            if gone.id not in changed:
                changed.add(gone.id)
                yield gone


def _exdates(master: Component) -> Iterator[date]:
    given = master.get("EXDATE", [])
    for one in given if isinstance(given, list) else [given]:
        for entry in getattr(one, "dts", ())[: rrules.MAX_INSTANCES]:
            if isinstance(entry.dt, date):
                yield entry.dt


def _instances(series: Series, master: Component, window: datetime, changed: set[str]) -> Iterator[Meeting]:
    bounded = rrules.bounded(master, window, series.horizon, series.zone)
    for occurrence in _occurrences([bounded, *series.exceptions], window, series.horizon):
        begin = events.start(occurrence)
        if begin is None:
            continue
        one = events.meeting(
            series.uid,
            occurrence,
            begin,
            events.end(occurrence, begin),
            series.zone,
            cancels=series.cancels,
            instance=events.value(occurrence, "RECURRENCE-ID") or begin,
        )
        if one.id not in changed and one.starts >= window:
            changed.add(one.id)
            yield one


def _occurrences(components: list[Component], start: datetime, stop: datetime) -> list[Component]:
    import recurring_ical_events  # type: ignore[import-untyped]
    from icalendar import Calendar

    calendar = Calendar()
    for one in components:
        calendar.add_component(one)
    found: list[Component] = recurring_ical_events.of(calendar, skip_bad_series=False).between(start, stop)
    return found[-rrules.MAX_INSTANCES :]
