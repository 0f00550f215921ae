"""How lines are marked as quoted, ruled off, or appended: looked at around one line, a few lines far."""

from __future__ import annotations

import re

from recipflow.text.phrases import LONGEST_LABEL

RULE = "-_=*~#+<> \t"
"""What lines are ruled with."""

_CLOCK = re.compile(r"\d:\d\d")
_INITIALS = re.compile(r"[A-Za-z][\w.]{0,11}>+(?: |$)")
_FOOTER_WORDS = ("mailing list", "listinfo", "unsubscribe", "lists.")
_LONGEST_RESIDUE = 30  # characters
_FULL_LINE = 66  # characters; a shorter one was not broken
_SAMPLE = 40  # lines looked at to tell whether a quote is marked throughout


def is_barred(lines: list[str], at: int, text: str) -> bool:
    """Whether a line that begins with a bar is a quote, and not a row of a table."""
    if text[-1] == "|" and len(text) > 1:
        return False
    around = lines[max(0, at - 1) : at] + lines[at + 1 : at + 2]
    return any(other.lstrip().startswith("|") for other in around)


def is_residue(lines: list[str], at: int, text: str) -> bool:
    """Whether this is the end of a quoted line that somebody's mailer broke in two."""
    if len(text) > _LONGEST_RESIDUE or len(lines[at - 1]) < _FULL_LINE or at + 1 >= len(lines):
        return False
    return not text[0].isupper() and lines[at + 1].lstrip()[:1] == ">"


def has_initials(text: str) -> bool:
    """Whether the line is quoted in the way of supercite: `AB> text`."""
    return bool(_INITIALS.match(text)) and not text.startswith("R>")


def without_initials(lines: list[str]) -> list[str]:
    """The lines with those blank that are quoted with initials."""
    return ["" if has_initials(line.lstrip()) else line for line in lines]


def marked_next(lines: list[str], at: int) -> bool:
    """Whether the next words are marked as quoted."""
    for line in lines[at + 1 : at + 5]:
        text = line.lstrip()
        if text:
            return text[0] in ">|" or has_initials(text)
    return False


def last_marked(lines: list[str]) -> int:
    """The last line marked as quoted; -1 if there is none."""
    for at in range(len(lines) - 1, -1, -1):
        if lines[at].lstrip()[:1] == ">":
            return at
    return -1


def marked_text(lines: list[str], at: int) -> int:
    """Where the text below the header block at `at` begins, if it is marked as quoted; else -1."""
    total = len(lines)
    if at + 1 < total and lines[at + 1].startswith(">"):
        return at + 1
    while at < total and lines[at].strip():
        at += 1
    while at < total and not lines[at].strip():
        at += 1
    if at == total or lines[at].lstrip()[0] != ">":
        return -1
    below = [line.lstrip()[0] == ">" for line in lines[at : at + _SAMPLE] if line.strip()]
    return at if 2 * sum(below) >= len(below) else -1


def is_headed(lines: list[str], at: int, name: str) -> bool:
    """Whether a ruled line has a header block below it, in whatever language: labels, an address, a time."""
    if len(name) > 40 or lines[at][-1:] not in "-_":
        return False
    below = [line.strip() for line in lines[at + 1 : at + 5]]
    if len(below) < 4 or not all(line.find(":", 0, LONGEST_LABEL) > 0 for line in below[:3]):
        return False
    block = "\n".join(below)[:2000]
    return ("@" in block or " at " in block) and bool(_CLOCK.search(block))


def list_footer_end(lines: list[str], at: int) -> int:
    """Where a list's footer under the rule at `at` ends; `at` if there is none."""
    total, top = len(lines), at + 1
    while top < total and top < at + 3 and not lines[top].strip():
        top += 1
    below = " ".join(lines[top : top + 3])[:400].lower()
    if not any(word in below for word in _FOOTER_WORDS):
        return at
    while top < total and lines[top].strip():
        top += 1
    return top


def is_rule_or_letterhead(line: str) -> bool:
    """Blank, ruled, or an indented letterhead as Lotus Notes puts it above `From:`."""
    return line[:1] == "\t" or not line.strip(RULE)
