"""`recipflow gifts`: the gift register, what it comes to in a year, and as a file for whoever asks for one."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from recipflow.cli.options import AsJson, print_json
from recipflow.cli.render import bold, paragraph, say
from recipflow.errors import UserError
from recipflow.foreign import name_line

if TYPE_CHECKING:
    from recipflow.guards import Total
    from recipflow.session import Session

COLUMNS = (
    "date",
    "direction",
    "contact",
    "name",
    "organisation",
    "kind",
    "what",
    "amount",
    "currency",
    "message",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Who = Annotated[str | None, typer.Argument(metavar="[PERSON]", help="One person; without, everybody.")]
Year = Annotated[int | None, typer.Option("--year", min=1900, max=9900, help="One year only.")]
Csv = Annotated[
    str | None,
    typer.Option("--csv", metavar="FILE", help="Write the register as CSV into this new file; - prints it."),
]


def gifts(person: Who = None, year: Year = None, to_csv: Csv = None, as_json: AsJson = False) -> None:
    """List every gift and invitation either way, with its amount, and what each year comes to.

    Of what mail shows the amount is not known: `recipflow correct MESSAGE PERSON give gift --amount 40 EUR` enters it. Rules
    that may apply are named with their source; whether a gift is right is for you to find out.
    """
    from recipflow.counsel import gifts as register
    from recipflow.explain import lookup
    from recipflow.guards import totals
    from recipflow.home import find
    from recipflow.session import Session, now

    with Session.open(find(os.environ)) as session:
        moment = now()
        session.catch_up(moment)
        only = lookup.person(session, person) if person else None
        found = [one for one in register.register(session, moment, only) if year in (None, one.on.year)]
        names = {one.id: lookup.called(one) for one in lookup.contacts(session)}
        rows = list(register.rows(found, names))
        if to_csv:
            _write(to_csv, rows)
            return
        summed = totals(found)
        if as_json:
            print_json({"gifts": rows, "totals": [_total(one) for one in summed]})
            return
        for row in rows:
            say(paragraph(_line(row)))
        if not rows:
            say(paragraph("No gift or invitation is known."))
        for one in summed:
            _say_total(session, one, names)


def _line(row: dict[str, str]) -> str:
    way = "to" if row["direction"] == "given" else "from"
    cost = row["amount"] if row["amount"] == "enter it" else f"{row['amount']} {row['currency']}"
    what = f" “{row['what']}”" if row["what"] else ""
    return f"{row['date']}: {row['kind']} {way} {row['name'] or row['contact']}, {cost}.{what}"


def _say_total(session: Session, one: Total, names: dict[str, str]) -> None:
    from recipflow.counsel import gifts as register

    who = names.get(one.of) or name_line(one.of)
    say(bold(paragraph(f"{one.year}, {who}, {register.total_words(one)}.")))
    contact = next((known for known in session.context.people if known.id == one.of), None)
    found = (
        session.context.contact(one.of, contact.addresses if contact else (one.of,), "")
        if "@" in one.of
        else None
    )
    rule = register.rule_of(session, found) if found else None
    if rule:
        say(paragraph(rule.words(), "  "))
    for line in register.above(session, one, rule):
        say(paragraph(line, "  "))


def _total(one: Total) -> dict[str, object]:
    return {
        "of": one.of,
        "direction": "given" if one.by.value == "me" else "received",
        "year": one.year,
        "currency": one.currency,
        "amount": one.amount if one.gifts else None,
        "gifts": one.gifts,
        "without_amount": one.unknown,
    }


def _write(to: str, rows: Iterable[dict[str, str]]) -> None:
    if to == "-":
        _rows(sys.stdout, rows)
        return
    path = Path(to)
    try:
        with os.fdopen(
            os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8", newline=""
        ) as file:
            _rows(file, rows)
    except FileExistsError:
        raise UserError(f"{path} is there already: name a new file.") from None
    except OSError as wrong:
        raise UserError(f"{path}: cannot be written: {wrong.strerror}") from wrong
    say(paragraph(f"Written to {path}."))


def _rows(file: TextIO, rows: Iterable[dict[str, str]]) -> None:
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    writer.writerows({key: _harmless(value) for key, value in row.items()} for row in rows)


def _harmless(value: str) -> str:
    """What somebody wrote in a mail must not be a formula in a spreadsheet."""
    return f"'{value}" if value.startswith(_FORMULA) else value
