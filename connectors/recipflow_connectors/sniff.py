"""What a file holds, by its first bytes and not by its name."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

#: As many bytes as sniffing wants to see.
HEAD = 4_096


class Format(StrEnum):
    MBOX = "mbox"
    EML = "eml"
    EMLX = "emlx"  # Apple Mail: a line with the length, the message, a property list
    ICS = "ics"
    OTHER = "other"


class Sniffed(NamedTuple):
    format: Format
    reason: str = ""  #: of OTHER: why it cannot be read, and what to do


_FIELD = re.compile(rb"[!-9;-~]{1,80}[ \t]*:")
_EMLX = re.compile(rb"\d{1,12}[ \t]*\r?\n(?=[!-9;-~]{1,80}:)")
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a zip archive: unpack it and name the folder"),
    (b"\x1f\x8b", "compressed with gzip: unpack it first"),
    (b"\xfd7zXZ\x00", "compressed with xz: unpack it first"),
    (b"BZh", "compressed with bzip2: unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it and name the folder"),
    (b"!BDN", "an Outlook data file (.pst): export it as mbox or .eml, with readpst or Thunderbird"),
    (b"\xd0\xcf\x11\xe0", "an Outlook message (.msg): save it as .eml"),
    (b"SQLite format 3\x00", "a database, not a mailbox"),
    (b"%PDF", "a PDF, not mail"),
    (b"\x89PNG", "a picture, not mail"),
    (b"\xff\xd8\xff", "a picture, not mail"),
)
_NO_FIELDS = (*(magic for magic, _ in _MAGIC), b"From ", b"{")
"""What may look like a header line at the top, and is none."""
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def sniff(head: bytes) -> Sniffed:
    """The format of a file that begins with `head`."""
    if _is_plainly_mail(head):
        return Sniffed(Format.EML)
    text = utf8(head)
    start = text.lstrip(b"\r\n\t \x00")
    if not start:
        return Sniffed(Format.OTHER, "empty" if not head else "nothing but blanks in it")
    if reason := next((reason for magic, reason in _MAGIC if head.startswith(magic)), ""):
        return Sniffed(Format.OTHER, reason)
    if start[:11].upper() == b"BEGIN:VCARD":
        return Sniffed(Format.OTHER, "an address book, neither mail nor calendar")
    if start[:15].upper() == b"BEGIN:VCALENDAR":
        return Sniffed(Format.ICS)
    if start.startswith(b"From ") and _heads_a_message(start):
        return Sniffed(Format.MBOX)
    if _EMLX.match(start):
        return Sniffed(Format.EMLX)
    if start.startswith(b">From ") or _has_header(start):
        return Sniffed(Format.EML)
    if re.search(rb"(?i)\bBEGIN:V(?:CALENDAR|EVENT)\b", start):
        return Sniffed(Format.ICS)
    return Sniffed(Format.OTHER, "neither mail nor calendar")


def _is_plainly_mail(head: bytes) -> bool:
    """Nearly every file is, and there may be a million."""
    return bool(_FIELD.match(head)) and not head.startswith(_NO_FIELDS) and head[:5].upper() != b"BEGIN"


def utf8(data: bytes) -> bytes:
    """`data` without byte order mark, from UTF-16 if that is what the mark says."""
    if data[:3] == _BOMS[0]:
        return data[3:]
    if data[:2] in _BOMS[1:]:
        return data.decode("utf-16", "replace").encode("utf-8", "replace")
    return data


def _heads_a_message(start: bytes) -> bool:
    rest = start.partition(b"\n")[2]
    return not rest.strip() or bool(_FIELD.match(rest)) or rest.startswith((b">From ", b"\n", b"\r\n"))


def _has_header(start: bytes) -> bool:
    """A header line at the top, or two of the first five: one broken line does not make it no mail."""
    if start[:1] == b"{":
        return False
    if _FIELD.match(start):
        return True
    return sum(bool(_FIELD.match(line)) for line in start.split(b"\n", 6)[:5]) >= 2
