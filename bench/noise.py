"""How much the digest says: one every working morning, over months, of the gold mailbox and of real ones.

    python bench/noise.py [GOLD] [--owners DIRECTORY] [--days 120] [--json]

GOLD holds `mail.mbox`, `calendar.ics` and `people.json` (default: ../shared/data/gold_dev). DIRECTORY holds a folder an
owner, as `bench/sample.py` takes it; each is followed over `--days` working days up to nine tenths of its sent mail.
The user of this simulation answers nothing and puts nothing away: whatever stands is shown as often as it may be.

Asked for: a median of at most three items on days with a digest, at least two working days in five without one, no
item more than three times in its life. All mail is read beforehand, but each ledger is folded as of the morning.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a script, `bench` is no package yet

from bench.sample import Owner, filled
from recipflow import assembly, config
from recipflow.derive import Context, derive
from recipflow.digest.model import LIMIT, in_order
from recipflow.insight import nudges, standpoints
from recipflow.insight.asking import questions
from recipflow.insight.lives import shown
from recipflow.store import Life, Store
from recipflow.zones import user_zone

GOLD = Path(__file__).resolve().parents[2] / "shared" / "data" / "gold_dev"
MORNING = 8
WEEKEND = 5


@dataclass
class Noise:
    """What was shown, morning by morning."""

    name: str
    items: list[int] = field(default_factory=list)  #: in each digest, of as many working days
    asked: list[int] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)  #: of the items, each counted once
    most_shown: int = 0

    @property
    def quiet(self) -> float:
        """The share of working days without a digest; one that only asks is one."""
        return sum(not a and not b for a, b in zip(self.items, self.asked, strict=True)) / len(self.items)

    @property
    def median(self) -> float:
        """Items and questions on days with either."""
        loud = [a + b for a, b in zip(self.items, self.asked, strict=True) if a or b]
        return statistics.median(loud) if loud else 0.0


def follow(name: str, store: Store, context: Context, mornings: Sequence[datetime]) -> Noise:
    """Every morning's digest, to a user who does nothing."""
    noise, lives = Noise(name), dict[str, Life]()
    for now in mornings:
        derive(store, context, now)
        points = list(standpoints(store, context, now))
        standing = in_order(one for one in nudges(points, lives, now, context.zone) if one.shown)[:LIMIT]
        put = questions(points, lives, now, context.zone, alone=not standing)
        asked = [one for one in put if one.shown]
        noise.kinds.update(one.kind.value for one in standing if one.key not in lives)
        noise.kinds.update(f"asked {one.kind.value}" for one in asked if one.key not in lives)
        noise.items.append(len(standing))
        noise.asked.append(len(asked))
        lives |= {life.key: life for life in shown((*standing, *asked), lives, now, context.zone)}
    noise.most_shown = max((life.shown_count for life in lives.values()), default=0)
    return noise


def mornings(last: datetime, days: int, context: Context) -> list[datetime]:
    """The last so many working mornings up to that day, in the user's zone."""
    day, found = (
        last.astimezone(context.zone).replace(hour=MORNING, minute=0, second=0, microsecond=0),
        list[datetime](),
    )
    while len(found) < days:
        if day.weekday() < WEEKEND:
            found.append(day.astimezone(UTC))
        day -= timedelta(days=1)
    return found[::-1]


def gold(directory: Path, days: int) -> Noise:
    said, contacts = config.people_from_json(directory / "people.json")
    assert said is not None
    context = assembly.context(said.addresses, user_zone(said.tz), contacts)
    with Store() as store:
        filled(store, context, [directory / "mail.mbox", directory / "calendar.ics"])
        last = datetime.fromisoformat("2026-10-30T12:00:00+00:00")
        return follow("gold", store, context, mornings(last, days * 2, context))


def owners(directory: Path, days: int) -> Iterator[Noise]:
    folders = sorted(one for one in directory.iterdir() if (one / "owner.json").exists())
    for number, folder in enumerate(folders, 1):
        owner = Owner.read(number, folder)
        context = assembly.context(owner.addresses, UTC)
        sent = owner.sent()
        with Store() as store:
            filled(store, context, owner.files)
            last = sent[int(len(sent) * 0.9)]
            yield follow(f"owner {number}", store, context, mornings(last, days, context))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path, nargs="?", default=GOLD)
    parser.add_argument("--owners", type=Path)
    parser.add_argument("--days", type=int, default=120)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    for noise in chain([gold(arguments.gold, arguments.days)], _owners(arguments)):
        if arguments.json:
            print(json.dumps(asdict(noise) | {"quiet": noise.quiet, "median": noise.median}))
            continue
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(noise.kinds.items()))
        print(
            f"{noise.name:9} {len(noise.items):4} mornings, {100 * noise.quiet:3.0f} % without a digest, "
            f"median {noise.median:g} on the others, most {max(noise.items)}+{max(noise.asked)}, "
            f"no item more than {noise.most_shown} times: {kinds or 'nothing'}",
            flush=True,
        )
    return 0


def _owners(arguments: argparse.Namespace) -> Iterator[Noise]:
    if arguments.owners:
        yield from owners(arguments.owners, arguments.days)


if __name__ == "__main__":
    sys.exit(main())
