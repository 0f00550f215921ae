"""Messages out of an mbox file, one at a time: memory does not grow with the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

#: A longer message is not held: its head and first text are read, the rest is passed over.
MAX_MESSAGE = 50_000_000
KEPT_OF_LONGER = 4_000_000
_BLOCK = 1 << 18

_POSTMARK = re.compile(
    rb"From [^\n]{0,400}?\d{1,2}:\d\d[^\n]{0,60}?(?:19|20)\d\d|From [^\n]{0,400}?(?:19|20)\d\d-\d\d-\d\d"
)
_FIELD = re.compile(rb"[!-9;-~]{1,80}[ \t]*:|>From ")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


class Raw(NamedTuple):
    """One message as it stands in the file, its `From ` line first."""

    start: int
    end: int
    data: bytes
    cut: bool = False  #: longer than MAX_MESSAGE: `data` is only its beginning

    @property
    def torn(self) -> bool:
        """The file ends within a line of its head: its Message-ID may be still to come."""
        return not (self.cut or self.data.endswith(b"\n") or b"\n\n" in self.data or b"\r\n\r\n" in self.data)


def messages(file: BinaryIO, offset: int = 0) -> Iterator[Raw]:
    """The messages from `offset` on, which must be 0 or the end of a message."""
    file.seek(offset)
    buffer = bytearray()
    start = offset  # where in the file the buffer begins
    searched = 0
    longer = False  # the buffer begins within a message whose beginning was given up
    kept = b""
    origin = offset
    while True:
        block = file.read(_BLOCK)
        buffer += block
        at_end = not block
        consumed = 0
        while True:
            cut = _next_postmark(buffer, max(searched, consumed + 1), at_end=at_end)
            if cut < 0:
                break
            data = kept if longer else bytes(buffer[consumed:cut])
            yield Raw(origin, start + cut, unquoted(data), longer)
            longer, kept = False, b""
            consumed = searched = cut
            origin = start + cut
        if consumed:
            del buffer[:consumed]
            start += consumed
        if at_end:
            break
        # A postmark may straddle the blocks, and needs the line after it to be known as one.
        searched = max(0, len(buffer) - 2_000)
        if len(buffer) > MAX_MESSAGE or longer:
            kept = kept or bytes(buffer[:KEPT_OF_LONGER])
            longer = True
            start += searched
            del buffer[:searched]
            searched = 0
    if buffer.strip() or longer:
        data = kept if longer else bytes(buffer)
        yield Raw(origin, start + len(buffer), unquoted(data), longer)


def deleted(raw: bytes) -> bool:
    """Thunderbird marks what was deleted, and takes it out of the file when it next compacts the folder."""
    position = raw.find(b"\nX-Mozilla-Status: ", 0, 2_000)
    if position < 0:
        return False
    try:
        return bool(int(raw[position + 19 : position + 23], 16) & 0x0008)
    except ValueError:
        return False


def unquoted(data: bytes) -> bytes:
    """`data` with the quoting of mboxrd and mboxo taken back: one > before each `From ` at a line's start."""
    if b">From " not in data:
        return data
    head, line, body = data.partition(b"\n")
    return head + line + _QUOTED.sub(rb"\1", body)


def _next_postmark(buffer: bytearray, position: int, *, at_end: bool) -> int:
    """Where the next message begins; -1 when the buffer does not show one."""
    position = max(position - 1, 0)
    while True:
        found = buffer.find(b"\nFrom ", position)
        if found < 0:
            return -1
        line_end = buffer.find(b"\n", found + 1)
        if line_end < 0 or (line_end + 81 > len(buffer) and not at_end):
            return -1
        if _is_postmark(buffer, found + 1, line_end):
            return found + 1
        position = found + 1


def _is_postmark(buffer: bytearray, start: int, line_end: int) -> bool:
    """Blank line before, a date in it, a header after: less may be a sentence that begins with From.

    Thunderbird at times forgets the blank line, and writes `From - ` where no address is known.
    """
    before = buffer[max(0, start - 3) : start]
    if not before.endswith((b"\n\n", b"\n\r\n")) and buffer[start : start + 7] != b"From - ":
        return False
    if not _POSTMARK.match(buffer, start, line_end):
        return False
    return bool(_FIELD.match(buffer, line_end + 1)) or not buffer[line_end + 1 : line_end + 3].strip()
