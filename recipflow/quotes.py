"""The author's own lines of a plain body: quotes, forwards, attributions and list footers cut away in one pass."""

from __future__ import annotations

import re
from dataclasses import dataclass

from recipflow.phrases import (
    DATE,
    FORWARDS,
    FROM,
    LABELS,
    LONGEST_LABEL,
    ORIGINALS,
    OTHER,
    STARTS,
    SUBJECT,
    TO,
    VERBS,
)

_LOTUS_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4},? \d{1,2}:\d\d(?::\d\d)?(?: ?[AaPp]\.?[Mm]\.?)?$")
_CLOCK = re.compile(r"\d:\d\d")
_INITIALS = re.compile(r"[A-Za-z][\w.]{0,11}>+(?: |$)")
_HEADER = FROM | DATE | TO | SUBJECT
_SENDERLESS = (
    TO | OTHER | SUBJECT
)  # Lotus Notes leaves the sender out of what somebody sent from another client
_RULE = "-_=*~#+<> \t"
_LONGEST_ATTRIBUTION = 320
_CONTINUATIONS = 100  # lines a list of recipients may run over
_LONGEST_SIGNATURE = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """The author's own lines, and what was cut out from between them."""

    lines: list[str]
    quoted: bool
    forwarded: bool


def own_lines(lines: list[str]) -> Own:
    """One pass; work is proportional to the text."""
    scan = _Scan(lines)
    scan.run()
    return Own(lines=scan.kept, quoted=scan.quoted, forwarded=scan.forwarded)


