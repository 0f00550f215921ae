"""Which message answers which: from references, provider ids, and, failing both, subject and parties in time.

A thread is a connected component of messages. Two are connected when one names the other (or both
name a third, seen or not) in In-Reply-To or References, when the provider gave both one thread id,
or when an *orphan* (which names nobody) is found to answer another one. All three are functions of
the set of messages alone, so threads do not depend on the order of arrival; a late message may join
or part threads, and `link` says which.

The id of a thread is the id of its first message by (time, id).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import NamedTuple, Protocol

from recipflow.model import Message
from recipflow.threads.aliases import alias
from recipflow.threads.forest import Forest
from recipflow.threads.links import Link, link_of

#: An orphan answers nothing older than this.
WINDOW = timedelta(days=30)
#: With how many messages of its subject an orphan is compared: keeps a mailbox of a single subject linear.
REACH = 60
_place = attrgetter("place")


class ThreadIndex(Protocol):
    """What linking asks of a store. Nothing is written by asking."""

    def get(self, message: str) -> Link | None: ...

    def threads_with(self, nodes: Iterable[str]) -> set[str]:
        """The threads in which any of these nodes occurs."""
        ...

    def members(self, thread: str) -> Iterable[Link]: ...

    def before(self, key: str, place: tuple[datetime, str], since: datetime, limit: int) -> Sequence[Link]:
        """Messages of that subject before `place`, not before `since`: the latest `limit`, newest first."""
        ...

    def after(self, key: str, place: tuple[datetime, str], until: datetime, limit: int) -> Sequence[Link]:
        """Messages of that subject after `place`, not after `until`: the earliest `limit`, oldest first."""
        ...


class ThreadChange(NamedTuple):
    """What one message did to the threads. `links` are to be stored: its own, and those that changed."""

    thread: str
    relabelled: tuple[str, ...]  #: known messages whose thread now has another id
    links: tuple[Link, ...]


def link(message: Message | Link, index: ThreadIndex) -> ThreadChange:
    """Join a message to what the index knows. A message already known changes nothing."""
    new = message if isinstance(message, Link) else link_of(message)
    known = index.get(new.id)
    if known:
        return ThreadChange(known.thread, (), ())
    new = _adopt(new, index)
    readopted = _readopted(new, index)
    touched = index.threads_with(new.nodes) | {parent.thread for parent in _parents(new, index)}
    if not readopted and len(touched) <= 1:
        only = next(iter(touched), new.id)
        first = index.get(only)
        if only == new.id or (first and first.place < new.place):
            return ThreadChange(only, (), (new._replace(thread=only),))
    return _relabel(new, readopted, touched, index)


class Threads(dict[str, str]):
    """The thread of each message, and in `parents` the message that each orphan was found to answer."""

    def __init__(self, threads: Iterable[tuple[str, str]], parents: Mapping[str, str]) -> None:
        super().__init__(threads)
        self.parents = parents


def thread_all(links: Iterable[Link]) -> Threads:
    """The threads of a whole mailbox, given in any order; the same as linking one by one."""
    forest = Forest()
    seen: dict[str, Link] = {}
    for item in links:
        if item.id not in seen:
            seen[item.id] = item
            forest.join(item.nodes)
    parents = dict(_adoptions(seen.values()))
    for child, parent in parents.items():
        forest.join((seen[parent].nodes[0], seen[child].nodes[0]))
    return Threads(_labels(seen, forest), parents)


def _adoptions(links: Collection[Link]) -> Iterator[tuple[str, str]]:
    """Each orphan that answers another message, and which."""
    by_key: dict[str, list[Link]] = {item.key: [] for item in links if item.orphan}
    for item in links:
        if item.key in by_key:
            by_key[item.key].append(item)
    for alike in by_key.values():
        yield from _adopt_all(sorted(alike, key=_place))


def _adopt_all(ordered: list[Link]) -> Iterator[tuple[str, str]]:
    for position, child in enumerate(ordered):
        if child.orphan:
            earlier = ordered[max(0, position - REACH) : position]
            parent = _parent(child, reversed(earlier))
            if parent:
                yield child.id, parent


def _adopt(child: Link, index: ThreadIndex) -> Link:
    if not child.orphan:
        return child
    earlier = index.before(child.key, child.place, child.at - WINDOW, REACH)
    return child._replace(parent=_parent(child, earlier))


def _parent(child: Link, earlier: Iterable[Link]) -> str:
    """Of earlier messages of one subject, newest first: the newest that fits best."""
    second = ""
    for candidate in earlier:
        if child.at - candidate.at > WINDOW:
            break
        fit = _fit(candidate, child)
        if fit == 2:
            return candidate.id
        if fit == 1 and not second:
            second = candidate.id
    return second


def _fit(parent: Link, child: Link) -> int:
    """2: the two answer each other. 1: they may. 0: nothing speaks for it."""
    if not parent.others and not child.others:
        return 1  # a list archive: everybody writes to everybody, and often without "Re:"
    if parent.sender in child.others and child.sender in parent.others:
        return 2
    if not child.marked:
        return 0
    if not parent.others or not child.others or parent.sender in child.others:
        return 1
    # Two ends of a conversation are in both; a "Re:" to a newcomer alone is a forward.
    shared = {parent.sender, *parent.others}.intersection((child.sender, *child.others))
    return 1 if len(shared) > 1 else 0


def _readopted(new: Link, index: ThreadIndex) -> dict[str, Link]:
    """The known orphans whose answer is another one now that `new` is there."""
    changed: dict[str, Link] = {}
    if not new.key:
        return changed
    for later in index.after(new.key, new.place, new.at + WINDOW, REACH):
        if later.orphan and not _settled(later, new, index):
            earlier = list(index.before(later.key, later.place, later.at - WINDOW, REACH))
            earlier = sorted((*earlier, new), key=_place, reverse=True)[:REACH]
            parent = _parent(later, earlier)
            if parent != later.parent:
                changed[later.id] = later._replace(parent=parent)
    return changed


def _settled(child: Link, new: Link, index: ThreadIndex) -> bool:
    """Whether it answers a message after `new`, in person: then no earlier one can be the better answer."""
    return any(parent.place > new.place and _fit(parent, child) == 2 for parent in _parents(child, index))


def _parents(item: Link, index: ThreadIndex) -> list[Link]:
    return [found] if item.parent and (found := index.get(item.parent)) else []


def _relabel(new: Link, changed: Mapping[str, Link], touched: set[str], index: ThreadIndex) -> ThreadChange:
    """Work out anew every thread that the message or a changed parent touches; nothing else can differ."""
    for item in changed.values():
        touched = touched | {item.thread} | {parent.thread for parent in _parents(item, index)}
    pool = {item.id: changed.get(item.id, item) for thread in touched for item in index.members(thread)}
    pool[new.id] = new
    forest = Forest()
    for item in pool.values():
        forest.join(item.nodes)
        if item.parent:
            forest.join((alias(item.parent), item.nodes[0]))
    threads = dict(_labels(pool, forest))
    links = tuple(
        item._replace(thread=threads[item.id])
        for item in pool.values()
        if threads[item.id] != item.thread or item.id in changed
    )
    relabelled = (item.id for item in links if item.id != new.id and pool[item.id].thread != item.thread)
    return ThreadChange(threads[new.id], tuple(sorted(relabelled)), links)


def _labels(links: Mapping[str, Link], forest: Forest) -> Iterator[tuple[str, str]]:
    """Each message, and the first one of its thread."""
    first: dict[str, Link] = {}
    for item in links.values():
        root = forest.root(item.nodes[0])
        if root not in first or item.place < first[root].place:
            first[root] = item
    return ((message, first[forest.root(item.nodes[0])].id) for message, item in links.items())
