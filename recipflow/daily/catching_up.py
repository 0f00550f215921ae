"""What stood already when recipflow began: one page, offered once, and put away whole if the user likes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

from recipflow import assembly
from recipflow.daily.choosing import from_before
from recipflow.daily.morning import began
from recipflow.digest.model import Digest, compose
from recipflow.explain.telling import Said, life_of, tell
from recipflow.insight import nudges as shown_of
from recipflow.store import LifeState, Verb

if TYPE_CHECKING:
    from recipflow.model import Nudge
    from recipflow.session import Session

CATCH_UP = "catch-up"
"""What the word on all of them is about."""


def page(session: Session, now: datetime) -> Digest:
    """All that is too old for a digest, as one page."""
    older, words = _older(session, now), assembly.wording()
    names = {person.id: session.name(person) for person in session.store.people.all()}
    made = compose(
        older,
        names,
        wording=words,
        now=now,
        tz=session.zone,
        version=version("recipflow"),
        limit=None,
        footer=["All of it goes at once with recipflow catch-up --dismiss."] if older else [],
    )
    return replace(made, title=words.older(), empty=words.no_older())


def dismiss(session: Session, now: datetime) -> int:
    """Put all of it away, as one word; says how much it was."""
    older = _older(session, now)
    lives = [life_of(session.store, nudge, LifeState.DISMISSED) for nudge in older]
    if lives:
        tell(session.store, Said(Verb.DISMISS, CATCH_UP), now, lives=lives)
    return len(lives)


def _older(session: Session, now: datetime) -> tuple[Nudge, ...]:
    standing = shown_of(session.standpoints(now), session.store.decisions.lives(), now, session.zone)
    return from_before(standing, began(session, now))
