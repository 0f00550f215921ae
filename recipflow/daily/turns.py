"""Whose turn it is to send: of two computers on one mailbox one goes first, and the other looks whether it did.

At the hour of the digest both are ready in the same second, and no mailbox offers a lock. So the one goes at once that
sent the last digest and was there the day before; any other waits for some minutes, by which time the mailbox shows it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from recipflow.daily.letters import Random
from recipflow.outbox import Outcome, digest_key
from recipflow.store import DeliveryForm, DeliveryState
from recipflow.store.moving import SENT_HERE

if TYPE_CHECKING:
    from recipflow.session import Session

WAIT = timedelta(minutes=2)
"""A computer that does not go first waits so long at least: mailboxes show sent mail with a delay."""
SPREAD = 480
"""Seconds by which those that do not go first are spread, lest two of them be ready at once."""


def first_try(session: Session, day: date, now: datetime, random: Random) -> datetime:
    """When the digest of `day`, staged now, is to be looked for and sent."""
    via = session.settings.digest.via
    if via not in {one.name for one in session.settings.accounts}:  # a file is this computer's own
        return now
    last = session.store.deliveries.last(DeliveryForm.LETTER, DeliveryState.DELIVERED)
    known = (session.store.deliveries.get(digest_key(via, day - timedelta(days=ago))) for ago in (0, 1))
    if last and last.key == session.store.noted(SENT_HERE) and any(known):
        return now
    return now + WAIT + timedelta(seconds=random(SPREAD))


def taken(session: Session, outcome: Outcome | None) -> None:
    """Note that it was this computer that sent."""
    if outcome and outcome.delivered and not outcome.found:
        session.store.note(SENT_HERE, outcome.delivery.key)
