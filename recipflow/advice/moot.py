"""Asks whose answer mail cannot show: those their own day has overtaken, and those answered by calling."""

from __future__ import annotations

import re
from datetime import tzinfo

from recipflow.advice.days import local_date, start_of
from recipflow.ledger.relationship import OpenItem
from recipflow.model import Kind
from recipflow.rules.due import day_named

_PASSING = frozenset({Kind.MEETING, Kind.INFO})
"""What is asked for a day, and of no use after it; a thing to be done by then is late, not past."""


_OF_THE_HOUR = re.compile(
    r"\bare you (?:still )?(?:here|there|around|up|awake|home|busy)\b"
    r"|\bdo you have (?:a (?:minute|sec\w*|moment)|time|\d+ min\w*)\b|\btalk at \d|\bheading over\b"
)
"""What is asked of the hour it is asked in."""


def moot_from(ask: OpenItem, zone: tzinfo) -> float | None:
    """When the day that the ask was about has gone by (days since the epoch); None when it is about none."""
    asked, words = local_date(ask.at, zone), " ".join(ask.quote.lower().split())
    if _OF_THE_HOUR.search(words):
        return start_of(asked, zone) + 1.0
    if ask.due is not None or ask.what not in _PASSING:
        return None
    day = day_named(words, asked)
    return None if day is None or day < asked else start_of(day, zone) + 1.0


_BY_VOICE = re.compile(
    r"\b(?:call|ring|phone|page|see|visit|catch|grab|find) (?:me|us)\b"
    r"|\bgive (?:me|us) a (?:call|ring|buzz|shout)\b|\b(?:stop|come|drop|swing) by\b"
)


def by_voice(quote: str) -> bool:
    """Whether the ask wants a call or a visit: whether it came, no mail tells."""
    return _BY_VOICE.search(quote.lower()) is not None


_CONDITION = re.compile(r"\b(?:if|whether|should) (?:you|not|this|that|it|there|any\w*|we)\b")
_OPINION = re.compile(
    r"\b(?:if|whether) \w+(?: \w+)? (?:agree|look\w*|work\w*|ok|okay|fine|interested|acceptable|can|could|right)\b"
    r"|\binterested\b|\bcan (?:call|meet|come|make)\b"
    r"|\bif (?:you (?:would|could) (?:please|kindly)|it(?:'s| is) (?:not|no) )"
)


def optional(quote: str) -> bool:
    """Whether silence is an answer: "tell me if you need more" wants no word from who needs none."""
    words = " ".join(quote.lower().split())
    return not words.endswith("?") and bool(_CONDITION.search(words)) and not _OPINION.search(words)
