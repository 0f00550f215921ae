"""A mailbox at Gmail as its API has it: each question with what it costs, and nothing asked twice in vain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from recipflow.connector import SetAside
from recipflow.errors import TryLater
from recipflow.model import Message
from recipflow_connectors import mime
from recipflow_connectors.google import messages, refusals
from recipflow_connectors.google.messages import Json
from recipflow_connectors.google.wire import Api, Refused

#: https://developers.google.com/workspace/gmail/api/reference/quota
LIST, HISTORY, SMALL, SEND = 5, 2, 1, 100
#: What a message costs in projects made since May 2026, a head no less than the whole; 5 in older ones.
MESSAGE = 20
MOST_IDS = 500
_GONE = (404,)
_PATIENCE = 5

Found = Message | SetAside


class Listed(NamedTuple):
    """A message as a list names it."""

    id: str
    thread: str


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the history."""

    id: str
    added: tuple[Json, ...]  #: messages that came
    restored: tuple[Json, ...]  #: that were taken out of spam or the trash
    threads: frozenset[str]


class Expired(Exception):
    """Gmail has forgotten the historyId, or the page token."""


class Box:
    """Questions to one mailbox. All of them read."""

    def __init__(self, api: Api, *, message_units: float = MESSAGE) -> None:
        self._api = api
        self._units = message_units
        self._failed: dict[str, int] = {}  #: how often Gmail broke down over a message

    def profile(self) -> Json:
        found: Json = self._api.ask(self._api.methods("users").getProfile(userId="me"), SMALL)
        return found

    def addresses(self) -> tuple[str, ...]:
        """The user's own: that of the account, and those mail can be sent as."""
        found = self._api.ask(self._api.methods("users", "settings", "sendAs").list(userId="me"), SMALL)
        listed = [str(one["sendAsEmail"]).lower() for one in found.get("sendAs", ())]
        return tuple(dict.fromkeys([str(self.profile()["emailAddress"]).lower(), *listed]))

    def listed(self, query: str, token: str, most: int) -> tuple[list[Listed], str]:
        """A page of what there is, newest first, and the token of the next; Expired when `token` no longer counts."""
        asked = self._api.methods("users", "messages").list(
            userId="me", q=query, maxResults=most, pageToken=token or None
        )
        try:
            found = self._api.ask(asked, LIST, known=(400,) if token else ())
        except Refused as refused:
            raise Expired from refused
        ids = [Listed(one["id"], one["threadId"]) for one in found.get("messages", ())]
        return ids, str(found.get("nextPageToken", ""))

    def all_listed(self, query: str) -> Iterator[Listed]:
        """All there is, newest first."""
        token = ""
        while True:
            try:
                found, token = self.listed(query, token, MOST_IDS)
            except Expired as lost:
                raise TryLater("Gmail lost its place in a list.") from lost
            yield from found
            if not token:
                return

    def changes(self, history: str, most: int = 100) -> tuple[list[Change], str, bool]:
        """What happened after `history`, up to where, and whether there is more; Expired when Gmail has forgotten."""
        asked = self._api.methods("users", "history").list(
            userId="me", startHistoryId=history, maxResults=most
        )
        try:
            found = self._api.ask(asked, HISTORY, known=_GONE)
        except Refused as refused:
            raise Expired from refused
        changes = [_change(one) for one in found.get("history", ())]
        more = bool(found.get("nextPageToken")) and bool(changes)
        # The id of an entry is as good a start as a token, and does not grow old with the process that asked for it.
        return changes, changes[-1].id if more else str(found["historyId"]), more

    def message(self, ref: str, *, head_only: bool = False) -> Found | None:
        """A message, whole or its head; None when it is gone or is none to be read."""
        form = "metadata" if head_only else "full"
        found = self._unless_gone(
            self._api.methods("users", "messages").get(userId="me", id=ref, format=form), self._units, ref
        )
        if found is None or isinstance(found, SetAside) or messages.left_out(found):
            return found if isinstance(found, SetAside) else None
        if head_only and not messages.head(found, "message-id"):
            return self.message(ref)  # without an id of its own, it is known by its words
        return self._read(found, partial=head_only)

    def thread(self, ref: str, since: int) -> list[Found]:
        """The messages of a thread since then, newest first: for the price of two."""
        found = self._thread(ref, "full")
        if isinstance(found, SetAside):  # one of its messages may be what Gmail chokes on: one by one, then
            ids = [one["id"] for one in self._of_thread(self._thread(ref, "minimal"), since)]
            return [one for one in map(self.message, ids) if one] or [found]
        return [self._read(one) for one in self._of_thread(found, since)]

    def _thread(self, ref: str, form: str) -> Json | SetAside | None:
        asked = self._api.methods("users", "threads").get(userId="me", id=ref, format=form)
        return self._unless_gone(asked, 2 * self._units, f"{ref} ({form})")

    @staticmethod
    def _of_thread(found: Json | SetAside | None, since: int) -> list[Json]:
        if found is None or isinstance(found, SetAside):
            return []
        return [
            one
            for one in reversed(found.get("messages", ()))
            if not messages.left_out(one) and int(one["internalDate"]) >= since * 1000
        ]

    def drafts(self) -> Iterator[tuple[str, str]]:
        """The id of each draft, and that of the message it is now: each saving makes it another."""
        token = ""
        while True:
            asked = self._api.methods("users", "drafts").list(
                userId="me", maxResults=MOST_IDS, pageToken=token or None
            )
            found = self._api.ask(asked, LIST)
            for one in found.get("drafts", ()):
                yield str(one["id"]), str(one["message"]["id"])
            token = str(found.get("nextPageToken", ""))
            if not token:
                return

    def draft(self, ref: str) -> Message | None:
        asked = self._api.methods("users", "drafts").get(userId="me", id=ref, format="full")
        found = self._unless_gone(asked, self._units, ref)
        if found is None or isinstance(found, SetAside):
            return None
        one = self._read(found["message"])
        return one if isinstance(one, Message) else None

    @cached_property
    def own_labels(self) -> dict[str, str]:
        """The user's labels: name by id."""
        found = self._api.ask(self._api.methods("users", "labels").list(userId="me"), SMALL)
        return {one["id"]: one["name"] for one in found.get("labels", ()) if one.get("type") == "user"}

    def _read(self, found: Json, *, partial: bool = False) -> Found:
        for body in messages.long_texts(found.get("payload", {})):
            asked = self._api.methods("users", "messages", "attachments")
            asked = asked.get(userId="me", messageId=found["id"], id=body["attachmentId"])
            body["data"] = self._api.ask(asked, self._units).get("data", "")
        try:
            return messages.message(found, self.own_labels, partial=partial)
        except mime.Unreadable as fault:
            return SetAside(f"message {found['id']}", str(fault), fault.who)

    def _unless_gone(self, asked: Any, units: float, ref: str) -> Json | SetAside | None:
        try:
            found: Json = self._api.ask(asked, units, known=_GONE)
        except TryLater as fault:
            if self._is_broken(ref, fault):
                return SetAside(f"message {ref}", "Gmail fails to show it, again and again")
            raise
        except Refused:
            return None
        self._failed.pop(ref, None)
        return found

    def _is_broken(self, ref: str, fault: TryLater) -> bool:
        """Whether Gmail chokes on this one message, while it answers other questions: it must not stop the rest."""
        if fault.__cause__ is None or refusals.status(fault.__cause__) < 500:
            return False
        self._failed[ref] = self._failed.get(ref, 0) + 1
        if self._failed[ref] < _PATIENCE:
            return False
        self.profile()
        return True


def _change(entry: Json) -> Change:
    added = tuple(one["message"] for one in entry.get("messagesAdded", ()))
    restored = tuple(
        one["message"]
        for one in entry.get("labelsRemoved", ())
        if not messages.LEFT_OUT.isdisjoint(one.get("labelIds", ()))
    )
    threads = frozenset(one["threadId"] for one in entry.get("messages", ()) if "threadId" in one)
    return Change(str(entry["id"]), added, restored, threads)
