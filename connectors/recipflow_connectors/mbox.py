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
    cutter = _Cutter(offset)
    while block := file.read(_BLOCK):
        yield from cutter.ended(block)
    yield from cutter.rest()


class _Cutter:
    """Cuts messages out of the file, a block after the other."""

    def __init__(self, offset: int) -> None:
        self._buffer = bytearray()
        self._start = offset  # where in the file the buffer begins
        self._origin = offset  # and the message that it begins with, or within
        self._searched = 0
        self._longer = False  # the buffer begins within a message whose beginning was given up
        self._kept = b""

    def ended(self, block: bytes) -> Iterator[Raw]:
        """The messages that end in this block, as the next one begins in it."""
        self._buffer += block
        yield from self._whole(at_end=False)
        # A postmark may straddle the blocks, and needs the line after it to be known as one.
        self._searched = max(0, len(self._buffer) - 2_000)
        if len(self._buffer) > MAX_MESSAGE or self._longer:
            self._give_up()

    def rest(self) -> Iterator[Raw]:
        """What is left, as the file ends here."""
        yield from self._whole(at_end=True)
        if self._buffer.strip() or self._longer:
            yield self._raw(0, len(self._buffer))

    def _whole(self, *, at_end: bool) -> Iterator[Raw]:
        consumed = 0
        while True:
            cut = _next_postmark(self._buffer, max(self._searched, consumed + 1), at_end=at_end)
            if cut < 0:
                break
            yield self._raw(consumed, cut)
            self._longer, self._kept = False, b""
            consumed = self._searched = cut
            self._origin = self._start + cut
        if consumed:
            del self._buffer[:consumed]
            self._start += consumed

    def _raw(self, begin: int, end: int) -> Raw:
        data = self._kept if self._longer else bytes(self._buffer[begin:end])
        return Raw(self._origin, self._start + end, unquoted(data), self._longer)

    def _give_up(self) -> None:
        """Of a message that is too long, all is passed over but its beginning."""
        self._kept = self._kept or bytes(self._buffer[:KEPT_OF_LONGER])
        self._longer = True
        self._start += self._searched
        del self._buffer[: self._searched]
        self._searched = 0


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
