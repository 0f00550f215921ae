"""The last step of deriving: fold each touched ledger, advise, and keep the relationship with its next due instant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from recipflow.advice import Advice, Match, News, Pace, View, advise
from recipflow.advice.days import instant
from recipflow.derive.context import Context
from recipflow.derive.entries import entries_of
from recipflow.derive.persons import names_of
from recipflow.derive.words import Words
from recipflow.ledger import fold
from recipflow.ledger.relationship import Relationship, current
from recipflow.ledger.text import to_text
from recipflow.model import Contact, ContactId
from recipflow.standing import advance
from recipflow.store import Kept, Person, Store

DAY = 86_400.0
BATCH = 200


def refold(store: Store, context: Context, words: Words, now: datetime) -> tuple[ContactId, ...]:
    """Fold every marked ledger anew, a batch a transaction; says whose."""
    marked = store.ledgers.marked()
    contacts = tuple(sorted(set(store.people.contacts_of(marked).values())))
    fold_these(store, context, words, contacts, now)
    if marked:
        with store.transaction():
            store.ledgers.unmark(marked)
    return contacts


def fold_these(
    store: Store, context: Context, words: Words, contacts: Iterable[ContactId], now: datetime
) -> None:
    """Fold these ledgers anew, a batch a transaction."""
    waiting = iter(contacts)
    while batch := list(islice(waiting, BATCH)):
        people = [person for contact in batch if (person := store.people.get(contact)) is not None]
        with store.transaction():
            people = _named(store, people)
            store.ledgers.put([kept(store, context, words, person, now) for person in people])


def _named(store: Store, people: list[Person]) -> list[Person]:
    """These by the names that their mail shows by now."""
    named = [one._replace(name=name) for one, name in zip(people, names_of(store, people), strict=True)]
    store.people.put(new for old, new in zip(people, named, strict=True) if new != old)
    return named


def kept(store: Store, context: Context, words: Words, person: Person, now: datetime) -> Kept:
    """One contact's ledger folded as of `now`, ready to be stored."""
    contact = context.contact(person.id, person.addresses, person.name)
    entries = entries_of(store, person.id, person.addresses, context.me, words, proxies=True)
    known = [entry for entry in entries if entry.at <= now]
    relationship = fold(known, context.terms(contact), now.timestamp() / DAY, context.zone)
    advice = advise(view(contact, relationship, context, now, Around(generous=store.ledgers.generous())))
    last = known[-1] if known else None
    return Kept(
        contact=person.id,
        state=to_text(relationship),
        at=last.at if last else None,
        interaction=last.interaction if last else "",
        next_due=due(advice, entries[len(known)].at if len(known) < len(entries) else None),
    )


class Around(NamedTuple):
    """What others have to do with a contact: asks at their organisation, needs that meet theirs, what came of favours.

    And up to when all accounts were read, where one of them has stopped; and whether favours are frequent in this mailbox.
    """

    pace: Pace | None = None
    matches: tuple[Match, ...] = ()
    news: tuple[News, ...] = ()
    read_until: datetime | None = None
    generous: bool = False


def view(
    contact: Contact,
    relationship: Relationship,
    context: Context,
    now: datetime,
    around: Around = Around(),  # noqa: B008 - immutable
) -> View:
    """What `advise` looks at for this contact: as of `now`, or of their last act, where another job has read that since."""
    days = max(now.timestamp() / DAY, relationship.standing.at)
    terms = context.terms(contact)
    return View(
        contact=contact,
        relationship=current(relationship, days),
        standing=advance(relationship.standing, days, terms),
        terms=terms,
        now=days,
        zone=context.zone,
        organisation=around.pace or Pace(),
        colleague=context.colleague(contact),
        generous=around.generous,
        gift_rule=context.gift_rule(contact),
        matches=around.matches,
        news=around.news,
        read_until=None if around.read_until is None else around.read_until.timestamp() / DAY,
    )


def due(advice: Advice, coming: datetime | None) -> datetime | None:
    """When the advice can next change: at its own next instant, or when what is to come does; never a second early."""
    own = None if advice.next_due is None else _whole(instant(advice.next_due))
    return min((at for at in (own, coming) if at is not None), default=None)


def _whole(at: datetime) -> datetime:
    """The first whole second that is not before `at`."""
    whole = at.replace(microsecond=0)
    return whole if whole == at else whole + timedelta(seconds=1)
