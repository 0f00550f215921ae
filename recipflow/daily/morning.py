"""The digest of a day: what stands, chosen and composed; staged once a day, or found to be nothing worth a mail."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING

from recipflow import assembly
from recipflow.connector import Enclosure
from recipflow.daily import looking_back, margins
from recipflow.daily.choosing import REST, SILENCE, Chosen, Told, choose, questions_beside
from recipflow.daily.composed import Morning
from recipflow.daily.letters import Random, nothing, put_out
from recipflow.daily.quiet import quiet
from recipflow.daily.turns import first_try
from recipflow.digest.coverage import coverage
from recipflow.digest.model import Digest, compose
from recipflow.insight import nudges as shown_of
from recipflow.insight.lives import shown_again
from recipflow.outbox import digest_key
from recipflow.store import Delivery, DeliveryForm, DeliveryState

if TYPE_CHECKING:
    from recipflow.insight import Standpoint
    from recipflow.model import Question
    from recipflow.session import Session

BEGAN = "began"
"""The note of when the first digest was made: what stood long before is not news."""
WAITS = "digest waits"
"""The note of since when a digest that is due waits for mail to be read."""
PATIENCE = timedelta(hours=2)
"""So long it waits: then it says what is known, and its footer since when nothing was read."""
FRESH = timedelta(hours=1)
"""An account read so lately needs no waiting for."""


def key_of(session: Session, day: date) -> str:
    return digest_key(session.settings.digest.via, day)


def today(session: Session, now: datetime) -> date:
    return now.astimezone(session.zone).date()


def due(session: Session, now: datetime) -> bool:
    """Whether the digest of the user's present day is to be made: its hour has come, and nobody made it yet."""
    local = now.astimezone(session.zone)
    if not session.settings.digest.via or local.hour < session.settings.digest.hour:
        return False
    return session.store.deliveries.get(key_of(session, local.date())) is None


def waits(session: Session, now: datetime) -> datetime | None:
    """Until when today's digest, which is due, waits for mail to be read first; None when it need not wait.

    After a night without a network its hour comes before the mail does: what it would say is of yesterday.
    """
    if not _stale(session, now):
        return None
    day = today(session, now).isoformat()
    kept = json.loads(session.store.noted(WAITS) or "{}")
    if kept.get("day") != day:
        kept = {"day": day, "since": now.isoformat()}
        session.store.note(WAITS, json.dumps(kept))
    until = datetime.fromisoformat(kept["since"]) + PATIENCE
    return until if now < until else None


def _stale(session: Session, now: datetime) -> bool:
    """Whether an account that will go on by itself was not read of late."""
    fresh = max(FRESH, timedelta(minutes=1.5 * session.settings.daemon.poll_minutes))
    wanted = {table.name for table in session.settings.accounts}
    stuck = {account for account, one in session.store.accounts.troubles().items() if one.retry_at is None}
    return any(
        account.last_sync is None or now - account.last_sync > fresh
        for account in session.store.accounts.all()
        if account.name in wanted and account.id not in stuck
    )


def next_hour(session: Session, now: datetime) -> datetime | None:
    """When the next digest falls due, were today's made; None when none is wanted."""
    return next_at(session.settings.digest.hour, session, now) if session.settings.digest.via else None


def next_at(hour: int, session: Session, now: datetime) -> datetime:
    """When this hour of the user's day begins next."""
    local, at = now.astimezone(session.zone), time(hour)
    days = (datetime.combine(local.date() + timedelta(days=more), at, session.zone) for more in range(3))
    utc = now.tzinfo
    return next(moment.astimezone(utc) for moment in days if moment.astimezone(utc) > now)


def prepare(session: Session, now: datetime, *, wished: bool = False) -> Morning:
    """The digest as it would be made now; nothing is changed. `wished`: with all that stands, however lately it was said."""
    day, since = today(session, now), began(session, now)
    last = _silent_since(session, since)
    by = today(session, last) + SILENCE
    at_rest, problems = quiet(session, day)
    points = list(session.standpoints(now))
    chosen = _chosen(session, points, now, at_rest=at_rest, rest=timedelta(0) if wished else REST)
    asked = () if at_rest else _asked(session, points, chosen, now)
    digest = _composed(session, points, chosen, asked, now, at_rest=at_rest, problems=problems)
    all_is_well = chosen.nothing and day >= by
    if chosen.nudges or all_is_well:  # a look back comes with a digest that goes out, and makes none go
        digest = _looking_back(session, digest, day, since, all_is_well=all_is_well)
    return Morning(
        day=day,
        chosen=chosen,
        asked=asked,
        digest=digest,
        quiet=at_rest,
        by=by,
        stuck=any(trouble.since > last for _, trouble in margins.stuck(session)),
        subject=assembly.wording().subject(len(chosen.nudges)),
    )


