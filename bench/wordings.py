"""Short mails in wordings nobody wrote a rule for, until they were read: how many are found, by round.

    python bench/wordings.py [--missed]

`wordings.jsonl` holds mails of a sentence or two, each with what is to be found in it (`none`: no notable give). They were
written in four rounds, each after the rules had been mended for the round before; what the first reading of a round found
stands in RESULTS.md, and is what a new wording meets.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from recipflow.advice.asking import ASK_SURE
from recipflow.advice.giving import PROMISE_SURE, favour_sure
from recipflow.assembly import reader
from recipflow.model import Act, ActType, Message, Party
from recipflow.reading import Reader

ME, YOU = Party(address="me@example.org", name="Me"), Party(address="you@example.org", name="You")
FILE = Path(__file__).with_suffix(".jsonl")


def found(reads: Reader, row: dict[str, Any]) -> bool:
    """Whether what is to be found is found, surely enough for advice."""
    mine = row["by"] == "me"
    message = Message(
        id="1",
        at=datetime(2026, 3, 4, 12, tzinfo=UTC),
        sender=ME if mine else YOU,
        to=(YOU if mine else ME,),
        subject="Re: that" if row["reply"] else "that",
        text=row["text"],
        in_reply_to="0" if row["reply"] else "",
    )
    acts = reads.read(message, frozenset({ME.address})).acts
    hit = any(_is(row["find"], act) for act in acts)
    return not hit if row["find"] == "none" else hit


def _is(wanted: str, act: Act) -> bool:
    match wanted:
        case "notable" | "none":
            return (
                act.act is ActType.GIVE
                and act.notable
                and act.notable_confidence >= favour_sure(generous=True)
            )
        case "promise":
            return act.act is ActType.PROMISE and act.counts and act.confidence >= PROMISE_SURE
        case "ask":
            return act.act is ActType.ASK and act.confidence >= ASK_SURE
        case _:
            return act.act.value == wanted and act.counts


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--missed", action="store_true", help="print what was not found")
    arguments = parser.parse_args()
    rows = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    reads = reader()
    tally: Counter[tuple[str, int, bool]] = Counter()
    for row in rows:
        right = found(reads, row)
        tally[row["find"], row["round"], right] += 1
        if arguments.missed and not right:
            print(f"{row['round']} {row['find']:8} {row['text']}")
    for kind in dict.fromkeys(row["find"] for row in rows):
        cells = [
            f"{tally[kind, n, True]}/{tally[kind, n, True] + tally[kind, n, False]}" for n in range(1, 5)
        ]
        print(f"| {kind} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
