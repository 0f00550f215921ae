"""Commands about people: who they are, where it stands with one, and why advice is or is not given."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from recipflow.cli import people_text
from recipflow.cli.options import AsJson, At, Key, Person, instant, print_json
from recipflow.cli.render import bold, columns, paragraph, say
from recipflow.foreign import one_line

if TYPE_CHECKING:
    from recipflow.explain.figures import Figure
    from recipflow.explain.portrait import Painter
    from recipflow.insight import Standpoint
    from recipflow.model import Contact, Entry, Nudge
    from recipflow.session import Session

Numbers = Annotated[bool, typer.Option("--numbers", help="What the model makes of it, in favour units.")]
Everything = Annotated[
    bool, typer.Option("--all", help="Plain traffic, too, and what each message is called.")
]


@contextmanager
def _looking(at: str | None = None) -> Iterator[tuple[Session, datetime]]:
    """The session, and the instant to stand at; of the present, all is brought up to date first."""
    from recipflow.home import find
    from recipflow.session import Session, now

    with Session.open(find(os.environ)) as session:
        moment = instant(at, session.zone).replace(microsecond=0) if at else now()
        if at is None:
            session.catch_up(moment)
        yield session, moment


def contacts(as_json: AsJson = False) -> None:
    """List the people you wrote to, met or named, the one last heard first.

    Addresses that may be one person's are suggested at the end, with what speaks for it; nothing is merged by itself.
    """
    from recipflow.cli import people_json
    from recipflow.explain.namesakes import suggestions

    with _looking() as (session, moment):
        rows = sorted(_rows(session), key=_recent, reverse=True)
        suggested = suggestions(session.store, session.context)
        if as_json:
            print_json(people_json.contacts(rows, suggested, session.zone))
            return
        for row in rows:
            people_text.say_contact(session, row, moment)
        if not rows:
            say(paragraph("Nobody yet. Next: recipflow sync"))
        people_text.say_suggestions(suggested)


def show(
    person: Person,
    numbers: Numbers = False,
    everything: Everything = False,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Show where it stands with a person, and both sides of the ledger side by side, with quotes and dates."""
    from recipflow.cli import people_json
    from recipflow.counsel import loops
    from recipflow.counsel.planning import norm_line
    from recipflow.explain import lookup
    from recipflow.explain.portrait import delivered, sides

    with _looking(at) as (session, moment):
        contact = lookup.person(session, person)
        point, entries = _point(session, contact, moment, live=at is None), _entries(session, contact, moment)
        painter = _painter(session, contact, moment)
        nudges = [one for one in _nudges(session, point, moment, live=at is None) if one.shown]
        figured = _figures(session, point, moment) if numbers else None
        brought = delivered(point.relationship)
        mine, theirs = sides(painter.deeds(entries, everything=everything, delivered=brought))
        stand = loops.stand(session, point, moment)
        if as_json:
            shown = people_json.show(point, painter, nudges, [*mine, *theirs], figured)
            print_json(shown | {"loop": stand.as_json()})
            return
        say(bold(people_text.heading(contact)))
        say(paragraph(painter.where(point.relationship, nudges)))
        guards = painter.guards(contact.tags, contact.profile)
        for line in dict.fromkeys((*guards, *loops.lines(stand))):
            say(paragraph(line))
        say(paragraph(norm_line(contact)))
        say()
        listed = partial(people_text.lines, named=everything)
        say(columns("You", listed(mine), lookup.called(contact), listed(theirs)))
        people_text.say_open(painter.waiting(point.relationship))
        if figured is not None:
            people_text.say_figures(figured)


def why(key: Key, numbers: Numbers = False, at: At = None, as_json: AsJson = False) -> None:
    """Say what a piece of advice stands on: its dates, the messages, the sentences in them, and the rules that read them."""
    from recipflow.cli import people_json
    from recipflow.explain import lookup
    from recipflow.explain.grounds import grounds, reasons

    with _looking(at) as (session, moment):
        point, nudge = lookup.nudge(session, key, moment, live=at is None)
        entries = _entries(session, point.contact, moment)
        found = grounds(nudge, entries, session.store.interactions.by_ext(nudge.evidence))
        because = reasons(session.own_packs.tables)
        painter = _painter(session, point.contact, moment)
        figured = _figures(session, point, moment) if numbers else None
        if as_json:
            print_json(people_json.why(point, painter, nudge, found, because, figured))
            return
        say(bold(paragraph(painter.because(nudge))))
        if nudge.quote:
            say(paragraph(f"“{one_line(nudge.quote)}”", "    "))
        for line in _said_of(session, point, nudge, painter, live=at is None):
            say(paragraph(line))
        for ground in found:
            people_text.say_ground(session, point, ground, because, moment, numbers=numbers)
        say(paragraph(people_text.next_change(session, point, moment)))
        if figured is not None:
            people_text.say_figures(figured)
        say(paragraph(f"Mistaken? recipflow wrong {nudge.key}"))


