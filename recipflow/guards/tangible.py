"""Whether what the user calls a thing is a gift, an invitation or money: only such things rules about gifts speak of."""

from __future__ import annotations

import re

from recipflow.model import Kind

_CASH = re.compile(
    r"\b(?:cash|money|vouchers?|gift ?cards?|coupons?|cheque|check of|bank transfer|bitcoin)\b"
)
_HOSPITALITY = re.compile(
    r"\b(?:lunch(?:es)?|dinners?|breakfasts?|brunch|drinks?|meals?|hospitality|tickets?|concert|opera|match|box seats?"
    r"|hotel|trip|weekend away|flights?|party|reception|restaurant|coffee)\b"
)
_GIFT = re.compile(
    r"\b(?:gifts?|presents?|bottles?|wine|champagne|whisk(?:e)?y|olive oil|books?|chocolates?|flowers?|bouquet|basket|hamper"
    r"|parcel|poster|print|mug|pen|calendar|watch|scarf|cake|tin|souvenir|box of)\b"
)


def tangible_kind(words: str) -> Kind | None:
    """Money, hospitality or a gift, by the user's own words for it; None for what is none of them."""
    said = words.lower()
    for kind, pattern in ((Kind.CASH, _CASH), (Kind.HOSPITALITY, _HOSPITALITY), (Kind.GIFT, _GIFT)):
        if pattern.search(said):
            return kind
    return None
