"""How well the reader finds acts: precision, recall and F1 on hand-labelled mail and on the gold mailbox.

    python bench/reading_dev.py [FILE.jsonl ...] [--held OWNER ...] [--wrong ACT]

Without files: `../shared/data/acts_dev/hand_dev.jsonl`, split into the owners rules were written on and those held out,
and `../shared/data/gold_dev`.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from recipflow.model import ActType, Attachment, Kind, Message, Party
from recipflow.reading import Reader, Reading
from recipflow.rules import load

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
PACKS = ROOT / "rules" / "recipflow_rules"
HELD = ("beck-s", "giron-d", "heard-m", "love-p")
TARGETS = {"ask": 0.87, "give": 0.82, "thanks": 0.87, "promise": 0.84, "refusal": 0.65, "meeting": 0.78}

Row = dict[str, Any]
Labels = frozenset[str]


def reader() -> Reader:
    paths = [*sorted(PACKS.glob("en/*.toml")), PACKS / "meeting.toml"]
    return Reader(load({path.name: tomllib.loads(path.read_text(encoding="utf-8")) for path in paths}))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("files", nargs="*", type=Path)
    arguments.add_argument("--held", nargs="*", default=HELD)
    arguments.add_argument(
        "--wrong", help="print the messages read wrongly for this act (never of held-out owners)"
    )
    options = arguments.parse_args()
    read = reader()
    files = options.files or [DATA / "acts_dev" / "hand_dev.jsonl"]
    rows = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    known = [row for row in rows if row["owner"] not in options.held]
    table("owners the rules were written on", ((row, *_hand(read, row)) for row in known), options.wrong)
    table("owners held out", ((row, *_hand(read, row)) for row in rows if row["owner"] in options.held))
    if not options.files:
        gold = DATA / "gold_dev"
        table(
            "gold",
            _gold(read, gold),
            options.wrong if options.wrong and options.wrong.endswith("+") else None,
        )


def table(title: str, found: Iterable[tuple[Row, Labels, Labels]], wrong: str | None = None) -> None:
    """Print precision, recall and F1 of every label."""
    right, extra, missed = Counter[str](), Counter[str](), Counter[str]()
    for row, truth, read in found:
        right.update(truth & read)
        extra.update(read - truth)
        missed.update(truth - read)
        if wrong and wrong.rstrip("+") in truth ^ read:
            print(
                "EXTRA" if wrong.rstrip("+") in read else "MISSED",
                sorted(truth),
                "read",
                sorted(read),
                row["read"],
            )
            print("   ", row["text"][:420].replace("\n", "\n    "))
    print(f"\n{title}\n{'act':9} {'n':>5} {'precision':>10} {'recall':>7} {'F1':>6} target")
    for label in sorted(right | extra | missed):
        hits, false, lost = right[label], extra[label], missed[label]
        print(
            f"{label:9} {hits + lost:5} {hits / max(1, hits + false):10.3f} {hits / max(1, hits + lost):7.3f} "
            f"{2 * hits / max(1, 2 * hits + false + lost):6.3f} {TARGETS.get(label, '')}"
        )


def _hand(read: Reader, row: Row) -> tuple[Labels, Labels]:
    message = _message(row, "re:" + row["subject"] if row["is_reply"] else row["subject"])
    reading = read.read(message, frozenset({row["from"]}))
    row["read"] = [(act.rule, act.quote[:60]) for act in reading.acts]
    truth = (
        set(row["acts"])
        | ({"notable"} if row["notable"] else set())
        | ({"large"} if row["large_ask"] else set())
    )
    return frozenset(truth), _labels(reading) - {"grant"}


def _message(row: Row, subject: str) -> Message:
    return Message(
        id=row["id"],
        at=parsedate_to_datetime(row["date"].partition(" (")[0]),
        sender=Party(row["from"]),
        to=tuple(Party(address) for address in row["to"]) or (Party("nobody@example.org"),),
        cc=tuple(Party(address) for address in row["cc"]),
        subject=subject,
        attachments=tuple(Attachment(name, "", 0) for name in row["attachments"]),
        text=row["text"],
    )


def _labels(reading: Reading) -> Labels:
    acts = [act for act in reading.acts if not act.remark]
    labels = {str(act.act) for act in acts}
    labels |= {"meeting" for act in acts if act.kind is Kind.MEETING}
    labels |= {"notable" for act in acts if act.notable}
    labels |= {"large" for act in acts if act.act is ActType.ASK and (act.size or 0) > 2}
    return frozenset(labels)


def _gold(read: Reader, gold: Path) -> Iterator[tuple[Row, Labels, Labels]]:
    people = json.loads((gold / "people.json").read_text(encoding="utf-8"))
    texts = _by_id(gold / "newtext.jsonl")
    me = frozenset(people["me"]["addresses"])
    for row in map(json.loads, (gold / "truth.jsonl").read_text(encoding="utf-8").splitlines()):
        if row.get("lang") != "en":
            continue
        text = texts[row["message_id"]]
        row["text"] = text["text"]
        reading = read.read(_gold_message(row, text, people["me"]["addresses"][0]), me)
        row["read"] = [(act.rule, act.quote[:60]) for act in reading.acts]
        truth = {act["act"] for act in row["acts"]} | {
            "meeting" for act in row["acts"] if act["kind"] == "meeting"
        }
        truth |= {"notable" for act in row["acts"] if act["notable"]}
        truth |= {"large" for act in row["acts"] if act["act"] == "ask" and (act["size_fu"] or 0) > 2}
        yield row, frozenset(truth), _labels(reading)


def _gold_message(row: Row, text: Row, me: str) -> Message:
    others = tuple(Party(contact) for contact in row["contacts"])
    mine = row["by"] == "me"
    return Message(
        id=row["message_id"],
        at=datetime.fromisoformat(row["date"]),
        sender=Party(me) if mine else others[0],
        to=others if mine else (Party(me),),
        subject=text["subject"],
        text=text["text"],
    )


def _by_id(path: Path) -> dict[str, Row]:
    return {row["message_id"]: row for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())}


Label = Callable[[Row], bool]

if __name__ == "__main__":
    main()
