"""Time given and received in meetings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from recipflow.model import Act, ActType, Attendee, Kind, Meeting, PartStat, Side
from recipflow.rules.rule import Rule

UNIT = timedelta(minutes=15)
"""One favour unit of time."""

MOST = 10.0
"""fu of the longest meeting."""

LARGE = 4
"""Others in a meeting above which nobody's time is given to anybody in particular."""

CERTAINTY = 0.8


def read_meeting(meeting: Meeting, me: frozenset[str], rules: Sequence[Rule]) -> tuple[Act, ...]:
    """Time the organiser was given by whoever attends: by me where they asked, by them where I did.

    Cancelled, declined, large, standing, all-day and private meetings count for nothing, nor does what a rule of no
    act names (a block of one's own time, a webinar).
    """
    if (
        meeting.cancelled
        or meeting.all_day
        or meeting.recurring
        or meeting.private
        or meeting.ends <= meeting.starts
    ):
        return ()
    others = [attendee for attendee in _people(meeting) if attendee.address not in me]
    if not 0 < len(others) <= LARGE or any(rule.act is None for rule in rules):
        return ()
    return tuple(_acts(meeting, me, others))


def _people(meeting: Meeting) -> list[Attendee]:
    people = {attendee.address: attendee for attendee in meeting.attendees}
    if meeting.organizer:
        accepted = Attendee(meeting.organizer.address, meeting.organizer.name, PartStat.ACCEPTED)
        people.setdefault(meeting.organizer.address, accepted)
    return list(people.values())


def _acts(meeting: Meeting, me: frozenset[str], others: list[Attendee]) -> Iterator[Act]:
    organizer = meeting.organizer.address if meeting.organizer else ""
    if organizer in me:
        for attendee in others:
            if attendee.partstat is PartStat.ACCEPTED:
                yield _time(meeting, attendee.address, Side.THEM)
    elif organizer and _i_attend(meeting, me):
        yield _time(meeting, organizer, Side.ME)


def _i_attend(meeting: Meeting, me: frozenset[str]) -> bool:
    mine = [attendee.partstat for attendee in meeting.attendees if attendee.address in me]
    return PartStat.ACCEPTED in mine and PartStat.DECLINED not in mine


def _time(meeting: Meeting, contact: str, by: Side) -> Act:
    return Act(
        contact=contact,
        by=by,
        act=ActType.GIVE,
        kind=Kind.MEETING,
        size=min(MOST, (meeting.ends - meeting.starts) / UNIT),
        quote=meeting.summary,
        rule="meeting.time",
        confidence=CERTAINTY,
    )
