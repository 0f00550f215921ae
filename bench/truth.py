"""Reads a mailbox as its author labelled it: what ledger and advice make of mail when nothing is misread.

The acts are those of `truth.jsonl`, with their kinds, sizes and what they weigh by. What no label says is read as ever:
the question that a text ends in, needs and results told by the way, the day that a sentence names, what an ask waits for,
the time that a meeting takes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from recipflow import assembly
from recipflow.model import Act, ActType, Flag, Kind, Message
from recipflow.reading import Reader, Reading
from recipflow.reading.acts import acts_of
from recipflow.reading.deeds import Deed
from recipflow.rules.letter import Letter
from recipflow.rules.rulebook import Hit

KINDS = {"money": Kind.CASH, "fu": Kind.HELP}
"""Kinds that an author called otherwise."""
LABELLED = frozenset(
    {Flag.PERSONAL, Flag.UNEXPECTED, Flag.EFFORT, Flag.BUNDLED, Flag.FIRST_CONTACT, Flag.LOW}
)
"""What the labels say of a give; the other flags are read."""
LARGE = 2.0
"""fu above which an ask is large (`reading.deeds`)."""

Row = dict[str, Any]


class Labels:
    """The labels of a mailbox, by message, and whose each address is."""

    def __init__(self, directory: Path) -> None:
        lines = (directory / "truth.jsonl").read_text("utf-8").splitlines()
        rows = (json.loads(line) for line in lines)
        self.acts: dict[str, list[Row]] = {
            row["message_id"]: row["acts"] for row in rows if "message_id" in row
        }
        people = json.loads((directory / "people.json").read_text("utf-8"))
        self.zone = ZoneInfo(people["me"]["tz"])
        self._whose = {
            address: person["addresses"][0]
            for person in people["contacts"]
            for address in person["addresses"]
        }

    def addressed(self, message: Message, contact: str) -> str:
        """The address of a contact that the message was to, or from."""
        parties = (message.sender, *message.to, *message.cc, *message.bcc)
        mine = (one.address for one in parties if self._whose.get(one.address, one.address) == contact)
        return next(mine, contact)


class LabelledReader(Reader):
    """Reads what was labelled by its labels, and everything else as the installed reader does."""

    def __init__(self, directory: Path) -> None:
        self._labels = Labels(directory)
        super().__init__(assembly.packs(), assembly.judges(), self._labels.zone)

    def read_all(self, messages: Iterable[tuple[Message, str]], me: frozenset[str]) -> list[Reading]:
        known = list(messages)
        read = super().read_all(known, me)
        return [
            replace(one, acts=tuple(self._acts(message, language, one, me)))
            if message.id in self._labels.acts
            else one
            for (message, language), one in zip(known, read, strict=True)
        ]

    def _acts(self, message: Message, language: str, read: Reading, me: frozenset[str]) -> Iterator[Act]:
        one = self._opened(message, me, language or read.language)
        standing = one.book.stand(one.letter) if one.book else []
        passing = [act.quote for act in read.acts if Flag.IN_PASSING in act.flags]
        for row in self._labels.acts[message.id]:
            if row["act"] == ActType.ASK and any(row["quote"] in quote for quote in passing):
                continue  # no label can say that it was told by the way
            told = list(_told(row, message, one.letter, standing, me))
            addresses = [self._labels.addressed(message, contact) for contact in row["contacts"]]
            if (
                row["kind"] == Kind.INTRO and row["act"] == ActType.GIVE
            ):  # labelled towards the first of them alone
                addresses += [act.contact for act in told]
            for address in dict.fromkeys(addresses):
                meant = (act for act in told if act.contact == address)
                yield next(meant, None) or replace(told[0], contact=address)
        yield from (act for act in read.acts if act.remark)


def _told(row: Row, message: Message, written: Letter, hits: list[Hit], me: frozenset[str]) -> Iterator[Act]:
    """A label as an act towards everybody whom its letter is for; of several sentences the one that names a day counts."""
    for act in _with_day(row, message, written, hits, me):
        give = act.act is ActType.GIVE
        paid = (
            {Flag.REPAID} if give and row.get("duty") else set[Flag]()
        )  # it ends what waits for it, and weighs nothing
        yield replace(
            act,
            size=0.0 if row.get("duty") else row["size_fu"],
            routine=give and not row["notable"],
            notable=row["notable"],
            flags=act.flags - LABELLED | {flag for flag in LABELLED if row.get(flag.value)} | paid,
            quote=row["quote"],
        )


def _with_day(row: Row, message: Message, written: Letter, hits: list[Hit], me: frozenset[str]) -> list[Act]:
    at = _sentences(row, message, written)
    deed = _deed(row, at[0], hits)  # what it waits for is told where it begins
    found = [list(acts_of([deed._replace(at=one)], message, written, me)) for one in at]
    return next((acts for acts in found if any(act.due for act in acts)), found[0])


def _sentences(row: Row, message: Message, written: Letter) -> list[int]:
    """The sentences that a label quotes."""
    pattern = r"\s+".join(map(re.escape, row["quote"].split()))
    place = re.search(pattern, message.text)
    begins, ends = place.span() if place else (0, 1)
    return [at for at, part in enumerate(written.parts) if part.start < ends and begins < part.end] or [-1]


def _deed(row: Row, at: int, hits: list[Hit]) -> Deed:
    act = ActType(row["act"])
    rules = [hit.rule for hit in hits if hit.at == at and hit.rule.act is act and not hit.rule.remark]
    grounds = sorted((rule for rule in rules if not rule.refines), key=lambda rule: -rule.confidence)
    return Deed(
        act=act,
        at=at,
        rule=grounds[0].id if grounds else "truth",
        kind=row["kind"] and (KINDS.get(row["kind"]) or Kind(row["kind"])),
        certainty=1.0,
        notable_certainty=float(row["notable"]),
        large_certainty=float(act is ActType.ASK and (row["size_fu"] or 0.0) > LARGE),
        flags=frozenset[Flag]().union(*(rule.flags for rule in rules)),
    )