class _Scan:
    """The state of the pass: what was kept, and the header block that may be under way."""

    __slots__ = (
        "block",
        "forwarded",
        "gap",
        "initials",
        "kept",
        "last_kind",
        "last_quote",
        "lines",
        "next_",
        "quoted",
        "seen",
        "tail_quote",
    )

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.kept: list[str] = []
        self.quoted = self.forwarded = False
        self.next_ = 0  # the next line to look at
        self.last_quote = -2  # the latest line that was a quote
        self.block = -1  # where in `kept` a header block may have begun
        self.seen = self.last_kind = self.gap = 0
        self.initials = 0  # lines quoted in the way "AB> text"
        self.tail_quote = -2  # the last quoted line of all; -2: not looked for

    def run(self) -> None:
        lines, kept = self.lines, self.kept
        total = len(lines)
        while self.next_ < total:
            at = self.next_
            self.next_ = at + 1
            line = lines[at]
            text = line.strip()
            if not text:
                kept.append("")
                continue
            first = text[0]
            if first == ">" or first == "|":
                self._marked(at, text)
            elif first in "-_=*":
                self._ruled(at, line, text)
            elif text[-1] in ":：":
                self._colon(at, line, text)
            elif text.find(":", 0, LONGEST_LABEL) > 0 and self._labelled(text):
                kept.append(line)
                self._confirm(at)
            elif text[-1] in "Mm0123456789" and text.find(":", -9) > 0 and self._lotus(text):
                kept.append(line)
            elif self.last_quote == at - 1 and self._residue(at, text):
                self.last_quote = at
            else:
                if self.block >= 0:
                    self._unlabelled()
                elif ">" in text[:13] and _INITIALS.match(text):
                    self.initials += 1
                kept.append(line)
        if self.initials:
            self._cut_initials()

    def _marked(self, at: int, text: str) -> None:
        if text[0] == "|" and not self._barred(at, text):
            self.kept.append(self.lines[at])
        elif text.startswith(">From ") and self.last_quote != at - 1 and self.lines[at][0] == ">":
            self.kept.append(text[1:])  # an old mailbox escaped it
        else:
            self.quoted = True
            self.last_quote = at
            if self.kept and self.kept[-1]:
                self.kept.append("")

    def _barred(self, at: int, text: str) -> bool:
        """Whether a line that begins with a bar is a quote, and not a row of a table."""
        if text[-1] == "|" and len(text) > 1:
            return False
        around = self.lines[at - 1 : at] + self.lines[at + 1 : at + 2]
        return any(other.lstrip().startswith("|") for other in around)

    def _residue(self, at: int, text: str) -> bool:
        """Whether this is the end of a quoted line that somebody's mailer broke in two."""
        if len(text) > 30 or len(self.lines[at - 1]) < 66 or at + 1 >= len(self.lines):
            return False
        return (text[0].islower() or not text[0].isalpha()) and self.lines[at + 1].lstrip()[:1] == ">"

    def _ruled(self, at: int, line: str, text: str) -> None:
        if text == "--" and line[0] == "-":
            self._signature(at, exact=line.startswith("-- "))
            return
        if len(text) <= _LONGEST_ATTRIBUTION:
            name = text.strip(_RULE).lower()
            if self._announced(at, name) or (not name and len(text) >= 20 and self._footer(at)):
                return
            if text[0] == "*" and text.find(":", 0, LONGEST_LABEL) > 0 and self._labelled(text):
                self.kept.append(line)
                self._confirm(at)
                return
            if text[-1] in ":：":
                self._colon(at, line, text)
                return
        self.kept.append(line)

    def _announced(self, at: int, name: str) -> bool:
        if name.startswith(FORWARDS):
            self.forwarded = True
            self._end()
        elif name.endswith("wrote:") and self._next_mark(at):
            self.quoted = True
        elif name.rstrip(":") in ORIGINALS or name.endswith("wrote:") or self._headed(at, name):
            self._quoted_block(at)
        elif name in ("next part", "end of forwarded message"):
            self._end(quoted=False)
        else:
            return False
        return True

    def _headed(self, at: int, name: str) -> bool:
        """Whether a ruled line has a header block below it, in whatever language: labels, an address, a date."""
        if len(name) > 40 or self.lines[at][-1:] not in "-_":
            return False
        below = [line.strip() for line in self.lines[at + 1 : at + 5]]
        if not all(line.find(":", 0, LONGEST_LABEL) > 0 for line in below[:3]) or len(below) < 4:
            return False
        block = "\n".join(below)
        return ("@" in block or " at " in block) and bool(_CLOCK.search(block))

    def _end(self, *, quoted: bool = True) -> None:
        """Nothing below is the author's."""
        self.quoted |= quoted
        self.next_ = len(self.lines)

    def _quoted_block(self, at: int) -> None:
        """A quoted message's head was found: all below is its text, unless that is marked as quoted."""
        lines, total = self.lines, len(self.lines)
        self.quoted = True
        self.block = -1
        headless = at + 1 < total and lines[at + 1].startswith(">")
        while not headless and at < total and lines[at].strip():
            at += 1
        while not headless and at < total and not lines[at].strip():
            at += 1
        if headless or (at < total and lines[at].lstrip()[0] == ">" and self._marked_below(at)):
            self.next_ = at + headless
        else:
            self._end()

    def _marked_below(self, at: int) -> bool:
        """Whether what is quoted is marked throughout, so that unmarked lines are an answer to it."""
        below = [line.lstrip()[0] == ">" for line in self.lines[at : at + 40] if line.strip()]
        return 2 * sum(below) >= len(below)

    def _footer(self, at: int) -> bool:
        """The footer of a mailing list, under a rule."""
        lines, total = self.lines, len(self.lines)
        top = at + 1
        while top < total and top < at + 3 and not lines[top].strip():
            top += 1
        below = " ".join(lines[top : top + 3])[:400].lower()
        if not (
            "mailing list" in below or "listinfo" in below or "unsubscribe" in below or "lists." in below
        ):
            return False
        while top < total and lines[top].strip():
            top += 1
        self.next_ = top
        return True

    def _signature(self, at: int, *, exact: bool) -> None:
        """A delimited signature, down to the next quote; a long text under a bare `--` is no signature."""
        lines, total = self.lines, len(self.lines)
        end, count = at + 1, 0
        while end < total:
            text = lines[end].strip()
            if text:
                if self._begins_quote(text):
                    break
                count += 1
            end += 1
        if exact or count <= _LONGEST_SIGNATURE:
            self.next_ = end

    def _begins_quote(self, text: str) -> bool:
        first = text[0]
        if first == ">":
            return True
        if first in "-*_":
            name = text[:200].strip(_RULE).lower()
            return name in ORIGINALS or name.startswith(FORWARDS)
        if text[-1] == ":" and len(text) <= _LONGEST_ATTRIBUTION:
            return _has_verb(text.lower()) or text.lower().startswith(FORWARDS)
        return _label(text) == FROM if text.find(":", 0, LONGEST_LABEL) > 0 else False

    def _colon(self, at: int, line: str, text: str) -> None:
        """A line that ends in a colon: an attribution, a forward's announcement, an empty label, or words."""
        if len(text) <= _LONGEST_ATTRIBUTION:
            if text.lower().startswith(FORWARDS):
                self.forwarded = True
                self._end()
                return
            if self._attribution(at, text):
                return
            if self._labelled(text):
                self.kept.append(line)
                self._confirm(at)
                return
        self.kept.append(line)

    def _attribution(self, at: int, text: str) -> bool:
        above = self._attribution_lines_above(text)
        whole = (
            " " + " ".join([*(kept.strip() for kept in self.kept[len(self.kept) - above :]), text]).lower()
        )
        if not _has_verb(whole) or len(whole) > _LONGEST_ATTRIBUTION:
            return False
        begun = text if not above else self.kept[-above].strip()
        dated = any(char.isdigit() for char in whole)
        follows = self._next_mark(at)
        if not follows and not (dated and (_begins_dated(begun) or "@" in whole)):
            return False
        if follows and not dated and "@" not in whole and len(text.split()) > 9:
            return False
        del self.kept[len(self.kept) - above :]
        self.quoted = True
        if not follows and self._last_quote() <= at and any(self.kept):
            self._end()
        return True

    def _attribution_lines_above(self, text: str) -> int:
        """How many of the lines just kept belong to the attribution that ends in this line."""
        if _begins_dated(text) and _has_verb(" " + text.lower()):
            return 0
        kept = self.kept
        for back in range(1, min(4, len(kept)) + 1):
            above = kept[-back].strip()
            if not above or above[-1] in ".!?" or len(above) > 100:
                break
            low = above.lower()
            if _begins_dated(above) or ("<" in above and _has_verb(low)):
                return back
        return 1 if len(text) < 16 and kept and "@" in kept[-1] else 0

    def _next_mark(self, at: int) -> bool:
        """Whether the next words are marked as quoted."""
        for line in self.lines[at + 1 : at + 5]:
            text = line.lstrip()
            if text:
                return text[0] in ">|" or bool(_INITIALS.match(text))
        return False

    def _last_quote(self) -> int:
        if self.tail_quote == -2:
            marks = (i for i in range(len(self.lines) - 1, -1, -1) if self.lines[i].lstrip()[:1] == ">")
            self.tail_quote = next(marks, -1)
        return self.tail_quote

    def _labelled(self, text: str) -> bool:
        """Whether the line is a label of a header block; counts it into the block under way."""
        kind = _label(text)
        if not kind:
            if self.block >= 0:
                self._unlabelled()
            return False
        if self.block < 0 or (kind & self.seen & FROM):
            if kind == OTHER:
                return False
            self.block, self.seen, self.gap = len(self.kept), 0, 0
        self.seen |= kind
        if kind == FROM and _LOTUS_DATE.search(text):
            self.seen |= DATE
        self.last_kind = kind
        return True

    def _unlabelled(self) -> None:
        self.gap += 1
        if self.last_kind not in (TO, OTHER, FROM) or self.gap > _CONTINUATIONS:
            self.block = -1

    def _confirm(self, at: int) -> None:
        """Three kinds of label, the sender or the copies among them: a quoted message begins here."""
        seen = self.seen
        if (seen & FROM and (seen & _HEADER).bit_count() >= 3) or seen & _SENDERLESS == _SENDERLESS:
            del self.kept[self.block :]
            while self.kept and _is_rule_or_letterhead(self.kept[-1]):
                self.kept.pop()
            self._quoted_block(at)

    def _lotus(self, text: str) -> bool:
        """Name and date as Lotus Notes puts them above `To:`; a name may stand alone above the date."""
        if len(text) > 200 or not _LOTUS_DATE.search(text):
            return False
        self.block, self.seen, self.gap, self.last_kind = len(self.kept), FROM | DATE, 0, FROM
        if text[0].isdigit() and self.kept and self.kept[-1].strip():
            self.block -= 1
        return True

    def _cut_initials(self) -> None:
        """Quotes marked with initials (supercite), if there are enough of them to be sure."""
        if self.initials < 2 and not self.quoted:
            return
        marked = [
            bool(_INITIALS.match(line.lstrip())) and not line.lstrip().startswith("R>") for line in self.kept
        ]
        self.quoted = self.quoted or any(marked)
        self.kept = ["" if mark else line for line, mark in zip(self.kept, marked, strict=True)]


def _label(text: str) -> int:
    return LABELS.get(text[: text.index(":")].strip("* \t").lower(), 0)


def _has_verb(low: str) -> bool:
    return any(verb in low for verb in VERBS)


def _begins_dated(text: str) -> bool:
    return text[0].isdigit() or text[:12].lower().startswith(STARTS)


def _is_rule_or_letterhead(line: str) -> bool:
    """Blank, ruled, or an indented letterhead as Lotus Notes puts it above `From:`."""
    return line[:1] == "\t" or not line.strip(_RULE)
