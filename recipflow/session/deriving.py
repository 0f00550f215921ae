"""What is derived brought up to date: first what the user said and set, then what is new, then what new rules read anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from recipflow import memory
from recipflow.derive import Derived, derive
from recipflow.derive.again import read_again
from recipflow.session.joining import lives_that_go_on
from recipflow.session.settling import said_before, settle

if TYPE_CHECKING:
    from recipflow.session import Session
    from recipflow.workflow import Progress


def derived(
    session: Session,
    now: datetime,
    progress: Progress | None,
    *,
    rules: bool,
    due: bool,
    between: Callable[[], None],
) -> Derived:
    """As `Session.derive`, which says what each of these means."""
    settled(session, now, look=rules)
    store, context = session.store, session.context
    tell = (lambda step: progress(step, 0, None)) if progress else None
    first = derive(store, context, now, progress=tell, make_room=lambda: _make_room(session), due=due)
    if not (rules and store.outdated.left()):
        return first
    again = _read_again(session, now, between)
    last = derive(store, context, now, progress=tell, due=due)
    return Derived(changed=last.changed, due=first.folded + again + last.due)


def settled(session: Session, now: datetime, *, look: bool = False) -> bool:
    """Take in what other words and settings ask for; what was shown of an address stays shown when it is somebody's."""
    store = session.store
    before = said_before(store)
    dropped = settle(store, session.context, session.own_packs.digest, look=look)
    if lives := list(lives_that_go_on(session, before, now)):
        with store.transaction():
            store.decisions.put_lives(lives)
    return dropped


def _read_again(session: Session, now: datetime, between: Callable[[], None]) -> int:
    """Says how many ledgers were folded anew."""
    folded = 0
    for some in read_again(session.store, session.context, now, lambda: _make_room(session)):
        folded += some
        between()
    return folded


def _make_room(session: Session) -> None:
    session.context.reader.rest()
    memory.give_back()
