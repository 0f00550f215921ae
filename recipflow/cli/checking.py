"""`recipflow check`: a word before an ask goes out. It judges a draft, and writes none."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recipflow.cli.options import AsJson, At, instant, print_json
from recipflow.cli.render import bold, paragraph, say
from recipflow.errors import UserError
from recipflow.foreign import one_line

if TYPE_CHECKING:
    from datetime import datetime

    from recipflow.checking import Draft, Objection, Verdict
    from recipflow.model import Contact
    from recipflow.session import Session
    from recipflow.wording import Wording

AGAINST = 3
"""The exit code when something stands against it."""
MOST_FU = 40.0

To = Annotated[
    list[str], typer.Option("--to", metavar="ADDR", help="Whom it goes to: an address, or a person's name.")
]
Size = Annotated[
    float | None,
    typer.Option("--size", min=0.1, max=MOST_FU, help="How much is asked: 1 is a quarter of an hour."),
]
File = Annotated[
    str | None,
    typer.Argument(metavar="[FILE|-]", help="The draft: an .eml or plain text; - reads it from here."),
]
Numbers = Annotated[bool, typer.Option("--numbers", help="What the model makes of it, in favour units.")]


def check(
    to: To,
    file: File = None,
    size: Size = None,
    at: At = None,
    numbers: Numbers = False,
    as_json: AsJson = False,
) -> None:
    """Judge an ask before it goes out: what stands against it, until when, and what would make it easier to answer.

    The draft is an .eml file or plain text. Without one, --size alone is judged. It ends with 3 when something
    stands against it, and with 0 when nothing does. Nothing is stored, and nothing is written for you.
    """
    from recipflow.counsel import drafts
    from recipflow.explain import lookup
    from recipflow.home import find
    from recipflow.session import Session, now

    whom = _one(to)
    draft = _draft(file, size)
    if file and not draft.text.strip():
        sys.stderr.write("There are no words of yours in this draft: only what --size says is judged.\n")
    with Session.open(find(os.environ)) as session:
        moment = instant(at, session.zone).replace(microsecond=0) if at else now()
        if at is None:
            session.catch_up(moment)
        contact = lookup.anybody(session, whom)
        verdict, reading = drafts.check(session, contact, draft, moment, size=size)
        if reading.unread:
            sys.stderr.write(
                f"There are no rules for its language ({reading.language}): --size says how much is asked.\n"
            )
        teller = _Teller(session, contact, moment)
        if as_json:
            print_json(teller.as_json(whom, verdict))
        else:
            teller.say(verdict, numbers=numbers)
    if verdict.objections:
        sys.exit(AGAINST)


class _Teller:
    """Says a verdict on what goes to one contact."""

    def __init__(self, session: Session, contact: Contact, moment: datetime) -> None:
        from recipflow import assembly
        from recipflow.explain import lookup

        self._wording: Wording = assembly.wording()
        self._name = lookup.called(contact)
        self._zone, self._moment, self._id = session.zone, moment, contact.id

    def say(self, verdict: Verdict, *, numbers: bool) -> None:
        if verdict.size is None:
            say(paragraph(self._tell("check", "nothing_asked")))
        elif verdict.quote:
            say(paragraph(f"“{one_line(verdict.quote)}”"))
        for one in verdict.objections:
            say(bold(paragraph(self._because(one))))
        if not verdict.objections and verdict.size is not None:
            say(paragraph(self._tell("check", "clear")))
        if verdict.better:
            key = "meeting" if verdict.meeting else "moment"
            say(paragraph(self._tell("better", key, day=verdict.better)))
        for hardship in verdict.hardships:
            say(paragraph(self._tell("easier", hardship.value), "  "))
        if numbers:
            for name, value in verdict.numbers.items():
                say(f"  {name:34} {value:.2f}")

    def as_json(self, to: str, verdict: Verdict) -> dict[str, Any]:
        asked = None if verdict.size is None else {"size": verdict.size, "quote": verdict.quote}
        return {
            "to": to.strip().lower() if "@" in to else self._id,
            "at": self._moment.astimezone(self._zone),
            "ask": asked,
            "warnings": [
                {"name": one.name, "because": self._because(one), "until": self._until(one)}
                for one in verdict.objections
            ],
            "better": verdict.better and verdict.better.astimezone(self._zone),
            "easier": [self._tell("easier", one.value) for one in verdict.hardships],
        }

    def _because(self, objection: Objection) -> str:
        return self._tell("check", objection.name, until=self._until(objection), **objection.facts)

    def _until(self, objection: Objection) -> datetime | None:
        """In whole seconds, none too early."""
        from recipflow.advice.days import whole

        return None if objection.until is None else whole(objection.until).astimezone(self._zone)

    def _tell(self, table: str, key: str, **facts: object) -> str:
        known = {name: value for name, value in facts.items() if value is not None}
        return self._wording.tell(table, key, self._name, known, tz=self._zone, now=self._moment)


def _one(to: list[str]) -> str:
    """It goes to several: each of them stands elsewhere, and has an answer of their own."""
    if len(to) > 1:
        raise UserError("One --to at a time: what suits one person need not suit another. Run it for each.")
    return to[0]


def _draft(file: str | None, size: float | None) -> Draft:
    from recipflow.checking import Draft, read_draft

    if file is None and size is None:
        raise UserError(
            "Say what goes out: a file, - for standard input, or --size for an ask not written yet."
        )
    if file is None:
        return Draft(text="")
    if file == "-":
        return read_draft(sys.stdin.buffer.read())
    try:
        return read_draft(Path(file).read_bytes())
    except OSError as wrong:
        raise UserError(f"{file}: cannot be read: {wrong.strerror}") from wrong
