"""The state of one fictional mailbox: folders, messages, and everything that ever changed in them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any

Json = dict[str, Any]

#: well-known name: display name, as an English mailbox has them
WELL_KNOWN = {
    "inbox": "Inbox",
    "sentitems": "Sent Items",
    "drafts": "Drafts",
    "deleteditems": "Deleted Items",
    "junkemail": "Junk Email",
    "outbox": "Outbox",
    "archive": "Archive",
    "conversationhistory": "Conversation History",
}
ROOT = "root"


@dataclass
class Folder:
    """A folder, and what happened in it: (version, message) in the order of version."""

    id: str
    name: str
    parent: str = ROOT
    kind: str = "#microsoft.graph.mailFolder"
    hidden: bool = False
    messages: set[str] = field(default_factory=set)
    versions: list[int] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)

    def since(self, version: int) -> list[tuple[int, str]]:
        """The messages that changed, came or went after that version, each once, as it last did."""
        start = bisect_right(self.versions, version)
        last = dict(zip(self.changed[start:], self.versions[start:], strict=True))
        return sorted((version, message) for message, version in last.items())


class Mailbox:
    """One person's mail."""

    def __init__(self, address: str = "alex@contoso.example", name: str = "Alex Rivera") -> None:
        self.address, self.name = address, name
        self.version = 0
        self.epoch = 0  #: delta links of an earlier one are forgotten
        self.folders: dict[str, Folder] = {}
        self.messages: dict[str, Json] = {}
        self.ids = {known: self.add_folder(shown).id for known, shown in WELL_KNOWN.items()}
        self._numbers = count(1)
        self._sorted: dict[tuple[str, int], list[str]] = {}

    def add_folder(self, name: str, parent: str = ROOT, **kind: Any) -> Folder:
        digest = sha256(f"{self.address}/{len(self.folders)}/{name}".encode()).hexdigest()
        folder = Folder(f"AAMkAD{digest[:40]}AAA=", name, parent, **kind)
        self.folders[folder.id] = folder
        return folder

    def remove_folder(self, folder: str) -> None:
        for message in list(self.folders[folder].messages):
            self.remove(message)
        del self.folders[folder]

    def add(self, message: Json, folder: str = "inbox") -> str:
        """A message as Graph would give it whole; what is missing of it is made up. Returns its id."""
        number = next(self._numbers)
        digest = sha256(f"{self.address}/message/{number}".encode()).hexdigest()
        id_ = f"AAkALgAA{digest[:56]}="
        whole = blank(number, self.address) | message
        self.messages[id_] = {"sender": whole["from"], **whole, "id": id_}
        self._into(id_, self.folder(folder).id)
        return id_

    def move(self, message: str, folder: str) -> None:
        self._out_of(message)
        self._into(message, self.folder(folder).id)

    def remove(self, message: str) -> None:
        """For good, as out of Deleted Items."""
        self._out_of(message)
        del self.messages[message]

    def change(self, message: str, **fields: Any) -> None:
        self.messages[message] |= fields
        self._note(self.messages[message]["parentFolderId"], message)

    def folder(self, name: str) -> Folder:
        """By its well-known name, or its id."""
        return self.folders[self.ids.get(name.lower(), name)]

    def forget_states(self) -> None:
        """Every delta link there is is forgotten."""
        self.epoch += 1

    def newest(self, folders: Iterable[str]) -> list[str]:
        """The messages of those folders, by when they were received, newest first."""
        found: list[str] = []
        for folder in folders:
            key = (folder, self.folders[folder].versions[-1] if self.folders[folder].versions else 0)
            if key not in self._sorted:
                self._sorted = {kept: of for kept, of in self._sorted.items() if kept[0] != folder}
                self._sorted[key] = sorted(self.folders[folder].messages, key=self.place, reverse=True)
            found += self._sorted[key]
        return found if isinstance(folders, list) and len(folders) == 1 else self._merged(found)

    def _merged(self, found: list[str]) -> list[str]:
        return sorted(found, key=self.place, reverse=True)

    def place(self, message: str) -> tuple[str, str]:
        """Its place in the order of time."""
        return self.messages[message]["receivedDateTime"], message

    def _into(self, message: str, folder: str) -> None:
        self.messages[message]["parentFolderId"] = folder
        self.folders[folder].messages.add(message)
        self._note(folder, message)

    def _out_of(self, message: str) -> None:
        folder = self.messages[message]["parentFolderId"]
        self.folders[folder].messages.discard(message)
        self._note(folder, message)

    def _note(self, folder: str, message: str) -> None:
        self.version += 1
        self.folders[folder].versions.append(self.version)
        self.folders[folder].changed.append(message)
        if message in self.messages:
            self.messages[message]["changeKey"] = f"CQAAABYAAAD{self.version:08}"


def blank(number: int, address: str) -> Json:
    """A whole message with nothing in particular in it."""
    at = stamp(datetime(2025, 3, 1, 9, tzinfo=UTC) + timedelta(hours=number))
    return {
        "internetMessageId": f"<{number}@fabrikam.example>",
        "conversationId": f"AAQkAD{number:060}",
        "subject": f"letter {number}",
        "from": recipient("dana@fabrikam.example", "Dana Ruiz"),
        "toRecipients": [recipient(address)],
        "ccRecipients": [],
        "bccRecipients": [],
        "replyTo": [],
        "receivedDateTime": at,
        "sentDateTime": at,
        "createdDateTime": at,
        "lastModifiedDateTime": at,
        "isDraft": False,
        "isRead": False,
        "importance": "normal",
        "hasAttachments": False,
        "body": {"contentType": "html", "content": "<html><body>Good morning.</body></html>"},
        "internetMessageHeaders": [],
        "attachments": [],
        "singleValueExtendedProperties": [],
    }


def recipient(address: str, name: str = "") -> Json:
    return {"emailAddress": {"address": address, "name": name or address}}


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
