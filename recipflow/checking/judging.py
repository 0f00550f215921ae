"""A draft judged: the ask in it against everything that is known of the contact, the strictest rule winning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from recipflow import standing as model
from recipflow.advice import View
from recipflow.advice.days import instant
from recipflow.checking.answerable import Hardship, hardships
from recipflow.checking.objecting import Objection, Prospect, objections
from recipflow.checking.slots import morning_after
from recipflow.ledger.likeness import alike
from recipflow.ledger.relationship import OpenItem, OpenKind, OpenState
from recipflow.model import Act, ActType, Entry
from recipflow.rules.days import ENGLISH

SOON = timedelta(days=14)
"""A meeting this near is worth waiting for: asked in person, people say yes far more often (EVIDENCE, 1.3)."""
_TRIES = 6

__all__ = ["Objection", "Surroundings", "Verdict", "judge"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is known beside the contact's standing. Instants are aware."""

    entries: Sequence[Entry] = ()  #: the contact's ledger up to now
    meetings: Sequence[datetime] = ()  #: when the two meet next, soonest first
    colleagues_asked: Sequence[
        float
    ] = ()  #: when somebody at their organisation was asked lately (days since 1970)
    people_asked: int = 0  #: how many different people that were, the contact not among them
    theirs: tzinfo | None = None  #: the contact's zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What there is to say before it goes out."""

    size: float | None  #: fu; None: nothing is asked
    quote: str
    objections: tuple[Objection, ...] = ()
    better: datetime | None = None
    meeting: datetime | None = None  #: that better moment is one at which the two meet
    hardships: tuple[Hardship, ...] = ()
    followup: bool = False
    numbers: dict[str, float] = field(default_factory=dict)


def judge(
    view: View,
    acts: Sequence[Act],
    around: Surroundings,
    *,
    text: str = "",
    language: str = ENGLISH,
    thread: str = "",
    size: float | None = None,
) -> Verdict:
    """The verdict on a draft with these acts, in `thread` if it answers something; `size` is the user's word on the ask.

    Without its `text`, what makes it hard to answer is not looked for.
    """
    asks = [act for act in acts if act.act is ActType.ASK and not act.remark]
    prospect = _prospect(view, acts, asks, around, thread, size)
    found = tuple(objections(prospect))
    better, meeting = _better(prospect, found, around)
    return Verdict(
        size=prospect.size,
        quote=prospect.quote,
        objections=found,
        better=better,
        meeting=meeting,
        hardships=tuple(hardships(text, asks, view.today, language)) if text.strip() else (),
        followup=prospect.followup,
        numbers=_numbers(prospect),
    )


def _prospect(
    view: View,
    acts: Sequence[Act],
    asks: Sequence[Act],
    around: Surroundings,
    thread: str,
    size: float | None,
) -> Prospect:
    best = max(asks, key=lambda act: (act.size or 0.0, act.confidence), default=None)
    return Prospect(
        view=view,
        size=size if size is not None else best.size if best else None,
        quote=best.quote if best else "",
        gives=tuple(act for act in acts if act.act is ActType.GIVE),
        thanks=any(act.act is ActType.THANKS for act in acts),
        thread=thread,
        followup=best is not None and _followed(view, best, thread) is not None,
        asked_at_organisation=tuple(around.colleagues_asked),
        people_asked=around.people_asked,
        entries=tuple(around.entries),
    )


def _followed(view: View, ask: Act, thread: str) -> OpenItem | None:
    """The pending ask this one repeats: in its thread, by saying so, or by its words."""
    pending = [
        item
        for item in view.relationship.items
        if item.kind is OpenKind.MY_ASK and item.state is OpenState.PENDING
    ]
    here = [item for item in pending if thread and item.thread == thread]
    if here or not pending:
        return here[-1] if here else None
    again = ask.rule.startswith("ask.followup") or alike(ask.quote, pending[-1].quote)
    return pending[-1] if again else None


def _better(
    prospect: Prospect, found: Sequence[Objection], around: Surroundings
) -> tuple[datetime | None, datetime | None]:
    """A better moment, and whether it is a meeting: none where only an act can change the answer, nor among friends."""
    view = prospect.view
    if prospect.size is None or view.close:
        return None, None
    clear = _clear_from(prospect, found)
    if clear is None:
        return None, None
    earliest = instant(clear)
    meeting = next((at for at in around.meetings if earliest <= at <= earliest + SOON), None)
    if meeting is not None:
        return meeting, meeting
    if all(one.mended for one in found):
        return None, None
    return morning_after(earliest, around.theirs or view.zone), None


def _clear_from(prospect: Prospect, found: Sequence[Objection]) -> float | None:
    """From when nothing stands against it any more but what a word in it mends, if time alone brings that."""
    at = prospect.view.now
    for _ in range(_TRIES):
        waits = [one.until for one in found if not one.mended]
        ends = [until for until in waits if until is not None]
        if len(ends) < len(waits):
            return None
        if not ends:
            return at
        at = max(at, *ends)
        found = tuple(objections(prospect.at(at)))
    return None


def _numbers(prospect: Prospect) -> dict[str, float]:
    """Only for those who ask for numbers; none of a close friend."""
    view = prospect.view
    if view.close or prospect.size is None:
        return {}
    check = model.check(view.standing, view.now, prospect.size, view.terms, followup=prospect.followup)
    return {
        "size": prospect.size,
        "goodwill": view.standing.goodwill,
        "pressure": view.standing.pressure,
        "pressure after": check.pressure_after,
        "credit": check.credit,
    }
