"""Thirteen months of the gold mailbox, played with a fast clock: every delivery once, and what is expected gets there.

    python bench/golden.py [DIRECTORY] [--every 12] [--until 2026-10-31] [--kills 0.02] [--runs 1]

Wakes the daemon's jobs each so many hours (and at every instant of `expect.json`), with mail and meetings arriving when
they did. With `--kills`, each step of each job (a call to the provider, a commit) fails or kills the process with that
probability, and the outcome is compared with an undisturbed run: same digests, same events, same lives.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from recipflow import config  # noqa: E402
from recipflow.model import NormName  # noqa: E402
from recipflow.store import DeliveryForm, DeliveryState  # noqa: E402
from recipflow.testing.memory import NEVER, Fault  # noqa: E402
from tests.daemon.simulation import Computer, Provider, from_files  # noqa: E402

GOLD = ROOT.parent / "shared" / "data" / "gold_dev"
START = datetime(2025, 10, 1, 5, tzinfo=UTC)
WRONGS = (Fault.BUSY, Fault.LOST_BEFORE, Fault.LOST_AFTER, Fault.KILLED_BEFORE, Fault.KILLED_AFTER)


@dataclass
class Outcome:
    """What a run came to."""

    digests: dict[str, str] = field(default_factory=dict)  #: by token: whom the digest was about
    doubled: list[str] = field(default_factory=list)
    began: Counter[tuple[str, str]] = field(
        default_factory=Counter
    )  #: nudges that began to stand: kind, contact
    lives: dict[str, str] = field(default_factory=dict)
    reminders: dict[str, int] = field(default_factory=dict)  #: events ever put up, by key
    left: list[str] = field(default_factory=list)  #: deliveries that never came to an end
    standing: dict[str, frozenset[tuple[str, str]]] = field(default_factory=dict)  #: at each expected instant
    deaths: int = 0


def main() -> None:
    options = _options()
    calm = play(options.directory, options.every, options.until)
    _tell(calm, json.loads((options.directory / "expect.json").read_text("utf-8")), options.until)
    faults = 0
    for run in range(options.runs if options.kills else 0):
        troubled = play(options.directory, options.every, options.until, _chance(options.kills, run))
        same = {
            "digests doubled": len(troubled.doubled),
            "days without their digest": len(calm.digests.keys() - troubled.digests.keys()),
            "digests nobody expected": len(troubled.digests.keys() - calm.digests.keys()),
            "other lives": len({*calm.lives} ^ {*troubled.lives}),
            "events doubled": sum(count > 1 for count in troubled.reminders.values()),
            "never settled": len(troubled.left),
        }
        faults += sum(same.values())
        print(
            f"run {run + 1}: {troubled.deaths} deaths; "
            + ", ".join(f"{name} {n}" for name, n in same.items())
        )
    sys.exit(1 if faults or calm.doubled or calm.left else 0)


def play(directory: Path, every: float, until: datetime, faults: Callable[[str], Fault] = NEVER) -> Outcome:
    """One run, from the first mail to `until`."""
    items = from_files([directory / "mail.mbox", directory / "calendar.ics"], until + timedelta(days=60))
    provider = Provider(items=items)
    with tempfile.TemporaryDirectory() as place:
        computer = Computer(
            Path(place), provider, START, _settings(directory), faults=faults, keep_open=faults is NEVER
        )
        outcome = Outcome()
        instants = sorted(
            datetime.fromisoformat(one["at"])
            for one in json.loads((directory / "expect.json").read_text("utf-8"))
        )
        while computer.now < until:
            ahead = computer.now + timedelta(hours=every)
            due = [at for at in instants if computer.now < at <= ahead]
            computer.now = min([*due, ahead, until])
            computer.work()
            if faults is not NEVER:
                _again(computer, due=[ahead, *due])
            if due and computer.now == due[0] and faults is NEVER:
                outcome.standing[computer.now.isoformat()] = _standing(computer)
        computer.faults = NEVER
        for _ in range(6):  # what was interrupted last comes to its end
            computer.now += timedelta(minutes=20)
            computer.work()
        _collect(computer, outcome)
        return outcome


def _again(computer: Computer, due: list[datetime]) -> None:
    """A killed daemon is started again, and a busy provider asked again, before the next wake."""
    for _ in range(4):
        later = computer.now + timedelta(minutes=20)
        if later < min((at for at in due if at > computer.now), default=later + timedelta(seconds=1)):
            computer.now = later
        computer.work()


def _settings(directory: Path) -> dict[str, Any]:
    me, people = config.people_from_json(directory / "people.json", NormName.NEUTRAL)
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
        "reminders.via": "box",
        "digest.quiet_days": [],
    }


def _standing(computer: Computer) -> frozenset[tuple[str, str]]:
    with computer.session() as session:
        return frozenset((one.kind.value, one.contact) for one in session.nudges(computer.now))


def _collect(computer: Computer, outcome: Outcome) -> None:
    tokens = Counter(computer.provider.mailbox.tokens())
    outcome.doubled = [token for token, count in tokens.items() if count > 1]
    with computer.session() as session:
        for row in session.store.deliveries.of(DeliveryForm.LETTER):
            if row.state is DeliveryState.DELIVERED:
                outcome.digests[row.key] = row.nudge
            elif row.state not in (DeliveryState.NOTHING, DeliveryState.FAILED):
                outcome.left.append(row.key)
        outcome.lives = {key: life.state.value for key, life in session.store.decisions.lives().items()}
        for life in session.store.decisions.lives().values():
            outcome.began[life.kind, life.contact] += 1
        for row in session.store.deliveries.of(DeliveryForm.REMINDER):
            notes = Counter(one.note for one in computer.provider.events.events.values())
            outcome.reminders[row.key] = notes[f"recipflow why {row.key}"]
    outcome.deaths = computer.deaths


def _tell(calm: Outcome, expected: list[dict[str, Any]], until: datetime) -> None:
    said = {nudge for keys in calm.digests.values() for nudge in keys.split()}
    print(
        f"{len(calm.digests)} digests about {len(said)} nudges; {len(calm.doubled)} doubled; {len(calm.left)} never settled"
    )
    twice = sum(count > 1 for count in calm.reminders.values())
    print(f"{len(calm.lives)} nudges began to stand; {len(calm.reminders)} reminders, {twice} doubled")
    musts = wrongs = missed = broken = 0
    for instant in expected:
        stands = calm.standing.get(instant["at"])
        if stands is None or datetime.fromisoformat(instant["at"]) > until:
            continue
        for row in instant["must"]:
            kinds = {row["kind"], *([row["or"]] if isinstance(row.get("or"), str) else row.get("or", []))}
            if row["strength"] == "clear" and row.get("lang", "en") == "en":
                musts += 1
                missed += not any((kind, row["contact"]) in stands for kind in kinds)
        for row in instant["must_not"]:
            wrongs += row["strength"] == "clear"
            broken += row["strength"] == "clear" and (row["kind"], row["contact"]) in stands
    print(
        f"expected at their instants: {musts - missed} of {musts} stand; of {wrongs} that must not, {broken} do"
    )


def _chance(likely: float, seed: int) -> Callable[[str], Fault]:
    rng = random.Random(seed)
    return lambda _: rng.choice(WRONGS) if rng.random() < likely else Fault.NONE


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("directory", nargs="?", type=Path, default=GOLD)
    parser.add_argument("--every", type=float, default=12.0)
    parser.add_argument(
        "--until", type=lambda text: datetime.fromisoformat(text).replace(tzinfo=UTC), default="2026-10-31"
    )
    parser.add_argument("--kills", type=float, default=0.0)
    parser.add_argument("--runs", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
