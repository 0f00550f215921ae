"""The first step of deriving: read what is new into acts, and note whose ledgers it touches."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from itertools import islice

from recipflow.derive.context import Context
from recipflow.derive.persons import befriend, introduce, parties, persons_in
from recipflow.model import Meeting, Message
from recipflow.reading.addressees import CROWD
from recipflow.store import Read, Store, Stored

BATCH = 500

log = logging.getLogger(__name__)


def read_new(store: Store, context: Context) -> None:
    """Read what waits, a batch a transaction; whom it shows to be a person is a contact from then on."""
    waiting = iter(store.interactions.unread())
    while batch := list(islice(waiting, BATCH)):
        items = list(store.interactions.get(batch))
        with store.transaction():
            store.ledgers.put_read([_read(item, context) for item in items])
            note(store, context, items)
    with store.transaction():
        store.interactions.all_read()


def read_at_once(store: Store, context: Context, items: Iterable[Stored]) -> None:
    """Read messages while they are at hand; what cannot be read now waits, and `read_new` comes upon it.

    Their lines are marked by `Ledgers.mark_new`: to mark them here would say that something was lost, and who is a
    person would be asked again of everybody.
    """
    done = [(item, read) for item in items if (read := _read_if_possible(item, context))]
    store.ledgers.put_read([read for _, read in done])
    befriend(store, context, {address for item, _ in done for address in persons_in(item, context)})


def _read_if_possible(item: Stored, context: Context) -> Read | None:
    try:
        return _read(item, context)
    except Exception as exc:  # that of one message must not keep a page from being stored
        log.debug("not read at once: %s", item.interaction.id, exc_info=exc)
        return None


def note(store: Store, context: Context, items: Iterable[Stored]) -> None:
    """Mark the ledgers these are lines of, and introduce whom they show to be persons."""
    known = list(items)
    store.ledgers.mark({address for item in known for address in parties(item)} - context.me)
    introduce(store, context, {address for item in known for address in persons_in(item, context)})


def _read(item: Stored, context: Context) -> Read:
    one = item.interaction
    if isinstance(one, Meeting):
        return Read(item.key, context.reader.read_meeting(one, context.me).acts)
    if item.machine is not None:
        return Read(item.key, away_until=context.machines.away_until(one))
    if one.sealed:
        return Read(item.key, unread=True)
    reading = context.reader.read(one, context.me, item.language)
    asks = reading.question and _meant(one, context.me)
    return Read(item.key, reading.acts, asks, reading.question_quote if asks else "", reading.unread)


def _meant(message: Message, me: frozenset[str]) -> bool:
    """A question by the way, in a crowd or in copy, waits for no answer of mine."""
    if message.sender.address in me:
        return True
    return len(message.to) <= CROWD and any(party.address in me for party in message.to)
