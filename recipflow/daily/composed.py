"""A digest as it is composed: what is in it, and whether it is worth a mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from recipflow.daily.choosing import Chosen
from recipflow.digest.model import Digest
from recipflow.model import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """One day's digest, not sent yet."""

    day: date
    chosen: Chosen
    asked: tuple[Question, ...]  #: what it asks at its end
    digest: Digest
    quiet: bool
    by: date  #: when one comes though nothing is new
    stuck: bool  #: an account came to need the user since the last one
    subject: str
    late: bool = False  #: it is that of a second look in the afternoon

    @property
    def worth(self) -> bool:
        """Whether it is worth a mail: something in it presses, none came for long, or advice would rest on mail unread."""
        worth = self.chosen.worth(silent=self.day >= self.by, quiet=self.quiet)
        return worth or (self.stuck and bool(self.chosen.nudges))
