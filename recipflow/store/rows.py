"""Interactions as rows and rows as interactions."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from recipflow.model import Attachment, Attendee, Interaction, Meeting, Message, PartStat, Party
from recipflow.threads.aliases import alias

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LARGEST = 2**62
_JSON = json.JSONEncoder(ensure_ascii=False).encode
PARTY_LIMIT = 500
"""Of a mail to more people than this, the rest are not kept: it is mass mail whoever else got it."""


class Prepared(NamedTuple):
    """An interaction ready to be stored: its new text cut, its body dropped."""

    interaction: Interaction
    machine: str | None = None  #: the kind of machine that wrote it, None for a person
    language: str = ""  #: of the new text; "" if unknown


class Stored(NamedTuple):
    """An interaction as the store knows it."""

    key: int  #: row number; grows with arrival, not with time
    interaction: Interaction
    machine: str | None
    language: str
    text_dropped: bool = False  #: for age: what was read in it cannot be read again


Row = tuple[Any, ...]

MESSAGE_COLUMNS = (
    "account, type, ext, digest, at, machine, language, sealed, in_reply_to, refs, thread_hint, labels, attachments, "
    "headers, subject, text"
)
MEETING_COLUMNS = "uid, version, sequence, known, starts, ends, all_day, recurring, cancelled, private, away"


def seconds(at: datetime) -> int:
    """Whole seconds since 1970; what is below is cut off."""
    return int(at.timestamp() // 1)


def instant(at: int) -> datetime:
    """The other way round; any year, on any platform."""
    return _EPOCH + timedelta(seconds=at)


def maybe_seconds(at: datetime | None) -> int | None:
    return None if at is None else seconds(at)


def maybe_instant(at: int | None) -> datetime | None:
    return None if at is None else instant(at)


def interaction_row(account: int, number: int, item: Prepared) -> Row:
    """The columns of `interaction` but its id, in the order of `MESSAGE_COLUMNS`; what it refers to goes by alias."""
    one, machine, language = item
    if isinstance(one, Meeting):
        attachments = _attachments(one.attachments)
        start = seconds(one.starts)
        where = account, "meeting", one.id, number, start, machine, language
        return *where, 0, "", "", "", "", attachments, "", one.summary, ""
    return (
        account,
        "message",
        one.id,
        number,
        seconds(one.at),
        machine,
        language,
        int(one.sealed),
        alias(one.in_reply_to),
        " ".join(map(alias, one.references)),
        one.thread_hint,
        "\n".join(sorted(one.labels)),
        _attachments(one.attachments),
        _JSON(dict(one.headers)) if one.headers else "",
        one.subject,
        one.text,
    )


def meeting_row(meeting: Meeting) -> Row:
    """The columns of `meeting` but its interaction."""
    return (
        meeting.uid,
        meeting.version,
        max(-_LARGEST, min(meeting.sequence, _LARGEST)),
        seconds(meeting.known),
        seconds(meeting.starts),
        seconds(meeting.ends),
        int(meeting.all_day),
        int(meeting.recurring),
        int(meeting.cancelled),
        int(meeting.private),
        int(meeting.away),
    )


def parts(one: Interaction) -> list[tuple[str, Party, str | None]]:
    """Who takes part, in the order of the interaction's own lists: role, party, partstat."""
    if isinstance(one, Message):
        rows: list[tuple[str, Party, str | None]] = [("from", one.sender, None)]
        rows += [("to", party, None) for party in one.to]
        rows += [("cc", party, None) for party in one.cc]
        rows += [("bcc", party, None) for party in one.bcc]
        return rows[:PARTY_LIMIT]
    rows = [("organizer", one.organizer, None)] if one.organizer else []
    return rows + [
        ("attendee", Party(a.address, a.name), a.partstat.value) for a in one.attendees[:PARTY_LIMIT]
    ]


def crowded(one: Interaction) -> bool:
    """Whether it is a mail to more people than are kept."""
    return isinstance(one, Message) and len(one.to) + len(one.cc) + len(one.bcc) >= PARTY_LIMIT


def stored(row: Row, parties: Iterable[Row]) -> Stored:
    """From `id`, MESSAGE_COLUMNS, MEETING_COLUMNS, and the parties' (role, address, name, partstat)."""
    key, _, kind, *_ = row
    one = _message(row, parties) if kind == "message" else _meeting(row, parties)
    return Stored(key, one, row[6], row[7], row[16] is None)


def utf8(text: str) -> str:
    """The text without what UTF-8 cannot hold (lone surrogates of a broken decoding)."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def scrubbed(row: Row) -> Row:
    """The row, all its texts made fit for UTF-8."""
    return tuple(utf8(value) if isinstance(value, str) else value for value in row)


def _message(row: Row, parties: Iterable[Row]) -> Message:
    _, _, _, ext, _, at, _, _, sealed, reply, refs, hint, labels, attachments, headers, subject, text = row[
        :17
    ]
    by_role: dict[str, list[Party]] = {"from": [], "to": [], "cc": [], "bcc": []}
    for role, address, name, _ in parties:
        by_role[role].append(Party(address, name))
    return Message(
        id=ext,
        at=instant(at),
        sender=by_role["from"][0] if by_role["from"] else Party(""),
        to=tuple(by_role["to"]),
        cc=tuple(by_role["cc"]),
        bcc=tuple(by_role["bcc"]),
        subject=subject,
        in_reply_to=reply,
        references=tuple(refs.split(" ")) if refs else (),
        thread_hint=hint,
        labels=tuple(labels.split("\n")) if labels else (),
        attachments=_read_attachments(attachments),
        headers=json.loads(headers) if headers else {},
        sealed=bool(sealed),
        text=text or "",
    )


def _meeting(row: Row, parties: Iterable[Row]) -> Meeting:
    uid, version, sequence, known, starts, ends, all_day, recurring, cancelled, private, away = row[17:28]
    organizer, attendees = None, []
    for role, address, name, partstat in parties:
        if role == "organizer":
            organizer = Party(address, name)
        else:
            attendees.append(Attendee(address, name, PartStat(partstat)))
    return Meeting(
        id=row[3],
        uid=uid,
        version=version,
        sequence=sequence,
        known=instant(known),
        starts=instant(starts),
        ends=instant(ends),
        all_day=bool(all_day),
        recurring=bool(recurring),
        cancelled=bool(cancelled),
        private=bool(private),
        away=bool(away),
        organizer=organizer,
        attendees=tuple(attendees),
        summary=row[15],
        attachments=_read_attachments(row[13]),
    )


def _attachments(attachments: tuple[Attachment, ...]) -> str:
    return _JSON(attachments) if attachments else ""


def _read_attachments(text: str) -> tuple[Attachment, ...]:
    return tuple(Attachment(*one) for one in json.loads(text)) if text else ()
