"""A mailbox as Gmail keeps it: messages in threads, labels, drafts, and a history of what was done to them."""

from __future__ import annotations

import email
import email.policy
from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message as Parsed
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import NamedTuple

FIRST_ID = 0x18C0_0000_0000_0000
SYSTEM = (
    "INBOX",
    "SENT",
    "DRAFT",
    "SPAM",
    "TRASH",
    "CHAT",
    "UNREAD",
    "STARRED",
    "IMPORTANT",
    "CATEGORY_PERSONAL",
    "CATEGORY_SOCIAL",
    "CATEGORY_PROMOTIONS",
    "CATEGORY_UPDATES",
    "CATEGORY_FORUMS",
)


@dataclass
class Mail:
    """One message; its raw bytes never change, its labels do."""

    id: str
    thread: str
    raw: bytes
    at_ms: int
    labels: frozenset[str]
    history: int = 0

    @cached_property
    def parsed(self) -> Parsed:
        return email.message_from_bytes(self.raw, policy=email.policy.compat32)

    @property
    def subject(self) -> str:
        return str(self.parsed.get("Subject", ""))

    @property
    def sender(self) -> str:
        return str(self.parsed.get("From", ""))

    @property
    def message_id(self) -> str:
        return str(self.parsed.get("Message-ID", "")).strip("<> \r\n")

    @property
    def text(self) -> str:
        return self.raw.decode("utf-8", "replace")


class Event(NamedTuple):
    """One entry of the history."""

    id: int
    kind: str  #: messagesAdded, messagesDeleted, labelsAdded, labelsRemoved
    mail: str
    thread: str
    labels: frozenset[str]  #: the message's, then
    changed: frozenset[str] = frozenset()


@dataclass
class Mailbox:
    address: str = "noor@haddad.example"
    aliases: tuple[str, ...] = ()
    mails: dict[str, Mail] = field(default_factory=dict)
    history: list[Event] = field(default_factory=list)
    forgotten: int = 0  #: history up to here is no longer known
    now_history: int = 1_000
    own_labels: dict[str, str] = field(default_factory=dict)
    drafts: dict[str, str] = field(default_factory=dict)
    by_date: list[tuple[int, str]] = field(default_factory=list)
    members: dict[str, list[str]] = field(default_factory=dict)  #: thread: its messages
    _count: int = 0
    _threads: dict[str, str] = field(default_factory=dict)  #: Message-ID: its thread

    def deliver(
        self,
        raw: bytes,
        labels: Iterable[str] = ("INBOX",),
        *,
        at: datetime | None = None,
        thread: str = "",
    ) -> str:
        """Let a message arrive, be sent, be imported; its id. `at` is when Google took it: by default its Date."""
        self._count += 1
        one = Mail(f"{FIRST_ID + self._count * 0x10:x}", "", raw, 0, frozenset(labels))
        one.at_ms = int((at or _date(one.parsed)).timestamp() * 1000)
        one.thread = thread or self._thread(one)
        if one.message_id:
            self._threads[one.message_id] = one.thread
        self.mails[one.id] = one
        self.members.setdefault(one.thread, []).append(one.id)
        insort(self.by_date, (-one.at_ms, one.id))
        self._record("messagesAdded", one)
        return one.id

    def relabel(self, mail: str, *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        one = self.mails[mail]
        added, removed = frozenset(add) - one.labels, frozenset(remove) & one.labels
        one.labels = (one.labels | added) - removed
        if added:
            self._record("labelsAdded", one, added)
        if removed:
            self._record("labelsRemoved", one, removed)

    def delete(self, mail: str) -> None:
        one = self.mails.pop(mail)
        self.members[one.thread].remove(mail)
        self.by_date.remove((-one.at_ms, one.id))
        self._record("messagesDeleted", one)

    def save_draft(self, raw: bytes, draft: str = "") -> str:
        """Save a draft, anew or once more; each saving makes it a new message, as at Google's."""
        draft = draft or f"r{len(self.drafts) + 1}{self._count}"
        before = self.drafts.get(draft)
        self.drafts[draft] = self.deliver(raw, ("DRAFT",), at=datetime.now(UTC))
        if before:
            self.delete(before)
        return draft

    def forget_history(self) -> None:
        """Let every historyId there is so far be too old."""
        self.now_history += 1
        self.forgotten = self.now_history
        self.history.clear()

    def in_thread(self, thread: str) -> list[Mail]:
        """Its messages, oldest first."""
        return sorted(
            (self.mails[one] for one in self.members.get(thread, ())), key=lambda one: (one.at_ms, one.id)
        )

    def _thread(self, one: Mail) -> str:
        answered = f"{one.parsed.get('References', '')} {one.parsed.get('In-Reply-To', '')}".split()
        known = (self._threads.get(reference.strip("<>")) for reference in reversed(answered))
        return next((thread for thread in known if thread), one.id)

    def _record(self, kind: str, one: Mail, changed: frozenset[str] = frozenset()) -> None:
        self.now_history += 3
        one.history = self.now_history
        self.history.append(Event(self.now_history, kind, one.id, one.thread, one.labels, changed))


def _date(parsed: Parsed) -> datetime:
    try:
        found = parsedate_to_datetime(str(parsed.get("Date", "")))
    except ValueError:
        return datetime(2026, 1, 1, tzinfo=UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
