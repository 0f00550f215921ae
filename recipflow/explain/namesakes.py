"""Addresses that may be one person's, found in the database; suggested with the evidence, never merged."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from recipflow.derive.context import Context
from recipflow.model import Message
from recipflow.people.contacts import display_name, folded
from recipflow.people.merging import Known, Suggestion, announced, suggest_merges
from recipflow.store import Person, Store


def suggestions(store: Store, context: Context) -> tuple[Suggestion, ...]:
    """Pairs of addresses worth asking the user about: not those of one contact already."""
    people = store.people.all()
    owner = {address: one.id for one in people for address in one.addresses}
    known = _known(store, context, _shared(people, store))
    found = suggest_merges(known, context.me)
    return tuple(one for one in found if owner.get(one.a, one.a) != owner.get(one.b, one.b))


def _shared(people: Iterable[Person], store: Store) -> dict[str, set[str]]:
    """By name: the addresses of contacts and others who are called so, where there are several."""
    called: dict[str, set[str]] = defaultdict(set)
    names: dict[str, str] = {}
    for person in people:
        if " " in person.name:
            called[folded(person.name)].update(person.addresses)
            names[folded(person.name)] = person.name
    for address, name in store.people.called(names.values()):
        called[folded(name)].add(address)
    return {names[name]: addresses for name, addresses in called.items() if len(addresses) > 1}


def _known(store: Store, context: Context, shared: dict[str, set[str]]) -> Iterator[Known]:
    for addresses in shared.values():
        for address in sorted(addresses - context.me):
            known = _one(store, address)
            if known:
                yield known


def _one(store: Store, address: str) -> Known | None:
    """None for an address that never wrote: nothing tells whose it is."""
    keys = store.interactions.of([address])
    threads = frozenset(store.links.threads(keys).values())
    wrote = [
        item.interaction
        for item in store.interactions.get(keys)
        if isinstance(item.interaction, Message)
        and item.machine is None
        and item.interaction.sender.address == address
    ]
    if not wrote:
        return None
    names = Counter(one.sender.name for one in wrote if one.sender.name)
    return Known(
        address=address,
        name=display_name(names, address),
        first=wrote[0].at,
        last=wrote[-1].at,
        threads=threads,
        announced=frozenset(new for one in wrote for new in announced(one)),
    )
