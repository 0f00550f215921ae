"""After ledgers changed: which advice begins to stand, which stands no more, and who is to be told at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from recipflow import assembly, hooks, notices
from recipflow.digest.as_json import one_as_json
from recipflow.insight import Standpoint
from recipflow.insight.lately import Lately
from recipflow.insight.lives import begun, ended
from recipflow.model import ContactId, Nudge, NudgeKind
from recipflow.store import Life, LifeState

if TYPE_CHECKING:
    from recipflow.session import Session

FRESH = timedelta(days=3)
"""A program is told of what began so lately."""
LOOKED = "looked"
"""The note that all was looked at once: what stood already when recipflow began is no news."""
AT_ONCE = frozenset({NudgeKind.COMPLIANCE})
"""What a notice is worth: by the next morning the gift may be on its way."""
BATCH = 100
"""So many a transaction: others may write after a tenth of a second, and what was interrupted goes on where it was."""


def renew(
    session: Session, contacts: Iterable[ContactId], now: datetime, lately: Lately | None = None
) -> None:
    """Keep which advice stands now about these, whose ledgers were folded, and stage what is to be told.

    `lately` serves several calls.
    """
    waiting, lately = iter(contacts), lately or Lately(session.store, now)
    while batch := list(islice(waiting, BATCH)):
        with session.store.transaction():
            lately.look()
            for contact in batch:
                _renew(session, contact, now, lately)
            session.store.ledgers.renewed(batch)


def _renew(session: Session, contact: ContactId, now: datetime, lately: Lately) -> None:
    point = session.standpoint(contact, now, lately)
    nudges = point.advice.nudges if point else ()
    lives = session.store.decisions.lives(contact=contact)
    fresh = begun(nudges, lives)
    session.store.decisions.put_lives([*fresh, *ended({one.key for one in nudges}, lives.values())])
    if point:
        _tell(session, point, nudges, [life for life in fresh if life.key not in lives], now)


def _tell(
    session: Session, point: Standpoint, nudges: Iterable[Nudge], new: list[Life], now: datetime
) -> None:
    wanted = session.settings.hook
    if session.store.noted(LOOKED) is None:
        return
    keys = {life.key for life in new if life.state is LifeState.NEW}
    for nudge in nudges:
        if nudge.key not in keys:
            continue
        if wanted and now - nudge.opens < FRESH:
            told = one_as_json(nudge, point.contact, assembly.wording(), now, session.zone)
            text = hooks.content(told, nudge.kind, now)
            hooks.stage(session.store, wanted, nudge.key, nudge.kind, nudge.contact, text, now)
        if session.settings.notices.enabled and nudge.kind in AT_ONCE and now - nudge.opens < notices.TOO_OLD:
            name = point.contact.name.strip() or point.contact.id
            text = assembly.wording().because(nudge, name, tz=session.zone, now=now)
            notices.stage(session.store, f"nudge {nudge.key}", text, now, contact=nudge.contact)


def looked(session: Session) -> None:
    """Note that all was looked at, so that what begins to stand from now on is news."""
    if session.store.noted(LOOKED) is None and any(one.last_sync for one in session.accounts):
        session.store.note(LOOKED, "")


def notice_troubles(session: Session, now: datetime) -> None:
    """An account that needs the user is told of at once, once for each time it stops."""
    if not session.settings.notices.enabled:
        return
    named = {one.id: one.name for one in session.store.accounts.all()}
    with session.store.transaction():
        for account, trouble in session.store.accounts.troubles().items():
            if trouble.command and account in named:
                key = f"account {account} {trouble.since.isoformat()}"
                text = f"{named[account]} needs you: {trouble.reason} Then: {trouble.command}"
                notices.stage(session.store, key, text, now)
