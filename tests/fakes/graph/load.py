"""A mailbox and a calendar out of files, for trying things by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from recipflow.connector import pulling
from recipflow.model import Form, Interaction, Meeting, Message, PartStat, Party
from tests.fakes.graph.calendar import Calendars, attendee, graph_time
from tests.fakes.graph.mailbox import Json, Mailbox, recipient, stamp

_ANSWERS = {
    PartStat.ACCEPTED: "accepted",
    PartStat.TENTATIVE: "tentativelyAccepted",
    PartStat.DECLINED: "declined",
    PartStat.NEEDS_ACTION: "notResponded",
}
_FOLDERS = {"sent": "sentitems", "drafts": "drafts", "spam": "junkemail", "trash": "deleteditems"}


def load_mail(path: Path, into: Mailbox, *, now: datetime) -> int:
    """Every message of an mbox, each in the folder its labels name, own mail in Sent Items."""
    count = 0
    for one in _read(path, now):
        if isinstance(one, Message):
            add_message(one, into)
            count += 1
    return count


def add_message(one: Message, into: Mailbox) -> None:
    named = [_FOLDERS[label] for label in one.labels if label in _FOLDERS]
    own = ["sentitems"] if one.sender.address == into.address else []
    into.add(_message(one), (*named, *own, "inbox")[0])


def load_calendar(path: Path, into: Calendars, *, now: datetime) -> int:
    """Every meeting of an .ics file, each time of a series for itself."""
    meetings = [one for one in _read(path, now) if isinstance(one, Meeting)]
    for one in meetings:
        add_meeting(one, into)
    return len(meetings)


def add_meeting(one: Meeting, into: Calendars) -> None:
    """One of a series as an exception to it, so that it says of itself when it was to be."""
    instance = _instance(one) if one.recurring else {}
    into.add(one.starts, **_event(one), **instance)


def _read(path: Path, now: datetime) -> Iterator[Interaction]:
    connector, cursor, more = pulling("files", {"paths": [str(path)]}), None, True
    while more:
        page = connector.pull(cursor, now=now)
        yield from page.interactions
        cursor, more = page.cursor, page.more


def _message(one: Message) -> Json:
    root = one.references[0] if one.references else one.id
    answered = {"In-Reply-To": f"<{one.in_reply_to}>"} if one.in_reply_to else {}
    headers = {**one.headers, **answered, "References": " ".join(f"<{each}>" for each in one.references)}
    return {
        "internetMessageId": f"<{one.id}>",
        "conversationId": f"AAQk{sha256(root.encode()).hexdigest()}",
        "subject": one.subject,
        "from": _recipient(one.sender),
        "sender": _recipient(one.sender),
        "toRecipients": [*map(_recipient, one.to)],
        "ccRecipients": [*map(_recipient, one.cc)],
        "bccRecipients": [*map(_recipient, one.bcc)],
        "receivedDateTime": stamp(one.at),
        "sentDateTime": stamp(one.at),
        "isDraft": "drafts" in one.labels,
        "body": {"contentType": "html" if one.form is Form.HTML else "text", "content": one.body},
        "internetMessageHeaders": [
            {"name": name, "value": value} for name, value in headers.items() if value
        ],
        "attachments": [
            {
                "@odata.type": "#microsoft.graph.fileAttachment",
                "id": f"{number}",
                "name": each.name,
                "contentType": each.type,
                "size": each.size,
                "isInline": False,
            }
            for number, each in enumerate(one.attachments)
        ],
    }


def _recipient(party: Party) -> Json:
    return recipient(party.address, party.name)


def _event(one: Meeting) -> Json:
    return {
        "subject": one.summary,
        "end": graph_time(one.ends),
        "iCalUId": one.uid,
        "isAllDay": one.all_day,
        "isCancelled": one.cancelled,
        "sensitivity": "private" if one.private else "normal",
        "organizer": recipient(*one.organizer) if one.organizer else None,
        "attendees": [attendee(each.address, _ANSWERS[each.partstat]) for each in one.attendees],
        "lastModifiedDateTime": stamp(one.known),
    }


def _instance(one: Meeting) -> Json:
    day = one.id.rpartition("/")[2]
    form = "%Y%m%dT%H%M%SZ" if "T" in day else "%Y%m%d"
    return {"type": "exception", "originalStart": stamp(datetime.strptime(day, form).replace(tzinfo=UTC))}
