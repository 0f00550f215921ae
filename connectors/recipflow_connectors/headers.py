"""What stands in a message's head: encoded words, addresses, ids, parameters; all of it as it really comes."""

from __future__ import annotations

import binascii
import quopri
import re
from functools import lru_cache

from recipflow.model import Party
from recipflow_connectors.charsets import decode

MAX_PARTIES = 1_000
MAX_REFERENCES = 100
MAX_VALUE = 4_000
_LONGEST = 1_000
_LONGEST_LIST = 200_000

_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=(\s+(?==\?))?")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|\([^()]*\)|<[^>]*>?|[,;]|[^",;(<]+|.', re.DOTALL)
_COMMENT = re.compile(r"\(([^()]*)\)")
_ID = re.compile(r"<([^<>]+)>")
_PARAMETER = re.compile(r';\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s"]*))')
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'=]{1,64}@[\w.-]{1,255}")
_SPACED_AT = re.compile(r"^(\S+) at (\S+)$")


def words(value: str) -> str:
    """`value` with its RFC 2047 encoded words decoded, broken ones as far as they go."""
    return _ENCODED_WORD.sub(_word, value) if "=?" in value else value


def parties(value: str) -> tuple[Party, ...]:
    """The people of an address header; groups are flattened, empty ones vanish."""
    value = words(value[:_LONGEST_LIST]).replace("\x00", "")
    found: list[Party] = []
    before = ""  # what a bare comma in a name cut off: Smith, John <js@...>
    for piece in _pieces(value):
        if before and "<" in piece:
            piece, before = f"{before}, {piece.lstrip()}", ""
        elif before:
            found.append(_party(before))
            before = ""
        piece = piece[:_LONGEST]
        if "@" in piece or "<" in piece:
            found.append(_party(piece))
        else:
            before = piece.strip()
        if len(found) >= MAX_PARTIES:
            break
    if before:
        found.append(_party(before))
    return tuple([party for party in found if party.address])


def addresses_in(text: str) -> tuple[str, ...]:
    """Whatever looks like an address in what cannot be read as it should be."""
    return tuple(dict.fromkeys(one.lower() for one in _ADDRESS.findall(text)))


def message_id(value: str) -> str:
    """A Message-ID without <>, comments and white space."""
    start = value.find("<")
    end = value.find(">", start)
    if start >= 0 and end > start + 1:
        value = value[start + 1 : end]
    return "".join(value.replace("\x00", "").split()).strip("<>")[:MAX_VALUE]


def message_ids(value: str) -> tuple[str, ...]:
    """The ids of In-Reply-To or References, oldest first."""
    found = _ID.findall(value[-100_000:])
    if not found and "@" in value:
        found = [token for token in value[:MAX_VALUE].split() if "@" in token and "<" not in token]
    return tuple("".join(one.replace("\x00", "").split()) for one in found[-MAX_REFERENCES:])


def parameters(value: str) -> dict[str, str]:
    """The parameters of Content-Type or Content-Disposition; names in lower case."""
    if ";" not in value:
        return {}
    return {
        found[1].lower(): found[2] if found[2] is not None else found[3]
        for found in _PARAMETER.finditer(value[:MAX_VALUE])
    }


def _word(found: re.Match[str]) -> str:
    charset, encoding, text = found[1].split("*")[0], found[2], found[3]
    raw = text.encode("utf-8", "replace")
    data = quopri.decodestring(raw, header=True) if encoding in "qQ" else base64(raw)
    return decode(data, charset)


def base64(data: bytes) -> bytes:
    """The bytes base64 stands for, as many as can be had: foreign characters and missing padding are ignored."""
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    if len(kept) % 4 == 1:
        kept = kept[:-1]
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


def _pieces(value: str) -> list[str]:
    if '"' not in value and "(" not in value and ";" not in value:
        return value.split(",")
    if value.count('"') % 2:
        value = value.replace('"', "")
    pieces = [""]
    for found in _TOKEN.findall(value):
        if found in ",;":
            pieces.append("")
        else:
            pieces[-1] += found
    return pieces


@lru_cache(maxsize=8192)
def _party(piece: str) -> Party:
    start = piece.rfind("<")
    if start >= 0:
        end = piece.find(">", start)
        address = piece[start + 1 : end if end > 0 else None]
        name = piece[:start] or piece[end + 1 :] if end > 0 else piece[:start]
    else:
        address, name = piece, ""
        if "(" in piece:
            comment = _COMMENT.search(piece)
            name = comment[1] if comment else ""
            address = _COMMENT.sub(" ", piece)
    if ":" in address or ":" in name:
        address, name = _out_of_group(address, name)
    address = _address(address)
    return Party(address, _name(name, address))


def _out_of_group(address: str, name: str) -> tuple[str, str]:
    if ":" in name and '"' not in name:
        name = name.rpartition(":")[2]
    head, colon, tail = address.partition(":")
    return (tail if colon and "@" not in head else address), name


def _address(value: str) -> str:
    value = value.strip().strip("'\"<>").strip()
    if " " in value or "\t" in value:
        spaced = _SPACED_AT.match(value)  # how list archives write it
        value = f"{spaced[1]}@{spaced[2]}" if spaced else value
        if "@" not in value:
            return ""
        value = "".join(value.split())
    return value.lower()[:320]


def _name(value: str, address: str) -> str:
    value = value.strip()
    if value[:1] == '"' or "\\" in value:
        value = value.replace("\\", "").replace('"', "")
    value = " ".join(value.strip("'\"").split())[:200]
    return "" if value.lower() == address else value
