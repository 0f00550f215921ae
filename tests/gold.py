"""The gold mailbox as messages of the model, read without any connector."""

from __future__ import annotations

import json
import mailbox
from datetime import UTC
from email.header import decode_header, make_header
from email.message import Message as Mail
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from recipflow.addressed import addressed
from recipflow.model import KEPT_HEADERS, Attachment, Form, Message, Party

GOLD = Path(__file__).parents[2] / "shared" / "data" / "gold_dev"
ME = frozenset({"noor@haddad.example", "noor.haddad@gmail.com"})


def gold_messages() -> tuple[Message, ...]:
    return _messages(_there("mail.mbox"))


def gold_truth() -> list[dict[str, Any]]:
    return _rows("truth.jsonl")


def gold_machines() -> dict[str, str]:
    return {row["message_id"]: row["kind"] for row in _rows("machines.jsonl")}


def gold_people() -> list[dict[str, Any]]:
    people: list[dict[str, Any]] = json.loads(_there("people.json").read_text("utf-8"))["contacts"]
    return people


def _there(name: str) -> Path:
    if not (GOLD / name).exists():
        pytest.skip("the gold mailbox is not at ../shared/data/gold_dev")
    return GOLD / name


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in _there(name).read_text("utf-8").splitlines()]


@cache
def _messages(path: Path) -> tuple[Message, ...]:
    box = mailbox.mbox(path, create=False)
    messages = tuple(_message(mail) for mail in box)
    box.close()
    return messages


def _message(mail: Mail) -> Message:
    body, form = _body(mail)
    return Message(
        id=_text(mail, "message-id").strip("<> "),
        at=parsedate_to_datetime(_text(mail, "date")).astimezone(UTC),
        sender=next(iter(_parties(mail, "from")), Party("")),
        to=_parties(mail, "to"),
        cc=_parties(mail, "cc"),
        bcc=_parties(mail, "bcc"),
        subject=_text(mail, "subject"),
        in_reply_to=_text(mail, "in-reply-to").strip("<> "),
        references=tuple(part.strip("<>") for part in _text(mail, "references").split()),
        labels=tuple(_text(mail, "x-gmail-labels").lower().split(",")),
        attachments=tuple(
            Attachment(part.get_filename() or "", part.get_content_type(), 0)
            for part in mail.walk()
            if part.get_filename() or part.get_content_type() == "text/calendar"
        ),
        headers={name.lower(): _text(mail, name) for name in mail if name.lower() in KEPT_HEADERS},
        body=body,
        form=form,
    )


def _body(mail: Mail) -> tuple[str, Form]:
    for type_, form in (("text/plain", Form.PLAIN), ("text/html", Form.HTML)):
        for part in mail.walk():
            if part.get_content_type() == type_ and not part.get_filename():
                raw = part.get_payload(decode=True)
                return (raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""), form
    return "", Form.PLAIN


def _text(mail: Mail, name: str) -> str:
    value = str(mail[name] or "").encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return " ".join(str(make_header(decode_header(value))).split())


def _parties(mail: Mail, name: str) -> tuple[Party, ...]:
    found = addressed(_text(mail, name))
    return tuple(Party(address.lower(), shown) for shown, address in found if address)
