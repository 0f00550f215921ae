"""Heads first: of whose messages the body is wanted, and fetching it, at once or once it is wanted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from recipflow.connector import Connector, Fetching, Page, SetAside
from recipflow.machines import Machines
from recipflow.model import Interaction, Message
from recipflow.patience import Patient
from recipflow.people.contacts import evidence_in
from recipflow.store import Blocked, Store

BATCH = 50
"""Messages fetched at a time."""


class Wanted:
    """Of whose messages the body is wanted: the user's own, those of people, and what a machine carries for one.

    `people` says which of some addresses are people's so far; each is asked about once, so that a look for new mail
    costs what is new, however many people there are. Each own message that is learned of may add to them.
    """

    def __init__(
        self,
        machines: Machines,
        me: frozenset[str],
        people: Callable[[Collection[str]], Iterable[str]] = lambda _: (),
        blocked: Blocked | None = None,
    ) -> None:
        self._machines = machines
        self._me = me
        self._people = people
        self._blocked = blocked or (lambda _: False)
        self._known: set[str] = set(me)
        self._strangers: set[str] = set()
        self._fresh: set[str] | None = None  #: None: nobody asked yet, and all who are known are fresh

    def __call__(self, message: Message) -> bool:
        sender = message.sender.address
        if self._blocked(sender):
            return False
        if self.known([sender]):
            return True
        rule = self._machines.rule(message, self._me)
        return bool(rule and rule.carries)

    def known(self, addresses: Iterable[str]) -> set[str]:
        """Those of these addresses that are people's."""
        asked = set(addresses)
        unheard = asked - self._known - self._strangers
        if unheard:
            found = unheard.intersection(self._people(unheard))
            self._known |= found
            self._strangers |= unheard - found
        return asked & self._known

    def learn(self, page: Iterable[Interaction]) -> None:
        """Take in whom the user's own messages show to be people."""
        shown = {
            address
            for one in page
            if isinstance(one, Message)
            for address, _ in evidence_in(one, self._me)
            if not self._blocked(address)
        }
        new = shown - self.known(shown)
        self._strangers -= new
        self._known |= new
        if self._fresh is not None:
            self._fresh |= new

    def fresh(self, senders: Callable[[], Iterable[str]]) -> frozenset[str]:
        """Those who became known since the last time this was asked; the first time, all of those `senders`."""
        fresh = self.known(senders()) if self._fresh is None else self._fresh
        self._fresh = set()
        return frozenset(fresh)


def filled(
    page: Page, connector: Connector, store: Store, account: int, wanted: Wanted, patient: Patient
) -> Page:
    """The page with the bodies that are wanted, and are not here yet."""
    wanted.learn(page.interactions)
    heads = {one.ref: one for one in page.interactions if isinstance(one, Message) and one.partial}
    if not heads or not isinstance(connector, Fetching):
        return page
    here = store.sources.whole(account, heads)
    wanted.known(one.sender.address for one in heads.values())  # of all at once
    refs = [ref for ref, one in heads.items() if ref not in here and wanted(one)]
    whole, aside = fetched(connector, refs, patient)
    by_ref = {one.ref: one for one in whole}
    return replace(
        page,
        interactions=tuple(_whole(one, by_ref) for one in page.interactions),
        set_aside=(*page.set_aside, *aside),
    )


def fetched(
    connector: Fetching, refs: Sequence[str], patient: Patient
) -> tuple[list[Message], list[SetAside]]:
    """The whole messages of these refs, as far as they are still there, and what could not be read."""
    whole: list[Message] = []
    aside: list[SetAside] = []
    for batch in batches(refs):
        for one in patient(lambda batch=batch: list(connector.fetch(batch))):  # type: ignore[misc]
            if isinstance(one, SetAside):
                aside.append(one)
            else:
                whole.append(one)
    return whole, aside


def batches(refs: Sequence[str]) -> Iterator[Sequence[str]]:
    yield from (refs[start : start + BATCH] for start in range(0, len(refs), BATCH))


def _whole(one: Interaction, by_ref: dict[str, Message]) -> Interaction:
    """Its labels stay those of the page: a body fetched by its ref may come without them."""
    if not isinstance(one, Message) or one.ref not in by_ref:
        return one
    return replace(by_ref[one.ref], labels=one.labels)
