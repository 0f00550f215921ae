"""The digest of a day: what stands, chosen and composed; staged once a day, or found to be nothing worth a mail."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING

from recipflow import assembly
from recipflow.connector import Enclosure, Letter
from recipflow.daily import looking_back
from recipflow.daily.choosing import Chosen, choose
from recipflow.daily.hearing import LISTEN_BACK, UNPLACED
from recipflow.daily.holidays import is_holiday
from recipflow.digest.coverage import coverage
from recipflow.digest.model import Digest, compose
from recipflow.digest.render import as_mail
from recipflow.digest.replies import offered
from recipflow.errors import UserError
from recipflow.insight import nudges as shown_of
from recipflow.insight.lives import begun, shown_again
from recipflow.outbox import digest_key, digest_token, stage_letter
from recipflow.reconciling import last_gap, said_of
from recipflow.store import Delivery, DeliveryForm, DeliveryState

if TYPE_CHECKING:
    from recipflow.model import Question
    from recipflow.session import Session

log = logging.getLogger(__name__)

BEGAN = "began"
"""The note of when the first digest was made: what stood long before is not news."""
OFFERED = "catch-up offered"
"""The note that the page of older things was offered."""
SIGN_OF_LIFE = timedelta(days=7)
"""After so long without a digest, one says that all is well."""
WAITS = "digest waits"
"""The note of since when a digest that is due waits for mail to be read."""
PATIENCE = timedelta(hours=2)
"""So long it waits: then it says what is known, and its footer since when nothing was read."""
FRESH = timedelta(hours=1)
"""An account read so lately needs no waiting for."""
GAP_TOLD = timedelta(days=7)
"""For so long the footer says that mail had been missed."""
TOKEN_LENGTH = 16
_TOKEN_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"  # noqa: S105  (an alphabet)

Random = Callable[[int], int]
"""A whole number below the one given, from a source nobody can guess."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """One day's digest, not sent yet."""

    day: date
    chosen: Chosen
    asked: tuple[Question, ...]  #: what it asks at its end
    digest: Digest
    quiet: bool
    alive: bool  #: there is nothing to say, and it is time to say so
    subject: str

    @property
    def worth(self) -> bool:
        """Whether it is worth a mail."""
        return bool(self.chosen.nudges) or self.alive


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
    if not session.settings.digest.via:
        return None
    local = now.astimezone(session.zone)
    at = time(session.settings.digest.hour)
    days = (datetime.combine(local.date() + timedelta(days=more), at, session.zone) for more in range(3))
    utc = now.tzinfo
    return next(moment.astimezone(utc) for moment in days if moment.astimezone(utc) > now)


def prepare(session: Session, now: datetime) -> Morning:
    """The digest as it would be made now; nothing is changed."""
    day = today(session, now)
    points = list(session.standpoints(now))
    standing = shown_of(points, session.store.decisions.lives(), now, session.zone)
    since = began(session, now)
    wanted, (holiday, problem) = session.settings.digest, _holiday(session, day)
    quiet = holiday or _quiet(session, day)
    chosen = choose(standing, began=since, quiet=quiet, limit=wanted.max_items, of_one=wanted.max_per_contact)
    silent = day - today(session, _silent_since(session, since))
    alive = not chosen.nudges and silent >= SIGN_OF_LIFE
    wording = assembly.wording()
    quotes = wanted.detail.value == "quotes"
    # a mail is not sent for a question alone, and nobody can answer about a sentence that is not shown
    put = session.questions(points, now) if chosen.nudges and quotes and not quiet else ()
    asked = tuple(one for one in put if one.shown)
    digest = compose(
        chosen.nudges,
        {point.contact.id: point.contact.name for point in points},
        wording=wording,
        now=now,
        tz=session.zone,
        coverage=coverage(session.store.counts(), assembly.LANGUAGES),
        version=version("recipflow"),
        limit=None,
        waiting=0 if quiet else chosen.waiting,
        quotes=quotes,
        questions=asked,
        notes=_notes(session, day, chosen),
        footer=[*_accounts(session, now), *problem, _HOW],
    )
    digest = replace(digest, empty=wording.quiet_week()) if alive else digest
    if chosen.nudges or alive:  # it comes with a digest that goes out, and makes none go
        title, lines = looking_back.look_back(session, day, since)
        digest = replace(digest, review_title=title, review=lines)
    return Morning(
        day=day,
        chosen=chosen,
        asked=asked,
        digest=digest,
        quiet=quiet,
        alive=alive,
        subject=wording.subject(len(chosen.nudges)),
    )


def letter(
    session: Session, morning: Morning, tokens: dict[str, str], enclosures: tuple[Enclosure, ...] = ()
) -> Letter:
    """The mail of it; `tokens` by nudge, for the answers it offers."""
    address = address_of(session)
    token = digest_token(address, morning.day)
    text, html = as_mail(morning.digest, offered(morning.digest.items, address, tokens))
    return Letter(
        address=address,
        subject=f"{morning.subject} [{token}]",
        token=token,
        text=text,
        html=html,
        enclosures=enclosures,
    )


