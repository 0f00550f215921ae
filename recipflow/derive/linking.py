"""The second step of deriving: which message is in which thread."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import NamedTuple

from recipflow.store import Store
from recipflow.threads import Threads, link, thread_all
from recipflow.threads.links import Link

ONE_BY_ONE = 200
"""Up to so many new messages are linked one by one in any case."""
AS_MANY = 40
"""One by one, a message takes as long as this many of those that are linked all at once."""
BATCH = 500


def link_new(store: Store, make_room: Callable[[], None]) -> None:
    """Link every message that is in no thread yet; ledgers whose threads changed by it are marked.

    `make_room` is called before all are linked at once, which takes some memory for each.
    """
    missing = store.links.missing()
    if len(missing) > ONE_BY_ONE and len(missing) * AS_MANY > store.links.count():
        make_room()
        _link_all(store, missing)
        missing = []
    for start in range(0, len(missing), BATCH):
        with store.transaction():
            for _, told in store.links.told(missing[start : start + BATCH]):
                _link_one(store, told)
    with store.transaction():
        store.links.all_linked()


def link_anew(store: Store, make_room: Callable[[], None]) -> None:
    """Link all messages as if none had been: by another version, threads may come out otherwise.

    It is worked out before anything is locked; what came meanwhile is linked one by one.
    """
    make_room()
    known = list(store.links.all())
    linked = _linked(store, known)
    with store.transaction():
        whole = store.links.all().keys() >= set(known)  # else one is gone that may have held others together
        store.links.drop()
        if whole:
            _put(store, linked)
    link_new(store, make_room)


def _link_one(store: Store, told: Link) -> None:
    change = link(told, store.links)
    store.links.put(change.links)
    if change.relabelled:
        store.ledgers.mark(store.links.parties(change.relabelled))


def _link_all(store: Store, missing: list[int]) -> None:
    """All there are, in one pass, with all links in memory: a few hundred bytes a message."""
    before = store.links.all()
    linked = _linked(store, [*before, *missing])
    with store.transaction():
        _put(store, linked)
        renamed = (
            key
            for message, key in linked.keys.items()
            if before.get(key, first := linked.keys[linked.threads[message]]) != first
        )
        store.ledgers.mark(store.links.parties_of(renamed))


class _Linked(NamedTuple):
    keys: dict[str, int]  #: the row of each message
    links: list[Link]
    threads: Threads


def _linked(store: Store, rows: list[int]) -> _Linked:
    keys, links = {}, []
    for key, told in store.links.told(rows):
        keys[told.id] = key
        links.append(told)
    return _Linked(keys, links, thread_all(links))


def _put(store: Store, linked: _Linked) -> None:
    threads = linked.threads
    found = (
        one._replace(thread=threads[one.id], parent=threads.parents.get(one.id, "")) for one in linked.links
    )
    while batch := list(islice(found, BATCH)):
        store.links.put(batch, linked.keys)
