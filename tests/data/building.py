"""Build a fictional mailbox: a year of one person's mail and meetings, with what advice it calls for.

    python -m tests.data.mailboxes fourth DIRECTORY

Writes `mail.mbox`, `calendar.ics`, `people.json`, `expect.json`, `truth.jsonl` and `newtext.jsonl` in the formats of the
gold mailbox. The same sources give the same bytes.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.data.rendering import message_id
from tests.data.sources import Mailbox, Message, act_of, threads
from tests.data.wire import calendar, mbox, recipients


def contacts_of(message: Message) -> list[str]:
    to, cc = recipients(message)
    address = message.box.address
    return (
        [address(message.sender)]
        if message.sender != "me"
        else [address(key) for key in [*to, *cc] if key != "me"]
    )


def truth(message: Message) -> dict[str, Any]:
    by, contacts = ("me" if message.sender == "me" else "them"), contacts_of(message)
    acts = []
    for act in message.acts:
        towards = (
            [message.box.address(act.pop("to"))] if "to" in act else contacts[:1] if by == "me" else contacts
        )
        acts.append(act | {"by": by, "contacts": towards})
    root = message
    while root.parent:
        root = root.parent
    return {
        "message_id": message_id(message), "ref": message.ref, "date": message.when.isoformat(), "by": by,
        "contacts": contacts, "thread": root.ref, "lang": message.options.get("lang", "en"), "acts": acts,
    }  # fmt: skip


def new_text(message: Message) -> dict[str, Any]:
    return {"message_id": message_id(message), "text": message.text, "subject": message.subject}


def meeting_truth(box: Mailbox, event: dict[str, Any]) -> dict[str, Any]:
    specs = [(spec.rsplit(" ", 2), event["summary"]) for spec in event.get("acts", ())]
    acts = [
        act_of(spec, quote) | {"by": by, "contacts": [box.address(who)]} for (spec, by, who), quote in specs
    ]
    start = datetime.fromisoformat(event["start"]).replace(tzinfo=ZoneInfo(event.get("zone", box.zone.key)))
    return {
        "uid": f"{event['uid']}@{box.domain}", "ref": f"ev:{event['uid']}", "date": start.isoformat(),
        "status": event.get("status", "CONFIRMED"), "answers": [event["answers"]] if "answers" in event else [], "acts": acts,
    }  # fmt: skip


def expectation(box: Mailbox, line: str) -> tuple[datetime, str, dict[str, Any]]:
    head, why = (part.strip() for part in line.split("|"))
    day, hour, sign, kinds, who, *lang = head.split()
    kind, *others = kinds.split("/")
    row: dict[str, Any] = {
        "kind": kind,
        "contact": box.address(who),
        "why": why,
        "strength": "likely" if "~" in sign else "clear",
    }
    row |= {"or": others} if others else {}
    row |= {"lang": lang[0]} if lang else {}
    at = datetime.fromisoformat(f"{day} {hour}").replace(tzinfo=box.zone).astimezone(UTC)
    return at, "must" if sign[0] == "+" else "must_not", row


def expectations(box: Mailbox, lines: list[str]) -> list[dict[str, Any]]:
    rows = sorted((expectation(box, line) for line in lines), key=lambda row: row[0])
    return [
        {
            "at": at.isoformat(),
            **{side: [row for _, one, row in at_once if one == side] for side in ("must", "must_not")},
        }
        for at, group in groupby(rows, key=lambda row: row[0])
        if (at_once := list(group))
    ]


def contact_rows(box: Mailbox) -> dict[str, Any]:
    keep = ("key", "name", "addresses", "relationship", "profile", "tags", "tz", "who")
    rows = [
        {name: getattr(person, name) for name in keep} for key, person in box.people.items() if key != "me"
    ]
    return {"me": {"name": box.me.name, "addresses": box.me.addresses, "tz": box.me.tz}, "contacts": rows}


def build(box: Mailbox, directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    messages, lines = threads(box)
    (directory / "mail.mbox").write_bytes(mbox(box, messages))
    (directory / "calendar.ics").write_text(calendar(box), encoding="utf-8", newline="")
    rows = [*map(truth, messages), *(meeting_truth(box, event) for event in box.events)]
    for name, lines_of in (("truth", rows), ("newtext", [*map(new_text, messages)])):
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in lines_of)
        (directory / f"{name}.jsonl").write_text(text, encoding="utf-8")
    for name, value in (("people", contact_rows(box)), ("expect", expectations(box, lines))):
        (directory / f"{name}.json").write_text(
            json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
