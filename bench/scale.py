"""Whether the work grows only with what is new: time per message, one new message, `today`, as the database grows.

`python bench/scale.py [--sizes 10000,50000,200000] [--most-contacts 100000]`. Small made-up messages go every step but
the parsing of bytes: new text, machines, language, stored in pages, threads, acts, contacts, standings.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from recipflow import assembly
from recipflow.connector import Page
from recipflow.derive import Context, derive
from recipflow.derive.reading import read_at_once
from recipflow.model import Message, Party
from recipflow.preparing import Preparing
from recipflow.store import Store
from recipflow.workflow import Intake, pull

ME = Party("me@example.org", "Me Myself")
PAGE = 400
NOW = datetime.now(UTC).replace(microsecond=0)
_SAID = (
    "Could you send me the slides from Tuesday?",
    "Thanks for the notes, they helped a lot.",
    "I'll get back to you by Friday with the numbers.",
    "Here is the checklist we talked about.",
    "The meeting went well, and the room was full.",
    "I talked to the printer; the proofs are late again.",
    "Would you have half an hour next week to look at the draft?",
    "Yes, that works for me.",
    "Let me introduce you to Ines, who runs the archive.",
    "It rained all day and the boat did not sail.",
)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Made-up mail between the user and so many people; the seed decides everything. A connector."""

    messages: int
    people: int

    @property
    def rotating(self) -> bool:
        """Whether there is time for each of so many people only if nobody comes up twice."""
        return self.people * 12 > self.messages

    def pull(self, cursor: str | None, *, now: datetime) -> Page:  # noqa: ARG002 (these have no date of pulling)
        start = int(cursor or 0)
        end = min(start + PAGE, self.messages)
        return Page(
            interactions=tuple(self.message(number) for number in range(start, end)),
            cursor=str(end),
            more=end < self.messages,
        )

    def message(self, number: int) -> Message:
        """Sixty a day, in matters of three; most are with few people, and everybody comes up in turn."""
        about = number // 3
        chance = random.Random(about)
        often = int(self.people * chance.random() ** 4)
        other = _person(about % self.people if about % 4 == 0 or self.rotating else often)
        from_me = number % 3 != 1
        before = f"{number - 1}@example.org" if number % 3 else ""
        return Message(
            id=f"{number}@example.org",
            at=NOW - timedelta(minutes=(self.messages - number) * 24),
            sender=ME if from_me else other,
            to=(other if from_me else ME,),
            subject=f"{'Re: ' if before else ''}matter {about}",
            in_reply_to=before,
            references=(before,) if before else (),
            labels=("sent",) if from_me else ("inbox",),
            body="\n".join(
                (f"Hi {other.name.split()[0]},", "", *chance.choices(_SAID, k=4), "", "Best,", "Me")
            ),
        )


def main() -> None:
    options = _options()
    print(
        "| messages | contacts | µs a message, stored and read | derived | peak MiB | one new, ms | today, CPU s |"
    )
    print("|---:|---:|---:|---:|---:|---:|---:|")
    for messages, people in _steps(options):
        subprocess.run([sys.executable, __file__, "--step", f"{messages},{people}"], check=True)
    print(f"\n`recipflow --help`: {_cpu(['--help'], os.environ):.2f} s CPU")


def step(messages: int, people: int) -> None:
    """Measure one size, in a process of its own for the sake of its peak memory."""
    with tempfile.TemporaryDirectory() as place:
        environ = {**os.environ, "RECIPFLOW_HOME": place}
        _cpu(["init", "--me", ME.address, "--yes"], environ)
        context = assembly.context([ME.address], UTC)
        with Store(Path(place) / "recipflow.db") as store:
            stored, derived = _filled(store, context, messages, people)
            new = min(_one_new(store, context, messages, people))
        today = min(_cpu(["today"], environ) for _ in range(3))
    unit = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20
    print(
        f"| {messages:,} | {people:,} | {stored / messages * 1e6:.0f} | {derived / messages * 1e6:.0f} | {peak:.0f} |"
        f" {new * 1e3:.1f} | {today:.2f} |",
        flush=True,
    )


def _filled(store: Store, context: Context, messages: int, people: int) -> tuple[float, float]:
    started = time.process_time()
    _pull(store, context, Mailbox(messages, people))
    stored = time.process_time()
    derive(store, context, NOW)
    return stored - started, time.process_time() - stored


def _one_new(store: Store, context: Context, messages: int, people: int) -> Iterator[float]:
    """CPU seconds for one more message, stored and derived; several times over."""
    for more in range(1, 6):
        started = time.process_time()
        _pull(store, context, Mailbox(messages + more, people))
        derive(store, context, NOW)
        yield time.process_time() - started


def _pull(store: Store, context: Context, mailbox: Mailbox) -> None:
    account = store.accounts.ensure("made-up", "files")
    preparing = Preparing(machines=context.machines, me=context.me)
    intake = Intake(prepare=preparing, me=context.me, read=partial(read_at_once, store, context))
    pull(store, account, mailbox, intake, now=NOW)


def _cpu(arguments: Sequence[str], environ: Mapping[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "recipflow", *arguments],
        env=dict(environ),
        check=True,
        stdout=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _person(number: int) -> Party:
    return Party(f"person{number}@org{number % 997}.example", f"Person{number} Family{number % 89}")


def _steps(options: argparse.Namespace) -> list[tuple[int, int]]:
    sizes = [int(one) for one in options.sizes.split(",")]
    steps = [(size, size // 10) for size in sizes]
    return (
        [*steps, (max(sizes[-1], 3 * options.most_contacts), options.most_contacts)]
        if options.most_contacts
        else steps
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sizes", default="10000,50000,200000")
    parser.add_argument("--most-contacts", type=int, default=100_000)
    parser.add_argument("--step", default="")
    return parser.parse_args()


if __name__ == "__main__":
    chosen = _options().step
    if chosen:
        step(*map(int, chosen.split(",")))
    else:
        main()
