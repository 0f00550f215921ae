"""From bytes to the MIME tree: by fast-mail-parser, or by the standard library where that fails or is not to be had."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import Message as StdMessage

from recipflow_connectors.charsets import decode
from recipflow_connectors.headers import base64, words
from recipflow_connectors.parts import Part

try:
    from fast_mail_parser import ParseError as ParseError
    from fast_mail_parser import parse_email_tree
except ImportError:  # no wheel for this platform
    parse_email_tree = None  # type: ignore[assignment]
    ParseError = ValueError  # type: ignore[assignment,misc]

_FOLD = re.compile(r"\r?\n[ \t]*")
_FIELD = re.compile(rb"[!-9;-~]{1,80}[ \t]*:")
MAX_DEPTH = 60
_MANY_WORDS = 3_000
_MANY_PARTS = 400
_LONGEST = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A node as the standard library reads it, in the shape of fast-mail-parser's."""

    content_type: str
    headers: dict[str, list[str]]
    filename: str = ""
    content_id: str | None = None
    disposition: str | None = None
    encoded_size: int | None = None
    content: bytes | None = None
    children: Sequence[Part] = field(default=())


def fast(raw: bytes) -> Part | None:
    """The tree, its leaves decoded when read; None when fast-mail-parser is missing or refuses.

    Raises RecursionError when there are so many parts that they could be nested to no end.
    """
    # fast-mail-parser 0.10 takes time in the square of the encoded words of a header.
    # (Each has four question marks, and a single byte is counted in a tenth of the time.)
    if parse_email_tree is None or (raw.count(b"?") > _MANY_WORDS and raw.count(b"=?") > _MANY_WORDS):
        return None
    # At some 30,000 levels it overflows the stack, which takes the whole process down.
    if len(raw) > _LONGEST and _part_headers(raw) > 5 * _MANY_PARTS:
        raise RecursionError
    try:
        return parse_email_tree(raw, mode="lazy")
    except ParseError:
        return None


def slow(raw: bytes) -> Part:
    """The tree by the standard library: forgiving, ten times slower. RecursionError when nested absurdly deep."""
    # The standard library's parser recurses, and past some depth takes the whole process down.
    if _part_headers(raw) > _MANY_PARTS:
        raise RecursionError
    return _convert(email.message_from_bytes(raw, policy=email.policy.compat32), depth=0)


def mended(raw: bytes) -> bytes:
    """`raw` without the lines in its head that are no header lines: parsers take those for the end of the head."""
    kept: list[bytes] = []
    position = 0
    while position < min(len(raw), _LONGEST) and len(kept) < 1_000:
        end = raw.find(b"\n", position) + 1 or len(raw)
        line = raw[position:end]
        if not line.strip():
            if any(_FIELD.match(one) for one in kept):
                break
        elif _FIELD.match(line) or (line[:1] in b" \t" and kept):
            kept.append(line)
        position = end
    return b"".join(kept) + raw[position:]


def _part_headers(raw: bytes) -> int:
    """A bound on how many parts can contain others."""
    low = raw.lower()
    return low.count(b"multipart/") + low.count(b"message/rfc822")


def _convert(message: StdMessage, *, depth: int) -> Leaf:
    headers = _headers(message)
    nested = message.is_multipart() and depth < MAX_DEPTH
    parts = message.get_payload() if nested else []
    kind = message.get_content_type()
    is_container = kind.startswith("multipart/") and nested
    data = None if is_container or nested else _decoded(message, headers)
    return Leaf(
        content_type=kind,
        headers=headers,
        filename=_filename(message),
        content_id=headers.get("Content-ID", [""])[0].strip("<> ") or None,
        disposition=(headers.get("Content-Disposition", [""])[0].split(";")[0].strip().lower() or None),
        encoded_size=len(data) if data else 0,
        content=data,
        children=[_convert(one, depth=depth + 1) for one in parts if isinstance(one, StdMessage)]
        if is_container
        else (),
    )


def _headers(message: StdMessage) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in message.raw_items():
        raw = str(value).encode("ascii", "surrogateescape")
        text = words(_FOLD.sub(" ", decode(raw[:_LONGEST])))
        name = name.encode("ascii", "replace").decode("ascii")
        found.setdefault("Content-" + name[8:] if name[:8].lower() == "content-" else name, []).append(text)
    for name in ("Type", "ID", "Disposition", "Transfer-Encoding"):
        for spelt in [key for key in found if key.lower() == f"content-{name.lower()}"]:
            found[f"Content-{name}"] = found.pop(spelt)
    return found


def _decoded(message: StdMessage, headers: dict[str, list[str]]) -> bytes:
    if headers.get("Content-Transfer-Encoding", [""])[0].strip().lower() == "base64":
        payload = message.get_payload()
        return base64(str(payload).encode("ascii", "replace"))
    payload = message.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _filename(message: StdMessage) -> str:
    try:
        name = message.get_filename("") or ""
    except (ValueError, LookupError, TypeError, AttributeError):  # RFC 2231 by somebody who had not read it
        return ""
    return words(str(name)).encode("utf-8", "replace").decode()
