"""One relationship in words: where it stands, what is open, and what each side did, with quotes and dates."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from recipflow.advice import Held
from recipflow.advice.days import instant
from recipflow.foreign import one_line
from recipflow.ledger.once import told_once
from recipflow.ledger.relationship import FORGET_DAYS, Answer, OpenItem, OpenKind, Relationship
from recipflow.model import Act, ActType, Entry, Flag, Nudge, NudgeKind, ProfileName, Side, Tag
from recipflow.wording import Wording

_GUARDS = (Tag.NEVER, Tag.PRIVATE, Tag.DEPENDANT, Tag.TEAM, Tag.PUBLIC_SECTOR, Tag.REGULATED)
_TOLD_BY = (Flag.REPAID, Flag.WITHDRAWN)
"""What an act is told by, before its type."""
_DAY = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One act of either side, as it is told."""

    at: datetime
    act: Act
    message: str  #: the interaction it stands on
    sentence: str


@dataclass(frozen=True, slots=True)
class Painter:
    """Tells of one contact as of `now`."""

    wording: Wording
    name: str
    zone: tzinfo
    now: datetime

    def where(self, relationship: Relationship, nudges: Sequence[Nudge]) -> str:
        """A sentence or two on where it stands."""
        if nudges:
            return " ".join(self.because(one) for one in nudges)
        if waiting := self.waiting(relationship):
            return waiting[0]
        return " ".join((self._tell("where", "quiet", {}), *self.touch(relationship)))

    def because(self, nudge: Nudge) -> str:
        return self.wording.because(nudge, self.name, tz=self.zone, now=self.now)

    def touch(self, relationship: Relationship) -> Iterator[str]:
        """When each side was heard last."""
        mine, theirs = relationship.last_mine, relationship.last_theirs
        facts = {"day": instant(mine) if mine else None, "since": instant(theirs) if theirs else None}
        if mine or theirs:
            yield self._tell("where", "mine" if mine else "theirs", facts)

    def waiting(self, relationship: Relationship) -> list[str]:
        """What is open, and thanks that are due, each with its quote."""
        current = [one for one in relationship.items if self._days() - one.last <= FORGET_DAYS]
        thanks = [
            self._quoted(
                self._tell("open", "thanks_due", {"day": instant(one.at), "what": one.what}), one.quote
            )
            for one in relationship.favours
        ]
        return [*(self._open(one) for one in current), *thanks]

    def guards(self, tags: Iterable[Tag], profile: ProfileName | None) -> list[str]:
        """What the user said that holds advice back."""
        known = set(tags)
        said = [self._tell("guard", tag.value, {}) for tag in _GUARDS if tag in known]
        return [*said, self._tell("guard", "close", {})] if profile is ProfileName.CLOSE else said

    def held(self, held: Held, *, numbers: bool) -> str:
        """What holds it back; with numbers, the model's own word for it, too."""
        said = self._tell("held", held.because.value, held.facts)
        return f"{said} ({held.warning})" if numbers and held.warning else said

    def unseen(self, why: str) -> str:
        """Why advice that stands is not shown."""
        return self._tell("unseen", why, {})

    def nothing(self, kind: NudgeKind) -> str:
        """Why there is no such advice, where nothing in particular holds it back."""
        return self._tell("nothing", kind.value, {})

    def doubted(self, kind: NudgeKind) -> str:
        """That the user is asked instead of advised."""
        return self._tell("doubted", kind.value, {})

    def deeds(
        self, entries: Iterable[Entry], *, everything: bool = False, delivered: Container[str] = ()
    ) -> Iterator[Deed]:
        """What each side did, newest first; without `everything`, not the plain traffic that moves nothing. A give in one of
        `delivered` (interactions) is none: it brought what was asked for."""
        for entry in sorted(entries, key=lambda one: (one.at, one.interaction), reverse=True):
            for act in entry.acts if everything else told_once(entry.acts):
                plain = act.routine and act.act is ActType.GIVE and entry.interaction not in delivered
                plain = plain and Flag.REPAID not in act.flags
                if everything or (act.counts and not plain):
                    yield Deed(
                        at=entry.at, act=act, message=entry.interaction, sentence=self._deed(entry, act)
                    )

    def _deed(self, entry: Entry, act: Act) -> str:
        key = next((flag.value for flag in _TOLD_BY if flag in act.flags), act.act.value)
        said = self._tell("deed", key, {"day": entry.at, "what": act.kind})
        return self._quoted(said, act.quote)

    def _open(self, item: OpenItem) -> str:
        both = f"{item.kind.value}_{item.state.value}"
        key = both if item.kind is OpenKind.MY_ASK else f"{item.kind.value}_pending"
        facts = {"day": instant(item.at), "due": item.due, "what": item.what}
        return self._quoted(self._tell("open", key, facts), item.quote)

    def _tell(self, table: str, key: str, facts: Mapping[str, object]) -> str:
        known = {name: value for name, value in facts.items() if value is not None}
        return self.wording.tell(table, key, self.name, known, tz=self.zone, now=self.now)

    def _quoted(self, sentence: str, quote: str) -> str:
        return f"{sentence} “{one_line(quote)}”" if quote else sentence

    def _days(self) -> float:
        return self.now.timestamp() / _DAY


def delivered(relationship: Relationship) -> frozenset[str]:
    """The interactions of theirs that brought what I had asked for."""
    return frozenset(one.interaction for one in relationship.answered if one.answer is Answer.DELIVERED)


def sides(deeds: Iterable[Deed]) -> tuple[list[Deed], list[Deed]]:
    """Mine, and theirs."""
    mine: list[Deed] = []
    theirs: list[Deed] = []
    for deed in deeds:
        (mine if deed.act.by is Side.ME else theirs).append(deed)
    return mine, theirs