def stage(
    session: Session, now: datetime, random: Random, enclosures: Callable[[], tuple[Enclosure, ...]] = tuple
) -> Delivery | None:
    """Decide on the digest of the day and stage it, in one transaction; None when that was done before."""
    morning = prepare(session, now)
    enclosed = enclosures() if morning.worth else ()
    with session.store.transaction():
        if session.store.noted(BEGAN) is None:
            session.store.note(BEGAN, now.isoformat())
        key = key_of(session, morning.day)
        if not morning.worth:
            nothing = Delivery(
                key=key,
                form=DeliveryForm.LETTER,
                channel=session.settings.digest.via,
                state=DeliveryState.NOTHING,
                staged_at=now,
                settled_at=now,
            )
            return nothing if session.store.deliveries.stage(nothing) else None
        _stage(session, morning, key, now, random, enclosed)
        return session.store.deliveries.get(key)


def delivered(session: Session, one: Delivery, now: datetime) -> None:
    """What follows from a digest's being there: what it said counts as shown, once that day."""
    lives = session.store.decisions.lives()
    told = [lives[key] for key in one.nudge.split() if key in lives]
    session.store.decisions.put_lives(shown_again(told, now, session.zone))


def address_of(session: Session) -> str:
    """Where the digest goes; a UserError when nobody knows."""
    wanted = session.settings.digest.to or next(iter(session.settings.me.addresses), None)
    address = wanted or next(iter(sorted(session.me)), None)
    if address is None:
        raise UserError("Nobody said which addresses are yours: recipflow init --me you@example.org")
    return address


_HOW = "To answer here: recipflow done KEY, snooze KEY, wrong KEY, or never PERSON."


def _stage(
    session: Session,
    morning: Morning,
    key: str,
    now: datetime,
    random: Random,
    enclosures: tuple[Enclosure, ...],
) -> None:
    nudges = morning.chosen.nudges
    tokens = {nudge.key: _token(random) for nudge in nudges}
    staged = stage_letter(
        session.store,
        key,
        session.settings.digest.via,
        letter(session, morning, tokens, enclosures),
        now,
        nudges=[*(nudge.key for nudge in nudges), *(one.key for one in morning.asked)],
    )
    if not staged:
        return
    session.store.decisions.put_lives(begun([*nudges, *morning.asked], session.store.decisions.lives()))
    issued = {tokens[nudge.key]: (nudge.key, nudge.contact) for nudge in nudges}
    session.store.replying.issue(issued, now + LISTEN_BACK)
    session.store.replying.drop_old(now)
    session.store.note(UNPLACED, "[]")
    if morning.chosen.older:
        session.store.note(OFFERED, now.isoformat())
    if morning.digest.review:
        looking_back.done(session, morning.day)


def _token(random: Random) -> str:
    return "".join(_TOKEN_LETTERS[random(len(_TOKEN_LETTERS))] for _ in range(TOKEN_LENGTH))


def began(session: Session, now: datetime) -> datetime:
    """When the first digest was made, or would be."""
    kept = session.store.noted(BEGAN)
    return datetime.fromisoformat(kept) if kept else now


def _silent_since(session: Session, began: datetime) -> datetime:
    last = session.store.deliveries.last(DeliveryForm.LETTER, DeliveryState.DELIVERED)
    return last.settled_at if last and last.settled_at else began


def _quiet(session: Session, day: date) -> bool:
    """A day of the week without work, or the user is away."""
    wanted = session.settings.digest
    if _weekday(day) in {one.value for one in wanted.quiet_days}:
        return True
    if any(first <= day <= last for first, last in wanted.spans()):
        return True
    noon = datetime.combine(day, time(12), session.zone)
    return session.store.away_on(session.me, noon)


def _holiday(session: Session, day: date) -> tuple[bool, tuple[str, ...]]:
    """Whether it is a public holiday, and why that is not known."""
    try:
        return is_holiday(session.store, session.settings.digest.country, day), ()
    except UserError as wrong:
        return False, wrong.problems


def _weekday(day: date) -> str:
    return ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")[day.weekday()]


def _notes(session: Session, day: date, chosen: Chosen) -> Iterator[str]:
    words = assembly.wording()
    before = session.store.deliveries.of(DeliveryForm.LETTER, session.settings.digest.via)
    last = max((today(session, one.staged_at) for one in before), default=None)
    if last is not None and day - last > timedelta(days=1):
        yield f"The last one was made on {words.short_date(last, day)}: this one covers what came since."
    if chosen.older and session.store.noted(OFFERED) is None:
        count = len(chosen.older)
        what = "One older thing waits" if count == 1 else f"{count} older things wait"
        yield f"{what} on a page of their own, to look at once or not at all: recipflow catch-up"
    for line in json.loads(session.store.noted(UNPLACED) or "[]"):
        yield f"Your note “{line}” could not be placed: recipflow log says it in full."


def _accounts(session: Session, now: datetime) -> Iterator[str]:
    """When each account was read last; what is wrong with it, and what mends it."""
    wanted = {table.name for table in session.settings.accounts}
    troubles = session.store.accounts.troubles()
    for account in session.store.accounts.all():
        if account.name not in wanted:
            continue
        yield f"{account.name}: {_read(session, account.last_sync, now)}."
        if trouble := troubles.get(account.id):
            then = f" Then: {trouble.command}" if trouble.command else ""
            yield f"{account.name} does not go on: {trouble.reason}{then}"
        gap = last_gap(session.store, account)
        if gap and now - gap.found < GAP_TOLD:
            yield f"{account.name}: {said_of(gap)}"


def _read(session: Session, at: datetime | None, now: datetime) -> str:
    if at is None:
        return "not read to its end yet"
    local, day = at.astimezone(session.zone), today(session, now)
    when = "today" if local.date() == day else f"on {assembly.wording().short_date(local.date(), day)}"
    return f"last read {when} at {local:%H:%M}"
