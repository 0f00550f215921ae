"""The shape of config.toml. Only `recipflow.config` loads this module: pydantic takes its time to import."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from recipflow.model import Contact, Group, NormName, ProfileName, Tag
from recipflow.secrets import Keep
from recipflow.spellings import (
    PENDING,
    Address,
    Country,
    Days,
    EventName,
    Hours,
    TagName,
    Via,
    Zone,
    hours,
    period,
    span,
)

VIA_PATHS = {"digest.via": ("file", "maildir"), "reminders.via": ("file", "digest")}
"""Where things can go without an account: before the colon."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Me(_Section):
    """The user."""

    addresses: tuple[Address, ...] = ()
    assistants: dict[Address, bool] = {}  #: who send mail in the user's name: whether it counts as the user's
    name: str = ""
    tz: Zone | None = None  #: None: the computer's own

    @field_validator("assistants", mode="before")
    @classmethod
    def _as_a_table(cls, given: Any) -> Any:
        """A list is of those whose mail does not count."""
        return dict.fromkeys(given, False) if isinstance(given, list) else given


class Detail(StrEnum):
    """What the digest may carry through the user's provider."""

    NAMES = "names"
    QUOTES = "quotes"


class Weekday(StrEnum):
    """In the order of `date.weekday`."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


WORKING_DAYS = tuple(Weekday)[:5]


class Digest(_Section):
    hour: int = Field(default=7, ge=0, le=23)
    late_hour: int = Field(default=17, ge=0, le=23)  #: of a second look; not after `hour`, there is none
    detail: Detail = Detail.NAMES
    max_items: int = Field(default=7, ge=1, le=50)
    max_per_contact: int = Field(default=2, ge=1, le=10)
    via: Via = ""  #: an account's name, file:PATH, maildir:PATH; "" sends none
    to: Address | None = None  #: None: the address of the account that takes it, else the first of the user's
    quiet_days: tuple[Weekday, ...] = (Weekday.SATURDAY, Weekday.SUNDAY)
    country: Country | None = None  #: whose public holidays are quiet
    away: tuple[Days, ...] = ()  #: FROM..TO, when the user is away
    review: bool = True  #: the first digest of a month looks back on the one before

    def spans(self) -> tuple[tuple[date, date], ...]:
        """First and last day of each absence."""
        return tuple(map(span, self.away))


class Reminders(_Section):
    """Events in a calendar of the user's own."""

    via: Via = ""  #: an account's name, file:PATH for an .ics, "digest" to enclose it there; "" makes none
    days: tuple[Weekday, ...] = WORKING_DAYS
    hours: Hours = "09:00-17:00"
    minutes: int = Field(default=15, ge=5, le=120)
    alarm: int | None = Field(default=None, ge=0, le=10_080)  #: minutes before; None: no alarm

    def between(self) -> tuple[time, time]:
        """When working hours begin and end."""
        return hours(self.hours)


class Hook(_Section):
    """A program of the user's that is told when a nudge begins to stand."""

    on: tuple[EventName, ...] = ()  #: names of events, or "*" for all
    run: tuple[str, ...] = Field(min_length=1)  #: the program and its arguments
    name: str = ""
    seconds: float = Field(default=10.0, gt=0, le=300)

    @property
    def called(self) -> str:
        return self.name or " ".join(self.run)


class Notices(_Section):
    """Desktop notices for what cannot wait."""

    enabled: bool = False


class Daemon(_Section):
    """What `recipflow run` does by itself."""

    poll_minutes: int = Field(default=5, ge=1, le=1440)
    backups: int = Field(default=7, ge=0, le=365)  #: daily copies of the database that are kept


class ProfileChange(_Section):
    """The three numbers of a profile worth changing; None leaves the built-in one."""

    half_substantial_fu: float | None = Field(default=None, gt=0, le=100)
    small_half_life_days: float | None = Field(default=None, gt=0, le=365)
    freshness_minutes: float | None = Field(default=None, gt=0, le=43200)


class Profiles(_Section):
    sales: ProfileChange = ProfileChange()
    business: ProfileChange = ProfileChange()
    close: ProfileChange = ProfileChange()


class ContactTable(_Section):
    """What the user says of a contact."""

    addresses: tuple[Address, ...] = Field(min_length=1)
    name: str = ""
    profile: ProfileName | None = None
    norm: NormName | None = None
    tz: Zone | None = None
    tags: tuple[TagName, ...] = ()
    watched: bool = False
    gift_rule: str = ""

    def contact(self, norm: NormName) -> Contact:
        return Contact(
            id=self.addresses[0],
            addresses=tuple(dict.fromkeys(self.addresses)),
            name=self.name,
            profile=self.profile,
            norm=self.norm or norm,
            norm_said=self.norm is not None,
            gift_rule=self.gift_rule,
            tz=self.tz,
            tags=frozenset(Tag(tag) for tag in self.tags if not tag.startswith(PENDING)),
            pending_decisions=tuple(sorted(period(tag) for tag in self.tags if tag.startswith(PENDING))),
            watched=self.watched,
        )


class GroupTable(_Section):
    """What the user assumes of everybody at a domain or with a tag."""

    domain: str | None = None
    tag: TagName | None = None
    profile: ProfileName | None = None
    norm: NormName | None = None

    @model_validator(mode="after")
    def _of_somebody(self) -> GroupTable:
        if not self.domain and not self.tag:
            raise ValueError("must name a domain or a tag")
        return self

    def group(self) -> Group:
        return Group(
            domain=(self.domain or "").strip().lower().removeprefix("@"),
            tag=Tag(self.tag) if self.tag else None,
            profile=self.profile,
            norm=self.norm,
        )


class MyPolicy(_Section):
    """The limit of the user's own employer on gifts."""

    per_occasion: float | None = Field(default=None, ge=0)
    per_year: float | None = Field(default=None, ge=0)
    currency: str = Field(default="EUR", pattern="^[A-Z]{3}$")
    source: str = ""


class AccountTable(_Section):
    """One mailbox or calendar; what else stands in its table is the connector's, and checked by it."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)

    name: str = Field(min_length=1)
    connector: str = Field(min_length=1)
    vault: str = ""  #: whose secrets it uses, "google:ann@example.org"; accounts may share one

    @property
    def settings(self) -> dict[str, Any]:
        return dict(self.model_extra or {})


class Rules(_Section):
    dirs: tuple[str, ...] = ()


class Settings(_Section):
    """config.toml, checked."""

    default_profile: ProfileName = ProfileName.BUSINESS
    default_norm: NormName = NormName.NEUTRAL
    keep_text_days: int = Field(default=3650, ge=0, le=36500)
    secrets: Keep = Keep.AUTO
    me: Me = Me()
    digest: Digest = Digest()
    reminders: Reminders = Reminders()
    notices: Notices = Notices()
    daemon: Daemon = Daemon()
    hook: tuple[Hook, ...] = ()
    rules: Rules = Rules()
    profiles: Profiles = Profiles()
    contacts: tuple[ContactTable, ...] = ()
    groups: tuple[GroupTable, ...] = ()
    my_policy: MyPolicy = MyPolicy()
    accounts: tuple[AccountTable, ...] = ()

    def people(self) -> tuple[Contact, ...]:
        """The contacts, with the default norm where none was given."""
        return tuple(one.contact(self.default_norm) for one in self.contacts)
