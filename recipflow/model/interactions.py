"""What is observed: a message, or a version of a meeting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Form(StrEnum):
    """How a body is written."""

    PLAIN = "plain"
    FLOWED = "flowed"  # RFC 3676
    FLOWED_DELSP = "flowed-delsp"
    HTML = "html"


UNKNOWN = "und"
"""The language of what is too short, or too mixed, to tell."""

CROWD = 4
"""A message to more people than this is meant for nobody in particular."""


class Party(NamedTuple):
    address: str
    name: str = ""


class Attachment(NamedTuple):
    """Name, MIME type and size in bytes; never the bytes themselves."""

    name: str
    type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One mail. A connector fills `body` and `form`; the core cuts the new `text` out of it, and only that is kept."""

    id: str  #: Message-ID without <>, else a hash of date, from, to, subject and body
    at: datetime
    sender: Party
    to: tuple[Party, ...] = ()
    cc: tuple[Party, ...] = ()
    bcc: tuple[Party, ...] = ()
    subject: str = ""
    in_reply_to: str = ""  #: without <>; out of a store, its alias, as in `references`
    references: tuple[str, ...] = ()  #: oldest first, without <>
    thread_hint: str = ""  #: the provider's thread id (X-GM-THRID, conversationId)
    labels: tuple[str, ...] = ()  #: folder or labels, lower case: "sent", "inbox", "drafts" ...
    ref: str = ""  #: by which its connector finds it again; "" where it never has to
    partial: bool = False  #: its head alone: `fetch` of its `ref` brings the whole
    attachments: tuple[Attachment, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)  #: those of `KEPT_HEADERS` that it has
    sealed: bool = False  #: encrypted or image only: there may be words, and none can be read
    body: str = ""  #: the whole body as sent, decoded; never stored
    form: Form = Form.PLAIN
    text: str = ""  #: the new text: no quotes, signature, forwards, disclaimer


KEPT_HEADERS = frozenset(
    {
        "auto-submitted",
        "precedence",
        "list-id",
        "list-post",
        "list-unsubscribe",
        "x-auto-response-suppress",
        "x-autoreply",
        "x-autorespond",
        "x-loop",
        "feedback-id",
        "return-path",
        "reply-to",
        "sender",
        "content-type",  # of the whole message: multipart/report, text/calendar
        "x-failed-recipients",
        "x-mailer",
        "x-google-drive-share",
        "resent-from",
    }
)
"""What telling machines from people needs of a message's head."""


class PartStat(StrEnum):
    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"
    NEEDS_ACTION = "needs-action"


class Attendee(NamedTuple):
    address: str
    name: str = ""
    partstat: PartStat = PartStat.NEEDS_ACTION


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One version of one instance of a meeting. Of one `id`, the latest version wins."""

    id: str  #: uid, or uid + "/" + recurrence id (UTC, basic ISO form) for an instance of a series
    uid: str
    version: str  #: hash of the content
    sequence: int = 0
    known: datetime  #: when this version came to be known (LAST-MODIFIED, else DTSTAMP, else CREATED, else starts)
    starts: datetime
    ends: datetime
    all_day: bool = False
    recurring: bool = False  #: an instance of a standing series
    cancelled: bool = False
    private: bool = False  #: CLASS:PRIVATE or CONFIDENTIAL
    away: bool = False  #: the calendar itself marks it as an absence of the user's
    organizer: Party | None = None
    attendees: tuple[Attendee, ...] = ()
    summary: str = ""
    attachments: tuple[Attachment, ...] = ()


Interaction = Message | Meeting
