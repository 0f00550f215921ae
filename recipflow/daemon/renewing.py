"""After ledgers changed: which advice begins to stand, which stands no more, and who is to be told at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from recipflow import assembly, hooks, notices
from recipflow.daily.morning import BEGAN
from recipflow.digest.as_json import one_as_json
from recipflow.insight import Standpoint
from recipflow.insight.lives import begun, ended
from recipflow.model import ContactId, Nudge
from recipflow.store import Life, LifeState

if TYPE_CHECKING:
    from recipflow.session import Session

FRESH = timedelta(days=3)
"""An event is told of what began so lately; a first sync is no news."""
BATCH = 200


def renew(session: Session, now: datetime) -> int:
    """Keep which advice stands now about everybody whose ledger changed, and stage what is to be told; says of how many.

    A batch a transaction: what was interrupted goes on where it was.
    """
    renewed = 0
    while contacts := session.store.ledgers.to_renew(BATCH):
        with session.store.transaction():
            for contact in contacts:
                _renew(session, contact, now)
            session.store.ledgers.renewed(contacts)
        renewed += len(contacts)
    return renewed


def _renew(session: Session, contact: ContactId, now: datetime) -> None:
    point = session.standpoint(contact, now)
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
    if not wanted or session.store.noted(BEGAN) is None:
        return
    keys = {life.key for life in new if life.state is LifeState.NEW}
    for nudge in nudges:
        if nudge.key in keys and now - nudge.opens < FRESH:
            told = one_as_json(nudge, point.contact, assembly.wording(), now, session.zone)
            text = hooks.content(told, nudge.kind, now)
            hooks.stage(session.store, wanted, nudge.key, nudge.kind, nudge.contact, text, now)


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
