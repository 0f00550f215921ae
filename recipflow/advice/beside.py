"""What advice about one contact looks at beside their ledger: their organisation, others' needs, what came of a favour."""

from __future__ import annotations

from dataclasses import dataclass

from recipflow.model import Kind

ORGANISATION = 5
"""Asks to one organisation within a week that are too many (DESIGN.md)."""
WEEK = 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What was asked lately at the contact's organisation, of anybody there."""

    asks: int = 0
    since: float | None = None
    newest: float | None = None
    people: int = 0

    @property
    def crowded(self) -> bool:
        """Whether several people there were asked too much within a week, taken together."""
        return self.asks >= ORGANISATION and self.people > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Somebody else whose own need meets one of the contact's."""

    need: str  #: the contact's, as quoted
    other: str  #: who it is
    interaction: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What came of a favour of theirs. Times are in days since the epoch."""

    #: The interaction that helped; "" where mail does not show it, and the user says so all the same.
    favour: str = ""
    since: float | None = None  #: when that was
    what: Kind = Kind.INTRO  #: what they did
    other: str = ""  #: whom it brought, if anybody
    at: float  #: when something came of it
    interaction: str
    quote: str
    told: bool = False  #: the user has thanked or told them since, or may have
