"""What a mail to oneself says was done off-line: "thanked Dana by phone", "Bo helped me 1h"."""

from __future__ import annotations

import re
from typing import NamedTuple

from recipflow.model import ActType, Kind, Side

FU_AN_HOUR = 4.0
"""One favour unit is about a quarter of an hour of somebody's attention (recipflow.model)."""
MOST_WORDS = 6
"""Words a name may have."""


class Note(NamedTuple):
    """What was done, by whom; `rest` begins with the other one's name, and goes on as it likes."""

    by: Side
    act: ActType | None  #: None: they were in touch
    kind: Kind | None
    size: float | None
    rest: str
    name: str = ""  #: where the sentence begins with it, and so ends before the verb

    def names(self) -> list[str]:
        """What may be the name, the longest first."""
        if self.name:
            return [self.name]
        words = self.rest.split()[:MOST_WORDS]
        return [" ".join(words[:count]).strip(" ,.;:") for count in range(len(words), 0, -1)]


_MINE = {
    "thanked": (ActType.THANKS, None),
    "helped": (ActType.GIVE, Kind.HELP),
    "gave": (ActType.GIVE, Kind.HELP),
    "advised": (ActType.GIVE, Kind.ADVICE),
    "introduced": (ActType.GIVE, Kind.INTRO),
    "invited": (ActType.GIVE, Kind.HOSPITALITY),
    "asked": (ActType.ASK, Kind.HELP),
    "promised": (ActType.PROMISE, Kind.HELP),
    "called": (None, None),
    "phoned": (None, None),
    "met": (None, None),
    "saw": (None, None),
}
_THEIRS = "thanked|helped|gave|advised|introduced|invited|asked|promised|called|phoned|met"
_BY_ME = re.compile(rf"^(?:i\s+)?(?P<verb>{'|'.join(_MINE)})\s+(?P<rest>\S.*)$", re.IGNORECASE)
_BY_THEM = re.compile(
    rf"^(?P<name>\S+(?:\s\S+){{0,{MOST_WORDS - 1}}}?)\s(?P<verb>{_THEIRS})\s+me\b\s*(?P<rest>.*)$",
    re.IGNORECASE,
)
_LASTED = re.compile(
    r"\b(?P<number>\d{1,2}(?:[.,]\d)?)\s?(?P<unit>h|hrs?|hours?|m|mins?|minutes?)\b", re.IGNORECASE
)
_LONGEST = 300


def noted(line: str) -> Note | None:
    """The note in a line; None when it is none."""
    line = " ".join(line[:_LONGEST].split())
    if match := _BY_THEM.match(line):
        return _note(Side.THEM, match, match["name"])
    if match := _BY_ME.match(line):
        return _note(Side.ME, match)
    return None


def _note(by: Side, match: re.Match[str], name: str = "") -> Note:
    act, kind = _MINE[match["verb"].lower()]
    size = _size(match["rest"]) if act is ActType.GIVE else None
    return Note(by, act, kind, size, match["rest"], name)


def _size(rest: str) -> float | None:
    """How much by how long it took."""
    lasted = _LASTED.search(rest)
    if lasted is None:
        return None
    number = float(lasted["number"].replace(",", "."))
    hours = number if lasted["unit"].lower().startswith("h") else number / 60.0
    return max(0.1, round(hours * FU_AN_HOUR, 1))
