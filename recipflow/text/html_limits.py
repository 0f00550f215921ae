"""What is done to an HTML body before it is parsed, so that parsing stays linear."""

from __future__ import annotations

import re

from recipflow.text.phrases import words

_SMALL = 20_000  # characters; below this even the worst nesting is parsed in milliseconds
_MOST_TAGS = 40_000
_DEEPEST = 400
_MOST_WORK = 8_000_000  # tags times depth: a closing tag is looked for all the way up
_LONGEST_TAG = 4_000  # characters; an inlined image may have more
_MOST_ATTRIBUTES = 200
_VOID = words("br img hr meta input link area base col source wbr p td th tr")
_TAG = re.compile(r"<[^<>]*>?")


def tamed(html: str) -> str:
    """The same text, with the tags left out that nest too deep or are too many.

    HTML parsers take time quadratic in depth and in the attributes of one tag; no mail program
    writes what this leaves out.
    """
    if len(html) <= _SMALL:
        return html
    head, *pieces = html.split("<", _MOST_TAGS)
    rest = ""
    if len(pieces) == _MOST_TAGS:
        last, cut, rest = pieces[-1].partition("<")
        pieces[-1] = last
        rest = _TAG.sub(" ", cut + rest)
    return "".join([head, *_shallow(pieces), rest])


def _shallow(pieces: list[str]) -> list[str]:
    """The tags with their text, but of those below the deepest level only the text."""
    depth, dropped = 0, 0
    deepest = max(40, min(_DEEPEST, _MOST_WORK // (len(pieces) or 1)))
    out: list[str] = []
    for piece in pieces:
        keep = True
        if piece.startswith("/"):
            if dropped:
                dropped -= 1
                keep = False
            elif depth:
                depth -= 1
        elif piece[:1].isalpha() and _name(piece) not in _VOID:
            keep = depth < deepest
            depth += keep
            dropped += not keep
        out.append("<" + _slim(piece) if keep else " " + piece.partition(">")[2])
    return out


def _name(piece: str) -> str:
    return piece[:12].partition(">")[0].partition(" ")[0].rstrip("/").lower()


def _slim(piece: str) -> str:
    """The tag without its attributes, if they are far too many."""
    if len(piece) <= _LONGEST_TAG:
        return piece
    tag, end, text = piece.partition(">")
    if (
        len(tag) <= _LONGEST_TAG
        or tag.count(" ") + tag.count("\n") + tag.count("/") + tag.count("=") <= _MOST_ATTRIBUTES
    ):
        return piece
    return _name(tag) + end + text
