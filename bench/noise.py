"""How much the digest says: every working morning, over months, of mailboxes written for it and of real ones.

    python bench/noise.py [MAILBOX…] [--owners DIRECTORY] [--days 120] [--json]

A MAILBOX holds `mail.mbox`, `calendar.ics` and `people.json` (default: ../shared/data/gold_dev) and is followed up to its
last mail, over at most twice as many working days as an owner. DIRECTORY holds a folder an owner, as `bench/sample.py`
takes it; each is followed over `--days` working days up to nine tenths of its sent mail. The user of this simulation
answers nothing and puts nothing away: whatever stands is shown as often as it may be, and nothing is too old for a
digest. The weekly word that all is well counts as a digest, too, though there is no item in it.

Asked for: a median of at most three items on days with a digest, at least two working days in five without one, no
item more than three times in its life. All mail is read beforehand, but each ledger is folded as of the morning.
*Late* is what was said on a later morning than the first on which it stood.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a script, `bench` is no package yet

from bench.sample import Owner, filled
from recipflow import assembly, config
from recipflow.daily.choosing import SILENCE, Chosen, Told, choose, questions_beside
from recipflow.derive import Context, derive
from recipflow.insight import nudges, standpoints
from recipflow.insight.asking import questions
from recipflow.insight.lives import shown
from recipflow.model import Message, Nudge
from recipflow.settings import Digest
from recipflow.store import Life, Store
from recipflow.zones import user_zone

GOLD = Path(__file__).resolve().parents[2] / "shared" / "data" / "gold_dev"
MORNING = 8
WEEKEND = 5
EVER = datetime(1971, 1, 1, tzinfo=UTC)
USUAL = Digest()


@dataclass
class Noise:
    """What was shown, morning by morning."""

    name: str
    mails: list[bool] = field(default_factory=list)  #: whether there was one, of as many working days
    items: list[int] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)  #: of the items, each counted once
    most_shown: int = 0
    late: Counter[str] = field(default_factory=Counter)  #: by kind

    @property
    def quiet(self) -> float:
        """The share of working days without a digest; none goes out for a question alone."""
        return 1.0 - sum(self.mails) / len(self.mails)

    @property
    def median(self) -> float:
        """Items and questions on days with a digest."""
        loud = [a + b for a, b in zip(self.items, self.asked, strict=True) if a]
        return statistics.median(loud) if loud else 0.0


def follow(name: str, store: Store, context: Context, mornings: Sequence[datetime]) -> Noise:
    """Every morning's digest, to a user who does nothing."""
    noise, lives = Noise(name), dict[str, Life]()
    first: dict[str, datetime] = {}
    last = mornings[0]
    for now in mornings:
        derive(store, context, now)
        points = list(standpoints(store, context, now))
        standing = nudges(points, lives, now, context.zone)
        chosen = _chosen(standing, lives, now, context)
        goes = chosen.worth(silent=_days(last, now, context) >= SILENCE, quiet=False)
        said = chosen.nudges if goes else ()
        put = questions(points, lives, now, context.zone, alone=False)
        asked = [one for one in put if one.shown][: questions_beside(len(said))]
        first = {one.key: now for one in standing if one.shown} | first
        fresh = [one for one in said if one.key not in lives]
        noise.late.update(one.kind.value for one in fresh if first[one.key] < now)
        noise.kinds.update(one.kind.value for one in fresh)
        noise.kinds.update(f"asked {one.kind.value}" for one in asked if one.key not in lives)
        noise.mails.append(goes)
        noise.items.append(len(said))
        noise.asked.append(len(asked))
        last = now if goes else last
        lives |= {life.key: life for life in shown((*said, *asked), lives, now, context.zone)}
    noise.most_shown = max((life.shown_count for life in lives.values()), default=0)
    return noise


def _days(since: datetime, now: datetime, context: Context) -> timedelta:
    return now.astimezone(context.zone).date() - since.astimezone(context.zone).date()


def _chosen(standing: Sequence[Nudge], lives: dict[str, Life], now: datetime, context: Context) -> Chosen:
    told = Told(lives=lives, now=now, zone=context.zone)
    return choose(
        standing, told, began=EVER, quiet=False, limit=USUAL.max_items, of_one=USUAL.max_per_contact
    )


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


def written(directory: Path, days: int) -> Noise:
    said, contacts = config.people_from_json(directory / "people.json")
    assert said is not None
    context = assembly.context(said.addresses, user_zone(said.tz), contacts)
    with Store() as store:
        filled(store, context, [directory / "mail.mbox", directory / "calendar.ics"])
        mail = [one.at for one in _mail(store)]
        working = mornings(max(mail), days * 2, context)
        return follow(directory.name, store, context, [one for one in working if one >= min(mail)])


def _mail(store: Store) -> Iterator[Message]:
    stored = store.interactions.get(store.interactions.in_order())
    return (one.interaction for one in stored if isinstance(one.interaction, Message))


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
    parser.add_argument("mailboxes", type=Path, nargs="*", metavar="MAILBOX")
    parser.add_argument("--owners", type=Path)
    parser.add_argument("--days", type=int, default=120)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    mailboxes = (written(one, arguments.days) for one in arguments.mailboxes or [GOLD])
    for noise in chain(mailboxes, _owners(arguments)):
        if arguments.json:
            counts = {"kinds": dict(noise.kinds), "late": dict(noise.late)}
            print(json.dumps(vars(noise) | counts | {"quiet": noise.quiet, "median": noise.median}))
            continue
        print(
            f"{noise.name:9.9} {len(noise.items):4} mornings, {100 * noise.quiet:3.0f} % without a digest, "
            f"median {noise.median:g} on the others, most {max(noise.items)}+{max(noise.asked)}, "
            f"no item more than {noise.most_shown} times: {_counted(noise.kinds)}; late: {_counted(noise.late)}",
            flush=True,
        )
    return 0


def _counted(kinds: Counter[str]) -> str:
    return ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items())) or "nothing"


def _owners(arguments: argparse.Namespace) -> Iterator[Noise]:
    if arguments.owners:
        yield from owners(arguments.owners, arguments.days)


if __name__ == "__main__":
    sys.exit(main())
