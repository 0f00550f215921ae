"""Bytes of one mail into a Message: what every mail connector shares."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256

from recipflow.errors import RecipflowError
from recipflow.model import KEPT_HEADERS, Form, Message, Party
from recipflow_connectors import trees
from recipflow_connectors.dates import sent_at
from recipflow_connectors.headers import addresses_in, message_id, message_ids, parties, words
from recipflow_connectors.labels import of_gmail, unique
from recipflow_connectors.parts import Content, Part, content

Heads = dict[str, list[str]]

_KEPT_LENGTH = 1_000
_SENDERS = ("from", "sender", "reply-to", "return-path", "x-from")


class Unreadable(RecipflowError):
    """This is no message one could go by; the text says why, and `who` whom its head names."""

    def __init__(self, why: str, who: tuple[str, ...] = ()) -> None:
        super().__init__(why)
        self.who = who


_LONGEST_HEAD = 65_536


def named(raw: bytes) -> tuple[str, ...]:
    """The addresses in the head of a mail that cannot be read otherwise."""
    head, _, _ = raw[:_LONGEST_HEAD].replace(b"\r\n", b"\n").partition(b"\n\n")
    return addresses_in(head.decode("utf-8", "replace"))


def who(message: Message) -> tuple[str, ...]:
    """The addresses a message names in its head."""
    return tuple(one.address for one in (message.sender, *message.to, *message.cc, *message.bcc))


def parse(raw: bytes, *, labels: tuple[str, ...] = ()) -> Message:
    """The message in `raw`, which may begin with an mbox `From ` line.

    `labels` are those of its folder, canonical (`labels.of_folder`). Raises Unreadable, with the reason, when it has
    no header lines, no date or no sender.
    """
    raw, envelope = _without_envelope(raw)
    try:
        return _read(raw, labels, envelope)
    except RecursionError:
        raise Unreadable("its parts are nested too deeply", named(raw)) from None


def assembled(root: Part, *, received: datetime | None = None, labels: tuple[str, ...] = ()) -> Message:
    """The message whose parts a server described: `root` has the headers, and `received` stands in for a missing date.

    Raises Unreadable as `parse` does.
    """
    return _message(b"", root, labels, f"- {format_datetime(received)}" if received else "")


def _read(raw: bytes, labels: tuple[str, ...], envelope: str) -> Message:
    try:
        return _message(raw, trees.fast(raw), labels, envelope)
    except trees.ParseError:  # a part whose encoding is broken
        return _message(raw, trees.slow(raw), labels, envelope)
    except Unreadable as first:
        mended = trees.mended(raw)
        if mended == raw:
            raise
        try:
            return _message(mended, trees.slow(mended), labels, envelope)
        except Unreadable:
            raise first from None


def _without_envelope(raw: bytes) -> tuple[bytes, str]:
    if raw[:3] == b"\xef\xbb\xbf":
        raw = raw[3:]
    if raw[:1] in (b"\n", b"\r", b" ", b"\t"):
        raw = raw.lstrip()
    envelope = ""
    while raw[:5] == b"From " or raw[:6] == b">From ":
        line, _, raw = raw.partition(b"\n")
        envelope = envelope or line.lstrip(b">")[5:500].decode("latin-1").strip()
    return raw, envelope


def _message(raw: bytes, root: Part | None, labels: tuple[str, ...], envelope: str) -> Message:
    root = root or trees.slow(raw)
    heads: Heads = {name.strip().lower(): values for name, values in root.headers.items()}
    if not heads:
        raise Unreadable("it has no header lines")
    at = sent_at(heads, envelope)
    if at is None:
        raise Unreadable("it has no date one could go by", _everybody(heads))
    sender = _sender(heads, envelope)
    to, cc, bcc = (_recipients(heads, name) for name in ("to", "cc", "bcc"))
    subject = _subject(heads)
    found = content(root)
    body, form = _body(found)
    gmail = heads.get("x-gmail-labels")
    return Message(
        id=_identity(heads, at, sender, to, subject, body),
        at=at,
        sender=sender,
        to=to,
        cc=cc,
        bcc=bcc,
        subject=subject,
        in_reply_to=_answered(heads),
        references=message_ids(" ".join(heads["references"])) if "references" in heads else (),
        thread_hint=heads["x-gm-thrid"][0].strip()[:100] if "x-gm-thrid" in heads else "",
        labels=unique((*of_gmail(",".join(gmail)), *labels)) if gmail else labels,
        attachments=tuple(found.attachments),
        headers={name: heads[name][0][:_KEPT_LENGTH] for name in KEPT_HEADERS & heads.keys()},
        sealed=found.sealed(body, form),
        body=body,
        form=form,
    )


def _body(found: Content) -> tuple[str, Form]:
    body, form = found.body
    return (body.replace("\x00", ""), form) if "\x00" in body else (body, form)


def _sender(heads: Heads, envelope: str) -> Party:
    for name in _SENDERS:
        for value in heads.get(name, ()):
            for party in parties(value):
                if _is_address(party.address):
                    return party if name == "from" else Party(party.address, _display_name(heads))
    address = envelope.partition(" ")[0].lower()
    if _is_address(address):
        return Party(address, _display_name(heads))
    for party in parties(heads.get("from", [""])[0]):  # a user of the same machine, as once was usual
        return party
    raise Unreadable("it does not say who sent it", _everybody(heads))


def _everybody(heads: Heads) -> tuple[str, ...]:
    values = (value for name in (*_SENDERS, "to", "cc", "bcc") for value in heads.get(name, ()))
    return tuple(dict.fromkeys(party.address for value in values for party in parties(value)))


def _is_address(address: str) -> bool:
    return "@" in address.strip("@") or address.startswith("/o=")


def _display_name(heads: Heads) -> str:
    """The name in a From that gives no address."""
    value = words(heads.get("from", [""])[0][:_KEPT_LENGTH])
    return " ".join(re.sub(r"<[^<>]*>|[\"<>]", " ", value[:400]).split())[:200] if "@" not in value else ""


def _recipients(heads: Heads, name: str) -> tuple[Party, ...]:
    values = heads.get(name)
    if not values:
        return ()
    return parties(values[0] if len(values) == 1 else ", ".join(values))


def _subject(heads: Heads) -> str:
    value = words(heads.get("subject", [""])[0][: 4 * _KEPT_LENGTH])
    if "\x00" in value or "\n" in value or "\t" in value:
        value = " ".join(value.replace("\x00", "").split())
    return value.strip()[:_KEPT_LENGTH]


def _answered(heads: Heads) -> str:
    values = heads.get("in-reply-to")
    found = message_ids(values[0]) if values else ()
    return found[0] if found else ""


def _identity(
    heads: Heads, at: datetime, sender: Party, to: tuple[Party, ...], subject: str, body: str
) -> str:
    given = heads.get("message-id")
    known = message_id(given[0]) if given else ""
    if known:
        return known
    parts = (at.isoformat(), sender.address, " ".join(party.address for party in to), subject, body)
    return "hash:" + sha256("\x00".join(parts).encode("utf-8", "replace")).hexdigest()
