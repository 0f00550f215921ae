"""Advice to be read by eye: a random sample of nudges over real mailboxes, each with the mail it stands on and what followed.

    python bench/sample.py DIRECTORY --seed 1 [--dates 8] [--owners a,b] [--debts] > /tmp/sample.txt

DIRECTORY holds one folder an owner with `Sent.mbox`, `Inbox.mbox` and `owner.json` (see `../shared/data/README.md`). Each
owner's dates are drawn by the seed, evenly over the sent mail, from its first fifth on. Every nudge that would be
shown at one of them is printed once. All mail is read beforehand, and each ledger is folded as of the date.

With `--debts`, instead, one exchange a date is drawn that ended, days before, in words that look like somebody's ask or a
promise of the owner's, whatever recipflow says of it: to see what it does not tell.

The output quotes people's mail: it is for reading, not for keeping.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from recipflow import assembly
from recipflow.connector import pulling
from recipflow.derive import Context, derive
from recipflow.insight import nudges, standpoints
from recipflow.model import Contact, Message, Nudge
from recipflow.preparing import Preparing
from recipflow.store import Store
from recipflow.workflow import Intake, pull

BEFORE, AFTER = timedelta(days=10), timedelta(days=30)
"""What passed between the two that a reader is shown, around the evidence."""
EARLIEST, LATEST = timedelta(days=21), timedelta(days=4)
SUBJECT = re.compile(r"^(?:(?:re|fw|fwd):\s*)+")
ASKS = re.compile(r"\?|\bplease\b|\blet me know\b|\b(?:can|could|would) you\b")
PROMISES = re.compile(r"\b(?:i'll|i will|will (?:send|get|let|call|check|forward))\b")
LETTERS = 900
SHORT = 260
FIRST = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    number: int
    name: str
    addresses: tuple[str, ...]
    files: tuple[Path, ...]
    mail: tuple[Message, ...]  #: with new text, in the order of time

    @classmethod
    def read(cls, number: int, folder: Path) -> Owner:
        addresses = tuple(json.loads((folder / "owner.json").read_text("utf-8"))["addresses"])
        files = tuple(sorted(folder.glob("*.mbox")))
        return cls(
            number=number,
            name=folder.name,
            addresses=addresses,
            files=files,
            mail=tuple(sorted(_mail(files, addresses), key=lambda one: (one.at, one.id))),
        )

    def sent(self) -> list[datetime]:
        return [one.at for one in self.mail if one.sender.address in self.addresses]


def dates(owner: Owner, count: int, seed: int) -> list[datetime]:
    """Drawn one from each of `count` equal parts of the owner's sent mail, each at eight in the morning."""
    chance = random.Random(f"{seed}:{owner.name}")
    sent = owner.sent()
    step = (1.0 - FIRST) / count
    places = [FIRST + step * (part + chance.random()) for part in range(count)]
    drawn = [sent[min(int(place * len(sent)), len(sent) - 1)] for place in places]
    return [at.replace(hour=14, minute=0, second=0) for at in drawn]


def _mail(files: Sequence[Path], addresses: Sequence[str]) -> Iterator[Message]:
    prepare = Preparing(machines=assembly.machines(), me=frozenset(addresses))
    connector, cursor, more = pulling("files", {"paths": [str(file) for file in files]}), None, True
    seen: set[str] = set()
    while more:
        page = connector.pull(cursor, now=datetime.now(UTC))
        for one in page.interactions:
            if isinstance(one, Message) and one.id not in seen:
                seen.add(one.id)
                prepared = prepare(one).interaction
                assert isinstance(prepared, Message)
                yield prepared
        cursor, more = page.cursor, page.more


def filled(store: Store, context: Context, files: Sequence[Path]) -> None:
    pull(
        store,
        store.accounts.ensure("bench", "files"),
        pulling("files", {"paths": [str(file) for file in files]}),
        Intake(prepare=Preparing(machines=context.machines, me=context.me), me=context.me),
        now=datetime.now(UTC),
    )


def sample(owner: Owner, count: int, seed: int) -> Iterator[tuple[datetime, Contact, Nudge]]:
    """Every nudge shown at one of the dates, once, with whom it is about."""
    seen: set[str] = set()
    context = assembly.context(owner.addresses, UTC)
    with Store() as store:
        filled(store, context, owner.files)
        for at in dates(owner, count, seed):
            derive(store, context, at)
            points = list(standpoints(store, context, at))
            contacts = {point.contact.id: point.contact for point in points}
            for nudge in nudges(points, {}, at):
                if nudge.shown and nudge.key not in seen:
                    seen.add(nudge.key)
                    yield at, contacts[nudge.contact], nudge


def debts(owner: Owner, count: int, seed: int) -> Iterator[str]:
    """Threads that end, in the three weeks before a date, in words that look like an ask of theirs or a promise of mine.

    One pattern, and none of our rules: what it draws, a reader judges; each says whether recipflow tells of it.
    """
    chance = random.Random(f"debts:{seed}:{owner.name}")
    context = assembly.context(owner.addresses, UTC)
    with Store() as store:
        filled(store, context, owner.files)
        for at in dates(owner, count, seed):
            derive(store, context, at)
            ends = [
                one for one in _ends(owner, at) if LATEST <= at - one.at <= EARLIEST and _looks(one, owner)
            ]
            if ends:
                last = chance.choice(ends)
                yield _debt(owner, last, at, _told_of(store, context, last.id, at))


