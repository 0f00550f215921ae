"""The gold mailbox, from mail to advice, at every instant of its expectations: what was missed, what must not be shown.

    python bench/gold.py [DIRECTORY] [--json] [--all] [--kinds] [--rules | --without NAME | --truth]

DIRECTORY holds `mail.mbox`, `people.json`, `expect.json`, and maybe `calendar.ics` (default: ../shared/data/gold_dev;
`tests/data/needs` is a small one of our own, on what could be given; `second_mailbox` to `thirteenth_mailbox` beside it
build others). Exits 1 when a clear expectation in a language with a pack fails. `--rules` reads all but English by rules
alone; `--without second_mailbox` by a judge that did not learn from it; `--truth` takes what the author labelled for what
was read (`truth.jsonl`), so that what fails is the ledger's or the advice's.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a script, `bench` is no package yet

from recipflow import assembly, config
from recipflow.model import Meeting, Message
from recipflow.reading import Reader, Reading
from recipflow.trial import Trial, trial
from recipflow.zones import user_zone

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
GOLD = DATA / "gold_dev"


@dataclass(frozen=True, slots=True)
class Outcome:
    at: datetime
    must: bool
    kind: str
    contact: str
    clear: bool
    language: str
    read: bool  #: in a language with a pack
    why: str
    stands: tuple[str, ...]
    met: bool


class ReadOnce(Reader):
    """Reads each message once, however many instants look at it: reading knows no other message."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._read: dict[str, Reading] = {}

    def read_all(self, messages: Iterable[tuple[Message, str]], me: frozenset[str]) -> list[Reading]:
        known = list(messages)
        new = [(one, language) for one, language in known if one.id not in self._read]
        for (one, _), reading in zip(new, self._reader.read_all(new, me), strict=True):
            self._read[one.id] = reading
        return [self._read[one.id] for one, _ in known]

    def read_meeting(self, meeting: Meeting, me: frozenset[str]) -> Reading:
        return self._reader.read_meeting(meeting, me)


def outcomes(directory: Path, reader: Reader | None = None) -> Iterator[tuple[Trial, list[Outcome]]]:
    """For each instant, what stands then and how the expectations fared. Without a `reader`, the installed one reads."""
    said, _ = config.people_from_json(directory / "people.json")
    reader = ReadOnce(reader or assembly.reader(zone=user_zone(said.tz if said else None)))
    files = [one for name in ("mail.mbox", "calendar.ics") if (one := directory / name).exists()]
    for instant in json.loads((directory / "expect.json").read_text(encoding="utf-8")):
        at = datetime.fromisoformat(instant["at"])
        done = trial(files, people=directory / "people.json", at=at, reader=reader)
        yield (
            done,
            [
                _outcome(done, at, row, side == "must")
                for side in ("must", "must_not")
                for row in instant[side]
            ],
        )


def _outcome(done: Trial, at: datetime, row: dict[str, str], must: bool) -> Outcome:
    stands = tuple(
        nudge.kind.value for nudge in done.nudges if row["contact"] in done.contacts[nudge.contact].addresses
    )
    wanted = {row["kind"], *row.get("or", ())}
    return Outcome(
        at=at,
        must=must,
        kind=row["kind"],
        contact=row["contact"],
        clear=row["strength"] == "clear",
        language=row.get("lang", "en"),
        read=row.get("lang", "en") in assembly.LANGUAGES,
        why=row["why"],
        stands=stands,
        met=bool(wanted & set(stands)) == must,
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("directory", type=Path, nargs="?", default=GOLD)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--all", action="store_true", help="print every nudge that stands at each instant")
    parser.add_argument("--kinds", action="store_true", help="print a table, one row a kind of nudge")
    parser.add_argument("--rules", action="store_true", help="read all but English by rules alone")
    parser.add_argument(
        "--without", metavar="NAME", help="read all but English by a judge trained without it"
    )
    parser.add_argument("--truth", action="store_true", help="take the author's labels for what was read")
    arguments = parser.parse_args()
    found: list[Outcome] = []
    for done, rows in outcomes(arguments.directory, _reader(arguments)):
        found += rows
        if arguments.all:
            for nudge in done.nudges:
                print(f"{done.at:%Y-%m-%d} {nudge.kind:12} {nudge.contact:34} {nudge.quote[:90]!r}")
    if arguments.kinds:
        _print_kinds([row for row in found if row.clear and row.read])
    return _report(found, as_json=arguments.json)


def _reader(arguments: argparse.Namespace) -> Reader | None:
    if arguments.truth:
        from bench.truth import LabelledReader

        return LabelledReader(arguments.directory)
    if not (arguments.rules or arguments.without):
        return None
    judges = {"en": assembly.judges()["en"]}
    if arguments.without:
        from bench.train_judge import judges_without

        for language in assembly.GLOSSED:
            _, judges[language] = next(judges_without(DATA, language, {arguments.without}))
    return Reader(assembly.packs(), judges)


def _print_kinds(gate: list[Outcome]) -> None:
    """The clear expectations by kind: musts that stand of all, must-nots that stand of all."""
    print("| kind | musts found | must-nots shown |\n|---|---:|---:|")
    for kind in sorted({row.kind for row in gate}):
        cells = []
        for must in (True, False):
            rows = [row for row in gate if row.kind == kind and row.must == must]
            cells.append(f"{sum(row.met == must for row in rows)} of {len(rows)}")
        print(f"| {kind} | {cells[0]} | {cells[1]} |")


def _report(found: list[Outcome], *, as_json: bool) -> int:
    gate = [row for row in found if row.clear and row.read]
    failed = [row for row in gate if not row.met]
    if as_json:
        print(json.dumps({"gate": len(gate), "failed": len(failed)}))
        return 1 if failed else 0
    for row in sorted(
        (row for row in found if not row.met), key=lambda row: (not (row.clear and row.read), row.at)
    ):
        said = "MISSED   " if row.must else "MUST NOT "
        note = "" if row.clear and row.read else " (likely)" if row.read else " (not read yet)"
        print(
            f"{row.at:%Y-%m-%d} {said} {row.kind:12} {row.contact}{note}: {row.why}; stands: {', '.join(row.stands) or '-'}"
        )
    for language in assembly.GLOSSED:
        told = [row for row in gate if row.must and row.language == language]
        if told:
            print(f"{language}: {sum(row.met for row in told)} of {len(told)} musts")
    tally = Counter((row.must, row.met) for row in gate)
    print(
        f"clear: {tally[True, True]} of {tally[True, True] + tally[True, False]} musts, "
        f"{tally[False, False]} of {tally[False, True] + tally[False, False]} must-nots shown"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
