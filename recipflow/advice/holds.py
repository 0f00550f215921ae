"""What holds advice back: each reason has its sentence in the wording file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from recipflow.model import NudgeKind
from recipflow.standing import AskWarning


class Hold(StrEnum):
    """Why advice of a kind does not stand though something is there that it could speak of."""

    FRESH = "fresh"  #: less than a day old
    NOT_DUE = "not_due"
    LONG_DUE = "long_due"
    TIME_TO_ANSWER = "time_to_answer"  #: mine to answer
    THEIR_TIME = "their_time"  #: theirs
    NOT_PASSED = "not_passed"  #: the day they named
    UNREAD = "unread"
    GAP = "gap"
    MISSED = "missed"  #: mail of theirs that I answered
    UNSEEN = "unseen"  #: mail of mine that they answered
    COLLEAGUE = "colleague"
    MUTUAL = "mutual"
    AWAY = "away"
    SETTLING = "settling"
    CLOSE = "close"
    DEPENDANT = "dependant"
    DECIDING = "deciding"
    GIFT = "gift"  #: of mine, to somebody whom rules about gifts may bind
    ROUNDS = "rounds"
    THANKS = "thanks"
    REFUSED = "refused"
    ANSWER_OWED = "answer_owed"
    PROMISED = "promised"
    ASKED = "asked"
    NOT_PLACED = "not_placed"
    NOT_EVEN_SMALLER = "not_even_smaller"
    IN_TOUCH = "in_touch"
    UNSURE = "unsure"  #: whether it was a favour
    ORGANISATION = "organisation"  #: people there were asked a good deal, taken together
    ROOM = "room"  #: they want leaving alone for a while


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Advice of this kind does not stand: why, and when that answer may change by itself (days since the epoch)."""

    kind: NudgeKind
    because: Hold
    until: float | None = None
    facts: Mapping[str, date] = field(default_factory=dict)
    warning: AskWarning | None = None  #: the model's, for those who ask for numbers
