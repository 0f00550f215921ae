"""Thirteen months of the gold mailbox, played with a fast clock: every delivery once, and what is expected gets there.

    python bench/golden.py [DIRECTORY] [--through memory] [--every 12] [--until 2026-10-31] [--kills 0.02] [--runs 1]

Mail and meetings arrive when they did, and the daemon's jobs are woken when they would be: each so many hours, when
advice falls due, for each digest, and at every instant of `expect.json`. `--through google`, `graph` or `servers`
(Dovecot, SMTP and Radicale) goes by the real connectors and couriers to the stand-ins, and looks into their mailbox and
calendar for what reached the user. With `--kills` each step of each job (a call to the account, a commit) fails or kills
the process with that probability, and the outcome is compared with an undisturbed run.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from recipflow.demo import DemoFiles  # noqa: E402
from recipflow.testing.memory import NEVER, Fault  # noqa: E402
from tests.daemon.golden import Outcome, differences, judged, play  # noqa: E402
from tests.worlds.all import WORLDS, opened  # noqa: E402

GOLD = ROOT.parent / "shared" / "data" / "gold_dev"
WRONGS = (Fault.BUSY, Fault.LOST_BEFORE, Fault.LOST_AFTER, Fault.KILLED_BEFORE, Fault.KILLED_AFTER)


def main() -> None:
    options = _options()
    expected = json.loads((options.directory / "expect.json").read_text("utf-8"))
    instants = [datetime.fromisoformat(one["at"]) for one in expected]
    began = time.monotonic()
    calm = _run(options, instants)
    print(f"through {options.through}, {time.monotonic() - began:.0f} s, {time.process_time():.0f} of CPU")
    good = _tell(calm, expected)
    for run in range(options.runs if options.kills else 0):
        troubled = _run(options, instants, chance(options.kills, run))
        unlike = differences(calm, troubled)
        good = good and not any(unlike.values())
        print(
            f"run {run + 1}: {troubled.deaths} deaths; "
            + ", ".join(f"{what} {n}" for what, n in unlike.items())
        )
    sys.exit(not good)


def _run(
    options: argparse.Namespace, instants: list[datetime], faults: Callable[[str], Fault] = NEVER
) -> Outcome:
    folder: Path = options.directory
    files = DemoFiles(
        mail=folder / "mail.mbox", calendar=folder / "calendar.ics", people=folder / "people.json"
    )
    with _place() as place, opened(options.through, files, place / "world") as world:
        return play(
            place / "home",
            world,
            files.people,
            until=options.until,
            every=timedelta(hours=options.every),
            instants=instants,
            faults=faults,
        )


@contextmanager
def _place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as place:
        yield Path(place)


def _tell(calm: Outcome, expected: list[dict[str, object]]) -> bool:
    named = {key for one in calm.posted for key in one.keys}
    print(
        f"{len(calm.posted)} digests in the mailbox, {len(calm.digests)} in the outbox, about {len(named)} nudges and "
        f"questions; {len(calm.doubled)} doubled; {len(calm.left)} never settled"
    )
    print(
        f"{len(calm.put_up)} reminders were in the calendar, {len(calm.twice)} doubled; in the end there are "
        f"{len(calm.last)}, and {len(calm.wanted)} are wanted"
    )
    found = judged(calm, expected)
    print(f"of {found.musts} that must be told, {found.reached.total()} were: {dict(found.reached)}")
    print(
        f"of {found.must_nots} that must not stand, {len(found.broken)} did; {len(found.before)} told the day before"
    )
    if found.over:
        print(f"{len(found.over)} were over before the next digest: {'; '.join(found.over)}")
    for line in (*found.faults, *(f"before: {one}" for one in found.before)):
        print(f"  {line}")
    same = sorted(calm.last) == sorted(calm.wanted) and len(calm.posted) == len(calm.digests)
    return same and not (calm.doubled or calm.twice or calm.left or found.faults)


def chance(likely: float, seed: int) -> Callable[[str], Fault]:
    rng = random.Random(seed)
    return lambda _: rng.choice(WRONGS) if rng.random() < likely else Fault.NONE


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("directory", nargs="?", type=Path, default=GOLD)
    parser.add_argument("--through", choices=WORLDS, default="memory")
    parser.add_argument("--every", type=float, default=12.0)
    parser.add_argument(
        "--until", type=lambda text: datetime.fromisoformat(text).replace(tzinfo=UTC), default="2026-10-31"
    )
    parser.add_argument("--kills", type=float, default=0.0)
    parser.add_argument("--runs", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
