"""Whose turn it is to send: of two computers on one mailbox one goes first, and the other looks whether it did.

At the hour of the digest both are ready in the same second, and no mailbox offers a lock. So the one goes at once that
sent the last digest there is; any other waits for some minutes, by which time the mailbox shows it. Who sent the last one
a computer knows that has just read the mailbox, however long it slept; else it has to have been there the day before.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from recipflow.daily.letters import Random, address_of
from recipflow.outbox import Outcome, digest_key, sightings
from recipflow.outbox.keys import token_of
from recipflow.store import Delivery, DeliveryForm, DeliveryState
from recipflow.store.moving import SENT_HERE

if TYPE_CHECKING:
    from recipflow.session import Session

FRESH = timedelta(hours=1)
"""Read so lately, the mailbox shows what another computer sent before today."""
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
    if last and last.key == session.store.noted(SENT_HERE) and _none_since(session, last, day, now):
        return now
    return now + WAIT + timedelta(seconds=random(SPREAD))


def _none_since(session: Session, last: Delivery, day: date, now: datetime) -> bool:
    """Whether no other computer has sent one since the last that this one knows of, nor that one, too."""
    seen = sightings.last(session.store)
    read = {one.id: one.last_sync for one in session.store.accounts.all()}.get(seen.account) if seen else None
    if seen and read and now - read <= FRESH:
        return not seen.twice and seen.token == token_of(last.key, address_of(session))
    via = session.settings.digest.via
    days = (digest_key(via, day - timedelta(days=ago)) for ago in (0, 1))
    return any(session.store.deliveries.get(key) for key in days)


def taken(session: Session, outcome: Outcome | None) -> None:
    """Note that it was this computer that sent."""
    if outcome and outcome.delivered and not outcome.found:
        session.store.note(SENT_HERE, outcome.delivery.key)
