"""The messages, machines and meetings as they go over the wire."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any
from zoneinfo import ZoneInfo

from tests.data.rendering import client_of, digest, message_id, render, sender_of
from tests.data.sources import Mailbox, Message


def recipients(message: Message) -> tuple[list[str], list[str]]:
    extra = [one for one in re.split(r"[ ,]+", message.options.get("to", "")) if one]
    to = extra if extra and "@" in extra[0] else [*extra, message.recipient]
    return to, [one for one in re.split(r"[ ,]+", message.options.get("cc", "")) if one]


def mail(message: Message) -> EmailMessage:
    render(message)
    box = message.box
    one = EmailMessage()
    to, cc = recipients(message)
    zone = box.people.get(message.sender, box.me).tz
    one["X-Gmail-Labels"] = "Sent" if message.sender == "me" else "Inbox"
    one["Date"] = format_datetime(message.when.astimezone(ZoneInfo(zone)))
    one["Message-ID"] = f"<{message_id(message)}>"
    if message.parent:
        one["In-Reply-To"] = one["References"] = f"<{message_id(message.parent)}>"
    one["Subject"], one["From"] = message.subject, sender_of(message)
    one["To"] = ", ".join(box.named(key, 1 if key == "me" and _is_close(message) else 0) for key in to)
    if cc:
        one["Cc"] = ", ".join(box.named(key) for key in cc)
    if "list" in message.options:
        one["List-Id"], one["Precedence"] = f"<{box.list_id}>", "list"
    one.set_content(message.plain)
    if message.options.get("fmt") != "plain" and client_of(message) != "tbird":
        one.add_alternative(f"<html><body>{message.inner}</body></html>\n", subtype="html")
    for name in re.split(r", ", message.options["att"]) if "att" in message.options else ():
        one.add_attachment(
            f"{name}\n".encode(), maintype="application", subtype="octet-stream", filename=name
        )
    _fix_boundaries(one, message.ref)
    return one


def _is_close(message: Message) -> bool:
    person = message.box.people.get(message.sender)
    return person is not None and person.profile == "close"


def _fix_boundaries(one: EmailMessage, seed: str) -> None:
    for number, part in enumerate(one.walk()):
        if part.is_multipart():
            part.set_boundary(digest(f"{seed}/{number}")[:28])


def machine_mail(
    box: Mailbox, row: dict[str, Any], by_ref: dict[str, Message]
) -> list[tuple[datetime, EmailMessage]]:
    made = []
    for subject, when in zip(row["subjects"], row["when"], strict=True):
        at = datetime.fromisoformat(when).replace(tzinfo=box.zone)
        one = EmailMessage()
        one["X-Gmail-Labels"], one["Date"] = "Inbox", format_datetime(at)
        one["Message-ID"] = f"<{digest(subject + when)[:24]}@{parseaddr(row['from'])[1].split('@')[1]}>"
        one["Subject"], one["From"], one["To"] = subject, row["from"], row.get("to", box.me.addresses[0])
        for header in row["headers"]:
            one[header.split(": ", 1)[0]] = header.split(": ", 1)[1]
        if "reply_to" in row:
            one["In-Reply-To"] = f"<{message_id(by_ref[row['reply_to']])}>"
        one.set_content(row["text"])
        if row.get("html"):
            paragraphs = "".join(f"<p>{html.escape(part)}</p>" for part in row["text"].split("\n\n"))
            one.add_alternative(
                f"<html><body><h1>{html.escape(subject)}</h1>{paragraphs}</body></html>\n", subtype="html"
            )
        _fix_boundaries(one, subject + when)
        made.append((at, one))
    return made


def calendar(box: Mailbox) -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//recipflow//{box.title}//EN"]
    for event in box.events:
        lines += _event(box, event)
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def _event(box: Mailbox, event: dict[str, Any]) -> list[str]:
    start = datetime.fromisoformat(event["start"]).replace(tzinfo=ZoneInfo(event.get("zone", box.zone.key)))
    if "days" in event:
        times = [
            f"DTSTART;VALUE=DATE:{start:%Y%m%d}",
            f"DTEND;VALUE=DATE:{start + timedelta(days=event['days']):%Y%m%d}",
        ]
    else:
        end = start.astimezone(UTC) + timedelta(minutes=event["minutes"])
        begin = (
            f"DTSTART;TZID={box.zone.key}:{start:%Y%m%dT%H%M%S}"
            if "rrule" in event
            else f"DTSTART:{start.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        )
        times = [
            begin,
            f"DURATION:PT{event['minutes']}M" if "rrule" in event else f"DTEND:{end:%Y%m%dT%H%M%SZ}",
        ]
    rows = [
        "BEGIN:VEVENT",
        f"UID:{event['uid']}@{box.domain}",
        f"DTSTAMP:{start - timedelta(days=7):%Y%m%dT%H%M%SZ}",
        *times,
    ]
    rows += [
        f"SUMMARY:{event['summary'].replace(',', chr(92) + ',')}",
        f"STATUS:{event.get('status', 'CONFIRMED')}",
    ]
    rows += [f"RRULE:{event['rrule']}"] if "rrule" in event else []
    rows += ["CLASS:PRIVATE"] if event.get("private") else []
    if attendees := event.get("attendees"):
        rows.append(f"ORGANIZER:mailto:{box.address(event.get('organizer', 'me'))}")
        for attendee in attendees:
            who, _, state = attendee.partition(":")
            rows.append(f"ATTENDEE;PARTSTAT={state or 'ACCEPTED'}:mailto:{box.address(who)}")
    return [*rows, "END:VEVENT"]


def mbox(box: Mailbox, messages: list[Message]) -> bytes:
    everything = [(one.when, mail(one)) for one in messages]
    by_ref = {one.ref: one for one in messages}
    everything += [pair for row in box.machines for pair in machine_mail(box, row, by_ref)]
    out = []
    for when, one in sorted(everything, key=lambda pair: pair[0]):
        raw = re.sub(rb"(?m)^(>*From )", rb">\1", one.as_bytes())
        out.append(f"From MAILER {when.astimezone(UTC):%a %b %d %H:%M:%S %Y}\n".encode() + raw + b"\n")
    return b"".join(out)
