"""Who is plainly the same person, or of the same house, under another address: enough to believe an answer, not to merge.

People answer from a second account, from a sub-domain, from a firm that changed its name; programs put quotes around an
address. That an ask was answered may be believed on less than it takes to make one contact of two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from recipflow.model import Party
from recipflow.people.addresses import clean_name, domain_of, is_role
from recipflow.people.contacts import folded
from recipflow.providers import PROVIDERS

TELLING_LOCAL = 6
"""Letters before the @ from which on they tell one person from others, wherever they stand."""
SURNAME = 5
"""Letters that two such parts end in alike from which on it is a name, at kindred domains."""
RENAMED = 0.85
"""How alike two names of a house are that was renamed, or mistyped: one letter in eight or fewer differs."""
HOUSE_NAME = 5
"""Letters of such a name from which on a slip of spelling leaves it the same."""
LONGEST_TOP = 3
"""Letters of what a country has between the house and itself: the `co` of `co.uk`."""


def same_person(one: Party, other: Party) -> bool:
    """Whether two addresses are plainly one person's: by the part before the @, or by the name that both go by."""
    if one.address == other.address:
        return True
    if is_role(one.address) or is_role(other.address):
        return False
    mine, its = _local(one.address), _local(other.address)
    if mine == its and len(mine) >= TELLING_LOCAL:
        return True
    near = bool(mine) and (mine == its or _common_end(mine, its) >= SURNAME)
    if near and kindred(one.address, other.address):
        return True
    called = _called(one)
    return " " in called and called == _called(other)


class Persons:
    """Parties among whom the same person is found without comparing each."""

    def __init__(self) -> None:
        self._at: dict[str, set[Party]] = {}
        self._local: dict[str, set[Party]] = {}
        self._ending: dict[str, set[Party]] = {}
        self._called: dict[str, set[Party]] = {}

    def add(self, party: Party) -> None:
        self._at.setdefault(party.address, set()).add(party)
        if is_role(party.address):
            return
        if local := _local(party.address):
            self._local.setdefault(local, set()).add(party)
            self._ending.setdefault(local[-SURNAME:], set()).add(party)
        if " " in (called := _called(party)):
            self._called.setdefault(called, set()).add(party)

    def same(self, people: Iterable[Party]) -> Iterator[Party]:
        """Those of them that `same_person` says are one of these, each once."""
        told: set[Party] = set()
        for one in people:
            for some in self._found(one):
                yield from some - told
                told |= some

    def _found(self, one: Party) -> Iterator[set[Party]]:
        """By address, by name, by the letters before the @; what takes a comparison of each comes last."""
        yield self._at.get(one.address, set())
        if is_role(one.address):
            return
        yield self._called.get(_called(one), set())
        local = _local(one.address)
        alike = self._local.get(local, set()) if len(local) >= TELLING_LOCAL else set()
        yield alike
        near = self._ending.get(local[-SURNAME:], set()) - alike
        yield {party for party in near if kindred(party.address, one.address)}


def kindred(one: str, other: str) -> bool:
    """Whether two addresses are of one house: the same, its sub-domain, or spelt nearly so; providers are no houses."""
    first, second = _house(one), _house(other)
    if not first or not second or {first, second} & PROVIDERS:
        return False
    named, its = first.partition(".")[0], second.partition(".")[0]
    slip = min(len(named), len(its)) >= HOUSE_NAME and _alike(named, its)
    return first == second or slip


def _alike(one: str, other: str) -> bool:
    """The same from either side: the matcher by itself is not."""
    first, second = sorted((one, other))
    return SequenceMatcher(None, first, second).ratio() >= RENAMED


def _called(party: Party) -> str:
    return folded(clean_name(party.name))


def _local(address: str) -> str:
    """The letters before the @."""
    return "".join(letter for letter in address.partition("@")[0].partition("+")[0] if letter.isalpha())


def _house(address: str) -> str:
    """The domain that somebody registered, without what stands before it."""
    labels = domain_of(address).strip("'\"<> ").split(".")
    country = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= LONGEST_TOP
    return ".".join(labels[-3 if country else -2 :])


def _common_end(one: str, other: str) -> int:
    count = 0
    for mine, its in zip(reversed(one), reversed(other), strict=False):
        if mine != its:
            break
        count += 1
    return count
