"""A message's new text: quotes, forwards, signatures, disclaimers and hidden words cut away."""

from __future__ import annotations

from dataclasses import dataclass

from recipflow.model import Form
from recipflow.text.flowed import unflow, without_qp_residue
from recipflow.text.quotes import own_lines
from recipflow.text.signatures import without_signature

MOST_LINES = 60_000
"""Of a longer body, the first and the last half as many are read: no person wrote what lies between."""

_INVISIBLE = "\ufeff\u200b\u2060\u00ad\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewText:
    """What the author newly wrote, and what was found around it."""

    text: str
    signoff: str = ""  #: the name that closes the text, as typed by hand; it is part of `text` too
    forwarded: bool = False  #: a forwarded message followed
    quoted: bool = False  #: something quoted was cut


def new_text(body: str, form: Form) -> NewText:
    """The author's own words in a body as sent. Never raises; the work is proportional to the body."""
    if form is Form.HTML:
        from recipflow.text.html import plain_text

        body = plain_text(body)
    lines = _lines(body)
    if form is Form.FLOWED or form is Form.FLOWED_DELSP:
        lines = unflow(lines, delsp=form is Form.FLOWED_DELSP)
    own = own_lines(lines)
    tail = without_signature(own.lines)
    return NewText(text=_joined(tail.lines), signoff=tail.signoff, forwarded=own.forwarded, quoted=own.quoted)


def _lines(body: str) -> list[str]:
    if "\r" in body:
        body = body.replace("\r\n", "\n").replace("\r", "\n")
    for char in _INVISIBLE:
        if char in body:
            body = body.replace(char, "")
    lines = without_qp_residue(body).split("\n")
    if len(lines) > MOST_LINES:
        half = MOST_LINES // 2
        lines = lines[:half] + lines[-half:]
    return lines


def _joined(lines: list[str]) -> str:
    """The lines with at most one blank between two paragraphs."""
    out: list[str] = []
    for line in lines:
        line = line.rstrip()
        if line or (out and out[-1]):
            out.append(line)
    return "\n".join(out).rstrip()
