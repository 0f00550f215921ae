"""What became of the nudges of two contacts goes on when they are one person: nothing comes again for having a new key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from recipflow.derive.folding import kept
from recipflow.insight import advice_by_name
from recipflow.insight.around import Known
from recipflow.ledger.text import from_text
from recipflow.model import Contact
from recipflow.session.said import joined
from recipflow.store import Life
from recipflow.store.people import Person

if TYPE_CHECKING:
    from recipflow.session import Session


def lives_of_both(session: Session, one: Contact, two: Contact, now: datetime) -> list[Life]:
    """The lives that nudges and questions of `two` go on with as those of `one`, whom both are about to be."""
    lives = session.store.decisions.lives()
    return [
        replace(lives[old], key=new, contact=one.id)
        for old, new in _keys(session, one, two, now)
        if old in lives and new not in lives
    ]


def _keys(session: Session, one: Contact, two: Contact, now: datetime) -> Iterator[tuple[str, str]]:
    """Of all that stands about both together: its key were `two` the name of both, and its key as it will be."""
    both = joined(one, two)
    person = Person(both.id, both.addresses, both.name)
    ledger = from_text(kept(session.store, session.context, session.words, person, now).state)
    under_two, under_one = advice_by_name(
        session.store, session.context, Known(both, ledger), now, (two.id, one.id)
    )
    for old, new in zip(under_two.nudges, under_one.nudges, strict=True):
        yield old.key, new.key
    for asked, asked_then in zip(under_two.questions, under_one.questions, strict=True):
        yield asked.key, asked_then.key
