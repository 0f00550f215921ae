"""A month looked back on: what was thanked for, kept, asked and corrected, in counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from recipflow.counted import counted
from recipflow.derive.entries import entries_of
from recipflow.explain import lookup
from recipflow.model import ProfileName, Tag
from recipflow.review import Share, Spread, Trace, share, spread, trace
from recipflow.session import Session
from recipflow.store import Decision, Verb

IN_TIME = 7.0
"""Days within which thanks are still in time. Ours: a day is due, a week is not rude."""
TOO_FEW = "too few to say"
CAUTION = "What went along with what says nothing about what caused it."
_DAY = 86_400.0
_SAYS_OTHERWISE = frozenset({Verb.CORRECT, Verb.WRONG, Verb.DISMISS, Verb.SNOOZE, Verb.NEVER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What happened between two instants."""

    since: datetime
    until: datetime
    thanks: Share
    promises: Share
    inside: Share
    outside: Share
    give_to_yes: Spread
    corrections: dict[str, int]

    @property
    def empty(self) -> bool:
        """Whether there is nothing at all to count."""
        counted = (self.thanks, self.promises, self.inside, self.outside, self.give_to_yes)
        return not self.corrections and not any(one.of for one in counted)

    def as_json(self) -> dict[str, Any]:
        return {
            "since": self.since,
            "until": self.until,
            "thanks_in_time": self.thanks._asdict(),
            "promises_kept": self.promises._asdict(),
            "asks_inside_windows": self.inside._asdict(),
            "asks_outside_windows": self.outside._asdict(),
            "days_from_give_to_yes": self.give_to_yes._asdict(),
            "corrections": self.corrections,
        }


def review(session: Session, since: datetime, until: datetime) -> Review:
    """Of all contacts together; close friends are left out of what is asked, for nobody keeps books there."""
    first, last = since.timestamp() / _DAY, until.timestamp() / _DAY
    thanks: list[bool] = []
    promises: list[bool] = []
    asks: list[tuple[bool, bool]] = []
    days: list[float] = []
    for contact in lookup.contacts(session):
        if contact.tags & {Tag.NEVER, Tag.PRIVATE}:
            continue
        entries = entries_of(session.store, contact.id, contact.addresses, session.me, session.words)
        known = [entry for entry in entries if entry.at <= until]
        found = trace(known, session.context.terms(contact), last, session.zone)
        thanks += _thanks(found, first, last)
        promises += [kept for due, kept in found.promised if first <= due < last]
        if contact.profile is not ProfileName.CLOSE:
            asks += [(inside, yes) for at, inside, yes in found.asked if first <= at < last]
            days += [took for at, took in found.give_to_yes if first <= at < last]
    inside, outside = ([yes for within, yes in asks if within is where] for where in (True, False))
    return Review(
        since=since,
        until=until,
        thanks=share(sum(thanks), len(thanks)),
        promises=share(sum(promises), len(promises)),
        inside=share(sum(inside), len(inside)),
        outside=share(sum(outside), len(outside)),
        give_to_yes=spread(days),
        corrections=_corrections(session.store.decisions.standing(), since, until),
    )


def _thanks(found: Trace, first: float, last: float) -> list[bool]:
    """Favours whose week for thanks ended within the span."""
    ripe = [(at, said) for at, said in found.thanked if first <= at + IN_TIME < last]
    return [said is not None and said <= at + IN_TIME for at, said in ripe]


def _corrections(decisions: tuple[Decision, ...], since: datetime, until: datetime) -> dict[str, int]:
    said = (one for one in decisions if one.verb in _SAYS_OTHERWISE and since <= one.at < until)
    return dict(sorted(Counter(one.verb.value for one in said).items()))


def month_of(year: int, month: int, zone: tzinfo) -> tuple[datetime, datetime]:
    """When a month of the user's begins, and when the next one does."""
    first = datetime(year, month, 1, tzinfo=zone)
    last = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone)
    return first.astimezone(UTC), last.astimezone(UTC)


def lines(found: Review) -> Iterator[str]:
    """The counts in sentences; of too few it says so."""
    for title, one in (
        ("Thanks within a week", found.thanks),
        ("Promises kept in time", found.promises),
        ("Asks inside a window, answered by yes", found.inside),
        ("Asks outside, answered by yes", found.outside),
    ):
        yield f"{title}: {_share(one)}."
    days = found.give_to_yes
    said = (
        TOO_FEW
        if days.median is None
        else f"half of them {days.low:.0f} to {days.high:.0f}, median {days.median:.0f}"
    )
    yield f"Days from what you gave to a yes: {counted(days.of, 'time')}, {said}."
    corrected = ", ".join(f"{verb} {number}" for verb, number in found.corrections.items()) or "nothing"
    yield f"What you set right: {corrected}."


def _share(one: Share) -> str:
    if one.low is None or one.high is None:
        return f"{one.hits} of {one.of}, {TOO_FEW}"
    return f"{one.hits} of {one.of}; between {one.low:.0%} and {one.high:.0%}"
