"""What makes a give weigh: personal, unexpected and effort as read, against the gold mailbox's truth.

    python bench/worth.py [DIRECTORY] [--json]

DIRECTORY holds `mail.mbox`, `people.json` and `truth.jsonl` (default: ../shared/data/gold_dev). Only gives that are in the
truth and were read as gives are compared, message by message, in English; a flag counts once a message. Intervals are
Wilson, 95 %.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from recipflow import assembly, config
from recipflow.model import ActType, Flag
from recipflow.observing import observe

GOLD = Path(__file__).resolve().parents[2] / "shared" / "data" / "gold_dev"
FLAGS = (Flag.PERSONAL, Flag.UNEXPECTED, Flag.EFFORT)


@dataclass
class Tally:
    right: int = 0
    wrong: int = 0  #: read, and not so
    missed: int = 0


def wilson(right: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    if not count:
        return 0.0, 1.0
    z, share = 1.96, right / count
    centre = share + z * z / (2 * count)
    spread = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return (centre - spread) / (1 + z * z / count), (centre + spread) / (1 + z * z / count)


def read(directory: Path) -> dict[str, set[Flag]]:
    """The flags of the gives read in each message."""
    said, _ = config.people_from_json(directory / "people.json")
    assert said is not None
    seen = observe(
        {"paths": [str(directory / "mail.mbox")]},
        frozenset(said.addresses),
        reader=assembly.reader(),
        machines=assembly.machines(),
        now=datetime.now(UTC),
        set_aside=lambda *_: None,
    )
    found: dict[str, set[Flag]] = {}
    for one in seen:
        gives = [act for act in one.acts if act.act is ActType.GIVE]
        if gives and not one.meeting:
            found[one.name] = {flag for act in gives for flag in act.flags}
    return found


def truth(directory: Path) -> Iterator[tuple[str, set[Flag]]]:
    for line in (directory / "truth.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        gives = [act for act in row["acts"] if act["act"] == "give"]
        if gives and "message_id" in row and row.get("lang") in assembly.LANGUAGES:
            yield row["message_id"], {flag for flag in FLAGS for act in gives if act.get(flag.value)}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("directory", type=Path, nargs="?", default=GOLD)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    found, tallies, compared = read(arguments.directory), defaultdict[Flag, Tally](Tally), 0
    for message, flags in truth(arguments.directory):
        if message not in found:
            continue
        compared += 1
        for flag in FLAGS:
            tally, is_read, is_true = tallies[flag], flag in found[message], flag in flags
            tally.right += is_read and is_true
            tally.wrong += is_read and not is_true
            tally.missed += is_true and not is_read
    for flag, tally in tallies.items():
        shares = {
            "precision": (tally.right, tally.right + tally.wrong),
            "recall": (tally.right, tally.right + tally.missed),
        }
        if arguments.json:
            print(json.dumps({"flag": flag, "messages": compared, **shares}))
            continue
        told = ", ".join(
            f"{name} {right}/{count} [{wilson(right, count)[0]:.2f}, {wilson(right, count)[1]:.2f}]"
            for name, (right, count) in shares.items()
        )
        print(f"{flag:11} in {compared} messages: {told}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
