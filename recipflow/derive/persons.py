"""Who is a person: somebody the user wrote to, answered, met or named; never a machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from recipflow.derive.context import Context
from recipflow.model import Message
from recipflow.people.contacts import display_name, evidence_at, evidence_in
from recipflow.store import Person, Store, Stored

Group = tuple[str, ...]


def persons_in(item: Stored, context: Context) -> Iterator[str]:
    """The addresses that this interaction shows to be persons' to the user."""
    one = item.interaction
    if item.machine is None:
        found = evidence_in(one, context.me) if isinstance(one, Message) else evidence_at(one, context.me)
        yield from (address for address, _ in found)
    if context.by_address:
        yield from (address for address in parties(item) if address in context.by_address)


def parties(item: Stored) -> Iterator[str]:
    """Whose ledgers it is a line of: of a machine's mail only its sender's."""
    one = item.interaction
    if isinstance(one, Message):
        yield one.sender.address
        if item.machine is None:
            yield from (party.address for party in (*one.to, *one.cc, *one.bcc))
        return
    if one.organizer:
        yield one.organizer.address
    yield from (attendee.address for attendee in one.attendees)


def introduce(store: Store, context: Context, addresses: Iterable[str]) -> None:
    """Make contacts of these addresses, each with the others the user said to be the same person's, to be folded."""
    store.ledgers.mark(address for group in befriend(store, context, addresses) for address in group)


def befriend(store: Store, context: Context, addresses: Iterable[str]) -> list[Group]:
    """Make contacts of these addresses; says which are new. Nothing is marked by it."""
    shown = set(addresses) - context.me
    known = store.people.contacts_of(shown)
    fresh = sorted({context.group(address) for address in shown if address not in known})
    store.people.put(Person(id=group[0], addresses=group) for group in fresh)
    return fresh


def regroup(store: Store, context: Context, addresses: Iterable[str]) -> None:
    """Decide anew whether these are persons', and whose: what showed it is no more, or the user said otherwise."""
    doubtful = _connected(store, context, frozenset(addresses))
    owners = set(store.people.contacts_of(doubtful).values())
    groups = {context.group(address) for address in doubtful}
    store.people.remove(sorted(owners))
    proven = sorted(group for group in groups if _proven(store, context, group))
    store.people.put(Person(id=group[0], addresses=group) for group in proven)
    store.ledgers.mark(doubtful)


def names_of(store: Store, people: Iterable[Person]) -> Iterator[str]:
    """What each of these is called, by the spellings in all that people wrote so far."""
    known = list(people)
    seen: dict[str, Counter[str]] = {}
    for address, name, count in store.people.names(a for person in known for a in person.addresses):
        seen.setdefault(address, Counter())[name] += count
    for person in known:
        spellings: Counter[str] = Counter()
        for address in person.addresses:
            spellings.update(seen.get(address, Counter()))
        yield display_name(spellings, person.id)


def _connected(store: Store, context: Context, addresses: frozenset[str]) -> frozenset[str]:
    """These, all that were thought to be the same persons', and all that are now said to be."""
    wider = addresses | {other for address in addresses for other in context.group(address)}
    owners = set(store.people.contacts_of(wider).values())
    held = {address for owner in owners if (one := store.people.get(owner)) for address in one.addresses}
    wider = (wider | held) - context.me
    return wider if wider == addresses else _connected(store, context, wider)


def _proven(store: Store, context: Context, group: Group) -> bool:
    wanted = frozenset(group)
    if not wanted.isdisjoint(context.added):
        return True
    lines = store.interactions.get(store.interactions.of(group))
    return any(wanted.intersection(persons_in(item, context)) for item in lines)
