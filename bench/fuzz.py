"""Spoilt mail and calendars through the whole product, command after command; stops at nothing, reports every fault.

python bench/fuzz.py [--seconds 60] [--seed 1] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import io
import lzma
import sys
import tarfile
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # the tests' letters are spoilt here

from recipflow_connectors import mbox  # noqa: E402

from bench.fuzz_case import Case, Fault, Tally  # noqa: E402
from tests.letters import CALENDAR, correspondence  # noqa: E402

ODD = ROOT.parent / "shared" / "data" / "odd_dev.tar.xz"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=60.0)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--cases", type=int, default=10**9)
    asked.add_argument("--keep", type=Path, help="where to leave the files of cases with faults")
    given = asked.parse_args()
    tally = run(given.seed, seconds=given.seconds, cases=given.cases, keep=given.keep, tell=True)
    print(
        f"{tally.cases} cases, {tally.mails} mails, the slowest {tally.slowest:.2f} s; {len(tally.faults)} faults"
    )
    sys.exit(bool(tally.faults))


def run(seed: int, *, seconds: float, cases: int, keep: Path | None = None, tell: bool = False) -> Tally:
    """Cases until the time is up, each from a seed of its own, so that one can be had again."""
    letters, calendars = seeds()
    tally, end = Tally(), time.monotonic() + seconds
    while time.monotonic() < end and tally.cases < cases:
        number = seed + tally.cases
        with tempfile.TemporaryDirectory() as folder:
            found = list(Case(number, Path(folder), letters, calendars, tally).faults())
            if found and keep:
                Path(folder, "mail").rename(keep / f"case{number}")
        tally.cases += 1
        for what in found:
            tally.faults.append(Fault(number, what))
            if tell:
                print(f"seed {number}: {what}", flush=True)
    return tally


def seeds() -> tuple[list[bytes], list[bytes]]:
    """Sound mails and calendars to spoil: fictional ones, and odd ones where they are at hand."""
    demo = ROOT / "recipflow" / "demo"
    letters = [mail.as_bytes() for mail in correspondence()] * 20
    letters += [
        raw.data for raw in mbox.messages(io.BytesIO(lzma.decompress((demo / "mail.mbox.xz").read_bytes())))
    ]
    calendars = [CALENDAR.replace("\n", "\r\n").encode(), (demo / "calendar.ics").read_bytes()[:40_000]]
    if ODD.exists():
        with tarfile.open(ODD) as packed:
            for member in packed:
                file = packed.extractfile(member) if member.isfile() and member.size < 300_000 else None
                if file and member.size:
                    (calendars if member.name.endswith(".ics") else letters).append(file.read())
    return letters, calendars


if __name__ == "__main__":
    main()
