"""What files say, with nothing stored: the way of every datum, run once over a database in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from recipflow import assembly, config
from recipflow.connector import SetAside, load
from recipflow.derive import Context, derive
from recipflow.errors import UserError
from recipflow.insight import nudges, standpoints
from recipflow.model import Contact, ContactId, Message, Nudge
from recipflow.myself import MeTally
from recipflow.store import Counts, Store
from recipflow.workflow import Preparing, pull

Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What was read, who the user is, and every nudge that stands at `at`."""

    at: datetime
    me: tuple[str, ...]
    zone: tzinfo
    nudges: tuple[Nudge, ...]
    contacts: dict[ContactId, Contact]
    counts: Counts
    set_aside: tuple[SetAside, ...] = ()


def trial(
    paths: Sequence[Path],
    *,
    at: datetime,
    me: Sequence[str] = (),
    people: Path | None = None,
    zone: tzinfo | None = None,
    progress: Progress | None = None,
) -> Trial:
    """Read the files as they were at `at`, and advise. Without `me`, the user's addresses are guessed from sent mail."""
    said, contacts = config.people_from_json(people) if people else (None, ())
    zone = zone or _zone(said.tz if said else None)
    mine = tuple(dict.fromkeys((*me, *(said.addresses if said else ())))) or guess(paths, at)
    context = assembly.context(mine, zone, contacts)
    with Store() as store:
        _pull(store, context, paths, at, progress)
        derive(store, context, at)
        points = list(standpoints(store, context, at))
        return Trial(
            at=at,
            me=mine,
            zone=zone,
            nudges=nudges(points, {}, at),
            contacts={point.contact.id: point.contact for point in points},
            counts=store.counts(),
            set_aside=store.accounts.set_aside(),
        )


def guess(paths: Sequence[Path], at: datetime) -> tuple[str, ...]:
    """The user's own addresses, guessed from the files: a UserError when nothing tells."""
    tally = MeTally()
    connector, cursor, more = load("files")({"paths": [str(path) for path in paths]}), None, True
    while more:
        page = connector.pull(cursor, now=at)
        for one in page.interactions:
            if isinstance(one, Message):
                tally.add(one)
        cursor, more = page.cursor, page.more
    guesses = tally.guesses()
    if not guesses:
        raise UserError(
            "Nothing tells which address is yours: there is no sent mail. Name it: --me you@example.org"
        )
    return tuple(guess.address for guess in guesses)


def _pull(
    store: Store, context: Context, paths: Sequence[Path], at: datetime, progress: Progress | None
) -> None:
    account = store.accounts.ensure("trial", "files")
    pull(
        store,
        account,
        load("files")({"paths": [str(path) for path in paths]}),
        now=at,
        prepare=Preparing(machines=context.machines, me=context.me),
        until=at,
        me=context.me,
        progress=(lambda done, total: progress("Reading", done, total)) if progress else None,
    )


def _zone(name: str | None) -> tzinfo:
    if name:
        return ZoneInfo(name)
    from tzlocal import get_localzone

    return get_localzone()
