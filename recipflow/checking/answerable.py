"""What makes an ask hard to answer, by its words alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum

from recipflow.model import Act
from recipflow.rules.due import day_named, deadline

CLEAR = 0.9
"""Certainty of an ask that says so in as many words."""
SURE = 0.8
"""Certainty from which a second ask beside the first is one."""


class Hardship(StrEnum):
    """Why an answer takes more than it has to."""

    NOTHING_ASKED = "nothing_asked"
    UNCLEAR = "unclear"
    SEVERAL = "several"
    NO_DATE = "no_date"
    OPEN = "open"
    NO_WAY_OUT = "no_way_out"


_OPEN = re.compile(
    r"\b(?:what (?:do|would|are|is) (?:you|your)(?: think| thoughts| make)?|any (?:thoughts|ideas|advice|feedback|input)"
    r"|your (?:thoughts|view|take|feedback)|how (?:would|do|did|should|can) (?:you|we|i)|tell me (?:more |all )?about"
    r"|walk me through|pick your brain|let me know what you think|thoughts\?|get your (?:thoughts|input|feedback))\b"
)
_CLOSED = re.compile(
    r"^(?:\W*(?:\w+,? )?)?(?:could|can|would|will|do|does|did|are|is|may|might|shall|have|has|which|when|who) \b.*\?$"
    r"|\bor\b.*\?$|\b(?:yes or no|a yes|either way)\b",
    re.DOTALL,
)
_WAY_OUT = re.compile(
    r"\b(?:no (?:problem|worries|hard feelings|harm|trouble|offen[cs]e|rush|pressure|need)\b.{0,30}"
    r"|(?:feel )?free to (?:say no|decline|pass|ignore)|if (?:not|that's not|it's not|it is not|you can't|you cannot"
    r"|you'd rather|you would rather|now is not|this is not|it's too|it is too|that is one|that is too)"
    r"|only if|(?:say|saying) no"
    r"|(?:entirely|completely|totally|quite|perfectly) (?:fine|ok|okay|understand\w*)|understand if"
    r"|(?:a )?no is (?:fine|an answer|perfectly)|don't feel obliged|no obligation|just say so"
    r"|happy (?:to find|to ask) (?:another|someone)|either way)"
)


def hardships(text: str, asks: Sequence[Act], on: date) -> Iterator[Hardship]:
    """What makes this text's asks hard to answer, in the order in which it is worth telling; `on` is the day of writing."""
    words = " ".join(text.lower().split())
    if not asks:
        yield Hardship.NOTHING_ASKED
        return
    best = max(asks, key=lambda act: (act.size or 0.0, act.confidence))
    quote = " ".join(best.quote.lower().split())
    if best.confidence < CLEAR and not quote.endswith("?"):
        yield Hardship.UNCLEAR
    if len({act.position for act in asks if act.confidence >= SURE}) > 1:
        yield Hardship.SEVERAL
    if deadline(words, on) is None and not any(act.due or _dated(act.quote.lower(), on) for act in asks):
        yield Hardship.NO_DATE
    if _OPEN.search(quote) or not (_CLOSED.search(quote) or _dated(quote, on)):
        yield Hardship.OPEN
    if not _WAY_OUT.search(words):
        yield Hardship.NO_WAY_OUT


def _dated(words: str, on: date) -> bool:
    return day_named(" ".join(words.split()), on) is not None
