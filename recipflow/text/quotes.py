"""The author's own lines of a plain body: quotes, forwards, attributions and list footers cut away in one pass."""

from __future__ import annotations

import re
from dataclasses import dataclass

from recipflow.text import marks
from recipflow.text.attributions import LONGEST, has_verb, is_attribution, lines_above
from recipflow.text.headers import HeaderBlock, label
from recipflow.text.phrases import FORWARDS, FROM, LONGEST_LABEL, ORIGINALS

_LONGEST_SIGNATURE = 14  # lines under a bare `--`


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """The author's own lines, and what was cut out from between them."""

    lines: list[str]
    quoted: bool
    forwarded: bool


_LOTUS_TABLE = "|----"
"""How Lotus Notes, answering mail of another program, begins the table of who wrote when and to whom; the letter follows."""
_LOTUS_LINE = re.compile(r"\d{1,2}[/.]\d{1,2}[/.]\d{2,4} +\d{1,2}:\d\d\b.* To:.* Subject:")
"""The same in one line: name, date, `To:`, `cc:`, `Subject:`."""


def own_lines(lines: list[str]) -> Own:
    """One pass; work is proportional to the text."""
    scan = _Scan(lines)
    scan.run()
    return Own(lines=scan.kept, quoted=scan.quoted, forwarded=scan.forwarded)


