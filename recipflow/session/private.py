"""Those of whom nothing is stored, and what goes when somebody becomes one of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from recipflow.model import Contact, Tag

if TYPE_CHECKING:
    from recipflow.session import Session


class Private(NamedTuple):
    """The people of whom nothing is stored."""

    addresses: frozenset[str]
    names: tuple[str, ...]
    """Full names, as far as the user gave them: a first name alone is too many people's."""


def private_among(people: Iterable[Contact], me: frozenset[str]) -> Private:
    """Those among them whom the user said to be."""
    those = [one for one in people if Tag.PRIVATE in one.tags]
    return Private(
        addresses=frozenset(address for one in those for address in one.addresses) - me,
        names=tuple(one.name.strip() for one in those if " " in one.name.strip()),
    )


def erase_private(session: Session) -> None:
    """Of those who became private, nothing stays that came before, nor what others wrote of them."""
    store, those = session.store, session.private
    there = [address for address in sorted(those.addresses) if store.interactions.of([address])]
    if not there and _told_since_reading(session) and store.named(those.addresses, those.names):
        there = sorted(those.addresses)
    if there:
        store.erase(there, me=session.me, names=those.names)
        session.refresh()


def _told_since_reading(session: Session) -> bool:
    """Whether anybody may have become private since an account was read last: nothing is noted about that."""
    if not session.private.addresses:
        return False
    store, config = session.store, session.home.config
    read = max((one.last_sync for one in store.accounts.all() if one.last_sync), default=None)
    if read is None or not config.exists() or config.stat().st_mtime >= read.timestamp():
        return True
    return any(one.at >= read for one in store.decisions.standing())
