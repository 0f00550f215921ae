"""What may be set for an account at Google, checked with all its problems at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self

from recipflow.errors import UserError
from recipflow_connectors.given import problems_of, unsafe
from recipflow_connectors.google.box import MESSAGE

_KINDS = {"str": str, "int": int, "bool": bool, "tuple[str, ...]": list}


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
        kinds = {field.name: _KINDS[str(field.type)] for field in fields(cls)}
        problems = problems_of(table, cls.CONNECTOR, kinds, may=cls.ALLOWED)
        problems += unsafe(table, cls.CONNECTOR, "url")
        if problems:
            raise UserError(problems)
        given: dict[str, Any] = {
            key: tuple(one) if isinstance(one, list) else one for key, one in table.items()
        }
        return cls(**given)


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
