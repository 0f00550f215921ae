"""Gifts to those whom rules about gifts may bind: a stop, and the rule, before anything else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from recipflow.advice.days import DAY, end_of, local_date
from recipflow.advice.view import Finding, View
from recipflow.ledger.relationship import Remark
from recipflow.model import TANGIBLE, Kind, NudgeKind

CHECK_FADE = 60.0
"""Days after which a gift nobody looked into any more is history for a nudge; the register keeps it. Ours."""

PLAN_DAYS = 180.0
"""Days for which a plan without a date is taken for still meant. Ours."""


def compliance(view: View) -> Iterator[Finding]:
    """A gift or invitation of mine, given, offered or planned, to a public-sector or regulated contact."""
    if not view.guarded:
        return
    if gifts := unchecked(view):
        last = gifts[-1]
        found = view.nudge(
            NudgeKind.COMPLIANCE,
            last.interaction,
            opens=last.at,
            closes=last.at + CHECK_FADE,
            quote=last.quote,
            evidence=tuple(gift.interaction for gift in gifts),
            day=local_date(last.at, view.zone),
            what=last.what or Kind.GIFT,
        )
        yield replace(found, facts=dict(found.facts) | _rule(view))
        return
    for plan in view.contact.plans:
        made = plan.at.timestamp() / DAY
        closes = made + PLAN_DAYS if plan.by is None else end_of(plan.by, view.zone)
        if plan.give_kind in TANGIBLE and view.now < closes:
            key = f"plan:{plan.id}"
            planned = view.nudge(NudgeKind.COMPLIANCE, key, opens=made, closes=closes, planned=plan.give)
            yield replace(planned, facts=dict(planned.facts) | _rule(view))


def unchecked(view: View) -> list[Remark]:
    """Gifts and invitations of mine that are not history yet."""
    return [gift for gift in view.relationship.tangible if view.now < gift.at + CHECK_FADE]


def _rule(view: View) -> dict[str, str | int | float | date]:
    rule = view.gift_rule
    facts: dict[str, str | int | float | date] = {}
    if rule is not None:
        facts["rule"] = rule.words()
        if rule.old(view.today):
            facts["aged"] = rule.as_of
    if view.decided_at() is not None:
        facts["deciding"] = 1
    return facts
