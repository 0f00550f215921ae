"""Entries and advice for tests, in a few words each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from recipflow import standing as model
from recipflow.advice import Advice, View, advise
from recipflow.ledger import fold
from recipflow.ledger.relationship import Relationship, current
from recipflow.model import Act, ActType, Channel, Contact, Entry, Flag, Kind, NormName, ProfileName, Side
from recipflow.packs import read_toml
from recipflow.standing import read_norms, read_profiles

ZONE = ZoneInfo("Europe/Lisbon")
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
DANA = Contact(id="dana@ruiz.example", addresses=("dana@ruiz.example",), name="Dana Ruiz")


def terms_of(contact: Contact) -> model.Terms:
    profiles, norms = read_profiles(read_toml("profiles.toml")), read_norms(read_toml("norms.toml"))
    return model.terms(
        profiles[contact.profile or ProfileName.BUSINESS], norms[contact.norm or NormName.NEUTRAL]
    )


def act(
    what: ActType,
    size: float | None = None,
    kind: Kind | None = None,
    *,
    notable: bool = False,
    routine: bool = False,
    flags: Iterable[Flag] = (),
    due: date | None = None,
    quote: str = "",
    rule: str = "",
) -> Act:
    """An act whose side and contact `entry` fills in."""
    return Act(
        contact=DANA.id,
        by=Side.ME,
        act=what,
        kind=kind or (None if what is ActType.THANKS else Kind.HELP),
        size=size if size is not None or what is ActType.THANKS else 2.0,
        notable=notable,
        routine=routine,
        flags=frozenset(flags),
        due=due,
        quote=quote or f"{what} {kind or ''}".strip(),
        rule=rule,
        notable_confidence=float(notable),
    )


def entry(
    day: float,
    by: Side,
    *acts: Act,
    thread: str = "t",
    channel: Channel = Channel.MAIL,
    question: bool = False,
    unread: bool = False,
    away_until: date | None = None,
) -> Entry:
    """One interaction, `day` days after a Monday morning."""
    at = MONDAY + timedelta(days=day)
    return Entry(
        interaction=f"{by}-{at.isoformat()}",
        at=at,
        by=by,
        thread=thread,
        channel=channel,
        acts=tuple(replace(one, by=by) for one in acts),
        question=question,
        unread=unread,
        away_until=away_until,
    )


def folded(entries: Iterable[Entry], day: float, contact: Contact = DANA) -> Relationship:
    """The relationship as it stands on that day."""
    now = MONDAY + timedelta(days=day)
    return fold([one for one in entries if one.at <= now], terms_of(contact), now.timestamp() / 86_400)


def advised(entries: Iterable[Entry], day: float, contact: Contact = DANA) -> Advice:
    """What there is to say on that day."""
    return advise(viewed(folded(entries, day, contact), day, contact))


def viewed(relationship: Relationship, day: float, contact: Contact = DANA) -> View:
    now = (MONDAY + timedelta(days=day)).timestamp() / 86_400
    terms = terms_of(contact)
    return View(
        contact=contact,
        relationship=current(relationship, now),
        standing=model.advance(relationship.standing, now, terms),
        terms=terms,
        now=now,
        zone=ZONE,
    )