def _said_of(
    session: Session, point: Standpoint, nudge: Nudge, painter: Painter, *, live: bool
) -> Iterator[str]:
    """Since when it stands, why the user is not told of it, and what to know about gifts."""
    yield people_text.validity(session, nudge, painter.now)
    if live and nudge.key not in {
        one.key for one in _nudges(session, point, painter.now, live=True) if one.shown
    }:
        yield people_text.not_told(session, point, nudge, painter)
    yield from _about_gifts(session, point.contact, nudge, painter.now)


def why_not(person: Person, numbers: Numbers = False, at: At = None, as_json: AsJson = False) -> None:
    """Say, for each kind of advice, why there is none about a person now, and when that may change."""
    from recipflow.cli import people_json
    from recipflow.explain import lookup
    from recipflow.explain.unadvised import reasons_of

    with _looking(at) as (session, moment):
        contact = lookup.person(session, person)
        point = _point(session, contact, moment, live=at is None)
        painter = _painter(session, contact, moment)
        nudges = _nudges(session, point, moment, live=at is None)
        reasons = list(reasons_of(point, nudges, session.store.decisions.lives(), painter, numbers=numbers))
        guards = painter.guards(contact.tags, contact.profile)
        standing = [painter.because(one) for one in nudges if one.shown]
        figured = _figures(session, point, moment) if numbers else None
        if as_json:
            print_json(people_json.why_not(point, standing, reasons, guards, session.zone, figured))
            return
        say(bold(people_text.heading(contact)))
        for line in (*guards, *standing):
            say(paragraph(line))
        for one in reasons:
            when = f" (until {people_text.date_of(session, one.until, moment)})" if one.until else ""
            say(paragraph(f"{one.title}: {one.reason}{when}.", "  "))
        say(paragraph(people_text.next_change(session, point, moment)))
        if figured is not None:
            people_text.say_figures(figured)


def _about_gifts(session: Session, contact: Contact, nudge: Nudge, moment: datetime) -> Iterator[str]:
    """The rule in full, and what this year comes to, where a gift stopped."""
    from recipflow.counsel import gifts
    from recipflow.model import NudgeKind

    if nudge.kind is NudgeKind.COMPLIANCE:
        yield from gifts.remarks(session, contact, moment)


def _rows(session: Session) -> Iterator[people_text.Row]:
    from recipflow.advice.days import instant as at_day
    from recipflow.explain import lookup
    from recipflow.ledger.text import from_text

    kept = {one.contact: one for one in session.store.ledgers.all()}
    for contact in lookup.contacts(session):
        known = from_text(kept[contact.id].state) if contact.id in kept else None
        mine, theirs = (known.last_mine, known.last_theirs) if known else (None, None)
        yield people_text.Row(contact, at_day(mine) if mine else None, at_day(theirs) if theirs else None)


def _recent(row: people_text.Row) -> tuple[float, str]:
    last = max((at.timestamp() for at in (row.mine, row.theirs) if at), default=float("-inf"))
    return last, row.contact.id


def _point(session: Session, contact: Contact, moment: datetime, *, live: bool) -> Standpoint:
    """The contact's standpoint, with what others have to do with it where something stands."""
    from recipflow.insight import standpoint_among

    found = (one for one in session.standpoints(moment) if one.contact.id == contact.id) if live else ()
    known = next(iter(found), None) or (session.standpoint(contact.id, moment) if live else None)
    return known or standpoint_among(session.store, session.context, session.words, contact, moment)


def _nudges(session: Session, point: Standpoint, moment: datetime, *, live: bool) -> Sequence[Nudge]:
    """The contact's nudges as `today` would choose among them."""
    from recipflow.insight import nudges

    if not live:
        return nudges([point], {}, moment, session.zone)
    return [one for one in session.nudges(moment) if one.contact == point.contact.id]


def _entries(session: Session, contact: Contact, moment: datetime) -> list[Entry]:
    from recipflow.derive.entries import entries_of

    entries = entries_of(session.store, contact.id, contact.addresses, session.me, session.words)
    return [one for one in entries if one.at <= moment]


def _painter(session: Session, contact: Contact, moment: datetime) -> Painter:
    from recipflow import assembly
    from recipflow.explain import lookup
    from recipflow.explain.portrait import Painter

    return Painter(assembly.wording(), lookup.called(contact), session.zone, moment)


def _figures(session: Session, point: Standpoint, moment: datetime) -> dict[str, Figure]:
    from recipflow.derive.folding import view
    from recipflow.explain.figures import figures

    return figures(view(point.contact, point.relationship, session.context, moment))
