"""Which messages a folder holds, asked for in pieces: one answer must never grow with the mailbox."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from imapclient import IMAPClient

WINDOW = 20_000
"""Messages to a SEARCH: imaplib refuses lines longer than a megabyte, and a UID takes up to eleven bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What a folder says of itself."""

    validity: int
    next: int  #: the UID that the next message will get
    count: int
    modseq: int = 0  #: grows with every change of a flag; 0 where the server keeps no count


def status(client: IMAPClient, folder: str) -> Status:
    """Without opening it."""
    wanted = ["UIDVALIDITY", "UIDNEXT", "MESSAGES"]
    if client.has_capability("CONDSTORE"):
        wanted.append("HIGHESTMODSEQ")
    told = client.folder_status(folder, wanted)
    return _status({key: value for key, value in told.items() if value is not None}, b"MESSAGES")


def examine(client: IMAPClient, folder: str) -> Status:
    """Open it for reading only: the server itself then refuses to change anything."""
    told = client.select_folder(folder, readonly=True)
    if not _number(told, b"UIDNEXT") and _number(told, b"EXISTS"):  # it need not say (RFC 3501, 6.3.1)
        told[b"UIDNEXT"] = max(client.search(["UID", "*"]), default=0) + 1
    return _status(told, b"EXISTS")


def uids(client: IMAPClient, count: int, *, start: int = 1, since: date | None = None) -> list[int]:
    """The UIDs in the open folder from `start` on, in ascending order; `since` goes by the day they arrived."""
    found: set[int] = set()
    for first, last in _windows(count):
        criteria: list[Any] = [f"{first}:{last}", "UID", f"{start}:*"]
        got = client.search(criteria + (["SINCE", since] if since else []))
        found.update(uid for uid in got if uid >= start)
        if start > 1 and since is None and len(got) < last - first + 1:
            break  # UIDs ascend: all below this window are lower still
    return sorted(found)


def _windows(count: int) -> Iterator[tuple[int, int]]:
    """From the newest down: what is removed meanwhile then shows a message twice, and hides none."""
    for last in range(count, 0, -WINDOW):
        yield max(1, last - WINDOW + 1), last


def _status(told: dict[bytes, Any], count: bytes) -> Status:
    return Status(
        validity=_number(told, b"UIDVALIDITY"),
        next=_number(told, b"UIDNEXT"),
        count=_number(told, count),
        modseq=_number(told, b"HIGHESTMODSEQ"),
    )


def _number(told: dict[bytes, Any], name: bytes) -> int:
    """IMAPClient gives some as a list of one."""
    value = told.get(name, 0)
    value = value[0] if isinstance(value, list | tuple) and value else value
    return value if isinstance(value, int) else 0
