"""From facts to ledgers: threads, acts, contacts, relationships. All of it can be dropped and computed anew.

Work is proportional to what is new: messages that were not read yet, contacts they touch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from recipflow.derive.context import Context
from recipflow.derive.folding import refold
from recipflow.derive.linking import link_new
from recipflow.derive.persons import introduce
from recipflow.derive.reading import read_new
from recipflow.derive.words import Words
from recipflow.store import Store

__all__ = ["Context", "Derived", "Words", "derive"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """What deriving did."""

    folded: int = 0


def derive(
    store: Store, context: Context, now: datetime, *, progress: Callable[[str], None] | None = None
) -> Derived:
    """Bring everything derived up to date with the facts, as of `now`."""
    tell = progress or (lambda _: None)
    tell("threads")
    link_new(store)
    tell("acts")
    persons: set[str] = set()
    for touched, shown in read_new(store, context):
        persons |= shown | (touched & context.by_address.keys())
    with store.transaction():
        introduce(store, context, persons)
    tell("ledgers")
    words = Words(store.decisions.standing())
    return Derived(folded=sum(refold(store, context, words, now)))
