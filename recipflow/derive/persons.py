"""Who is a person: somebody the user wrote to, answered or met; never a machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from recipflow.contacts import display_name, evidence_at, evidence_in
from recipflow.derive.context import Context
from recipflow.model import Message
from recipflow.store import Person, Store, Stored


def persons_in(item: Stored, me: frozenset[str]) -> Iterator[str]:
    """The addresses that this interaction shows to be persons' to the user."""
    one = item.interaction
    if item.machine is None:
        found = evidence_in(one, me) if isinstance(one, Message) else evidence_at(one, me)
        yield from (address for address, _ in found)


def introduce(store: Store, context: Context, addresses: Iterable[str]) -> None:
    """Make contacts of these addresses, each with the others the user said to be the same person's."""
    known = store.people.contacts_of(addresses)
    fresh = {address for address in addresses if known.get(address) is None}
    if not fresh:
        return
    groups: dict[str, tuple[str, ...]] = {}
    for address in sorted(fresh):
        said = context.by_address.get(address)
        groups[said.id if said else address] = said.addresses if said else (address,)
    names = _names(store, [address for group in groups.values() for address in group])
    people = [Person(id=first, addresses=group, name=_name(group, names)) for first, group in groups.items()]
    store.people.put(people)
    store.ledgers.mark(address for group in groups.values() for address in group)


def _names(store: Store, addresses: list[str]) -> dict[str, Counter[str]]:
    names: dict[str, Counter[str]] = {}
    for address, name, count in store.people.names(addresses):
        names.setdefault(address, Counter())[name] += count
    return names


def _name(group: tuple[str, ...], names: dict[str, Counter[str]]) -> str:
    seen: Counter[str] = Counter()
    for address in group:
        seen.update(names.get(address, Counter()))
    return display_name(seen, group[0])
