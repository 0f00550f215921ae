"""The MIME tree of a message from what a server tells of it (BODYSTRUCTURE), with or without the words."""

from __future__ import annotations

import quopri
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from urllib.parse import quote

from recipflow_connectors import trees
from recipflow_connectors.headers import base64
from recipflow_connectors.parts import MAX_PARTS, is_text

MAX_DEPTH = 50
MAX_TEXT = 2_000_000
"""Bytes of one part: more is no letter."""


class Section(NamedTuple):
    """A part as it is asked for."""

    name: str
    is_long: bool  #: its beginning is enough

    @property
    def item(self) -> str:
        return f"BODY.PEEK[{self.name}]" + (f"<0.{MAX_TEXT}>" if self.is_long else "")


@dataclass(frozen=True, slots=True)
class Shape:
    """A part: its headers, which section of the message it is, and how it is encoded."""

    leaf: trees.Leaf
    section: str
    encoding: str
    children: tuple[Shape, ...] = ()


class Senseless(ValueError):
    """The server describes a message in a way that cannot be understood."""


def shape(told: Any) -> Shape:
    """The parts of a message; `told` is BODYSTRUCTURE as IMAPClient gives it. Raises Senseless."""
    try:
        return _shape(told, "", 0)
    except (IndexError, TypeError, ValueError, AttributeError) as fault:
        raise Senseless from fault


def texts(part: Shape, *, rich: bool = False) -> tuple[Section, ...]:
    """The sections that hold words. Where the same words are there as plain text, the `rich` ones are not needed."""
    found = list(_texts(part, rich))
    first = found[:1]
    wanted = (one for one in found if one in first or not one.leaf.filename)
    return tuple(Section(one.section, (one.leaf.encoded_size or 0) > MAX_TEXT) for one in wanted)


def tree(
    part: Shape, contents: Mapping[str, bytes], headers: Mapping[str, list[str]] | None = None
) -> trees.Leaf:
    """As the parser would give it: with those contents that are known, and at the root the message's own headers."""
    data = contents.get(part.section)
    leaf = replace(
        part.leaf,
        content=_decoded(data, part.encoding) if data is not None else None,
        children=[tree(child, contents) for child in part.children],
    )
    return leaf if headers is None else replace(leaf, headers=_own(leaf, headers))


def _shape(told: Any, section: str, depth: int) -> Shape:
    if depth > MAX_DEPTH:
        raise Senseless
    if isinstance(told[0], list):
        children = tuple(
            _shape(child, f"{section}.{number}".lstrip("."), depth + 1)
            for number, child in enumerate(told[0][:MAX_PARTS], 1)
        )
        kind = f"multipart/{_word(told[1]) or 'mixed'}".lower()
        return Shape(trees.Leaf(content_type=kind, headers={}), section, "", children)
    return _single(told, section or "1")


def _single(told: Any, section: str) -> Shape:
    kind = f"{_word(told[0]) or 'text'}/{_word(told[1]) or 'plain'}".lower()
    encoding = _word(told[5]).lower()
    given = [("Content-Type", kind, told[2])]
    if disposition := _disposition(told, kind):
        given.append(("Content-Disposition", _word(disposition[0]), disposition[1]))
    lines = [_header(*one) for one in given] + [
        b"Content-Transfer-Encoding: " + encoding.encode("ascii", "replace")
    ]
    if told[3]:
        lines.append(b"Content-ID: " + _bytes(told[3]))
    leaf = trees.slow(b"\r\n".join((*lines, b"", b"")))
    return Shape(
        trees.Leaf(
            content_type=kind,
            headers=leaf.headers,
            filename=leaf.filename,
            content_id=leaf.content_id,
            disposition=leaf.disposition,
            encoded_size=_size(told, encoding),
        ),
        section,
        encoding,
    )


def _size(told: Any, encoding: str) -> int:
    """As it would be on disk, where a line ends in one byte and not in two."""
    octets = told[6] if isinstance(told[6], int) else 0
    if encoding == "base64":
        return octets * 77 // 78
    lines = told[7] if len(told) > 7 and _word(told[0]).lower() == "text" else 0
    return octets - lines if isinstance(lines, int) and lines < octets else octets


def _disposition(told: Any, kind: str) -> Any:
    """It follows the MD5 sum, which follows the line count of a text, or all that is told of a message within."""
    at = 9 if kind.startswith("text/") else 11 if kind == "message/rfc822" else 8
    found = told[at] if len(told) > at else None
    return found if isinstance(found, tuple) and len(found) == 2 else None


def _header(name: str, value: str, parameters: Any) -> bytes:
    line = name.encode() + b": " + value.encode("utf-8", "replace")
    pairs = parameters if isinstance(parameters, tuple) else ()
    for key, inner in zip(pairs[::2], pairs[1::2], strict=False):
        plain = b" ".join(_bytes(inner).split())
        if _bytes(key).endswith(b"*"):  # RFC 2231: with its character set, and never quoted
            line += b"; " + _bytes(key) + b"=" + plain.replace(b" ", b"%20")
        elif _is_utf8(plain):  # as Dovecot tells since 2.4 what was written by RFC 2231
            line += b"; " + _bytes(key) + b"*=utf-8''" + quote(plain, safe="").encode()
        else:
            line += b"; " + _bytes(key) + b'="' + plain.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
    return line


def _is_utf8(value: bytes) -> bool:
    """Whether it has letters beyond ASCII, and they are UTF-8."""
    try:
        return not value.isascii() and bool(value.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _texts(part: Shape, rich: bool) -> Iterator[Shape]:
    children = part.children
    if part.leaf.content_type == "multipart/alternative" and not rich:
        plain = [one for one in children if one.leaf.content_type == "text/plain" and one.leaf.encoded_size]
        children = tuple(plain[:1]) or children
    for child in children:
        yield from _texts(child, rich)
    if not children and is_text(part.leaf):
        yield part


def _decoded(data: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        return base64(data)
    return quopri.decodestring(data) if encoding == "quoted-printable" else data


def _own(leaf: trees.Leaf, headers: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The message's own headers, Content-Type and its like spelt as the reader of parts looks for them."""
    own = {
        (
            "-".join(word.capitalize() for word in name.split("-"))
            if name[:8].lower() == "content-"
            else name
        ): values
        for name, values in headers.items()
    }
    encoding = leaf.headers.get("Content-Transfer-Encoding")
    return {"Content-Transfer-Encoding": encoding} | own if encoding else own


def _word(value: Any) -> str:
    return _bytes(value).decode("utf-8", "replace").strip()


def _bytes(value: Any) -> bytes:
    if value is None:
        return b""
    return value if isinstance(value, bytes) else str(value).encode()
