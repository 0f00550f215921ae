"""What a gift cost, as one types it: `--amount 80 EUR`, `80EUR`, `"€ 80"`; without its currency it is not taken for any."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

OPTION = "--amount"
Amount = Annotated[
    str | None,
    typer.Option(OPTION, metavar="NUMBER CURRENCY", help="What a gift or invitation cost: 80 EUR."),
]

_NUMBER = r"(?P<{}>\d{{1,9}}(?:\.\d+)?)"
_CURRENCY = r"(?P<{}>[A-Za-z]{{3}}|€)"
_SAID = re.compile(
    rf"{_NUMBER.format('n')} ?{_CURRENCY.format('c')}|{_CURRENCY.format('d')} ?{_NUMBER.format('m')}"
)
_BARE = re.compile(_NUMBER.format("n"))


def in_one(words: Sequence[str]) -> list[str]:
    """The command line with number and currency as one word, as options take their value."""
    return list(_joined(iter(words)))


def _joined(words: Iterator[str]) -> Iterator[str]:
    for word in words:
        if word != OPTION:
            yield word
            continue
        yield word
        value = next(words, None)
        if value is None:
            return
        after = next(words, None) if not _SAID.fullmatch(value) else None
        if after is None or after.startswith("-"):
            yield from filter(None, (value, after))
        else:
            yield f"{value} {after}"


def said_amount(amount: str | None) -> dict[str, str | float | bool]:
    """What it cost, as the register keeps it."""
    if amount is None:
        return {}
    said = _SAID.fullmatch(amount.strip())
    if said is None:
        raise typer.BadParameter(_no_amount(amount.strip()), param_hint=OPTION)
    currency = (said["c"] or said["d"]).upper()
    return {"amount": float(said["n"] or said["m"]), "currency": "EUR" if currency == "€" else currency}


def _no_amount(amount: str) -> str:
    later = f"or leave {OPTION} away and enter it later."
    if _BARE.fullmatch(amount):
        return f"{amount} of what? Name the currency, as in {OPTION} {amount} EUR, {later}"
    return f"{amount} is no amount. Say it like 80 EUR or 20.50 EUR, {later}"
