"""What became of the nudges of two contacts goes on when they are one person: nothing comes again for having a new key."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from recipflow.derive.folding import kept
from recipflow.insight import advice_by_name
from recipflow.insight.around import Known
from recipflow.ledger.text import from_text
from recipflow.model import Contact, ContactId, Tag
from recipflow.session.said import joined
from recipflow.store import Life
from recipflow.store.people import Person

if TYPE_CHECKING:
    from recipflow.session import Session


def lives_of_both(session: Session, one: Contact, two: Contact, now: datetime) -> list[Life]:
    """The lives that nudges and questions of `two` go on with as those of `one`, whom both are about to be."""
    return lives_under(session, joined(one, two), two.id, now)


def lives_that_go_on(
    session: Session, before: Mapping[str, Collection[str]], now: datetime
) -> Iterator[Life]:
    """Those of addresses that are somebody's since `before`, when each contact had the addresses given there."""
    for one in session.context.people:
        if Tag.PRIVATE not in one.tags:
            for former in sorted({*one.addresses} - {one.id, *before.get(one.id, ())}):
                yield from lives_under(session, one, former, now)


def lives_under(session: Session, both: Contact, former: ContactId, now: datetime) -> list[Life]:
    """The lives that nudges and questions go on with which were those of `former`, an address that is `both`'s now."""
    lives = session.store.decisions.lives()
    if not any(one.contact == former for one in lives.values()):
        return []
    return [
        replace(lives[old], key=new, contact=both.id)
        for old, new in _keys(session, both, former, now)
        if old in lives and new not in lives
    ]


def _keys(session: Session, both: Contact, former: ContactId, now: datetime) -> Iterator[tuple[str, str]]:
    """Of all that stands about both together: its key were `former` the name of both, and its key as it is."""
    person = Person(both.id, both.addresses, both.name)
    ledger = from_text(kept(session.store, session.context, session.words, person, now).state)
    formerly, as_it_is = advice_by_name(
        session.store, session.context, Known(both, ledger), now, (former, both.id)
    )
    for old, new in zip(formerly.nudges, as_it_is.nudges, strict=True):
        yield old.key, new.key
    for asked, asked_then in zip(formerly.questions, as_it_is.questions, strict=True):
        yield asked.key, asked_then.key
