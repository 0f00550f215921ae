"""The methods of Gmail that the fake answers."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import getaddresses
from typing import Any

from tests.fakes.google.answers import Asked, Refused
from tests.fakes.google.mail import SYSTEM, Event, Mail, Mailbox
from tests.fakes.google.payload import attachment, message
from tests.fakes.google.search import anywhere, search

Method = Callable[[Asked], Any]
_HIDDEN = frozenset({"SPAM", "TRASH"})


class Gmail:
    """What can be asked about one mailbox."""

    def __init__(self, box: Mailbox, clock: Callable[[], float]) -> None:
        self._box = box
        self._clock = clock
        self.methods: dict[str, Method] = {
            "gmail.users.getProfile": self._profile,
            "gmail.users.labels.list": self._labels,
            "gmail.users.messages.list": self._messages,
            "gmail.users.messages.get": self._message,
            "gmail.users.messages.attachments.get": self._attachment,
            "gmail.users.messages.send": self._send,
            "gmail.users.threads.get": self._thread,
            "gmail.users.history.list": self._history,
            "gmail.users.drafts.list": self._drafts,
            "gmail.users.drafts.get": self._draft,
            "gmail.users.settings.sendAs.list": self._send_as,
        }

    def _profile(self, _: Asked) -> Any:
        return {
            "emailAddress": self._box.address,
            "messagesTotal": len(self._box.mails),
            "threadsTotal": sum(map(bool, self._box.members.values())),
            "historyId": str(self._box.now_history),
        }

    def _labels(self, _: Asked) -> Any:
        own = [{"id": ref, "name": name, "type": "user"} for ref, name in self._box.own_labels.items()]
        return {"labels": [{"id": name, "name": name, "type": "system"} for name in SYSTEM] + own}

    def _messages(self, asked: Asked) -> Any:
        most = asked.number("maxResults", 100, 500)
        test = search(asked.one("q"))
        wanted = frozenset(asked.query.get("labelIds", ()))
        hidden = asked.flag("includeSpamTrash") or anywhere(asked.one("q"))
        order = self._box.by_date
        start = bisect_right(order, _token(asked.one("pageToken"))) if asked.one("pageToken") else 0
        found: list[Mail] = []
        more = False
        for _, ref in order[start:]:
            one = self._box.mails[ref]
            if (hidden or not one.labels & _HIDDEN) and wanted <= one.labels and test(one):
                if more := len(found) == most:
                    break
                found.append(one)
        answer: dict[str, Any] = {"resultSizeEstimate": len(found) + (100 if more else 0)}
        if found:
            answer["messages"] = [{"id": one.id, "threadId": one.thread} for one in found]
        if more:
            answer["nextPageToken"] = _as_token(found[-1])
        return answer

    def _message(self, asked: Asked) -> Any:
        one = self._there(asked.path["id"])
        return message(one, asked.one("format", "full"), asked.query.get("metadataHeaders"))

    def _attachment(self, asked: Asked) -> Any:
        return attachment(self._there(asked.path["messageId"]), asked.path["id"])

    def _there(self, ref: str) -> Mail:
        if ref not in self._box.mails:
            raise Refused(404, "notFound", "Requested entity was not found.")
        return self._box.mails[ref]

    def _thread(self, asked: Asked) -> Any:
        found = self._box.in_thread(asked.path["id"])
        if not found:
            raise Refused(404, "notFound", "Requested entity was not found.")
        form = asked.one("format", "full")
        return {
            "id": asked.path["id"],
            "historyId": str(max(one.history for one in found)),
            "messages": [message(one, form) for one in found],
        }

    def _history(self, asked: Asked) -> Any:
        start, box = int(asked.one("startHistoryId", "0")), self._box
        if start < box.forgotten or start > box.now_history:
            raise Refused(404, "notFound", "Requested entity was not found.")
        most = asked.number("maxResults", 100, 500)
        kinds = {_KINDS[one] for one in asked.query.get("historyTypes", _KINDS)}
        start = max(start, int(asked.one("pageToken", "0")))
        first = bisect_right(box.history, start, key=lambda event: event.id)
        found = [one for one in box.history[first:] if one.kind in kinds][: most + 1]
        answer: dict[str, Any] = {"historyId": str(box.now_history)}
        if found:
            answer["history"] = [_entry(one) for one in found[:most]]
        if len(found) > most:
            answer["nextPageToken"] = str(found[most - 1].id)
        return answer

    def _drafts(self, asked: Asked) -> Any:
        most = asked.number("maxResults", 100, 500)
        skip = int(asked.one("pageToken", "0"))
        drafts = list(self._box.drafts.items())
        found = [
            {"id": ref, "message": {"id": mail, "threadId": self._box.mails[mail].thread}}
            for ref, mail in drafts[skip : skip + most]
        ]
        answer: dict[str, Any] = {"resultSizeEstimate": len(drafts)}
        if found:
            answer["drafts"] = found
        if skip + most < len(drafts):
            answer["nextPageToken"] = str(skip + most)
        return answer

    def _draft(self, asked: Asked) -> Any:
        mail = self._box.drafts.get(asked.path["id"], "")
        return {"id": asked.path["id"], "message": message(self._there(mail), asked.one("format", "full"))}

    def _send_as(self, _: Asked) -> Any:
        box = self._box
        own = {"sendAsEmail": box.address, "isPrimary": True, "isDefault": True}
        others = [{"sendAsEmail": one, "verificationStatus": "accepted"} for one in box.aliases]
        return {"sendAs": [own, *others]}

    def _send(self, asked: Asked) -> Any:
        raw = urlsafe_b64decode(asked.body["raw"])
        ref = self._box.deliver(raw, ("SENT",), at=datetime.fromtimestamp(self._clock(), UTC))
        one = self._box.mails[ref]
        parties = getaddresses([str(one.parsed[name]) for name in ("To", "Cc", "Bcc") if name in one.parsed])
        if not parties:
            self._box.delete(ref)
            raise Refused(400, "invalidArgument", "Recipient address required")
        if any(address in (self._box.address, *self._box.aliases) for _, address in parties):
            self._box.relabel(ref, add=("INBOX", "UNREAD"))
        return {"id": ref, "threadId": one.thread, "labelIds": sorted(one.labels)}


_KINDS = {
    "messageAdded": "messagesAdded",
    "messageDeleted": "messagesDeleted",
    "labelAdded": "labelsAdded",
    "labelRemoved": "labelsRemoved",
}


def _entry(event: Event) -> dict[str, Any]:
    bare = {"id": event.mail, "threadId": event.thread}
    told: dict[str, Any] = {"message": {**bare, "labelIds": sorted(event.labels)}}
    if event.changed:
        told["labelIds"] = sorted(event.changed)
    return {"id": str(event.id), "messages": [bare], event.kind: [told]}


def _as_token(last: Mail) -> str:
    return urlsafe_b64encode(json.dumps([-last.at_ms, last.id]).encode()).decode()


def _token(token: str) -> tuple[int, str]:
    try:
        at, ref = json.loads(urlsafe_b64decode(token))
    except ValueError:
        raise Refused(400, "invalidArgument", "Invalid pageToken") from None
    return at, ref