class _Scan:
    """The state of the pass."""

    __slots__ = (
        "block",
        "forwarded",
        "initials",
        "kept",
        "last_quote",
        "lines",
        "next",
        "quoted",
        "tail_quote",
    )

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.kept: list[str] = []
        self.quoted = self.forwarded = False
        self.block = HeaderBlock()
        self.next = 0  # the next line to look at
        self.last_quote = -2  # the latest line that was a quote
        self.tail_quote = -2  # the last quoted line of all; -2: not looked for
        self.initials = 0  # lines quoted in the way "AB> text"

    def run(self) -> None:
        lines, kept = self.lines, self.kept
        total = len(lines)
        while self.next < total:
            at = self.next
            self.next = at + 1
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
            else:
                self._words(at, line, text)
        if self.initials >= 2 or (self.initials and self.quoted):
            self.kept = marks.without_initials(kept)
            self.quoted = True

    def _words(self, at: int, line: str, text: str) -> None:
        """A line without a mark: a label, a Lotus date, the rest of a broken quote, or words."""
        if text.find(":", 0, LONGEST_LABEL) > 0 and self._labelled(line, text):
            return
        if " Subject:" in text and _LOTUS_LINE.search(text[:LONGEST]):
            self._quoted_block(at)
        elif text[-1] in "Mm0123456789" and text.find(":", -9) > 0 and self._lotus(text):
            self.kept.append(line)
        elif self.last_quote == at - 1 and marks.is_residue(self.lines, at, text):
            self.last_quote = at
        else:
            if self.block.begin >= 0:
                self.block.interrupt()
            elif ">" in text[:13] and marks.has_initials(text):
                self.initials += 1
            self.kept.append(line)

    def _marked(self, at: int, text: str) -> None:
        if text.startswith(_LOTUS_TABLE) and text.endswith("->"):
            self._end()
        elif text[0] == "|" and not marks.is_barred(self.lines, at, text):
            self.kept.append(self.lines[at])
        elif text.startswith(">From ") and self.last_quote != at - 1 and self.lines[at][0] == ">":
            self.kept.append(text[1:])  # an old mailbox escaped it
        else:
            self.quoted = True
            self.last_quote = at
            if self.kept and self.kept[-1]:
                self.kept.append("")

    def _ruled(self, at: int, line: str, text: str) -> None:
        if text == "--" and line[0] == "-":
            self._signature(at, exact=line.startswith("-- "))
            return
        if len(text) <= LONGEST:
            name = text.strip(marks.RULE).lower()
            if self._announced(at, name) or (not name and len(text) >= 20 and self._footer(at)):
                return
            if text[0] == "*" and text.find(":", 0, LONGEST_LABEL) > 0 and self._labelled(line, text):
                return
            if text[-1] in ":：":
                self._colon(at, line, text)
                return
        self.kept.append(line)

    def _announced(self, at: int, name: str) -> bool:
        """Whether what stands between dashes announces a quoted or forwarded message."""
        if name.startswith(FORWARDS):
            self.forwarded = True
            self._end()
        elif name.endswith("wrote:") and marks.marked_next(self.lines, at):
            self.quoted = True
        elif (
            name.rstrip(":") in ORIGINALS or name.endswith("wrote:") or marks.is_headed(self.lines, at, name)
        ):
            self._quoted_block(at)
        elif name in ("next part", "end of forwarded message"):
            self._end(quoted=False)
        else:
            return False
        return True

    def _end(self, *, quoted: bool = True) -> None:
        """Nothing below is the author's."""
        self.quoted |= quoted
        self.next = len(self.lines)

    def _quoted_block(self, at: int) -> None:
        """A quoted message's head was found: all below is its text, unless that is marked as quoted."""
        self.quoted = True
        self.block.begin = -1
        text = marks.marked_text(self.lines, at)
        if text >= 0:
            self.next = text
        else:
            self._end()

    def _footer(self, at: int) -> bool:
        """The footer of a mailing list, under a rule."""
        end = marks.list_footer_end(self.lines, at)
        if end > at:
            self.next = end
        return end > at

    def _signature(self, at: int, *, exact: bool) -> None:
        """A delimited signature, down to the next quote; a long text under a bare `--` is no signature."""
        lines, total = self.lines, len(self.lines)
        end, count = at + 1, 0
        while end < total:
            text = lines[end].strip()
            if text:
                if _begins_quote(text):
                    break
                count += 1
            end += 1
        if exact or count <= _LONGEST_SIGNATURE:
            self.next = end

    def _colon(self, at: int, line: str, text: str) -> None:
        """A line that ends in a colon: an attribution, a forward's announcement, an empty label, or words."""
        if len(text) <= LONGEST:
            if text.lower().startswith(FORWARDS):
                self.forwarded = True
                self._end()
                return
            if self._attribution(at, text) or self._labelled(line, text):
                return
        self.kept.append(line)

    def _attribution(self, at: int, text: str) -> bool:
        kept = self.kept
        begin = len(kept) - lines_above(kept, text)
        whole = " " + " ".join([*(line.strip() for line in kept[begin:]), text]).lower()
        marked = marks.marked_next(self.lines, at)
        if not is_attribution(kept[begin].strip() if begin < len(kept) else text, whole, marked=marked):
            return False
        del kept[begin:]
        self.quoted = True
        if not marked and self._last_quote() <= at and any(kept):
            self._end()
        return True

    def _last_quote(self) -> int:
        if self.tail_quote == -2:
            self.tail_quote = marks.last_marked(self.lines)
        return self.tail_quote

    def _labelled(self, line: str, text: str) -> bool:
        """Whether the line is a header's label; kept unless it makes the block certain."""
        if ":" not in text or not self.block.add(text, len(self.kept)):
            return False
        self.kept.append(line)
        if self.block.is_header():
            del self.kept[self.block.begin :]
            while self.kept and marks.is_rule_or_letterhead(self.kept[-1]):
                self.kept.pop()
            self._quoted_block(self.next - 1)
        return True

    def _lotus(self, text: str) -> bool:
        return self.block.add_lotus(text, self.kept[-1] if self.kept else "", len(self.kept))


def _begins_quote(text: str) -> bool:
    """Whether, below a signature, a quoted message begins with this line."""
    first = text[0]
    if first == ">":
        return True
    if first in "-*_":
        name = text[:200].strip(marks.RULE).lower()
        return name in ORIGINALS or name.startswith(FORWARDS)
    if text[-1] == ":" and len(text) <= LONGEST:
        return has_verb(text.lower()) or text.lower().startswith(FORWARDS)
    return text.find(":", 0, LONGEST_LABEL) > 0 and label(text) == FROM
