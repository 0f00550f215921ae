"""What advice about one contact is decided from, and the two things that can come of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, tzinfo

from recipflow import standing as model
from recipflow.advice.days import instant, local_date
from recipflow.ledger.relationship import Relationship
from recipflow.model import Contact, Nudge, NudgeKind, ProfileName, Tag
from recipflow.standing import Standing, Terms

MISSED_DAYS = 60.0
"""Days before an ask in which an answer of mine to mail nobody read shows that theirs is not all kept."""
KEY_LENGTH = 8
"""Hexadecimal digits in a nudge's key: short enough to type, one collision in a thousand ledgers of a hundred nudges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What was asked lately at the contact's organisation, of anybody there."""

    asks: int = 0
    since: float | None = None
    newest: float | None = None
    people: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One contact at one moment: everything `advise` looks at."""

    contact: Contact
    relationship: Relationship
    standing: Standing  #: advanced to now
    terms: Terms
    now: float  #: days since the epoch, UTC
    zone: tzinfo
    covered_since: float | None = None  #: no gap in what was read since then; None: none at all
    organisation: Pace = field(default_factory=Pace)
    colleague: bool = False  #: they work where the user does

    @property
    def today(self) -> date:
        return local_date(self.now, self.zone)

    @property
    def close(self) -> bool:
        return self.contact.profile is ProfileName.CLOSE

    def tagged(self, tag: Tag) -> bool:
        return tag in self.contact.tags

    def owing_turns(self) -> float | None:
        """When the user begins or ceases to owe next; sought from the last act on: the same whenever it is asked."""
        standing = self.relationship.standing
        at = model.owing_changes_at(standing, self.terms)
        while at is not None and at <= self.now:
            standing = model.advance(standing, at, self.terms)
            at = model.owing_changes_at(standing, self.terms)
        return at

    def blind_since(self, t: float) -> str | None:
        """Why what did *not* happen since `t` cannot be known, or None when it can."""
        unread = self.relationship.last_unread
        if unread is not None and unread >= t:
            return "something between you since then could not be read"
        if self.covered_since is not None and self.covered_since > t:
            return "some of the mail since then is missing"
        return None

    def deaf_since(self, t: float) -> str | None:
        """Why it cannot be known whether *they* wrote since `t`, or None when it can."""
        missed = self.relationship.last_missed
        if missed is not None and missed >= t - MISSED_DAYS:
            return "you answered mail of theirs that is not in your mailbox"
        return self.blind_since(t)

    def nudge(
        self,
        kind: NudgeKind,
        episode: str,
        *,
        opens: float,
        closes: float | None = None,
        quote: str = "",
        evidence: tuple[str, ...] = (),
        **facts: str | int | float | date,
    ) -> Nudge:
        """A nudge of this contact; the episode is what keeps its key the same for as long as it is the same advice."""
        return Nudge(
            key=key_of(kind, self.contact.id, episode),
            kind=kind,
            contact=self.contact.id,
            opens=instant(opens),
            closes=None if closes is None else instant(closes),
            quote=quote,
            evidence=evidence,
            facts=facts,
            numbers=self._numbers(),
        )

    def _numbers(self) -> dict[str, float]:
        return {
            "goodwill": self.standing.goodwill,
            "readiness": self.standing.readiness,
            "owed": self.standing.owed,
            "pressure": self.standing.pressure,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Advice of this kind does not stand: why, and when that answer may change by itself."""

    kind: NudgeKind
    because: str
    until: float | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """An instant (days since the epoch) at which a rule's answer may change, though nothing happens."""

    at: float


Finding = Nudge | Held | Turn


def key_of(kind: NudgeKind, contact: str, episode: str) -> str:
    """A short name that stays the same for the same advice, and tells nobody about whom or what it is."""
    return hashlib.sha256(f"{contact}\n{kind}\n{episode}".encode()).hexdigest()[:KEY_LENGTH]
