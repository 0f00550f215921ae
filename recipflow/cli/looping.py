"""`recipflow loop`: where each relationship stands, since when, and what is next."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from recipflow.cli.options import AsJson, At, instant, print_json
from recipflow.cli.render import Progress, bold, counted, paragraph, say

if TYPE_CHECKING:
    from recipflow.counsel.loops import Stand
    from recipflow.insight import Standpoint
    from recipflow.ledger.relationship import Relationship
    from recipflow.model import Contact
    from recipflow.session import Session

RECENT = 180.0
"""Days within which something passed between two people for them to be listed."""

Who = Annotated[
    str | None, typer.Argument(metavar="[PERSON]", help="One person; without, everybody of late.")
]
Everything = Annotated[bool, typer.Option("--all", help="Those at the first step, too.")]


def loop(person: Who = None, everything: Everything = False, at: At = None, as_json: AsJson = False) -> None:
    """Say where each relationship stands: find what you can give, give, let it rest, ask, thank; and what is next.

    The steps follow your mail and calendar by themselves. Nobody is ranked; close friends have no steps.
    """
    from recipflow.counsel import loops
    from recipflow.home import find
    from recipflow.session import Session, now

    with Session.open(find(os.environ)) as session:
        moment = instant(at, session.zone).replace(microsecond=0) if at else now()
        if at is None:
            session.catch_up(moment)
        with Progress("Working it out", after=1.0):
            points = _points(session, person, moment, live=at is None)
            found = list(loops.stands(session, points, moment))
        if as_json:
            print_json({"at": moment.astimezone(session.zone), "loop": [one.as_json() for one in found]})
        elif person is not None:
            _say_whole(session, found[0], moment)
        else:
            _say_all(found, everything=everything)


def _points(session: Session, person: str | None, moment: datetime, *, live: bool) -> Sequence[Standpoint]:
    from recipflow.explain import lookup
    from recipflow.insight import standpoint_as_of

    if person is not None:
        contact = lookup.person(session, person)
        return [standpoint_as_of(session.store, session.context, session.words, contact, moment)]
    if not live:
        return [
            one
            for one in session.standpoints_as_of(moment)
            if _of_late(one.relationship, one.contact, moment)
        ]
    return [one for contact in _recent(session, moment) if (one := session.standpoint(contact, moment))]


def _recent(session: Session, moment: datetime) -> Iterator[str]:
    """Those with whom something passed of late, by the ledgers as they were folded last."""
    from recipflow.explain import lookup
    from recipflow.ledger.text import from_text

    contacts = {one.id: one for one in lookup.contacts(session)}
    for kept in session.store.ledgers.all():
        contact = contacts.get(kept.contact)
        if contact is not None and _of_late(from_text(kept.state), contact, moment):
            yield contact.id


def _of_late(known: Relationship, contact: Contact, moment: datetime) -> bool:
    last = max(known.last_mine or 0.0, known.last_theirs or 0.0)
    planned = any(plan.at <= moment for plan in contact.plans)
    return last >= moment.timestamp() / 86_400.0 - RECENT or contact.watched or planned


def _say_whole(session: Session, one: Stand, moment: datetime) -> None:
    from recipflow.cli import people_text
    from recipflow.counsel import loops
    from recipflow.counsel.planning import norm_line

    say(bold(people_text.heading(one.contact)))
    for line in loops.lines(one):
        say(paragraph(line))
    if one.place.since is not None and one.number:
        from recipflow.advice.days import instant as at_day

        say(paragraph(f"There since {people_text.date_of(session, at_day(one.place.since), moment)}."))
    if one.number:
        say(paragraph(norm_line(one.contact)))


def _say_all(found: Sequence[Stand], *, everything: bool) -> None:
    from recipflow.explain import lookup

    shown = [
        one for one in found if one.number > 1 or (one.number == 1 and (everything or one.contact.plans))
    ]
    number = 0
    for one in shown:
        if one.number != number:
            number = one.number
            say(bold(f"{number}. {one.step.capitalize()}"))
        say(f"  {lookup.called(one.contact)}")
        say(paragraph(one.says, "    "))
    left = sum(one.number == 1 for one in found) - sum(one.number == 1 for one in shown)
    if left:
        say(paragraph(f"{counted(left, 'other', 'others')} at the first step: recipflow loop --all"))
    if not found:
        say(paragraph("Nobody yet. Next: recipflow sync"))
