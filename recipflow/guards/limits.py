"""Rules about gifts: what they say, where that was read, and how old it is. None of them says that something is right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from recipflow.errors import UserError
from recipflow.guards.public import longest_suffix

KEEPS = timedelta(days=365)
"""How long a rule without a date of its own is taken as it was seen: several change every year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftRule:
    """One rule, as it was seen. Amounts are in `currency`; None where it names none."""

    id: str
    who: str  #: whom it binds, or whose gifts
    says: str
    source: str
    seen: str
    certainty: str
    as_of: date
    until: date | None = None
    currency: str = ""
    per_occasion: float | None = None
    per_year: float | None = None
    domains: tuple[str, ...] = ()

    def old(self, today: date) -> bool:
        """Whether its time is over, or it was seen too long ago."""
        return today > self.until if self.until else today > self.as_of + KEEPS

    def words(self) -> str:
        """The rule in one line: whom it binds, what it says, its amounts, and where it stands."""
        what = "; ".join((*self.limits(), self.says))
        return f"{self.who}: {what}. {self.source}; {self.seen}; as of {self.as_of.isoformat()}; certainty: {self.certainty}."

    def limits(self) -> Iterator[str]:
        """Its amounts: "20 USD an occasion", "50 USD a year"."""
        for value, span in ((self.per_occasion, "an occasion"), (self.per_year, "a year")):
            if value is not None:
                yield f"{_amount(value)} {self.currency} {span}"


@dataclass(frozen=True, slots=True)
class GiftRules:
    """All rules of a file."""

    rules: tuple[GiftRule, ...] = ()

    def named(self, name: str) -> GiftRule | None:
        return next((rule for rule in self.rules if rule.id == name), None)

    def likely(self, addresses: Iterable[str]) -> GiftRule | None:
        """The rule for whoever has these addresses, as far as a domain can tell; None where it cannot."""
        by_domain = {domain: rule for rule in self.rules for domain in rule.domains}
        for address in addresses:
            if suffix := longest_suffix(address, by_domain):
                return by_domain[suffix]
        return None


def read_gift_rules(toml: Mapping[str, Any], source: str = "gift_limits.toml") -> GiftRules:
    """The rules of a parsed file; UserError with every fault in it."""
    problems: list[str] = []
    tables = toml.get("rule", [])
    rules = [_rule(table, toml, f"{source}: {table.get('id', '?')}", problems) for table in tables]
    if problems:
        raise UserError(problems)
    return GiftRules(tuple(rule for rule in rules if rule is not None))


def _rule(
    table: Mapping[str, Any], toml: Mapping[str, Any], where: str, problems: list[str]
) -> GiftRule | None:
    faults = [f"{where}: {key} is missing" for key in _WORDS if not isinstance(table.get(key), str)]
    try:
        as_of = date.fromisoformat(str(toml.get("as_of")))
        until = _until(str(table["valid"])) if "valid" in table else None
    except ValueError as wrong:
        faults.append(f"{where}: {wrong}")
    if faults:
        problems += faults
        return None
    return GiftRule(
        **{field: table[key] for key, field in _WORDS.items()},
        as_of=as_of,
        until=until,
        currency=str(table.get("cur", "")),
        per_occasion=table.get("per_occasion"),
        per_year=table.get("per_year"),
        domains=tuple(table.get("domains", ())),
    )


_WORDS = {
    "id": "id",
    "who": "who",
    "kind": "says",
    "source": "source",
    "seen": "seen",
    "certainty": "certainty",
}


def _until(valid: str) -> date | None:
    """The last day of "FROM..TO"; None where it names no end."""
    _, dots, last = valid.partition("..")
    return date.fromisoformat(last) if dots else None


def _amount(value: float) -> str:
    return f"{value:g}" if value == int(value) else f"{value:.2f}"


def over(rule: GiftRule, amount: float | None, year: float, currency: str) -> Iterator[str]:
    """What of a rule a gift, and all of this year with it, is above; what is in another currency was not compared."""
    if currency != rule.currency:
        yield from _uncompared(rule, amount, year, currency)
        return
    if rule.per_occasion is not None and amount is not None and amount > rule.per_occasion:
        yield f"{_amount(amount)} {currency} is above {_amount(rule.per_occasion)} an occasion"
    if rule.per_year is not None and year > rule.per_year:
        yield f"{_amount(year)} {currency} this year is above {_amount(rule.per_year)} a year"


def _uncompared(rule: GiftRule, amount: float | None, year: float, currency: str) -> Iterator[str]:
    """No rate of exchange is known here, and silence would read like a yes."""
    limits = list(rule.limits())
    if limits and currency:
        said = f"{_amount(amount or year)} {currency}"
        yield f"{said} was not compared with {' and '.join(limits)}: the currencies differ, so look it up"
