"""A favour that a letter tells in two sentences counts once: where the second speaks of nothing but the first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from recipflow.model import Act, ActType

_BACK = re.compile(
    r"\W*(?:(?:and|so|but|all of|both of|und|aber|e|y|pero|mas) )?(?:"
    r"(?:it|this|that|they|these|those|them)(?:'s|'re|'ll)?\b|(?:you two|the two of you|both of you)\b"
    r"|i(?:'ll| will) (?:now |just |gladly )?(?:leave|let) (?:you|it|the two|both)\b"
    r"|(?:es|das|die beiden|ihr (?:zwei|beide[n]?)) "
    r"|(?:são|é|fica|ficam) (?:teus?|tuas?|seus?|suas?|vossos?|vossas?)\b|(?:isso|isto|vocês dois|vocês duas)\b"
    r"|(?:son|es|quedan?) (?:tuyos?|tuyas?|suyos?|suyas?|vuestros?|vuestras?)\b|(?:eso|esto|vosotros dos|ustedes dos)\b)"
)
"""How a sentence begins that has no thing of its own."""


def told_once(acts: Iterable[Act]) -> tuple[Act, ...]:
    """Without gives that only take up the give of that kind before them; that one keeps the larger worth of the two."""
    kept: list[Act] = []
    for act in acts:
        place = _taken_up(kept, act)
        if place is None:
            kept.append(act)
        else:
            kept[place] = _larger(kept[place], act)
    return tuple(kept)


def _taken_up(kept: list[Act], act: Act) -> int | None:
    """Where the give stands that this one takes up."""
    if act.act is not ActType.GIVE or not _BACK.match(act.quote.lower()):
        return None
    same = [
        place
        for place, one in enumerate(kept)
        if one.act is ActType.GIVE
        and (one.kind, one.contact, one.by) == (act.kind, act.contact, act.by)
        and one.position < act.position
        and one.counts == act.counts
    ]
    return same[-1] if same else None


def _larger(one: Act, other: Act) -> Act:
    return replace(
        one,
        size=max(one.size or 0.0, other.size or 0.0),
        confidence=max(one.confidence, other.confidence),
        notable=one.notable or other.notable,
        notable_confidence=max(one.notable_confidence, other.notable_confidence),
        routine=one.routine and other.routine,
        flags=one.flags | other.flags,
    )
