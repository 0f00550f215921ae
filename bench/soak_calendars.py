"""Calendars in foul weather: events come, move, are called off and repeat, while requests fail and the process dies.

    python -m bench.soak_calendars [--events 2000] [--seed 1] [--faults 0.02] [--only radicale,xandikos,ics,google,outlook]

Each of the four connectors reads its calendar again and again into a store; between two pages, things change. At the end
the store has to equal the server, instance for instance and start for start, as the world that made the changes knows
them: nothing of the connector's own is asked. Before that, in calm weather, requests are counted: for a first sync, for
one with nothing new, and for one with one change. CalDAV is a real Radicale and a real Xandikos, each behind a proxy.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from bench import filed_calendars, provider_calendars
from bench.calendar_worlds import ME, NOW, Starts, World
from recipflow.model import Meeting
from recipflow.patience import Patience
from recipflow.store import Prepared, Store
from recipflow.workflow import Intake, pull

ROUNDS = 12
"""Times that the calendar is read in foul weather."""
WORLDS: dict[str, Callable[[random.Random, Path], AbstractContextManager[World]]] = {
    "radicale": filed_calendars.radicale,
    "xandikos": filed_calendars.xandikos,
    "ics": filed_calendars.ics,
    "google": provider_calendars.google,
    "outlook": provider_calendars.outlook,
}


class Died(Exception):
    """The process, between two pages."""


@dataclass
class Found:
    """What a run came to."""

    events: int = 0
    instances: int = 0
    changes: int = 0
    faults: int = 0
    deaths: int = 0
    requests: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)


def run(name: str, events: int, seed: int, rate: float) -> Found:
    """One connector's course of things."""
    found, begun = Found(), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, WORLDS[name](random.Random(seed), Path(folder)) as world:
        for _ in range(events):
            world.add()
        path = Path(folder) / "recipflow.db"
        calm = Path(folder) / "calm.db"
        found.requests = _requests(world, calm)
        world.weather(rate)
        for _ in range(ROUNDS):
            _sync(world, path, found, storm=True)
            for _ in range(max(5, events // 40)):
                world.change()
        found.faults = world.faults
        world.weather(0.0)
        for one in (path, calm):
            _sync(world, one, found, storm=False)
            found.wrong += _differences(world, one)
        found.events, found.changes = len(world.events), world.changes
        found.instances = len(world.there())
    found.seconds = time.perf_counter() - begun
    return found


def _requests(world: World, path: Path) -> dict[str, float]:
    """In calm weather: of a first sync for each instance, of one with nothing new, of one with one change."""
    told = {}
    for label in ("first", "nothing new", "one change"):
        if label == "one change":
            world.change()
        before = world.asked()
        _sync(world, path, Found(), storm=False)
        told[label] = float(world.asked() - before)
    told["for each instance"] = told["first"] / max(1, len(world.there()))
    return told


def _sync(world: World, path: Path, found: Found, *, storm: bool) -> None:
    """Until there is nothing more, by as many processes as it takes."""
    patient = Patience(sleep=lambda _: None, random=world.dice.random, most=1e9)

    def between_pages() -> None:
        if storm:
            for _ in range(world.dice.randrange(3)):
                world.change()
            if world.dice.random() < 0.3:
                raise Died

    while True:
        try:
            with Store(path) as store:
                account = store.accounts.ensure("calendar", "calendar")
                intake = Intake(prepare=Prepared, me=[ME], patient=patient)
                pull(store, account, world.connect(), intake, now=NOW, stored=between_pages)
            return
        except Died:
            found.deaths += 1


def _differences(world: World, path: Path) -> list[str]:
    """Instance for instance, start for start."""
    with Store(path) as store:
        stored = [one.interaction for one in store.interactions.get(store.interactions.in_order())]
    meetings = [one for one in stored if isinstance(one, Meeting)]
    kept: Starts = {one.id: one.starts for one in meetings if not one.cancelled}
    there = world.there()
    wrong = ["doubled"] * (len(meetings) - len({one.id for one in meetings}))
    wrong += [f"missing {one}" for one in sorted(there.keys() - kept.keys())]
    wrong += [f"still there {one}" for one in sorted(kept.keys() - there.keys())]
    wrong += [
        f"another start: {one}" for one in sorted(there.keys() & kept.keys()) if there[one] != kept[one]
    ]
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--events", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", type=float, default=0.02)
    parser.add_argument("--only", default=",".join(WORLDS))
    given = parser.parse_args()
    failed = False
    for name in given.only.split(","):
        found = run(name, given.events, given.seed, given.faults)
        asked = ", ".join(f"{label} {number:.3g}" for label, number in found.requests.items())
        print(f"{name}: requests: {asked}", flush=True)
        print(
            f"{name}: {found.events:,} events, {found.instances:,} instances at the end, {found.changes} changes, "
            f"{found.faults} faults, {found.deaths} deaths, {found.seconds:.0f} s: "
            f"{f'WRONG {len(found.wrong)}: {found.wrong[:6]}' if found.wrong else 'the store equals the server'}",
            flush=True,
        )
        failed |= bool(found.wrong)
    raise SystemExit(failed)


if __name__ == "__main__":
    main()
