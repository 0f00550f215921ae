"""The first step of deriving: read what is new into acts, and note whose ledgers it touches."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

from recipflow.derive.context import Context
from recipflow.derive.persons import befriend, introduce, parties, persons_in
from recipflow.model import CROWD, Meeting, Message
from recipflow.store import Read, Store, Stored

if TYPE_CHECKING:  # slow to load, and `today` reads nothing
    from recipflow.reading import Reading

BATCH = 500

log = logging.getLogger(__name__)


def read_new(store: Store, context: Context) -> None:
    """Read what waits, a batch a transaction; whom it shows to be a person is a contact from then on."""
    waiting = iter(store.interactions.unread())
    while batch := list(islice(waiting, BATCH)):
        items = list(store.interactions.get(batch))
        with store.transaction():
            store.ledgers.put_read(read_items(items, context))
            note(store, context, items)
    with store.transaction():
        store.interactions.all_read()


def read_at_once(store: Store, context: Context, items: Iterable[Stored]) -> None:
    """Read messages while they are at hand; what cannot be read now waits, and `read_new` comes upon it.

    Their lines are marked by `Ledgers.mark_new`: to mark them here would say that something was lost, and who is a
    person would be asked again of everybody.
    """
    known = list(items)
    done = _read_as_possible(known, context)
    store.ledgers.put_read(done)
    read = {one.key for one in done}
    shown = {address for item in known if item.key in read for address in persons_in(item, context)}
    befriend(store, context, shown)


def _read_as_possible(items: list[Stored], context: Context) -> list[Read]:
    try:
        return read_items(items, context)
    except Exception as exc:  # that of one message must not keep a page from being stored
        if len(items) > 1:
            return [read for item in items for read in _read_as_possible([item], context)]
        log.debug("not read at once: %s", items[0].interaction.id, exc_info=exc)
        return []


def note(store: Store, context: Context, items: Iterable[Stored]) -> None:
    """Mark the ledgers these are lines of, and introduce whom they show to be persons."""
    known = list(items)
    store.ledgers.mark({address for item in known for address in parties(item)} - context.me)
    introduce(store, context, {address for item in known for address in persons_in(item, context)})


def read_items(items: list[Stored], context: Context) -> list[Read]:
    """What stands in each of these, in their order."""
    letters = {item.key: (message, item.language) for item in items if (message := _letter(item))}
    readings = context.reader.read_all(letters.values(), context.me) if letters else []
    read = {
        key: _kept(key, message, reading, context.me)
        for (key, (message, _)), reading in zip(letters.items(), readings, strict=True)
    }
    return [read.get(item.key) or _read(item, context) for item in items]


def _letter(item: Stored) -> Message | None:
    """What a person wrote, in words that are at hand."""
    one = item.interaction
    return one if isinstance(one, Message) and item.machine is None and not one.sealed else None


def _kept(key: int, message: Message, reading: Reading, me: frozenset[str]) -> Read:
    asks = reading.question and _meant(message, me)
    return Read(key, reading.acts, asks, reading.question_quote if asks else "", reading.unread)


def _read(item: Stored, context: Context) -> Read:
    """Of what is no letter."""
    one = item.interaction
    if isinstance(one, Meeting):
        return Read(item.key, context.reader.read_meeting(one, context.me).acts)
    if item.machine is not None:
        return Read(item.key, away_until=context.machines.away_until(one))
    return Read(item.key, unread=True)


def _meant(message: Message, me: frozenset[str]) -> bool:
    """A question by the way, in a crowd or in copy, waits for no answer of mine."""
    if message.sender.address in me:
        return True
    return len(message.to) <= CROWD and any(party.address in me for party in message.to)