def stage(
    session: Session,
    now: datetime,
    random: Random,
    enclosures: Callable[[], tuple[Enclosure, ...]] = tuple,
    *,
    wished: bool = False,
) -> Delivery | None:
    """Decide on the digest of the day and stage it, in one transaction; None when that was done before.

    `wished`: the user asked for it, so it goes with whatever stands, though it was found not to be worth a mail.
    """
    morning = prepare(session, now, wished=wished)
    worth = morning.worth or (wished and bool(morning.chosen.nudges))
    enclosed = enclosures() if worth else ()
    key = key_of(session, morning.day)
    with session.store.transaction():
        if session.store.noted(BEGAN) is None:
            session.store.note(BEGAN, now.isoformat())
        if not worth:
            found = nothing(session, key, now)
            return found if session.store.deliveries.stage(found) else None
        if wished and _found_nothing(session, key):
            session.store.deliveries.drop([key])
        turn = None if wished else first_try(session, morning.day, now, random)
        put_out(session, morning, key, now, random, enclosed, turn)
        return session.store.deliveries.get(key)


def delivered(session: Session, one: Delivery, now: datetime) -> None:
    """What follows from a digest's being there: what it said counts as shown, once that day."""
    lives = session.store.decisions.lives()
    told = [lives[key] for key in one.nudge.split() if key in lives]
    session.store.decisions.put_lives(shown_again(told, now, session.zone))


def began(session: Session, now: datetime) -> datetime:
    """When the first digest was made, or would be."""
    kept = session.store.noted(BEGAN)
    return datetime.fromisoformat(kept) if kept else now


def _chosen(
    session: Session, points: Sequence[Standpoint], now: datetime, *, at_rest: bool, rest: timedelta
) -> Chosen:
    lives, wanted = session.store.decisions.lives(), session.settings.digest
    # A look at `today` takes nothing from the first mail of all; what was put off until now comes with it.
    said = lives if _last(session) else {key: one for key, one in lives.items() if one.until is not None}
    return choose(
        shown_of(points, lives, now, session.zone),
        Told(lives=said, now=now, zone=session.zone, rest=rest),
        began=began(session, now),
        quiet=at_rest,
        limit=wanted.max_items,
        of_one=wanted.max_per_contact,
    )


def _composed(
    session: Session,
    points: Sequence[Standpoint],
    chosen: Chosen,
    asked: tuple[Question, ...],
    now: datetime,
    *,
    at_rest: bool,
    problems: Sequence[str],
) -> Digest:
    """What was chosen and is asked, put into words, with what stands in the margins."""
    return compose(
        chosen.nudges,
        {point.contact.id: point.contact.name for point in points},
        wording=assembly.wording(),
        now=now,
        tz=session.zone,
        coverage=coverage(session.store.counts(), assembly.LANGUAGES),
        version=version("recipflow"),
        limit=None,
        waiting=0 if at_rest else chosen.waiting,
        quotes=_quotes(session),
        questions=asked,
        again=chosen.again,
        notes=margins.notes(session, today(session, now), len(chosen.older)),
        footer=[*margins.accounts(session, now), *problems, *([margins.HOW] if chosen.nudges else [])],
    )


def _looking_back(
    session: Session, digest: Digest, day: date, since: datetime, *, all_is_well: bool
) -> Digest:
    """The same with what is said of the time behind: of a week in which nothing pressed, of a month."""
    if all_is_well:
        digest = replace(digest, empty=assembly.wording().quiet_week(read=margins.all_read(session)))
    title, lines = looking_back.look_back(session, day, since)
    return replace(digest, review_title=title, review=lines)


def _asked(
    session: Session, points: Sequence[Standpoint], chosen: Chosen, now: datetime
) -> tuple[Question, ...]:
    """Nobody can answer about a sentence that is not shown."""
    put = session.questions(points, now) if _quotes(session) else ()
    return tuple(one for one in put if one.shown)[: questions_beside(len(chosen.nudges))]


def _quotes(session: Session) -> bool:
    return session.settings.digest.detail.value == "quotes"


def _last(session: Session) -> Delivery | None:
    return session.store.deliveries.last(DeliveryForm.LETTER, DeliveryState.DELIVERED)


def _silent_since(session: Session, began: datetime) -> datetime:
    last = _last(session)
    return last.settled_at if last and last.settled_at else began


def _found_nothing(session: Session, key: str) -> bool:
    known = session.store.deliveries.get(key)
    return known is not None and known.state is DeliveryState.NOTHING
