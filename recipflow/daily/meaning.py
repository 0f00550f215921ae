"""What an answer by mail was given to: the advice as it stands, or as it stood when the user was shown it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from recipflow.advice.view import key_of
from recipflow.insight import Standpoint, standpoint_among
from recipflow.model import Nudge, NudgeKind, Question

if TYPE_CHECKING:
    from recipflow.session import Session
    from recipflow.store import Life


def meant(session: Session, point: Standpoint, life: Life, now: datetime) -> Nudge:
    """Advice may be over, or be a question by now: what is said of it is still said of what it stood on."""
    return next(
        (one for one in _stood(session, point, life, now) if one.key == life.key),
        Nudge(
            key=life.key,
            kind=NudgeKind(life.kind),
            contact=life.contact,
            opens=life.first_shown or now,
            evidence=tuple(dict.fromkeys(_episode(point, life))),
        ),
    )


def in_its_place(point: Standpoint, nudge: Nudge) -> tuple[Question, ...]:
    """The questions that stand about what it stood on."""
    return tuple(one for one in point.advice.questions if one.interaction in nudge.evidence)


def _stood(session: Session, point: Standpoint, life: Life, now: datetime) -> Iterator[Nudge]:
    yield from point.advice.nudges
    then = life.last_shown or now
    yield from standpoint_among(
        session.store, session.context, session.words, point.contact, then
    ).advice.nudges


def _episode(point: Standpoint, life: Life) -> Iterator[str]:
    """What still waits and bears the key: it is read otherwise today than when the advice was given."""
    for item in point.relationship.items:
        episodes = (item.interaction, f"{item.interaction}:{item.repeats}")
        if life.key in {key_of(life.kind, life.contact, one) for one in episodes}:
            yield item.interaction
