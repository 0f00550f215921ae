"""Whether what was surely said still waits, plainly enough for advice; of what does not, the user is asked.

Of 407 nudges on office mail that readers judged (`bench/verdicts.jsonl`), neither the certainty of the act nor a model of
forty features, fitted with each owner left out, told right ones from wrong. What did, and is used here, are a few signs
of the letter and of what the user did since (`bench/READING.md`).
"""

from __future__ import annotations

import re

from recipflow.advice.view import View
from recipflow.ledger.relationship import OpenItem
from recipflow.model import Flag

SAID = 1.0
"""What the user has said, or said yes to: no judge is as sure."""
OUTRIGHT = 0.9
"""How sure the reader is of what was asked in so many words."""
SIGNS, COLLEAGUE_SIGNS = 2, 3
"""Of the four signs of an ask that waits, how many it takes; more of a colleague: there, half is answered in the corridor."""
_OF_THEMSELVES = re.compile(
    r"\b(?:i|me|my|mine|myself|ich|mir|mich|mein\w{0,2}|eu|mim|comigo|meus?|minhas?|yo|mí|mis?|conmigo)\b|(?:[aei]r|\b|-)me\b"
)
"""How whoever asks speaks of themselves: it is they who wait."""


def plain_ask(view: View, ask: OpenItem) -> bool:
    """Theirs: it speaks of whoever asks, opens a letter of its own, was not left lying, and is asked outright."""
    signs = (
        _OF_THEMSELVES.search(ask.quote.lower()) is not None,
        Flag.BESIDE not in ask.flags,
        Flag.LEFT not in ask.flags,
        ask.confidence >= OUTRIGHT,
    )
    return ask.confidence >= SAID or sum(signs) >= (COLLEAGUE_SIGNS if view.colleague else SIGNS)


def plain_promise(promise: OpenItem) -> bool:
    """Mine: it was given in an answer to them, and not left lying; in a letter of its own it is a plan that was told."""
    return promise.confidence >= SAID or promise.flags.isdisjoint({Flag.BESIDE, Flag.LEFT})


def plain_request(ask: OpenItem) -> bool:
    """An ask of mine that was not left lying: who wrote so much since would have asked again, or has the answer."""
    return ask.confidence >= SAID or Flag.LEFT not in ask.flags
