"""After a no: one smaller ask, while a real step back is still seen as one. Never urged, never among close friends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from recipflow import standing as model
from recipflow.advice.days import local_date
from recipflow.advice.holds import Held, Hold
from recipflow.advice.view import Finding, View
from recipflow.ledger.likeness import alike
from recipflow.ledger.relationship import DAY, OpenItem, OpenKind, OpenState
from recipflow.model import NudgeKind, Plan, Tag
from recipflow.standing import AskWarning

SMALLER = 1.0
HALF = 0.5
"""The smaller ask that is thought of where no plan names one: so many fu, but at most this share of the refused one."""
LEAST = 1.0
"""A refused ask below this (fu) leaves nothing smaller that would be worth a word."""


_BLOCKING = frozenset(
    {AskWarning.ASK_PENDING, AskWarning.SPACING, AskWarning.OVER_ASKING, AskWarning.OVER_ASKING_RED}
)
"""What stands even against a smaller ask: they have not answered, answered just now, or were asked too often."""


def retreat(view: View) -> Iterator[Finding]:
    """My ask was refused and credit remains for a smaller one."""
    refused, kind = view.standing.refused, NudgeKind.RETREAT
    no = _the_no(view)
    if refused is None or no is None:
        return
    if refused.size < LEAST:
        return
    plan = _planned(view, no)
    size = plan.size if plan else min(SMALLER, HALF * refused.size)
    until = model.retreat_until(view.standing, size, view.terms)
    if until is None or view.now >= until:
        return
    if held := _against(view, size):
        yield held if held.until is not None else replace(held, until=until)
        return
    yield view.nudge(
        kind,
        no.interaction,
        opens=refused.at,
        closes=until,
        quote=no.quote,
        evidence=(no.interaction,),
        day=local_date(refused.at, view.zone),
        **({"plan": plan.ask} if plan else {}),
    )


def _planned(view: View, no: OpenItem) -> Plan | None:
    """The plan whose larger ask was refused: the one that has its words, else the last one made before."""
    before = [one for one in view.contact.plans if one.first and one.at.timestamp() / DAY <= no.at]
    named = [one for one in before if alike(one.first, no.quote)]
    return next(reversed(named or before), None)


def _the_no(view: View) -> OpenItem | None:
    """The ask that was refused last, if nothing took its place."""
    refused = view.standing.refused
    items = view.relationship.items
    found = (item for item in items if item.kind is OpenKind.MY_ASK and item.state is OpenState.REFUSED)
    return next((item for item in found if refused is not None and item.last == refused.at), None)


def _against(view: View, size: float) -> Held | None:
    """What stands against even the smaller ask; None if nothing does."""
    kind = NudgeKind.RETREAT
    if view.close:
        return Held(kind=kind, because=Hold.CLOSE)
    if view.colleague and not view.chosen:  # what one asks of another at work is the work's
        return Held(kind=kind, because=Hold.COLLEAGUE)
    if view.tagged(Tag.DEPENDANT):
        return Held(kind=kind, because=Hold.DEPENDANT)
    if (ends := view.decided_at()) is not None:
        return Held(kind=kind, because=Hold.DECIDING, until=ends)
    cautions = model.check(view.standing, view.now, size, view.terms).cautions
    for caution in cautions:
        if caution.warning in _BLOCKING:
            return Held(
                kind=kind, because=Hold.NOT_EVEN_SMALLER, until=caution.until, warning=caution.warning
            )
    return None
