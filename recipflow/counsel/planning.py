"""A plan put before everything that is known: where it is, what is next, and what stands against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from recipflow import assembly
from recipflow.advice import View
from recipflow.advice.days import instant
from recipflow.checking import Draft, Verdict
from recipflow.counsel.drafts import NOBODY, check
from recipflow.derive.entries import entries_of
from recipflow.derive.folding import Around, view
from recipflow.explain import lookup
from recipflow.foreign import one_line
from recipflow.guards import GiftRule
from recipflow.insight import standpoint_as_of
from recipflow.model import TANGIBLE, ActType, Contact, Entry, Message, NormName, Party, Plan, Tag
from recipflow.plans import Idea, Progress, Stage, Timing, asks_in, ideas, progress, rivals, timing
from recipflow.plans.ideas import generic
from recipflow.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A plan and all there is to say of it, in sentences."""

    contact: Contact
    plan: Plan
    progress: Progress
    timing: Timing | None  #: None where no good time may be spoken of
    ideas: tuple[Idea, ...]
    title: str
    lines: tuple[str, ...]
    details: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        plan, timing = self.plan, self.timing
        return {
            "contact": {"name": self.contact.name, "addresses": list(self.contact.addresses)},
            "id": plan.id,
            "ask": plan.ask,
            "size": plan.size,
            "by": plan.by,
            "first": plan.first,
            "give": plan.give,
            "made": plan.at,
            "stage": self.progress.stage.value,
            "since": instant(self.progress.since),
            "next": None if self.progress.next is None else instant(self.progress.next),
            "quote": self.progress.quote,
            "give_by": timing and timing.give_by,
            "ask_from": timing and timing.ask_from,
            "ask_by": timing and timing.ask_by,
            "ideas": [
                {
                    "why": one.kind.value,
                    "what": one.what.value,
                    "quote": one.quote,
                    "message": one.interaction,
                }
                for one in self.ideas
            ],
            "norm": {"name": self.contact.norm.value, "chosen": self.contact.norm_said},
            "says": [*self.lines, *self.details],
        }


def size_of(session: Session, text: str, moment: datetime) -> float:
    """How much an ask in these words is, as the reader sizes it; 1 fu where it sees none."""
    message = Message(
        id="plan",
        at=moment,
        sender=Party(NOBODY),
        to=(Party("somebody@localhost"),),
        text=text if text.rstrip().endswith((".", "?")) else f"Could you please {text}?",
    )
    acts = session.context.reader.read(message, frozenset({NOBODY})).acts
    return (
        max((act.size or 0.0 for act in acts if act.act is ActType.ASK and not act.remark), default=1.0)
        or 1.0
    )


def all_planned(session: Session, moment: datetime) -> Iterator[Planned]:
    """Every plan, the one needed first first; those without a day, then those at their end, last."""
    found = [one for contact in lookup.contacts(session) for one in planned(session, contact, moment)]
    yield from sorted(
        found, key=lambda one: (one.progress.over, one.plan.by or date.max, one.contact.id, one.plan.at)
    )


def planned(session: Session, contact: Contact, moment: datetime) -> tuple[Planned, ...]:
    """The plans with this contact as they stand at that moment, in the order in which they were made."""
    plans = [plan for plan in contact.plans if plan.at <= moment]
    if not plans:
        return ()
    point = standpoint_as_of(session.store, session.context, session.words, contact, moment)
    entries = entries_of(session.store, contact.id, contact.addresses, session.me, session.words)
    known = [entry for entry in entries if entry.at <= moment]
    around = Around(generous=session.store.ledgers.generous())
    seen = view(contact, point.relationship, session.context, moment, around)
    return tuple(_planned(session, seen, known, plan, plans, moment) for plan in plans)


