"""The gift register: what tangible things went either way, and what they come to in a year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from recipflow.model import ContactId, Kind, Side

UNKNOWN = "enter it"
"""What stands in the place of an amount nobody gave: never zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """One gift or invitation. `amount` is None while nobody said what it was worth."""

    on: date
    contact: ContactId
    organisation: str  #: the domain; "" of a private mailbox
    by: Side
    kind: Kind
    what: str
    interaction: str
    amount: float | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """What passed one way in one year, in one currency; `unknown` gifts have no amount yet."""

    of: str  #: a contact's address or an organisation's domain
    by: Side
    year: int
    currency: str
    amount: float
    gifts: int
    unknown: int


def totals(gifts: Iterable[Gift]) -> tuple[Total, ...]:
    """By contact and by organisation, side, year and currency; gifts without an amount count in every currency's row."""
    known: dict[tuple[str, Side, int], list[Gift]] = {}
    for gift in gifts:
        for of in filter(None, (gift.contact, gift.organisation)):
            known.setdefault((of, gift.by, gift.on.year), []).append(gift)
    return tuple(
        total
        for (of, by, year), found in sorted(known.items())
        for total in _by_currency(of, by, year, found)
    )


def _by_currency(of: str, by: Side, year: int, gifts: list[Gift]) -> Iterable[Total]:
    unknown = sum(gift.amount is None for gift in gifts)
    for currency in sorted({gift.currency for gift in gifts if gift.amount is not None}) or [""]:
        amounts = [g.amount for g in gifts if g.amount is not None and g.currency == currency]
        yield Total(
            of=of,
            by=by,
            year=year,
            currency=currency,
            amount=round(sum(amounts), 2),
            gifts=len(amounts),
            unknown=unknown,
        )
