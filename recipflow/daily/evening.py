"""A second look in the afternoon: what began since the digest of the morning, and is over before the next one.

After a no, a smaller ask is seen as a step back for some hours only; a window in sales may open and close within a day.
A digest a day cannot tell of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

from recipflow import assembly
from recipflow.daily import margins, morning
from recipflow.daily.choosing import Chosen, Told, choose
from recipflow.daily.composed import Morning
from recipflow.daily.letters import Random, nothing, put_out
from recipflow.daily.quiet import quiet
from recipflow.daily.turns import first_try
from recipflow.digest.model import Digest, compose
from recipflow.insight import nudges as shown_of
from recipflow.model import Nudge, NudgeKind
from recipflow.outbox import digest_key
from recipflow.store import DeliveryState

if TYPE_CHECKING:
    from recipflow.insight import Standpoint
    from recipflow.session import Session

_OPEN = frozenset({DeliveryState.STAGED, DeliveryState.SENDING})


def wanted(session: Session) -> bool:
    """Whether there is a second look at all: a page in a file is written anew each time, and has room for one."""
    settings = session.settings.digest
    by_mail = bool(settings.via) and not settings.via.startswith("file:")
    return by_mail and settings.late_hour > settings.hour


def due(session: Session, now: datetime) -> bool:
    """Whether its hour has come, the digest of the morning came to its end, and nobody looked today."""
    local = now.astimezone(session.zone)
    if not wanted(session) or local.hour < session.settings.digest.late_hour:
        return False
    before = session.store.deliveries.get(morning.key_of(session, local.date()))
    settled = before is not None and before.state not in _OPEN
    return settled and session.store.deliveries.get(_key(session, now)) is None


def next_hour(session: Session, now: datetime) -> datetime | None:
    """When the next second look falls due; None when none is wanted."""
    return morning.next_at(session.settings.digest.late_hour, session, now) if wanted(session) else None


def stage(session: Session, now: datetime, random: Random) -> bool:
    """Look, and stage what is found, in one transaction; False when there is nothing worth a mail."""
    found, key = prepare(session, now), _key(session, now)
    with session.store.transaction():
        if found.worth:
            put_out(session, found, key, now, random, first_try=first_try(session, found.day, now, random))
        else:
            session.store.deliveries.stage(nothing(session, key, now))
    return found.worth


def prepare(session: Session, now: datetime) -> Morning:
    """The mail as it would be made now; nothing is changed. On a quiet day it says nothing."""
    points, day = list(session.standpoints(now)), morning.today(session, now)
    at_rest, _ = quiet(session, day)
    chosen = Chosen(nudges=()) if at_rest else _chosen(session, points, now)
    return Morning(
        day=day,
        chosen=chosen,
        asked=(),
        digest=_composed(session, chosen, {one.contact.id: one.contact.name for one in points}, now),
        quiet=at_rest,
        by=date.max,
        stuck=False,
        subject=assembly.wording().subject(len(chosen.nudges), late=True),
        late=True,
    )


def _chosen(session: Session, points: Iterable[Standpoint], now: datetime) -> Chosen:
    lives, limits = session.store.decisions.lives(), session.settings.digest
    told = Told(lives=lives, now=now, zone=session.zone)
    standing = shown_of(points, lives, now, session.zone)
    return choose(
        _passing(standing, told, morning.next_hour(session, now)),
        told,
        began=morning.began(session, now),
        quiet=False,
        limit=limits.max_items,
        of_one=limits.max_per_contact,
    )


def _passing(standing: Iterable[Nudge], told: Told, next_digest: datetime | None) -> Iterator[Nudge]:
    """What nobody was told of, and the next digest would be too late for; a window not open yet is not lost."""
    for nudge in standing:
        over = nudge.closes is not None and next_digest is not None and nudge.closes <= next_digest
        if over and not told.said(nudge) and nudge.kind is not NudgeKind.ASK_SOON:
            yield nudge


def _composed(session: Session, chosen: Chosen, names: Mapping[str, str], now: datetime) -> Digest:
    """These nudges, and nothing that the digest of the morning said but which account needs the user."""
    return compose(
        chosen.nudges,
        names,
        wording=assembly.wording(),
        now=now,
        tz=session.zone,
        version=version("recipflow"),
        limit=None,
        quotes=session.settings.digest.detail.value == "quotes",
        notes=margins.needs(session),
        footer=[margins.HOW],
    )


def _key(session: Session, now: datetime) -> str:
    return digest_key(session.settings.digest.via, morning.today(session, now), late=True)
