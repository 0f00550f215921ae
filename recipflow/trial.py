"""What files say, with nothing stored: the way of every datum, run once over a database in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import Any

from recipflow import assembly, config
from recipflow.connector import SetAside, pulling
from recipflow.derive import Context, derive
from recipflow.derive.reading import read_at_once
from recipflow.errors import UserError
from recipflow.foreign import one_line
from recipflow.insight import nudges, standpoints
from recipflow.looking import look
from recipflow.model import Contact, ContactId, Message, Nudge, Tag
from recipflow.people.myself import Guess, MeTally
from recipflow.preparing import Preparing
from recipflow.reading import Reader
from recipflow.store import Blocked, Counts, Store
from recipflow.workflow import Intake, Progress, pull
from recipflow.zones import user_zone

Source = dict[str, Any]
"""Settings of the connector `files`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What was read, who the user is, and every nudge that stands at `at`."""

    at: datetime
    me: tuple[str, ...]
    guessed: bool  #: nobody said who the user is
    zone: tzinfo
    nudges: tuple[Nudge, ...]
    contacts: dict[ContactId, Contact]
    counts: Counts
    newest: datetime | None  #: when the last message was written that was read
    set_aside: tuple[SetAside, ...] = ()


def trial(
    paths: Sequence[Path],
    *,
    at: datetime,
    me: Sequence[str] = (),
    people: Path | None = None,
    zone: tzinfo | None = None,
    thunderbird: bool = False,
    progress: Progress | None = None,
    reader: Reader | None = None,
) -> Trial:
    """Read the files as they were at `at`, and advise. Without `me`, the user's addresses are guessed from sent mail.

    Without a `reader`, the installed one reads. `thunderbird` adds the mail of this user's Thunderbird profiles.
    """
    said, contacts = config.people_from_json(people) if people else (None, ())
    zone = zone or user_zone(said.tz if said else None)
    tell = progress or (lambda *_: None)
    source: Source = {"paths": [str(path) for path in paths], "thunderbird": thunderbird}
    named = tuple(dict.fromkeys((*me, *(said.addresses if said else ()))))
    mine = named or addresses(guess(source, at, tell), source, at)
    context = assembly.context(mine, zone, contacts, reader=reader)
    with Store() as store:
        _pull(store, context, source, at, tell)
        derive(store, context, at, progress=lambda step: tell(f"Working out {step}", 0, None))
        return _as_of(at, store, context, mine, guessed=not named)


def _as_of(at: datetime, store: Store, context: Context, me: tuple[str, ...], *, guessed: bool) -> Trial:
    """What stands then, by what was read and derived."""
    points = list(standpoints(store, context, at))
    return Trial(
        at=at,
        me=me,
        guessed=guessed,
        zone=context.zone,
        nudges=nudges(points, {}, at),
        contacts={point.contact.id: point.contact for point in points},
        counts=store.counts(),
        newest=store.interactions.newest(),
        set_aside=store.accounts.set_aside(),
    )


def guess(source: Source, at: datetime, progress: Progress) -> tuple[Guess, ...]:
    """Which addresses may be the user's, by what the files held at `at`; the likeliest first."""
    tally = MeTally()
    connector, cursor, more = pulling("files", source), None, True
    while more:
        page = connector.pull(cursor, now=at)
        for one in page.interactions:
            if isinstance(one, Message) and one.at <= at:
                tally.add(one)
        progress("Looking whose mail it is", page.done, page.total)
        cursor, more = page.cursor, page.more
    return tally.guesses()


def addresses(guesses: Sequence[Guess], source: Source, now: datetime) -> tuple[str, ...]:
    """Those of the guesses; a UserError when there is none."""
    if not guesses:
        raise UserError(_nothing_tells(source, now))
    return tuple(one.address for one in guesses)


def _nothing_tells(source: Source, now: datetime) -> str:
    where = "Thunderbird" if not source["paths"] else ", ".join(map(one_line, source["paths"]))
    seen = look(source, now)
    if not seen.empty:
        return f"Nothing in {where} tells which address is yours. Name it: --me you@example.org"
    why = f": {one_line(seen.set_aside[0].reason)}" if seen.set_aside else ""
    return f"There is no mail in {where}{why}."


def _pull(store: Store, context: Context, source: Source, at: datetime, progress: Progress) -> None:
    pull(
        store,
        store.accounts.ensure("trial", "files"),
        pulling("files", source),
        Intake(
            prepare=Preparing(machines=context.machines, me=context.me),
            blocked=_blocked(context),
            me=context.me,
            read=partial(read_at_once, store, context),
        ),
        now=at,
        until=at,
        progress=lambda done, total: progress("Reading", done, total),
    )


def _blocked(context: Context) -> Blocked | None:
    """The private are not even looked at."""
    private = frozenset(one for one, who in context.by_address.items() if Tag.PRIVATE in who.tags)
    return private.__contains__ if private else None
