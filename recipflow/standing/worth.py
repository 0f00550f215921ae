"""What a give is worth to the one who receives it, in favour units (MODEL.md, "Value of a give")."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import NamedTuple

from recipflow.model import TANGIBLE, Kind, Side
from recipflow.standing.etiquette import Terms
from recipflow.standing.numbers import reached

MOST = 10.0
"""No give is worth more (fu)."""

IMPERSONAL = frozenset({Kind.CASH, Kind.MASS})
IMPERSONAL_SHARE = 0.2
"""Kube et al. 2012: a gift in kind raises the return by 25 %, cash has no effect."""

PERSONAL = 1.25
UNEXPECTED = 1.20
"""Strohmetz et al. 2002: the product, 1.51, was measured; how it splits is ours."""

EFFORT = 1.2
"""Goei & Boster 2005 give the sign; the size is ours."""

BUNDLED = 0.5
"""Eckel et al. 2016: conditional gifts do almost nothing."""

KEEPSAKES = frozenset({Kind.GIFT, Kind.HOSPITALITY})
SMALL_GIFT = 1.0
"""Where the norm minds small gifts, one of these worth less (fu) is mentioned."""


class Relevance(StrEnum):
    """How much it matters to the one who receives it."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


RELEVANCE = {Relevance.LOW: 0.1, Relevance.MEDIUM: 0.6, Relevance.HIGH: 1.0}
"""Eckel et al. 2016: high-quality gifts double giving, low-quality ones do nothing."""


class GiveWarning(StrEnum):
    """What the user hears of a give of their own."""

    FIRST_CONTACT_GIFT = "first_contact_gift"
    SMALL_GIFT = "small_gift"


class Worth(NamedTuple):
    value: float  #: fu
    warnings: tuple[GiveWarning, ...]


def value(
    size: float,
    kind: Kind,
    terms: Terms,
    *,
    by: Side = Side.ME,
    relevance: Relevance = Relevance.HIGH,
    personal: bool = False,
    unexpected: bool = False,
    effort: bool = False,
    bundled: bool = False,
    first_contact: bool = False,
    routine: bool = False,
) -> Worth:
    """The worth of a give of `size` fu to its receiver; warnings only of the user's own.

    A routine give is of low relevance, whatever was said. A tangible one at first contact is worth nothing:
    it backfires (Maréchal & Thöni 2019).
    """
    if not 0.0 <= size < math.inf:
        raise ValueError(f"a size is a number of favour units from 0, not {size!r}")
    if first_contact and kind in TANGIBLE:
        return Worth(0.0, (GiveWarning.FIRST_CONTACT_GIFT,) if by is Side.ME else ())
    worth = size * math.prod(
        (
            RELEVANCE[Relevance.LOW if routine else relevance],
            IMPERSONAL_SHARE if kind in IMPERSONAL else 1.0,
            PERSONAL if personal else 1.0,
            UNEXPECTED if unexpected else 1.0,
            EFFORT if effort else 1.0,
            BUNDLED if bundled else 1.0,
            terms.framing,
        )
    )
    small = by is Side.ME and terms.warns_small_gifts and kind in KEEPSAKES and not reached(worth, SMALL_GIFT)
    return Worth(min(MOST, worth), (GiveWarning.SMALL_GIFT,) if small else ())