def _told_of(store: Store, context: Context, interaction: str, at: datetime) -> str:
    """What recipflow says of that message then."""
    advice = [point.advice for point in standpoints(store, context, at)]
    kinds = [n.kind.value for one in advice for n in one.nudges if interaction in n.evidence]
    asked = [f"asked {q.kind.value}" for one in advice for q in one.questions if q.interaction == interaction]
    return ", ".join([*kinds, *asked]) or "nothing"


def _debt(owner: Owner, last: Message, at: datetime, told_of: str) -> str:
    other = _other(last, owner)
    lines = [f"#### {owner.number} {at:%Y-%m-%d} {other} told: {told_of}"]
    for one in _around(owner, (other,), (last.id,), at):
        after = " AFTER-THE-DATE" if one.at > at else ""
        whole = one.id == last.id
        lines.append(_line(one, owner, LETTERS if whole else SHORT, ("** " if whole else "   ") + after))
    return "\n".join(lines)


def _ends(owner: Owner, at: datetime) -> Iterator[Message]:
    """The last message of each exchange between the owner and one other, by subject, up to a date."""
    last: dict[tuple[str, str], Message] = {}
    for one in owner.mail:
        if one.at <= at and _other(one, owner):
            last[_other(one, owner), SUBJECT.sub("", one.subject.lower()).strip()] = one
    yield from sorted(last.values(), key=lambda one: (one.at, one.id))


def _other(one: Message, owner: Owner) -> str:
    """The other of two, "" for anything else."""
    if len(one.to) != 1 or one.cc:
        return ""
    ends = {one.sender.address, one.to[0].address}
    others = ends - set(owner.addresses)
    return others.pop() if len(others) == 1 and len(ends) == 2 else ""


def _looks(one: Message, owner: Owner) -> bool:
    mine = one.sender.address in owner.addresses
    return bool((PROMISES if mine else ASKS).search(one.text.lower()))


def told(owner: Owner, at: datetime, contact: Contact, nudge: Nudge) -> str:
    """The nudge as a reader needs it: what it says, the evidence whole, what else passed between the two."""
    lines = [
        f"#### {owner.number} {at:%Y-%m-%d} {nudge.kind} {contact.name} <{contact.id}> [{nudge.key}]",
        f"QUOTE {nudge.quote!r} facts {dict(nudge.facts)}",
    ]
    for one in _around(owner, contact.addresses, nudge.evidence, at):
        whole = one.id in nudge.evidence
        after = " AFTER-THE-DATE" if one.at > at else ""
        lines.append(_line(one, owner, LETTERS if whole else SHORT, ("** " if whole else "   ") + after))
    return "\n".join(lines)


def _around(owner: Owner, addresses: Sequence[str], evidence: Sequence[str], at: datetime) -> list[Message]:
    known = {one.id: one for one in owner.mail}
    marks = [known[one].at for one in evidence if one in known] or [at]
    times = [one.at for one in owner.mail]
    low, high = bisect_left(times, min(marks) - BEFORE), bisect_left(times, max(marks) + AFTER)
    with_them = [one for one in owner.mail[low:high] if _between(one, addresses)]
    chosen = [one for one in with_them if one.id in evidence or one.at >= min(marks)][:14]
    return [*[one for one in with_them if one.at < min(marks)][-4:], *chosen]


def _between(one: Message, addresses: Sequence[str]) -> bool:
    parties = {one.sender.address, *(party.address for party in (*one.to, *one.cc))}
    return bool(parties & set(addresses))


def _line(one: Message, owner: Owner, letters: int, mark: str) -> str:
    who = "ME" if one.sender.address in owner.addresses else one.sender.address
    to = ",".join("ME" if party.address in owner.addresses else party.address for party in one.to[:4])
    more = f"+{len(one.to) - 4}" if len(one.to) > 4 else ""
    cc = f" cc{len(one.cc)}" if one.cc else ""
    text = " ".join(one.text.split())
    cut = "…" if len(text) > letters else ""
    return f"{mark}{one.at:%m-%d %a %H:%M} {who} > {to}{more}{cc} «{one.subject[:60]}» {text[:letters]}{cut}"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("directory", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dates", type=int, default=8, help="dates an owner")
    parser.add_argument("--debts", action="store_true", help="draw what may be owed, told or not")
    parser.add_argument("--owners", default="", help="folders, by comma; default all")
    arguments = parser.parse_args()
    folders = sorted(one for one in arguments.directory.iterdir() if (one / "owner.json").exists())
    wanted = set(filter(None, arguments.owners.split(",")))
    for number, folder in enumerate(folders, 1):
        if wanted and folder.name not in wanted:
            continue
        owner = Owner.read(number, folder)
        if arguments.debts:
            for text in debts(owner, arguments.dates, arguments.seed):
                print(text, end="\n\n", flush=True)
            continue
        for at, contact, nudge in sample(owner, arguments.dates, arguments.seed):
            print(told(owner, at, contact, nudge), end="\n\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
