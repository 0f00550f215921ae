"""Subjects: what stays the same of one while a conversation goes on, and whether it says it answers."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

_REPLY = (
    "re", "aw", "antw", "antwort", "sv", "vs", "ref", "rv", "res", "resp", "r", "ri", "rif", "odp",
    "ynt", "vá", "bls", "atb", "ats", "回复", "答复", "回覆", "答覆", "отв", "απ", "σχετ", "השב", "رد",
)  # fmt: skip
_FORWARD = (
    "fwd", "fw", "wg", "tr", "enc", "rt", "i", "doorst", "vb", "vl", "pd", "továbbítás", "iletmek",
    "ilt", "转发", "轉寄", "轉發", "пересл", "πρθ", "הועבר", "إعادة توجيه",
)  # fmt: skip
# `tr` is French "transféré", `rv` both "réponse" and "reenviar": Outlook writes the latter for both.
_MARKERS = frozenset(_REPLY + _FORWARD)
_MARKER = re.compile(r"\s*([^\W\d_]{1,12}(?: [^\W\d_]{1,10})?)\s?(?:[\[(^]\d{1,3}[\])]?)?\s?[:：]\s*")
_TAG = re.compile(r"\s*\[[^\[\]]{1,60}\]\s*(?=\S)")
_FWD_SUFFIX = re.compile(r"\s*\((?:fwd|fw)\)\s*$", re.IGNORECASE)
_LONGEST = 300  # characters; beyond this a subject is no key but an essay


class Marker(IntEnum):
    """What the front of a subject says the message is."""

    NONE = 0
    REPLY = 1
    FORWARD = 2


def subject_key(subject: str) -> str:
    """The subject without reply and forward markers and list tags, case folded, white space collapsed."""
    return _split(subject)[0]


def marker(subject: str) -> Marker:
    """The outermost marker: `Re: Fwd: x` answers, `Fwd: Re: x` passes on."""
    return _split(subject)[1]


@lru_cache(maxsize=4096)
def _split(subject: str) -> tuple[str, Marker]:
    rest, found = subject[:_LONGEST], Marker.NONE
    while True:
        tagged = _TAG.match(rest)
        if tagged:
            rest = rest[tagged.end() :]
        marked = _MARKER.match(rest)
        word = marked[1].lower() if marked else ""
        if word in _MARKERS and marked:
            found = found or (Marker.REPLY if word in _REPLY else Marker.FORWARD)
            rest = rest[marked.end() :]
        elif not tagged:
            break
    rest = _FWD_SUFFIX.sub("", rest)
    return " ".join(rest.casefold().split()), found
