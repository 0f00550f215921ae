"""The user's verdict on a piece of advice, kept with all that follows from it: by a command, or by a mail to oneself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from recipflow.advice import opened
from recipflow.derive.entries import entries_of
from recipflow.derive.persons import parties
from recipflow.explain.telling import Said, life_of, tell
from recipflow.explain.verdicts import Mistake, corrections, deeds
from recipflow.insight import Standpoint
from recipflow.model import Contact, Nudge, Question
from recipflow.store import Life, LifeState, Payload, Verb

if TYPE_CHECKING:
    from recipflow.session import Session

NOTHING: Payload = MappingProxyType({})
"""A verdict takes no other's place and was said now; else it keeps what `telling.retract` said of the one it takes, and
when it was written."""
SEASON = timedelta(days=90)
"""For so long a dismissed kind of advice about a person stays away."""


def done(session: Session, point: Standpoint, nudge: Nudge, now: datetime, kept: Payload = NOTHING) -> int:
    """It was done where no mail shows it: it is entered, and the advice rests."""
    return tell(
        session.store,
        Said(Verb.DONE, nudge.key, kept),
        now,
        also=deeds(point, nudge, now),
        life=life_of(session.store, nudge, LifeState.DONE),
        touched=point.contact.addresses,
    )


def wrong(
    session: Session,
    point: Standpoint,
    nudge: Nudge,
    mistake: Mistake,
    now: datetime,
    kept: Payload = NOTHING,
) -> int:
    """It is mistaken: what it stood on is read otherwise from now on, or entered as done."""
    contact = point.contact
    entries = entries_of(session.store, contact.id, contact.addresses, session.me, session.words)
    handled = mistake is Mistake.ALREADY_HANDLED
    return tell(
        session.store,
        Said(Verb.WRONG, nudge.key, {"because": mistake.value, **kept}),
        now,
        also=deeds(point, nudge, now) if handled else corrections(nudge, mistake, entries),
        life=life_of(session.store, nudge, LifeState.DONE if handled else LifeState.DISMISSED),
        touched=_everybody(session, nudge.evidence) | set(contact.addresses),
    )


def snooze(
    session: Session,
    nudge: Nudge,
    until: datetime,
    now: datetime,
    asked: Iterable[Question] = (),
    kept: Payload = NOTHING,
) -> int:
    """Not now: it stays away until then, and so do the questions that were `asked` about the same."""
    lives = put_away(session, nudge, LifeState.SNOOZED, until)
    lives += [life_of(session.store, one, LifeState.SNOOZED, until) for one in asked]
    return tell(session.store, Said(Verb.SNOOZE, nudge.key, kept), now, lives=lives)


def dismiss(session: Session, nudge: Nudge, now: datetime) -> int:
    """Not this one: it goes for good, and its kind about this person for a season."""
    lives = put_away(session, nudge, LifeState.DISMISSED, now + SEASON)
    return tell(session.store, Said(Verb.DISMISS, nudge.key), now, lives=lives)


def put_away(session: Session, nudge: Nudge, state: LifeState, until: datetime) -> list[Life]:
    """What becomes of it, and of the window it will be, if it opens soon: to the user they are one."""
    both = {one.key: one for one in (nudge, opened(nudge))}
    return [life_of(session.store, one, state, until) for one in both.values()]


def never(session: Session, target: str, who: Iterable[Contact], now: datetime) -> int:
    """No advice about these any more; the target is an address, or a domain with its @."""
    touched = [address for one in who for address in one.addresses]
    return tell(session.store, Said(Verb.NEVER, target), now, touched=touched)


def _everybody(session: Session, evidence: tuple[str, ...]) -> set[str]:
    return {one for item in session.store.interactions.by_ext(evidence).values() for one in parties(item)}
