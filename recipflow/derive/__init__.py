"""From facts to ledgers: threads, acts, contacts, relationships. All of it can be dropped and computed anew.

Work is proportional to what is new or due: messages that were not read yet, contacts they touch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from recipflow.derive.context import Context
from recipflow.derive.folding import fold_these, refold
from recipflow.derive.linking import link_new
from recipflow.derive.persons import introduce, regroup
from recipflow.derive.reading import BATCH, note, read_new
from recipflow.derive.words import Words
from recipflow.model import ContactId
from recipflow.store import Store

__all__ = ["Context", "Derived", "Words", "derive", "rebuild"]

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """What deriving did: whose ledgers changed, and how many more were folded as time had passed."""

    changed: tuple[ContactId, ...] = ()
    due: int = 0

    @property
    def folded(self) -> int:
        return len(self.changed) + self.due


def derive(
    store: Store,
    context: Context,
    now: datetime,
    *,
    progress: Tell | None = None,
    make_room: Callable[[], None] = lambda: None,
    due: bool = True,
) -> Derived:
    """Bring everything derived up to date with the facts, as of `now` in whole seconds.

    What is marked before anything new is read has lost something: whether it still shows a person is asked again.
    `make_room` is called when all is read, before so many are linked at once that it takes much memory.
    Without `due`, ledgers that only the passing of time changes are left for later.
    """
    tell = progress or (lambda _: None)
    with store.transaction():
        regroup(store, context, store.people.owned(store.ledgers.marked()))
        if context.added:
            introduce(store, context, context.added)
    tell("acts")
    kept = _read_for_good(store) if store.nobody_known() else []
    read_new(store, context)
    for batch in kept:
        with store.transaction():
            note(store, context, store.interactions.get(batch))
    tell("threads")
    link_new(store, make_room)
    with store.transaction():
        store.everybody_known()
        store.ledgers.mark_new()
        store.ledgers.notice_generosity()
    return _fold(store, context, now, tell, due=due)


def rebuild(store: Store, context: Context, now: datetime, *, progress: Tell | None = None) -> Derived:
    """Drop everything derived and compute it from the facts, as of `now`: all of it or nothing."""
    with store.transaction():
        store.drop_derived()
        return derive(store, context, now, progress=progress)


def _read_for_good(store: Store) -> list[list[int]]:
    """After all contacts were dropped: what stays read, for its text is gone, and whom it shows is to be noted again."""
    waiting = set(store.interactions.unread())
    known = [key for key in store.interactions.in_order() if key not in waiting]
    return [known[start : start + BATCH] for start in range(0, len(known), BATCH)]


def _fold(store: Store, context: Context, now: datetime, tell: Tell, *, due: bool) -> Derived:
    tell("ledgers")
    now = now.replace(microsecond=0)
    words = Words(store.decisions.standing())
    changed = refold(store, context, words, now)
    waiting = store.ledgers.due(now) if due else []
    fold_these(store, context, words, waiting, now)
    return Derived(changed=changed, due=len(waiting))
