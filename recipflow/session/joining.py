"""What became of nudges goes on when two contacts are one person, or one is two: nothing comes again for having a new key."""

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
from recipflow.session.said import joined, parted
from recipflow.store import Life, LifeState
from recipflow.store.people import Person

if TYPE_CHECKING:
    from recipflow.session import Session

_PUT_AWAY = frozenset({LifeState.DONE, LifeState.SNOOZED, LifeState.DISMISSED})


def lives_of_both(session: Session, one: Contact, two: Contact, now: datetime) -> list[Life]:
    """The lives that nudges and questions of `two` go on with as those of `one`, whom both are about to be."""
    return lives_under(session, joined(one, two), two.id, now)


def lives_of_each(session: Session, one: Contact, address: str, now: datetime) -> list[Life]:
    """The lives that go on under new names where `address` is somebody else's from now on."""
    renamed = [each for each in parted(one, address) if each.id != one.id or address == one.id]
    return [life for each in renamed for life in lives_under(session, each, one.id, now)]


def lives_that_go_on(
    session: Session, before: Mapping[str, Collection[str]], now: datetime
) -> Iterator[Life]:
    """Those of addresses that are somebody's, or somebody else's, since each contact had the addresses in `before`."""
    for one in session.context.people:
        if Tag.PRIVATE not in one.tags:
            for former in sorted({*one.addresses} - {one.id, *before.get(one.id, ())}):
                yield from lives_under(session, one, former, now)
    for owner, addresses in before.items():
        for address in addresses:
            one = session.context.contact(*_now(session, address))
            if one.id != owner and Tag.PRIVATE not in one.tags:
                yield from lives_under(session, one, owner, now)


def _now(session: Session, address: str) -> tuple[ContactId, tuple[str, ...], str]:
    """Whose the address is now: its contact's main address, all of its addresses, and its name."""
    one = session.context.by_address.get(address)
    return (one.id, one.addresses, one.name) if one else (address, (address,), "")


def lives_under(session: Session, both: Contact, former: ContactId, now: datetime) -> list[Life]:
    """The lives that nudges and questions go on with which were those of `former`, an address that is `both`'s now."""
    lives = session.store.decisions.lives()
    if not any(one.contact == former for one in lives.values()):
        return []
    return [
        replace(lives[old], key=new, contact=both.id)
        for old, new in _keys(session, both, former, now)
        if old in lives and old != new and (new not in lives or _further(lives[old], lives[new]))
    ]


def life_now(session: Session, both: Contact, life: Life, now: datetime) -> Life:
    """The life as it goes on where what it is about stands under the name of `both`, who had another one then."""
    if life.contact == both.id:
        return life
    key = next((new for old, new in _keys(session, both, life.contact, now) if old == life.key), None)
    if key is None:
        return life
    return session.store.decisions.lives(key=key).get(key) or replace(life, key=key, contact=both.id)


def _further(one: Life, other: Life) -> bool:
    """Whether more became of the one: the user put it away, or it was shown more often."""
    return (one.state in _PUT_AWAY, one.shown_count) > (other.state in _PUT_AWAY, other.shown_count)


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
