"""One letter from the outbox to the user, once, through whatever happens on the way.

Before anything is sent the row says, in a transaction of its own, that sending begins. From then on nobody knows
whether it was done until the mailbox was looked at; only when the letter is not there, long enough after the last
attempt for a mailbox to show it, is it sent again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from recipflow.connector import Letter, MailCourier
from recipflow.errors import AuthNeeded, CannotLook, TryLater, UserError
from recipflow.outbox.keys import letter_form, letter_text
from recipflow.store import Delivery, DeliveryForm, DeliveryState, Store

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
"""For so long a delivery is one process's own: longer than any provider's client waits for an answer."""
LOOK_AFTER = timedelta(minutes=2)
"""After an attempt nobody knows the end of, the first look: mailboxes show sent mail with a delay."""
AGAIN_AFTER = timedelta(minutes=15)
"""Not found so long after the attempt, it was not sent."""
LOOK_BACK = timedelta(days=3)
"""A letter is looked for from so long before it was staged: another computer may have sent that day's."""
RETRY = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
TOO_OLD = timedelta(hours=36)
"""A digest so late says nothing that the next one does not."""

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a delivery stands after trying; `found` when another computer had sent it."""

    delivery: Delivery
    found: bool = False

    @property
    def delivered(self) -> bool:
        return self.delivery.state is DeliveryState.DELIVERED


def stage_letter(
    store: Store,
    key: str,
    channel: str,
    letter: Letter,
    now: datetime,
    *,
    nudges: Iterable[str] = (),
    first_try: datetime | None = None,
) -> bool:
    """Put a letter about these nudges into the outbox, in the transaction that is open; False when it is there already.

    It is sent now, or not before `first_try`. Older ones of the channel that were surely not sent are given up: the
    newer says all that still holds.
    """
    _give_up_older(store, key, channel, now)
    return store.deliveries.stage(
        Delivery(
            key=key,
            form=DeliveryForm.LETTER,
            channel=channel,
            nudge=" ".join(nudges),
            content=letter_text(letter),
            next_try=first_try or now,
            staged_at=now,
        )
    )


def _give_up_older(store: Store, key: str, channel: str, now: datetime) -> None:
    older = store.deliveries.of(DeliveryForm.LETTER, channel, {DeliveryState.STAGED})
    late = [one for one in older if one.key != key]
    store.deliveries.put(
        _settled(one, DeliveryState.FAILED, now, problem="a newer one took its place") for one in late
    )


def deliver_letter(
    store: Store,
    key: str,
    courier: MailCourier,
    *,
    owner: str,
    clock: Clock,
    delivered: Callable[[Delivery], None] = lambda _: None,
) -> Outcome | None:
    """Try to deliver; None when somebody else is at it, or it was settled already.

    `delivered` is called within the transaction that settles it: what follows from its being there.
    """
    now = clock()
    with store.transaction():
        leased = store.deliveries.lease(key, owner, now, now + LEASE)
    if leased is None or leased.form is not DeliveryForm.LETTER:
        return None
    letter, known = letter_form(leased.content), DeliveryState.STAGED
    try:
        found = courier.sent(letter.token, since=leased.staged_at - LOOK_BACK)
    except CannotLook:
        found, known, leased = None, leased.state, replace(leased, problem=_maybe_twice(leased))
    except Exception as problem:
        log.debug("could not look for a letter", exc_info=problem)
        return _kept(store, _again(leased, clock(), problem))
    else:
        if found is None and (early := _too_early(leased, now)):
            return _kept(store, replace(leased, next_try=early))
    if found is not None:
        theirs = leased.state is DeliveryState.STAGED  # this computer never began to send it
        done = _settled(leased, DeliveryState.DELIVERED, clock(), provider_id=found)
        return _kept(store, done, delivered, found=theirs)
    if now - leased.staged_at > TOO_OLD:
        return _kept(store, _settled(leased, DeliveryState.FAILED, now, problem="its day was over"))
    return _send(store, leased, letter, courier, clock, delivered, unless=known)


def _too_early(leased: Delivery, now: datetime) -> datetime | None:
    """Until when a letter that is not to be seen may still turn up."""
    if leased.state is not DeliveryState.SENDING or leased.attempted_at is None:
        return None
    again = leased.attempted_at + AGAIN_AFTER
    return again if now < again else None


def _send(
    store: Store,
    leased: Delivery,
    letter: Letter,
    courier: MailCourier,
    clock: Clock,
    delivered: Callable[[Delivery], None],
    *,
    unless: DeliveryState,
) -> Outcome | None:
    """Begin, send, and keep how it ended; `unless` is how it stands where it was surely not sent this time."""
    sending = _begun(store, leased, clock())
    if sending is None:
        return None
    try:
        number = courier.send(letter)
    except (TryLater, AuthNeeded, UserError) as problem:  # surely not sent
        return _kept(store, _again(replace(sending, state=unless), clock(), problem))
    except Exception as problem:  # Uncertain, or a fault of the courier's own, which may be as late
        log.warning("sending the digest ended without an answer (%s)", type(problem).__name__)
        log.debug("how it ended", exc_info=problem)
        return _kept(store, replace(sending, problem=_told(problem), next_try=clock() + LOOK_AFTER))
    done = _settled(sending, DeliveryState.DELIVERED, clock(), provider_id=number)
    return _kept(store, done, delivered)


def _begun(store: Store, leased: Delivery, now: datetime) -> Delivery | None:
    """Note that it is being sent; None when we were asleep for so long that somebody else took over."""
    sending = replace(
        leased,
        state=DeliveryState.SENDING,
        attempts=leased.attempts + 1,
        attempted_at=now,
        next_try=now + LOOK_AFTER,
        leased_until=now + LEASE,
    )
    with store.transaction():
        if store.deliveries.lease(leased.key, leased.leased_by, now, now + LEASE) is None:
            return None
        store.deliveries.put([sending])
    return sending


def _kept(
    store: Store,
    one: Delivery,
    delivered: Callable[[Delivery], None] = lambda _: None,
    *,
    found: bool = False,
) -> Outcome:
    one = replace(one, leased_by="", leased_until=None)
    with store.transaction():
        store.deliveries.put([one])
        if one.state is DeliveryState.DELIVERED:
            delivered(one)
    return Outcome(one, found)


def _settled(
    one: Delivery, state: DeliveryState, now: datetime, *, provider_id: str = "", problem: str | None = None
) -> Delivery:
    return replace(
        one,
        state=state,
        content="",
        provider_id=provider_id or one.provider_id,
        problem=one.problem if problem is None else problem,
        next_try=None,
        settled_at=now,
    )


def _again(one: Delivery, now: datetime, problem: Exception) -> Delivery:
    """Later: when the provider says so, else the later the more often it failed."""
    said = problem.after if isinstance(problem, TryLater) else None
    wait = RETRY[min(max(one.attempts, 1), len(RETRY)) - 1]
    if isinstance(problem, AuthNeeded):
        wait = RETRY[-1]
    after = max(wait, timedelta(seconds=said)) if said is not None else wait
    return replace(one, next_try=now + after, problem=_told(problem))


def _told(problem: Exception) -> str:
    return str(problem) or type(problem).__name__


def _maybe_twice(one: Delivery) -> str:
    """Without a look at what was sent, at least once is all that can be had."""
    if one.state is DeliveryState.SENDING:
        return "sent again without knowing whether it had been sent: it may have come twice"
    return one.problem
