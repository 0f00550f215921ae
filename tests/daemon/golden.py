"""A year's mailbox played with a fast clock: what reached the user, and what was expected to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from recipflow import config
from recipflow.model import NormName
from recipflow.store import DeliveryForm, DeliveryState, LifeState
from recipflow.testing.memory import NEVER, Fault
from tests.daemon.simulation import Computer, Provider
from tests.worlds import Posted, World

START = datetime(2025, 10, 1, 5, tzinfo=UTC)
_STANDS = frozenset({LifeState.NEW, LifeState.SHOWN})
NO_MORE = 200
"""Times a job is begun anew at one instant: should it fail so often, it is at fault itself."""


class Stood(NamedTuple):
    """A nudge that stood at some instant."""

    key: str
    kind: str
    contact: str


@dataclass
class Outcome:
    """What a run came to."""

    posted: list[Posted] = field(default_factory=list)  #: as the mailbox has them
    digests: dict[str, str] = field(default_factory=dict)  #: by key of the delivery: whom it was about
    lives: dict[str, tuple[str, str, str, int]] = field(default_factory=dict)
    reminders: dict[str, str] = field(default_factory=dict)  #: contact, by key, of all that were decided on
    put_up: dict[str, list[datetime]] = field(default_factory=dict)  #: when an event was seen in the calendar
    twice: list[str] = field(default_factory=list)  #: events that were there two of
    last: list[str] = field(default_factory=list)  #: the events that are there in the end
    wanted: list[str] = field(
        default_factory=list
    )  #: those that should be: not taken back, or their time is over
    until: dict[str, datetime] = field(default_factory=dict)  #: when a nudge was last seen to stand
    left: list[str] = field(default_factory=list)  #: deliveries that never came to an end
    standing: dict[datetime, frozenset[Stood]] = field(default_factory=dict)
    noticed: Counter[str] = field(
        default_factory=Counter
    )  #: by key of the advice: how often the desktop showed it
    deaths: int = 0

    @property
    def doubled(self) -> list[str]:
        counted = Counter(one.token for one in self.posted)
        return [token for token, count in counted.items() if count > 1]

    def next_digest(self, at: datetime) -> datetime:
        return min((one.at for one in self.posted if one.at > at), default=at)

    def told(self, key: str) -> list[Posted]:
        return [one for one in self.posted if key in one.keys]


def play(
    place: Path,
    world: World,
    people: Path,
    *,
    until: datetime,
    start: datetime = START,
    every: timedelta = timedelta(hours=12),
    instants: Sequence[datetime] = (),
    faults: Callable[[str], Fault] = NEVER,
) -> Outcome:
    """One run from `start`, when all that came before is there, to `until`.

    Mail is looked for so often, for each digest, and at these instants.
    """
    provider = world if isinstance(world, Provider) else Provider()
    calm = faults is NEVER
    outcome, ahead = Outcome(), start
    made = Computer(place, provider, start, settings(people), faults=faults, keep_open=calm, world=world)
    with closing(made) as computer:
        while computer.now < until:
            ahead = max(ahead, computer.now) + every if ahead <= computer.now else ahead
            due = [at for at in instants if computer.now < at <= ahead]
            wake, reads = _next(computer, min([*due, ahead, until]))
            computer.now = wake
            _awake(computer, outcome, reads=reads)
            if computer.now in instants:
                outcome.standing[computer.now] = _standing(computer)
        computer.faults = NEVER
        _settle(computer, outcome)
        _collect(computer, outcome)
    return outcome


def _next(computer: Computer, planned: datetime) -> tuple[datetime, bool]:
    """When the daemon is at work again, and whether it looks for mail then: its own alarm may ring before."""
    due = computer.engine().due()
    alarm = min((at for at in (due.advice, due.outbox) if at is not None), default=planned)
    morning = min(due.digest or planned, planned)
    soon = computer.now + timedelta(seconds=2)
    if alarm < morning:
        return max(alarm, soon), False
    return max(morning, soon), True


def _awake(computer: Computer, outcome: Outcome, *, reads: bool) -> None:
    """One wake. A daemon that was killed is started again at once, and goes on with what it was at."""
    for _ in range(NO_MORE):
        if computer.work(reads=reads):
            break
    else:
        raise AssertionError(f"it comes to no end at {computer.now}")
    there = computer.world.put_up()
    outcome.twice += [key for key, count in Counter(there).items() if count > 1]
    for key in there:
        outcome.put_up.setdefault(key, []).append(computer.now)
    with computer.session() as session:
        lives = session.store.decisions.lives()
    outcome.until |= {key: computer.now for key, life in lives.items() if life.state in _STANDS}


def _settle(computer: Computer, outcome: Outcome) -> None:
    """What was interrupted last comes to its end."""
    for _ in range(6):
        computer.now += timedelta(minutes=20)
        _awake(computer, outcome, reads=False)


def settings(people_file: Path) -> dict[str, Any]:
    me, people = config.people_from_json(people_file, NormName.NEUTRAL)
    assert me
    contacts = [
        {
            "addresses": list(one.addresses),
            "name": one.name,
            "tags": [tag.value for tag in one.tags],
            **({"profile": one.profile.value} if one.profile else {}),
        }
        for one in people
    ]
    return {
        "me.addresses": list(me.addresses),
        "me.name": me.name,
        "me.tz": me.tz,
        "contacts": contacts,
        "digest.quiet_days": [],
        "notices.enabled": True,
    }


def _standing(computer: Computer) -> frozenset[Stood]:
    with computer.session() as session:
        found = session.nudges(computer.now)
        return frozenset(Stood(one.key, one.kind.value, one.contact) for one in found)


def _collect(computer: Computer, outcome: Outcome) -> None:
    outcome.posted, outcome.last = computer.world.posted(), computer.world.put_up()
    outcome.deaths = computer.deaths
    with computer.session() as session:
        for row in session.store.deliveries.of(DeliveryForm.LETTER):
            if row.state is DeliveryState.DELIVERED:
                outcome.digests[row.key] = row.nudge
            elif row.state not in (DeliveryState.NOTHING, DeliveryState.FAILED):
                outcome.left.append(row.key)
        for key, life in session.store.decisions.lives().items():
            outcome.lives[key] = (life.kind, life.contact, life.state.value, life.shown_count)
        for row in session.store.deliveries.of(DeliveryForm.NOTICE):
            if row.state is DeliveryState.DELIVERED:
                outcome.noticed[row.key.rpartition(" ")[2]] += 1
        for row in session.store.deliveries.of(DeliveryForm.REMINDER):
            outcome.reminders[row.key] = row.contact
            if row.state in (DeliveryState.DELIVERED, DeliveryState.OVER):
                outcome.wanted.append(row.key)
            elif row.state is not DeliveryState.REMOVED:
                outcome.left.append(row.key)


@dataclass
class Judged:
    """A run against the expectations that are clear."""

    musts: int = 0
    must_nots: int = 0
    reached: Counter[str] = field(default_factory=Counter)  #: how: so many mornings, or a reminder
    missed: list[str] = field(default_factory=list)
    over: list[str] = field(default_factory=list)  #: that stood no more when the next digest was made
    broken: list[str] = field(default_factory=list)
    before: list[str] = field(
        default_factory=list
    )  #: said within a day before it was not to be said any more

    @property
    def faults(self) -> list[str]:
        return [*self.missed, *self.broken]


def judged(outcome: Outcome, expected: Iterable[Mapping[str, Any]]) -> Judged:
    """Each must stood, and was told in some digest or by an event; no must-not stood, and none was told."""
    found = Judged()
    for instant in expected:
        at = datetime.fromisoformat(instant["at"])
        if at not in outcome.standing:
            continue
        for row in _clear(instant["must"]):
            found.musts += 1
            _must(found, outcome, at, row)
        for row in _clear(instant["must_not"]):
            found.must_nots += 1
            _must_not(found, outcome, at, row)
    return found


def _clear(rows: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    return (row for row in rows if row["strength"] == "clear")


def _must(found: Judged, outcome: Outcome, at: datetime, row: Mapping[str, Any]) -> None:
    others = row.get("or", [])
    kinds = {row["kind"], *([others] if isinstance(others, str) else others)}
    name = f"{at:%Y-%m-%d} {row['kind']} {row['contact']}"
    stood = [one for one in outcome.standing[at] if one.kind in kinds and one.contact == row["contact"]]
    mornings = max((len(outcome.told(one.key)) for one in stood), default=0)
    if not stood:
        found.missed.append(f"{name}: does not stand")
    elif mornings:
        found.reached["one morning" if mornings == 1 else f"{mornings} mornings"] += 1
    elif any(outcome.noticed[one.key] for one in stood):
        found.reached["a notice"] += 1
    elif any(
        outcome.reminders.get(key) == row["contact"] and at in seen for key, seen in outcome.put_up.items()
    ):
        found.reached["an event"] += 1
    elif all(outcome.until[one.key] < outcome.next_digest(at) for one in stood):
        found.over.append(name)
    else:
        found.missed.append(f"{name}: stands, and was never told")


def _must_not(found: Judged, outcome: Outcome, at: datetime, row: Mapping[str, Any]) -> None:
    about = (row["kind"], row["contact"])
    name = f"{at:%Y-%m-%d %H:%M} {row['kind']} {row['contact']}"
    if any((one.kind, one.contact) == about for one in outcome.standing[at]):
        found.broken.append(f"{name}: stands")
    late = [one for one in outcome.posted if at - timedelta(days=1) <= one.at <= at]
    if any(outcome.lives.get(key, ())[:2] == about for one in late for key in one.keys):
        found.before.append(name)


def differences(calm: Outcome, troubled: Outcome) -> dict[str, int]:
    """Where a run that was disturbed did not come to the same."""
    return {
        "digests doubled": len(troubled.doubled),
        "digests lost": len(calm.digests.keys() - troubled.digests.keys()),
        "digests nobody expected": len(troubled.digests.keys() - calm.digests.keys()),
        "digests about something else": sum(
            about != calm.digests.get(key, about) for key, about in troubled.digests.items()
        ),
        "other lives": len({*calm.lives.items()} ^ {*troubled.lives.items()}),
        "other events": len({*calm.put_up} ^ {*troubled.put_up}) + len({*calm.last} ^ {*troubled.last}),
        "events doubled": len(troubled.twice),
        "never settled": len(troubled.left),
    }
