"""After other rules: what is stored is read anew a little at a time, and what was read before stands until then.

Each step leaves a database as good as any other: what comes meanwhile is read, folded and advised upon beside it. What is
broken off goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

from recipflow.derive.context import Context
from recipflow.derive.folding import fold_these
from recipflow.derive.linking import link_anew
from recipflow.derive.persons import introduce, persons_in, regroup
from recipflow.derive.reading import read_items
from recipflow.derive.words import Words
from recipflow.store import Person, Store

BATCH = 50
"""Messages read, or contacts folded, in one go: some hundredths of a second in which nothing else can be written."""


def read_again(
    store: Store, context: Context, now: datetime, make_room: Callable[[], None] = lambda: None
) -> Iterator[int]:
    """Bring what other rules made of the facts up to date with these; in the end all is as if computed anew.

    One step after the other, each with the number of ledgers that were folded anew.

    Not only what is read may come out otherwise: other rules come with another version of all that derives.
    """
    if not store.outdated.left():
        return
    while _read_some(store, context):
        yield 0
    link_anew(store, make_room)
    yield 0
    everybody = iter(store.people.all())
    while some := list(islice(everybody, BATCH)):
        with store.transaction():
            _ask_again(store, context, some, now)
        yield len(some)
    with store.transaction():
        store.outdated.none()


def _read_some(store: Store, context: Context) -> bool:
    """Read the next few; False when there are none."""
    with store.transaction():
        items = list(store.interactions.get(store.outdated.next(BATCH)))
        if not items:
            return False
        store.ledgers.put_read(read_items([one for one in items if not one.text_dropped], context))
        introduce(store, context, {address for item in items for address in persons_in(item, context)})
        store.outdated.read_down_to(items[-1].key)
    return True


def _ask_again(store: Store, context: Context, some: list[Person], now: datetime) -> None:
    """Whether these are persons still, and what their ledgers come to. What others marked is left to them."""
    before = store.ledgers.marked()
    regroup(store, context, (address for one in some for address in one.addresses))
    doubtful = store.ledgers.marked() - before
    owners = set(store.people.contacts_of(doubtful).values())
    words = Words(store.decisions.standing())  # the user may have said something since it began
    fold_these(store, context, words, sorted(owners), now)
    store.ledgers.unmark(doubtful)
