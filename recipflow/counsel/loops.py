"""Where a relationship stands in the loop, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from recipflow import assembly
from recipflow.advice.days import instant
from recipflow.derive.entries import entries_of
from recipflow.derive.folding import Around, view
from recipflow.explain import lookup
from recipflow.foreign import one_line
from recipflow.insight import Standpoint
from recipflow.loop import Pattern, Place, Step, patterns, place
from recipflow.model import Contact, Entry, ProfileName, Tag
from recipflow.session import Session

STEPS = tuple(Step)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """One contact's place in the loop."""

    contact: Contact
    place: Place
    number: int  #: of the step, from 1; 0 where there are none
    step: str  #: in words
    says: str
    patterns: tuple[tuple[Pattern, str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        at = self.place
        return {
            "contact": {"name": self.contact.name, "addresses": list(self.contact.addresses)},
            "step": at.step.value if self.number else None,
            "number": self.number,
            "since": None if at.since is None else instant(at.since),
            "until": None if at.until is None else instant(at.until),
            "next": self.says,
            "because": at.key,
            "quote": at.quote,
            "message": at.interaction,
            "patterns": [
                {"name": one.key, "says": said, "quote": one.quote, "message": one.interaction}
                for one, said in self.patterns
            ],
        }


def stand(session: Session, point: Standpoint, moment: datetime) -> Stand:
    """Where this relationship stands at that moment; of those the user wants no advice on, only that."""
    contact = point.contact
    if contact.tags & {Tag.NEVER, Tag.PRIVATE}:
        return _told(session, contact, Place(step=Step.IDENTIFY, key="never"), moment)
    around = Around(generous=session.store.ledgers.generous())
    seen = view(contact, point.relationship, session.context, moment, around)
    entries = known_entries(session, contact, moment)
    return _told(session, contact, place(seen, point.advice), moment, patterns(seen, entries))


def stands(session: Session, points: Sequence[Standpoint], moment: datetime) -> Iterator[Stand]:
    """Everybody, by step, then by name: nobody is ranked."""
    found = (stand(session, point, moment) for point in points)
    yield from sorted(
        found, key=lambda one: (one.number, lookup.called(one.contact).casefold(), one.contact.id)
    )


def known_entries(session: Session, contact: Contact, moment: datetime) -> list[Entry]:
    """The contact's ledger as it was at that moment."""
    entries = entries_of(session.store, contact.id, contact.addresses, session.me, session.words)
    return [entry for entry in entries if entry.at <= moment]


def _told(
    session: Session, contact: Contact, at: Place, moment: datetime, found: Sequence[Pattern] = ()
) -> Stand:
    wording, name = assembly.wording(), lookup.called(contact)

    def tell(table: str, key: str, facts: dict[str, object]) -> str:
        return wording.tell(table, key, name, facts, tz=session.zone, now=moment)

    facts: dict[str, object] = dict(at.facts)
    if reason := facts.get("reason"):
        facts["reason"] = tell("held", str(reason), facts)
    if at.until is not None:
        facts["until"] = instant(at.until)
    none = at.key == "never" or contact.profile is ProfileName.CLOSE
    return Stand(
        contact=contact,
        place=at,
        number=0 if none else STEPS.index(at.step) + 1,
        step="" if none else tell("step", at.step.value, {}),
        says=tell("loop", at.key, facts),
        patterns=tuple((one, tell("pattern", one.key, dict(one.facts))) for one in found),
    )


def lines(one: Stand) -> Iterator[str]:
    """The step, what is next, and what repeats."""
    yield f"Step {one.number} of {len(STEPS)}, {one.step}: {one.says}" if one.number else one.says
    if one.place.quote:
        yield f"“{one_line(one.place.quote)}”"
    for pattern, said in one.patterns:
        yield f"{said} “{one_line(pattern.quote)}”" if pattern.quote else said
