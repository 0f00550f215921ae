"""The first step of deriving: read what is new into acts, and note whose ledgers it touches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from recipflow.addressees import CROWD
from recipflow.derive.context import Context
from recipflow.derive.persons import persons_in
from recipflow.model import Meeting, Message
from recipflow.store import Read, Store, Stored

BATCH = 500


def read_new(store: Store, context: Context) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """Read what waits, a batch a transaction; yields the addresses touched, and those shown to be persons."""
    waiting = iter(store.interactions.unread())
    while batch := list(islice(waiting, BATCH)):
        items = list(store.interactions.get(batch))
        with store.transaction():
            store.ledgers.put_read([_read(item, context) for item in items])
            touched = _touched(items, context)
            store.ledgers.mark(touched)
            persons = frozenset(address for item in items for address in persons_in(item, context.me))
        yield touched, persons


def _touched(items: Iterable[Stored], context: Context) -> frozenset[str]:
    return frozenset(address for item in items for address in _parties(item) if address not in context.me)


def _parties(item: Stored) -> Iterator[str]:
    one = item.interaction
    if isinstance(one, Message):
        yield one.sender.address
        if item.machine is None:
            yield from (party.address for party in (*one.to, *one.cc, *one.bcc))
        return
    if one.organizer:
        yield one.organizer.address
    yield from (attendee.address for attendee in one.attendees)


def _read(item: Stored, context: Context) -> Read:
    one = item.interaction
    if isinstance(one, Meeting):
        return Read(item.key, context.reader.read_meeting(one, context.me).acts)
    if item.machine is not None:
        return Read(item.key, away_until=context.machines.away_until(one))
    if one.sealed:
        return Read(item.key, unread=True)
    reading = context.reader.read(one, context.me)
    asks = reading.question and _meant(one, context.me)
    return Read(item.key, reading.acts, asks, reading.question_quote if asks else "", reading.unread)


def _meant(message: Message, me: frozenset[str]) -> bool:
    """A question by the way, in a crowd or in copy, waits for no answer of mine."""
    if message.sender.address in me:
        return True
    return len(message.to) <= CROWD and any(party.address in me for party in message.to)
