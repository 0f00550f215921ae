"""What is said to the user: advice, and questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from recipflow.model.acts import ActType, ContactId


class NudgeKind(StrEnum):
    """In the digest's order."""

    COMPLIANCE = "compliance"
    THANK = "thank"
    KEEP_PROMISE = "keep_promise"
    REPLY_OWED = "reply_owed"
    GIVE_BACK = "give_back"
    REPORT_BACK = "report_back"
    HOLD_BACK = "hold_back"
    FOLLOW_UP = "follow_up"
    AWAITED = "awaited"
    RETREAT = "retreat"
    ASK_NOW = "ask_now"
    ASK_SOON = "ask_soon"
    STALE = "stale"
    COULD_GIVE = "could_give"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """One piece of advice, with what it stands on."""

    key: str  #: stable: contact, kind, episode
    kind: NudgeKind
    contact: ContactId
    opens: datetime
    closes: datetime | None = None
    quote: str = ""
    evidence: tuple[str, ...] = ()  #: ids of interactions, newest last
    facts: Mapping[str, str | int | float | date] = field(default_factory=dict)  #: what the wording needs
    numbers: Mapping[str, float] = field(default_factory=dict)  #: shown only under `--numbers`
    shown: bool = True


class Asking(StrEnum):
    """What the user is asked about, where reading is not sure enough for advice; in the order they come up."""

    THEIR_ASK = "their_ask"
    MY_PROMISE = "my_promise"
    FAVOUR = "favour"  #: something they did
    THEIR_PROMISE = "their_promise"
    MY_ASK = "my_ask"  #: whether it was one
    MY_GIVE = "my_give"  #: whether it helped


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One yes-or-no question to the user about a sentence; the answer is a correction."""

    key: str  #: stable: contact, kind, interaction
    kind: Asking
    contact: ContactId
    interaction: str
    act: ActType
    opens: datetime
    closes: datetime
    quote: str = ""
    facts: Mapping[str, str | int | float | date] = field(default_factory=dict)
    shown: bool = False

    @property
    def still(self) -> bool:
        """Whether it asks if something that was surely said still waits; a no says that it was dealt with."""
        return bool(self.facts.get("still"))
