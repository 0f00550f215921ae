"""Contacts, what the user says of them, and what the user intends with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from recipflow.model.acts import ContactId, Kind


class ProfileName(StrEnum):
    SALES = "sales"
    BUSINESS = "business"
    CLOSE = "close"


class NormName(StrEnum):
    NEUTRAL = "neutral"
    ENDURING = "enduring"
    IN_KIND = "in_kind"


class Tag(StrEnum):
    """What the user says of a contact; each only ever holds advice back."""

    PUBLIC_SECTOR = "public_sector"
    REGULATED = "regulated"
    DEPENDANT = "dependant"  #: reports, students, patients: no windows
    NOT_PUBLIC = "not_public_sector"  #: the address looks like it, and it is not so
    TEAM = "team"  #: works with the user every day: routine traffic is duty
    PRIVATE = "private"  #: nothing about them is stored
    NEVER = "never"  #: no advice, for good


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the user intends with a contact. Sizes are in fu."""

    id: str  #: names it for as long as it stands
    at: datetime  #: when it was made
    ask: str  #: in the user's words
    size: float = 1.0
    by: date | None = None  #: when the user needs it
    first: str = ""  #: a larger ask that is meant, and comes before it
    first_size: float = 0.0
    give: str = ""  #: what the user thinks of giving, if anything
    give_kind: Kind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person the user wrote to, answered or met, with what the user said about them."""

    id: ContactId  #: the primary address
    addresses: tuple[str, ...]
    name: str = ""
    profile: ProfileName | None = None  #: None: not confirmed, read as business
    norm: NormName = NormName.NEUTRAL
    norm_said: bool = False  #: the user chose it: for them, their group, or everybody
    tz: str | None = None
    tags: frozenset[Tag] = frozenset()
    pending_decisions: tuple[tuple[date, date], ...] = ()
    watched: bool = False  #: on the user's watch list: windows are shown
    plans: tuple[Plan, ...] = ()  #: in the order in which they were made
    gift_rule: str = ""  #: the rule about gifts the user says binds them; "": as their domain tells


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What the user assumes of everybody at a domain, with a tag, or both."""

    domain: str = ""
    tag: Tag | None = None
    profile: ProfileName | None = None
    norm: NormName | None = None

    def holds(self, contact: Contact) -> bool:
        hosts = (one.rpartition("@")[2] for one in contact.addresses)
        there = any(host == self.domain or host.endswith(f".{self.domain}") for host in hosts)
        return (not self.domain or there) and (self.tag is None or self.tag in contact.tags)
