"""What may be set for an account at Google, checked with all its problems at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self

from recipflow.errors import UserError
from recipflow_connectors.google.box import MESSAGE

_WANTED = {"str": "a text", "int": "a whole number above 0", "bool": "true or false"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settings:
    """What both have in common. Each field is a key of the account's table."""

    address: str = ""  #: the account's, for people to read and to sign in with again
    since_days: int = 365  #: how far back to read at first
    allow: tuple[str, ...] = ()  #: what may be written

    CONNECTOR: ClassVar[str]
    ALLOWED: ClassVar[str]  #: the one thing that may be

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> Self:
        """The settings in an account's table; a UserError lists every problem."""
        kinds = {field.name: str(field.type) for field in fields(cls)}
        problems = dict.fromkeys(sorted(set(table) - set(kinds)), "there is no such setting.")
        problems |= {key: cls._problem(key, kind, table[key]) for key, kind in kinds.items() if key in table}
        if any(problems.values()):
            raise UserError(
                f"{cls.CONNECTOR}.{key}: {problem}" for key, problem in problems.items() if problem
            )
        given: dict[str, Any] = {
            key: tuple(one) if isinstance(one, list) else one for key, one in table.items()
        }
        return cls(**given)

    @classmethod
    def _problem(cls, key: str, kind: str, given: Any) -> str:
        if kind.startswith("tuple"):
            texts = isinstance(given, list | tuple) and all(isinstance(one, str) for one in given)
            if key == "allow":
                return "" if texts and set(given) <= {cls.ALLOWED} else f'give ["{cls.ALLOWED}"] or nothing.'
            return "" if texts else "give a list of texts."
        right = type(given).__name__ == kind and (kind != "int" or given > 0)
        return "" if right else f"give {_WANTED[kind]}."


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings(_Settings):
    """A mailbox."""

    CONNECTOR = "gmail"
    ALLOWED = "digest"

    url: str = "https://gmail.googleapis.com/"
    drafts: bool = False  #: whether drafts may be looked at
    #: The lower of the published limits, of projects made since May 2026; older ones have 15,000 a minute, and a
    #: message costs 5: https://developers.google.com/workspace/gmail/api/reference/quota
    units_per_minute: int = 6_000
    units_per_message: int = MESSAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSettings(_Settings):
    """Some calendars."""

    CONNECTOR = "google_calendar"
    ALLOWED = "reminders"

    url: str = "https://www.googleapis.com/calendar/v3/"
    calendars: tuple[str, ...] = ("primary",)  #: ids
