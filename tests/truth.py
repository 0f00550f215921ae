"""The gold mailbox as its author labelled it: ledger entries made of truth.jsonl, so that no reader's error enters."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from recipflow.model import (
    Act,
    ActType,
    Channel,
    Contact,
    Entry,
    Flag,
    Kind,
    NormName,
    ProfileName,
    Side,
    Tag,
)

GOLD = Path(__file__).resolve().parents[2] / "shared" / "data" / "gold_dev"
ZONE = ZoneInfo("Europe/Lisbon")
KINDS = {"money": Kind.CASH}
UNREAD = {"de", "pt", "es"}
"""Languages the gold mailbox has and no English pack reads."""


@dataclass(frozen=True)
class Expectation:
    at: datetime
    must: bool
    kind: str
    contact: str
    also: tuple[str, ...]
    clear: bool
    lang: str
    why: str


def expectations() -> Iterator[Expectation]:
    for instant in json.loads((GOLD / "expect.json").read_text()):
        for side in ("must", "must_not"):
            for row in instant[side]:
                yield Expectation(
                    datetime.fromisoformat(instant["at"]),
                    side == "must",
                    row["kind"],
                    row["contact"],
                    tuple(row.get("or", ())),
                    row["strength"] == "clear",
                    row.get("lang", "en"),
                    row["why"],
                )


def contacts() -> dict[str, Contact]:
    people = json.loads((GOLD / "people.json").read_text())["contacts"]
    return {row["addresses"][0]: _contact(row) for row in people}


def entries_of(contact: str, until: datetime) -> list[Entry]:
    rows = [json.loads(line) for line in (GOLD / "truth.jsonl").read_text().splitlines()]
    entries = [_entry(row, contact) for row in rows if contact in row["contacts"]]
    return sorted((e for e in entries if e and e.at <= until), key=lambda e: (e.at, e.interaction))


def _contact(row: dict[str, Any]) -> Contact:
    tags = [tag for tag in row["tags"] if not tag.startswith("pending_decision")]
    pending = [tag.split(":")[1].split("..") for tag in row["tags"] if tag.startswith("pending_decision")]
    return Contact(
        id=row["addresses"][0],
        addresses=tuple(row["addresses"]),
        name=row["name"],
        profile=ProfileName(row["profile"]),
        norm=NormName(row.get("norm", "neutral")),
        tags=frozenset(map(Tag, tags)),
        pending_decisions=tuple((date.fromisoformat(a), date.fromisoformat(b)) for a, b in pending),
    )


def _entry(row: dict[str, Any], contact: str) -> Entry | None:
    meeting = "uid" in row
    at = datetime.fromisoformat(row["date"]).astimezone(UTC)
    acts = tuple(
        _act(a, contact, number, at) for number, a in enumerate(row["acts"]) if contact in a["contacts"]
    )
    if meeting and (row["status"] == "CANCELLED" or row["recurring"] or row["attendees"] > 5):
        return None
    return Entry(
        interaction=row.get("message_id") or row["uid"],
        at=at,
        by=acts[0].by if meeting and acts else Side(row["by"]),
        thread=row.get("thread", row["ref"]),
        channel=Channel.MEETING if meeting else Channel.MAIL,
        acts=() if row.get("lang") in UNREAD else acts,
        unread=row.get("lang") in UNREAD,
    )


def _act(row: dict[str, Any], contact: str, number: int, at: datetime) -> Act:
    from recipflow.rules.due import day_named

    flags = {flag for flag in Flag if row.get(flag.value)} | ({Flag.LOW} if row.get("low_value") else set())
    return Act(
        contact=contact,
        by=Side(row["by"]),
        act=ActType(row["act"]),
        kind=row["kind"] and (KINDS.get(row["kind"]) or Kind(row["kind"])),
        size=row["size_fu"],
        routine=row["act"] == "give" and not row["notable"],
        notable=row["notable"],
        flags=frozenset(flags),
        quote=row["quote"],
        rule="truth",
        position=number,
        due=day_named(row["quote"].lower(), at.date()) if row["act"] in ("promise", "grant", "ask") else None,
        notable_confidence=float(row["notable"]),
        counts=not row.get("duty"),
    )