def _planned(
    session: Session, seen: View, known: list[Entry], plan: Plan, plans: list[Plan], moment: datetime
) -> Planned:
    contact, asks = seen.contact, asks_in(known)
    came = progress(plan, asks, seen.relationship, seen.terms, seen.now, seen.zone, rivals(plan, plans))
    when = timing(seen, plan.size, plan.by) if _timed(seen, plan) else None
    size = plan.first_size if plan.first and came.stage is Stage.INTENDED else plan.size
    verdict = _verdict(session, contact, size, moment) if came.stage in _ASKABLE else None
    teller = _Teller(seen, plan, moment)
    might_value = ideas(known, seen.relationship)
    return Planned(
        contact=contact,
        plan=plan,
        progress=came,
        timing=when,
        ideas=might_value,
        title=teller.title(),
        lines=tuple(teller.lines(came, when, verdict)),
        details=tuple(teller.details(might_value, generic(known), session.context.gift_rule(contact), came)),
    )


def _timed(seen: View, plan: Plan) -> bool:
    """Whether a good time to ask may be spoken of: not among friends, nor of whom it could press, or who decide."""
    gift = seen.guarded and plan.give_kind is not None
    return not (seen.close or seen.tagged(Tag.DEPENDANT) or seen.decided_at() is not None or gift)


_ASKABLE = frozenset({Stage.INTENDED, Stage.STEP_BACK})


def _verdict(session: Session, contact: Contact, size: float, moment: datetime) -> Verdict:
    return check(session, contact, Draft(text=""), moment, size=size)[0]


class _Teller:
    """Says how one plan stands."""

    def __init__(self, seen: View, plan: Plan, moment: datetime) -> None:
        self._wording = assembly.wording()
        self._seen, self._plan, self._moment = seen, plan, moment
        self._name = lookup.called(seen.contact)

    def title(self) -> str:
        return self._tell("title", plan=one_line(self._plan.ask), due=self._plan.by)

    def lines(self, came: Progress, when: Timing | None, verdict: Verdict | None) -> Iterator[str]:
        """Where it is, then what is next."""
        facts = {
            "day": instant(came.since),
            "due": came.due,
            "until": None if came.next is None else instant(came.next),
        }
        yield self._tell(came.stage.value, **facts)
        if came.stage is Stage.INTENDED:
            if self._plan.first:
                yield self._tell("first", plan=one_line(self._plan.first))
            yield from self._when(when)
            if self._plan.give_kind in TANGIBLE and self._seen.relationship.last_theirs is None:
                yield self._said("check", "first_contact_gift", {})
        for one in verdict.objections if verdict else ():
            until = None if one.until is None else instant(one.until)
            yield self._said("check", one.name, _known(until=until, **one.facts))
        if verdict and verdict.meeting:
            yield self._said("better", "meeting", {"day": verdict.meeting})

    def _said(self, table: str, key: str, facts: Mapping[str, object]) -> str:
        return self._wording.tell(table, key, self._name, facts, tz=self._seen.zone, now=self._moment)

    def _when(self, when: Timing | None) -> Iterator[str]:
        today = self._seen.today
        if when is None:
            if self._seen.tagged(Tag.DEPENDANT):
                yield self._tell("dependant")
        elif when.give_by is None:
            yield self._tell("undated", day=when.ask_from)
        elif when.too_late_to_give(today):
            yield self._tell("too_late_to_give", until=when.ask_by)
        else:
            yield self._tell("give_by", day=when.give_by, until=when.ask_by)

    def details(
        self, found: tuple[Idea, ...], generic: bool, rule: GiftRule | None, came: Progress
    ) -> Iterator[str]:
        """What they might value, and what is assumed of them."""
        if not came.over:
            for one in found:
                told = self._tell(f"idea_{one.kind.value}", what=one.what, day=one.at)
                yield f"{told} “{one_line(one.quote)}”" if one.quote else told
            if generic:
                yield self._tell("generic")
        if self._plan.give_kind is not None and self._seen.guarded:
            yield self._tell("guarded", rule=rule.words() if rule else None)
        yield norm_line(self._seen.contact)

    def _tell(self, key: str, **facts: object) -> str:
        return self._said("plan", key, _known(**facts))


def norm_line(contact: Contact) -> str:
    """The norm, as an assumption, with how far the studies carry it."""
    if not contact.norm_said:
        return f"norm: {contact.norm.value} (you have not chosen)"
    grade = "" if contact.norm is NormName.NEUTRAL else "; studies give its direction, not its size"
    return f"norm: {contact.norm.value} (your choice, an assumption{grade})"


def _known(**facts: object) -> dict[str, object]:
    return {name: value for name, value in facts.items() if value is not None}
