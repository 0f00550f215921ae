"""The resources of mail: folders, messages, delta queries, sendMail."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import Any
from urllib.parse import urlencode

from tests.fakes.graph.mailbox import ROOT, Folder, Json, Mailbox, recipient, stamp
from tests.fakes.graph.odata import Asked, Bounds, Refused, bounds, cut

READ = ("Mail.Read", "Mail.ReadWrite")
READ_SHARED = ("Mail.Read.Shared", "Mail.ReadWrite.Shared")
NAVIGATION = frozenset({"attachments", "singleValueExtendedProperties"})
ONLY_SELECTED = frozenset({"internetMessageHeaders"})
MOST_WITH_FILTER = 5_000
_ORDERS = ("receivedDateTime desc", "")


class Mail:
    """Answers requests about one mailbox's mail; `base` is how links begin, `read` who may read it."""

    def __init__(
        self,
        mailbox: Mailbox,
        base: Callable[[], str],
        clock: Callable[[], datetime],
        read: tuple[str, ...] = READ,
    ) -> None:
        self.mailbox, self._base, self._clock, self._read = mailbox, base, clock, read
        #: Whether 5,000 is meant of all rounds of a delta query together, the stricter reading of the documentation.
        self.strict = True
        self.counts = True  #: whether $count is answered

    def answer(self, asked: Asked) -> tuple[int, str, Json]:
        """The status, the type of the object or objects, and the body."""
        match asked.method, asked.path:
            case "GET", ["mailFolders"]:
                return self._folders(asked, ROOT)
            case "GET", ["mailFolders", folder]:
                return 200, "mailFolder", self._shown(self._folder(asked, folder), asked)
            case "GET", ["mailFolders", folder, "childFolders"]:
                return self._folders(asked, self._folder(asked, folder).id)
            case "GET", ["mailFolders", folder, "messages"]:
                return self._list(asked, [self._folder(asked, folder).id])
            case "GET", ["mailFolders", folder, "messages", "delta"]:
                return self._delta(asked, self._folder(asked, folder))
            case "GET", ["messages"]:
                return self._list(asked, list(self.mailbox.folders))
            case "GET", ["messages", message]:
                asked.need(*self._read)
                if message not in self.mailbox.messages:
                    raise Refused(404, "ErrorItemNotFound")
                return 200, "message", self._cut(message, asked)
            case "POST", ["sendMail"]:
                return self._send(asked)
        raise Refused(405, "Request_BadRequest")

    def _folder(self, asked: Asked, name: str) -> Folder:
        asked.need(*self._read)
        try:
            return self.mailbox.folder(name)
        except KeyError:
            raise Refused(404, "ErrorItemNotFound") from None

    def _folders(self, asked: Asked, parent: str) -> tuple[int, str, Json]:
        """Rule `hidden-folders`."""
        asked.need(*self._read)
        hidden = asked.query.get("includeHiddenFolders") == "true"
        found = [
            one
            for one in self.mailbox.folders.values()
            if one.parent == parent and (hidden or not one.hidden)
        ]
        return 200, "mailFolder", self._page(asked, [self._shown(one, asked) for one in found])

    def _shown(self, folder: Folder, asked: Asked) -> Json:
        children = [one for one in self.mailbox.folders.values() if one.parent == folder.id]
        messages = [self.mailbox.messages[one] for one in folder.messages]
        whole: Json = {
            "@odata.type": folder.kind,
            "id": folder.id,
            "displayName": folder.name,
            "parentFolderId": folder.parent,
            "childFolderCount": len(children),
            "totalItemCount": len(messages),
            "unreadItemCount": sum(not one["isRead"] for one in messages),
            "isHidden": folder.hidden,
        }
        kept = cut(whole, asked, navigation=frozenset(), only_selected=frozenset())
        if folder.kind == "#microsoft.graph.mailFolder":
            del kept["@odata.type"]
        return kept

    def _cut(self, message: str, asked: Asked) -> Json:
        asked.preferred("IdType")
        return cut(self.mailbox.messages[message], asked, navigation=NAVIGATION, only_selected=ONLY_SELECTED)

    def _list(self, asked: Asked, folders: list[str]) -> tuple[int, str, Json]:
        """Rule `list-order`."""
        asked.need(*self._read)
        asked.preferred("IdType")
        wanted = bounds(asked.query.get("$filter", ""))
        order = asked.query.get("$orderby", "")
        if order not in _ORDERS:
            raise Refused(400, "ErrorInvalidUrlQuery")
        if order and "receivedDateTime" not in asked.query.get("$filter", ""):
            raise Refused(400, "InefficientFilter")
        messages = self.mailbox.messages
        found = [
            one for one in self.mailbox.newest(folders) if wanted.hold(messages[one]["receivedDateTime"])
        ]
        page = self._page(asked, found)
        if not self.counts:
            page.pop("@odata.count", None)
        page["value"] = [self._cut(one, asked) for one in page["value"]]
        return 200, "message", page

    def _page(self, asked: Asked, found: list[Any]) -> Json:
        """Rule `page-size`; lists are counted on, so that what is deleted meanwhile shifts them."""
        top, skip = int(asked.query.get("$top", 10)), int(asked.query.get("$skip", 0))
        if not 1 <= top <= 1_000:
            raise Refused(400, "ErrorInvalidUrlQuery")
        body: Json = {"value": found[skip : skip + top]}
        if asked.query.get("$count") == "true":
            body["@odata.count"] = len(found)
        if skip + top < len(found):
            following = {**asked.query, "$top": str(top), "$skip": str(skip + top)}
            body["@odata.nextLink"] = f"{self._base()}/{'/'.join(asked.path)}?{urlencode(following)}"
        return body

    def _delta(self, asked: Asked, folder: Folder) -> tuple[int, str, Json]:
        """A first round goes by time, the following ones by when something changed."""
        state = self._state(asked, folder)
        asked.preferred("IdType")
        size = int(asked.preferred("odata.maxpagesize") or 10)
        wanted = Bounds(*state["bounds"])
        left = MOST_WITH_FILTER - state["given"] if wanted.low and (state["first"] or self.strict) else None
        rows: list[tuple[Any, str]] = []
        rows += self._initial(folder, state) if state["first"] else folder.since(state["from"])
        rows = [one for one in rows if one[-1] not in folder.messages or self._within(one[-1], wanted)][:left]
        part = rows[:size]
        ask = Asked("GET", asked.path, state["query"], asked.headers, applied=asked.applied)
        body: Json = {"value": [self._changed(one[-1], folder, ask) for one in part]}
        state["given"] += len(part)
        if len(rows) > size:
            place = {"after": part[-1]} if state["first"] else {"from": part[-1][0]}
            body["@odata.nextLink"] = self._link(folder, "$skiptoken", {**state, **place})
        else:
            last = folder.versions[-1] if folder.versions else 0
            until = {
                "from": state["upto"] if state["first"] else last,
                "first": False,
                "after": None,
                "upto": 0,
            }
            body["@odata.deltaLink"] = self._link(folder, "$deltatoken", {**state, **until})
        return 200, "message", body

    def _state(self, asked: Asked, folder: Folder) -> Json:
        """Rules `delta-links`, `delta-filter`, `delta-expired`."""
        token = asked.query.get("$skiptoken") or asked.query.get("$deltatoken")
        if token:
            state: Json = json.loads(base64.urlsafe_b64decode(token))
            if state["epoch"] != self.mailbox.epoch or state["folder"] != folder.id:
                raise Refused(410, "SyncStateNotFound")
            return state
        if asked.query.get("$orderby", "") not in _ORDERS or "$search" in asked.query:
            raise Refused(400, "ErrorInvalidUrlQuery")
        return {
            "epoch": self.mailbox.epoch,
            "folder": folder.id,
            "query": {key: asked.query[key] for key in ("$select", "$expand") if key in asked.query},
            "bounds": bounds(asked.query.get("$filter", ""), delta=True),
            "first": True,
            "from": 0,
            "upto": folder.versions[-1] if folder.versions else 0,
            "after": None,
            "given": 0,
        }

    def _initial(self, folder: Folder, state: Json) -> list[tuple[str, str]]:
        """What lay there when the round began, less what has changed since: that comes with the next one."""
        later = {message for _, message in folder.since(state["upto"])}
        after = tuple(state["after"] or ("9", ""))
        places = map(self.mailbox.place, self.mailbox.newest([folder.id]))
        return [one for one in places if one < after and one[1] not in later]

    def _within(self, message: str, wanted: Bounds) -> bool:
        return wanted.hold(self.mailbox.messages[message]["receivedDateTime"])

    def _changed(self, message: str, folder: Folder, asked: Asked) -> Json:
        """Rule `delta-removed`."""
        if message in folder.messages:
            return {"@odata.type": "#microsoft.graph.message", **self._cut(message, asked)}
        return {"@odata.type": "#microsoft.graph.message", "id": message, "@removed": {"reason": "deleted"}}

    def _link(self, folder: Folder, kind: str, state: Json) -> str:
        token = base64.urlsafe_b64encode(json.dumps(state).encode()).decode()
        return f"{self._base()}/mailFolders('{folder.id}')/messages/delta?{kind}={token}"

    def _send(self, asked: Asked) -> tuple[int, str, Json]:
        """Rule `send-mail`; a letter to oneself lies in Sent Items and in the inbox."""
        asked.need("Mail.Send")
        message = (
            _from_mime(asked.body) if asked.headers.get("content-type") == "text/plain" else _from_json(asked)
        )
        now = stamp(self._clock())
        message |= {"from": recipient(self.mailbox.address, self.mailbox.name), "sentDateTime": now}
        message |= {"sender": message["from"], "receivedDateTime": now, "lastModifiedDateTime": now}
        self.mailbox.add({**message, "isRead": True}, "sentitems")
        everybody = [one for kind in ("to", "cc", "bcc") for one in message.get(f"{kind}Recipients", ())]
        if any(one["emailAddress"]["address"] == self.mailbox.address for one in everybody):
            self.mailbox.add(message, "inbox")
        return 202, "", {}


def _from_json(asked: Asked) -> Json:
    message: Json = json.loads(asked.body)["message"]
    return message


def _from_mime(body: bytes) -> Json:
    try:
        mail = message_from_bytes(base64.b64decode(body, validate=True), policy=policy.default)
    except binascii.Error:
        raise Refused(400, "ErrorMimeContentInvalidBase64String") from None
    page = mail.get_body(("html", "plain"))
    assert page is not None
    return {
        "subject": str(mail["subject"]),
        "internetMessageId": f"<{abs(hash(body)):x}@contoso.example>",
        "toRecipients": [recipient(one.addr_spec) for one in mail["to"].addresses],
        "body": {
            "contentType": page.get_content_subtype().replace("plain", "text"),
            "content": page.get_content(),
        },
        "attachments": [_attached(one) for one in mail.iter_attachments()],
        "createdDateTime": stamp(datetime.now(UTC)),
    }


def _attached(part: Any) -> Json:
    content = part.get_payload(decode=True)
    return {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "id": part.get_filename(),
        "name": part.get_filename(),
        "contentType": part["content-type"],
        "size": len(content),
        "isInline": False,
    }
