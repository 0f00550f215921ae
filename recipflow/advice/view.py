"""What advice about one contact is decided from, and the two things that can come of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, tzinfo

from recipflow import standing as model
from recipflow.advice.beside import Match, News, Pace
from recipflow.advice.days import DAY, end_of, instant, local_date, start_of
from recipflow.advice.holds import Held, Hold
from recipflow.guards import GiftRule
from recipflow.ledger.relationship import Favour, OpenItem, Relationship
from recipflow.model import (
    ActType,
    Asking,
    Contact,
    Kind,
    Nudge,
    NudgeKind,
    ProfileName,
    Question,
    Tag,
)
from recipflow.people.addresses import is_pager
from recipflow.standing import Standing, Terms

MISSED_DAYS = 60.0
"""Days before an ask in which an answer of mine to mail nobody read shows that theirs is not all kept."""
DECISION_DAYS = 180.0
"""Days for which a decision found in mail is taken for pending when no mail tells how it fell. Ours."""
UNSEEN_DAYS = 7.0
"""The same for an answer of theirs to mail of mine: most people keep what they send, so one gap is soon over. Ours."""
STOPPED_DAYS = 2.0
"""Days without a look at an account from which on silence says nothing: it may have been broken in there. Ours."""
KEY_LENGTH = 8
"""Hexadecimal digits in a nudge's key: short enough to type, one collision in a thousand ledgers of a hundred nudges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One contact at one moment: everything `advise` looks at."""

    contact: Contact
    relationship: Relationship
    standing: Standing  #: advanced to now
    terms: Terms
    now: float  #: days since the epoch, UTC
    zone: tzinfo
    #: Up to when all was read, where an account has stopped since; None: to now.
    read_until: float | None = None
    organisation: Pace = field(default_factory=Pace)
    colleague: bool = False  #: they work where the user does
    generous: bool = False  #: much of what is given in this mailbox is more than duty
    gift_rule: GiftRule | None = None  #: the rule about gifts that is likely to bind them
    matches: tuple[Match, ...] = ()
    news: tuple[News, ...] = ()

    @property
    def today(self) -> date:
        return local_date(self.now, self.zone)

    @property
    def close(self) -> bool:
        return self.contact.profile is ProfileName.CLOSE

    @property
    def chosen(self) -> bool:
        """Whether the user has something in mind with them."""
        return self.contact.watched or bool(self.contact.plans)

    @property
    def hasty(self) -> bool:
        """Whether all their addresses are such as one answers at once, or not at all."""
        return all(map(is_pager, self.contact.addresses))

    def tagged(self, tag: Tag) -> bool:
        return tag in self.contact.tags

    @property
    def guarded(self) -> bool:
        """Whether rules about gifts may apply to them."""
        return self.tagged(Tag.PUBLIC_SECTOR) or self.tagged(Tag.REGULATED)

    def decisions(self) -> Iterator[tuple[float, float]]:
        """From when until when they decide about something of the user's, by tag or by mail (days since the epoch)."""
        for begins, ends in self.contact.pending_decisions:
            yield start_of(begins, self.zone), end_of(ends, self.zone)
        for remark in self.relationship.decisions:
            last = remark.at if remark.due is None else max(remark.at, start_of(remark.due, self.zone))
            yield remark.at, last + DECISION_DAYS

    def decided_at(self) -> float | None:
        """When the decision that is pending now falls, as far as is known; None when none is."""
        ends = [end for begins, end in self.decisions() if begins <= self.now < end]
        return max(ends, default=None)

    def owing_turns(self) -> float | None:
        """When the user begins or ceases to owe next; sought from the last act on: the same whenever it is asked."""
        standing = self.relationship.standing
        at = model.owing_changes_at(standing, self.terms)
        while at is not None and at <= self.now:
            standing = model.advance(standing, at, self.terms)
            at = model.owing_changes_at(standing, self.terms)
        return at

    def blind_since(self, t: float) -> Hold | None:
        """Why what did *not* happen since `t` cannot be known, or None when it can."""
        unread = self.relationship.last_unread
        if unread is not None and unread >= t:
            return Hold.UNREAD
        stopped = self.read_until is not None and self.now - self.read_until > STOPPED_DAYS
        return Hold.GAP if stopped else None

    def deaf_since(self, t: float) -> Hold | None:
        """Why it cannot be known whether *they* wrote since `t`, or None when it can."""
        missed = self.relationship.last_missed
        if missed is not None and missed >= t - MISSED_DAYS:
            return Hold.MISSED
        return self.blind_since(t)

    def mute_since(self, t: float) -> Hold | None:
        """Why it cannot be known whether the *user* wrote since `t`, or None when it can."""
        unseen = self.relationship.last_unseen
        if unseen is not None and unseen >= t - UNSEEN_DAYS:
            return Hold.UNSEEN
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

    def question(
        self,
        kind: Asking,
        about: OpenItem | Favour,
        act: ActType,
        *,
        opens: float,
        closes: float,
        **facts: str | int | float | date,
    ) -> Question:
        """A question to the user about one sentence; what is of no kind in particular is called something."""
        what = {"what": about.what} if about.what not in (None, Kind.HELP) else {}
        return Question(
            key=key_of(f"question {kind}", self.contact.id, about.interaction),
            kind=kind,
            contact=self.contact.id,
            interaction=about.interaction,
            act=act,
            opens=instant(opens),
            closes=instant(closes),
            quote=about.quote,
            facts={"day": local_date(about.at, self.zone), **what, **facts},
        )

    def doubted(
        self, kind: Asking, item: OpenItem, act: ActType, found: Nudge | Held, *, still: int = 0
    ) -> Finding:
        """In the place of advice on what is not sure: a question while it would stand, and when it would begin."""
        if isinstance(found, Held) or found.closes is None:
            until = found.until if isinstance(found, Held) else None
            return Turn(item.at if until is None else until)
        opens, closes = (at.timestamp() / DAY for at in (found.opens, found.closes))
        due = {} if item.due is None else {"due": item.due}
        return self.question(kind, item, act, opens=opens, closes=closes, still=still, **due)

    def _numbers(self) -> dict[str, float]:
        return {
            "goodwill": self.standing.goodwill,
            "readiness": self.standing.readiness,
            "owed": self.standing.owed,
            "pressure": self.standing.pressure,
        }


@dataclass(frozen=True, slots=True)
class Turn:
    """An instant (days since the epoch) at which a rule's answer may change, though nothing happens."""

    at: float


Finding = Nudge | Question | Held | Turn


def key_of(kind: str, contact: str, episode: str) -> str:
    """A short name that stays the same for the same advice, and tells nobody about whom or what it is."""
    return hashlib.sha256(f"{contact}\n{kind}\n{episode}".encode()).hexdigest()[:KEY_LENGTH]
