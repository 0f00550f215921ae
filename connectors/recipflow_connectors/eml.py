"""One file, one message: `.eml`, a Maildir's file, Apple Mail's `.emlx`."""

from __future__ import annotations

from typing import BinaryIO

from recipflow_connectors.mbox import KEPT_OF_LONGER, MAX_MESSAGE, unquoted
from recipflow_connectors.sniff import Format, utf8


def read(file: BinaryIO, head: bytes, size: int, format_: Format) -> tuple[bytes, bool]:
    """The message in `file`, of which `head` has been read; and whether it was cut for its length."""
    longer = size > MAX_MESSAGE
    if longer:
        head += file.read(KEPT_OF_LONGER - len(head))
    elif len(head) != size:
        # To ask for the most there could be would set aside as much memory, for each message anew.
        head = (head + file.read())[:MAX_MESSAGE]
    raw = utf8(head)
    if format_ is Format.EMLX:
        raw = _from_apple(raw)
    return (unquoted(raw) if raw.startswith(b"From ") else raw), longer


def _from_apple(raw: bytes) -> bytes:
    length, _, rest = raw.lstrip().partition(b"\n")
    return rest[: int(length)]
