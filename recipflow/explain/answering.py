"""What the user's answer to a question says of the sentence that was asked about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from recipflow.explain.telling import Said
from recipflow.explain.verdicts import confirmation, dealt_with, denial
from recipflow.insight import Standpoint
from recipflow.model import Act, Asking, Entry, Flag, Question
from recipflow.store import Life, LifeState, Payload, Store

if TYPE_CHECKING:
    from recipflow.session import Session


def answered(
    session: Session, point: Standpoint, question: Question, now: datetime, *, true: bool
) -> Iterator[Said]:
    """The corrections that the answer comes to; what does not wait any more is entered as dealt with."""
    from recipflow.derive.entries import entries_of

    contact = point.contact
    if question.still and not true:
        yield from dealt_with(point, question, now)
        return
    entries = entries_of(session.store, contact.id, contact.addresses, session.me, session.words)
    entry = next((one for one in entries if one.interaction == question.interaction), None)
    act = None if entry is None else _meant(entry, question)
    if entry is None or act is None:
        return
    if true or question.kind is Asking.MY_GIVE:
        yield confirmation(contact.id, entry, act, _more(question, act, true=true))
    else:
        yield denial(contact.id, entry, act)


def _meant(entry: Entry, question: Question) -> Act | None:
    of_type = [act for act in entry.acts if act.act is question.act]
    quoted = [act for act in of_type if act.quote == question.quote]
    return next(iter(quoted or of_type), None)


def _more(question: Question, act: Act, *, true: bool) -> Payload:
    """What is said besides: whether a give helped is said of its worth to them, not of what it was."""
    if question.kind is Asking.MY_GIVE:
        return {Flag.HIGH.value: true, Flag.LOW.value: not true, "routine": not true}
    return {"routine": act.routine and question.kind is not Asking.FAVOUR}


def life_answered(store: Store, question: Question, now: datetime) -> Life:
    """The question is done with; an answer given unasked counts among today's."""
    known = store.decisions.lives(key=question.key).get(question.key)
    life = known or Life(key=question.key, kind=question.kind.value, contact=question.contact)
    return replace(life, state=LifeState.DONE, last_shown=life.last_shown or now)
