"""A draft as it lies in a file: a whole mail, or its bare text."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage

from recipflow.model import Form
from recipflow.text import new_text

MOST = 2_000_000
"""Bytes of a draft that are looked at."""
_HEAD = re.compile(rb"\A(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*)+\r?\n")
_MAIL = re.compile(
    rb"^(?:from|to|subject|date|message-id|mime-version|x-unsent):", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the user is about to send."""

    text: str  #: what is new in it
    subject: str = ""
    answers: tuple[str, ...] = ()  #: Message-IDs it answers, without <>
    attachments: tuple[str, ...] = ()


def read_draft(raw: bytes) -> Draft:
    """A mail if it begins with the head of one, else plain text; what cannot be decoded is replaced."""
    raw = raw[:MOST].removeprefix(b"\xef\xbb\xbf")
    head = _HEAD.match(raw)
    if head is None or not _MAIL.search(head[0]):
        return Draft(text=new_text(raw.decode("utf-8", "replace"), Form.PLAIN).text)
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    body, form = _body(mail)
    return Draft(
        text=new_text(body, form).text,
        subject=" ".join(str(mail["subject"] or "").split()),
        answers=tuple(_ids(mail)),
        attachments=tuple(part.get_filename() or "" for part in mail.iter_attachments()),
    )


def _body(mail: EmailMessage) -> tuple[str, Form]:
    part = mail.get_body(preferencelist=("plain", "html"))
    if part is None:
        return "", Form.PLAIN
    form = Form.HTML if part.get_content_subtype() == "html" else Form.PLAIN
    try:
        return str(part.get_content()), form
    except (LookupError, ValueError):  # a charset nobody knows
        decoded = part.get_payload(decode=True)
        return (decoded.decode("utf-8", "replace") if isinstance(decoded, bytes) else ""), form


def _ids(mail: EmailMessage) -> list[str]:
    named = f"{mail['in-reply-to'] or ''} {mail['references'] or ''}"
    return [one.strip("<>") for one in named.split()]
