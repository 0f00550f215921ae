"""A place in the loop: a step, since when, and what is next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Step(StrEnum):
    """In the order of the loop."""

    IDENTIFY = "identify"
    GIVE = "give"
    MATURE = "mature"
    ASK = "ask"
    REINFORCE = "reinforce"


Fact = str | int | float | date


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where it stands. `key` names the sentence on what is next; times are in days since the epoch."""

    step: Step
    key: str
    since: float | None = None
    until: float | None = None  #: when it may change by itself
    facts: dict[str, Fact] = field(default_factory=dict)
    quote: str = ""
    interaction: str = ""
