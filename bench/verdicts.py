"""How much of the advice that was read by eye still stands, by kind: what was right, what was wrong, what nobody has read.

    python bench/verdicts.py DIRECTORY [--owners a,b] [--list]

DIRECTORY is that of `bench/sample.py`, whose draws are run again (36 dates an owner with seed 99, 14 with seed 2711, 30
with seed 3111, 80 with seed 4242, 40 with seed 5151, 60 with seed 7007). `verdicts.jsonl` holds what readers said of each
nudge that stood in the first two at commit 54a9106, of what nobody had read yet in the next two at 76a0961, and in the
last two when the signs of what waits were made: the number of the owner, the nudge's key, the verdict, and
for what was not right the cause. No mail is in it. `--list` prints each nudge that stands and was not
right, or was not read, and each right one that is lost.

A nudge that stands and was not read may be right or wrong: it is counted apart. What was mended with these verdicts in
sight looks better here than on mail that nobody has read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a script, `bench` is no package yet

from bench.sample import Owner, sample
from recipflow.model import Nudge

READ = Path(__file__).with_name("verdicts.jsonl")
DRAWS = ((36, 99), (14, 2711), (30, 3111), (80, 4242), (40, 5151), (60, 7007))
"""Dates an owner, and the seed, of the draws that were read."""
UNREAD = "unread"
COLUMNS = ("right", "debatable", "wrong", UNREAD)

Place = tuple[int, str]
"""An owner's number and a nudge's key."""


def verdicts() -> dict[Place, Mapping[str, str]]:
    rows = (json.loads(line) for line in READ.read_text(encoding="utf-8").splitlines())
    return {(row["owner"], row["key"]): row for row in rows}


def standing(directory: Path, owners: frozenset[str]) -> Iterator[tuple[Place, Nudge]]:
    """Every nudge that stands at one of the dates, once."""
    homes = sorted(one for one in directory.iterdir() if (one / "owner.json").exists())
    for number, home in enumerate(homes, 1):
        if owners and home.name not in owners:
            continue
        owner = Owner.read(number, home)
        seen: set[str] = set()
        for count, seed in DRAWS:
            for _, _, nudge in sample(owner, count, seed):
                if nudge.key not in seen:
                    seen.add(nudge.key)
                    yield (number, nudge.key), nudge


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("directory", type=Path)
    parser.add_argument("--owners", default="", help="folders, by comma; default all")
    parser.add_argument(
        "--list", action="store_true", help="name the nudges that are not right, and the lost"
    )
    arguments = parser.parse_args()
    owners = frozenset(filter(None, arguments.owners.split(",")))
    read = verdicts()
    stand = dict(standing(arguments.directory, owners))
    _table(read, stand)
    if arguments.list:
        _listed(read, stand, owners)
    return 0


def _table(read: Mapping[Place, Mapping[str, str]], stand: Mapping[Place, Nudge]) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    for place, nudge in stand.items():
        verdict = read[place]["verdict"] if place in read else UNREAD
        counts.update([(nudge.kind.value, verdict), ("all", verdict)])
    print(f"{'':14}" + "".join(f"{column:>11}" for column in COLUMNS) + "  right of those read")
    for kind in sorted({kind for kind, _ in counts}, key=lambda kind: (kind == "all", kind)):
        row = [counts[kind, column] for column in COLUMNS]
        known = sum(row[:3])
        print(f"{kind:14}" + "".join(f"{n:>11}" for n in row) + (f"  {row[0] / known:.2f}" if known else ""))


def _listed(
    read: Mapping[Place, Mapping[str, str]], stand: Mapping[Place, Nudge], owners: frozenset[str]
) -> None:
    for place, nudge in stand.items():
        row = read.get(place)
        if row is None or row["verdict"] != "right":
            said = f"{row['verdict']} ({row['cause']})" if row else UNREAD
            print(f"{place[0]:>2} {place[1]} {nudge.kind.value}: {said}")
    for place, row in read.items():
        if row["verdict"] == "right" and place not in stand and not owners:
            print(f"{place[0]:>2} {place[1]} {row['kind']}: right, and does not stand any more")


if __name__ == "__main__":
    sys.exit(main())
