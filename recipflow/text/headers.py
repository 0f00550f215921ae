"""The block of headers above a quoted message: `From: … Sent: … To: … Subject: …` in many languages, and Lotus Notes'."""

from __future__ import annotations

import re

from recipflow.text.phrases import DATE, FROM, LABELS, OTHER, SUBJECT, TO

_LOTUS_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4},? \d{1,2}:\d\d(?::\d\d)?(?: ?[AaPp]\.?[Mm]\.?)?$")
_LONGEST_LINE = 200
_CONTINUATIONS = 100  # lines a list of recipients may run over
_HEADER = FROM | DATE | TO | SUBJECT
_SENDERLESS = TO | OTHER | SUBJECT  # Lotus Notes leaves the sender out of what was sent from another client


def label(text: str) -> int:
    """The kind of header the line is labelled as; 0 if it is none. The line has a colon."""
    return LABELS.get(text[: text.index(":")].strip("* \t").lower(), 0)


class HeaderBlock:
    """The block that may be under way: where it began, and which kinds of label it has so far."""

    __slots__ = ("_gap", "_last", "_seen", "begin")

    def __init__(self) -> None:
        self.begin = -1  #: where in the kept lines; -1: none is under way
        self._seen = self._last = self._gap = 0

    def add(self, text: str, at: int) -> bool:
        """Whether the line is a label; then it counts. `at` is where a block would begin with it."""
        kind = label(text)
        if not kind:
            if self.begin >= 0:
                self.interrupt()
            return False
        if self.begin < 0 or kind & self._seen & FROM:
            if kind == OTHER:
                return False
            self._start(at, 0)
        self._seen |= kind
        if kind == FROM and _LOTUS_DATE.search(text[:_LONGEST_LINE]):
            self._seen |= DATE
        self._last = kind
        return True

    def add_lotus(self, text: str, above: str, at: int) -> bool:
        """Whether the line is a name and date as Lotus Notes puts them above `To:`; the name may stand alone above."""
        if len(text) > _LONGEST_LINE or not _LOTUS_DATE.search(text):
            return False
        self._start(at - 1 if text[0].isdigit() and above.strip() else at, FROM | DATE)
        self._last = FROM
        return True

    def _start(self, at: int, seen: int) -> None:
        self.begin, self._seen, self._gap = at, seen, 0

    def interrupt(self) -> None:
        """A line without label: recipients run over several, anything else ends the block."""
        self._gap += 1
        if self._last not in (TO, OTHER, FROM) or self._gap > _CONTINUATIONS:
            self.begin = -1

    def is_header(self) -> bool:
        """Three kinds of label, the sender or the copies among them: no one types that by chance."""
        seen = self._seen
        return bool(seen & FROM and (seen & _HEADER).bit_count() >= 3) or seen & _SENDERLESS == _SENDERLESS
