"""Pulling an account: page after page, each stored together with the cursor from which the next one goes on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from recipflow.connector import Connector, Fetching, Page, SetAside, Tidying
from recipflow.errors import CursorExpired
from recipflow.heads import Wanted, batches, fetched, filled
from recipflow.model import Interaction, Meeting, Message
from recipflow.outbox import sightings
from recipflow.outbox.keys import token_in
from recipflow.patience import Patient, at_once
from recipflow.preparing import Prepare
from recipflow.store import Account, Blocked, Prepared, Saved, Store, Stored, without

log = logging.getLogger(__name__)

UNSENT = frozenset({"drafts", "spam", "trash", "chats"})
"""Labels of what was never sent, or never wanted: not stored."""

Progress = Callable[[str, int, int | None], None]
"""Told what is being done, how much of it is done, and of how much, if that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """What one pull did."""

    read: int = 0  #: interactions the connector delivered
    new: int = 0
    changed: int = 0  #: meetings that moved, messages that got another label
    unsent: int = 0  #: drafts, spam, trash
    later: int = 0  #: after `until`
    set_aside: int = 0
    pages: int = 0
    rescan: bool = False  #: the provider had forgotten where we were: all was read again
    since: datetime | None = None  #: from when on, if not from the beginning

    def after(self, page: Page, saved: Saved, *, unsent: int, later: int, aside: int) -> Pulled:
        """This, and one page more."""
        return Pulled(
            read=self.read + len(page.interactions),
            new=self.new + len(saved.new),
            changed=self.changed + len(saved.changed),
            unsent=self.unsent + unsent,
            later=self.later + later,
            set_aside=self.set_aside + aside,
            pages=self.pages + 1,
            rescan=self.rescan or page.reset,
            since=page.since or self.since,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """How what an account delivers is taken in.

    What belongs to `blocked` is not stored, and their `names` are blotted out of what others wrote. Without `wanted`,
    no body is fetched. `read` is given the new messages of each page, to read them while they are at hand; what it does
    not read waits for being derived from.
    """

    prepare: Prepare
    blocked: Blocked | None = None
    me: Collection[str] = ()
    names: Collection[str] = ()
    wanted: Wanted | None = None
    read: Callable[[Sequence[Stored]], None] | None = None
    patient: Patient = at_once


def pull(
    store: Store,
    account: Account,
    connector: Connector,
    intake: Intake,
    *,
    now: datetime,
    until: datetime | None = None,
    progress: Callable[[int, int | None], None] | None = None,
    stored: Callable[[], None] | None = None,
) -> Pulled:
    """Pull until there is nothing more. What lies after `until` is not seen; `stored` is called between two pages.

    A cursor the provider has forgotten, and from which the connector remembers nothing, starts the account from
    nothing: what is known already changes nothing.
    """
    pulled, cursor, more = Pulled(), account.cursor, True
    while more:
        page = _next(connector, cursor, now, intake.patient)
        if intake.wanted:
            page = filled(page, connector, store, account.id, intake.wanted, intake.patient)
        more = page.more and page.cursor != cursor
        pulled = _taken(store, account, page, intake, pulled, now=now, until=until, last=not more)
        cursor, done, total = page.cursor, page.done, page.total
        del page  # or two would be in memory at once
        fetch_waiting(store, account, connector, intake, now=now)
        if progress:
            progress(done, total)
        if stored and more:
            stored()
    if isinstance(connector, Tidying):
        _tidy(store, account, connector)
    return pulled


def _tidy(store: Store, account: Account, connector: Tidying) -> None:
    """What is there no more is set aside no more."""
    gone = [*connector.vanished(one.where for one in store.accounts.set_aside(account.id))]
    if gone:
        with store.transaction():
            store.accounts.clear_aside(account.id, gone, within=False)


def _taken(
    store: Store,
    account: Account,
    page: Page,
    intake: Intake,
    before: Pulled,
    *,
    now: datetime,
    until: datetime | None,
    last: bool,
) -> Pulled:
    """Store a page with its cursor; what was pulled `before`, and this."""
    unwanted = store.unwanted(intake.blocked)
    items, broken, unsent, later = _prepared(page, intake, until, unwanted)
    aside = (*_noted(page.set_aside, unwanted), *broken)
    with store.transaction():
        saved = store.save_page(
            account.id,
            items,
            page.cursor,
            blocked=intake.blocked,
            me=intake.me,
            names=intake.names,
            finished=now if last else None,
        )
        if intake.read:
            intake.read(saved.messages)
        sightings.look(store, account.id, page.interactions, intake.me, now)
        store.accounts.clear_aside(account.id, page.reread)
        store.accounts.clear_aside(account.id, page.opened, within=False)
        store.accounts.put_aside(account.id, aside, now)
        store.accounts.clear_trouble(account.id)
    return before.after(page, saved, unsent=unsent, later=later, aside=len(aside))


def fetch_waiting(store: Store, account: Account, connector: object, intake: Intake, *, now: datetime) -> int:
    """Fetch the bodies of those who became people since this was asked last; says of how many messages."""
    if not intake.wanted or not isinstance(connector, Fetching) or not store.sources.has_heads(account.id):
        return 0
    fresh = intake.wanted.fresh(lambda: store.sources.waiting_for(account.id))
    refs = [head.ref for head in store.sources.heads(account.id, fresh)] if fresh else []
    return sum(
        len(take_in(store, account, connector, intake, batch, now=now).changed) for batch in batches(refs)
    )


def take_in(
    store: Store, account: Account, connector: Fetching, intake: Intake, refs: Sequence[str], *, now: datetime
) -> Saved:
    """Fetch the messages of these refs and store them; of what is gone, or unreadable, that it is."""
    whole, aside = fetched(connector, refs, intake.patient)
    page = Page(interactions=tuple(whole), cursor="", more=False, set_aside=tuple(aside))
    unwanted = store.unwanted(intake.blocked)
    items, broken, _, _ = _prepared(page, intake, None, unwanted)
    with store.transaction():
        saved = store.save_whole(account.id, items, blocked=intake.blocked, me=intake.me, names=intake.names)
        store.sources.settle(account.id, refs)
        store.accounts.put_aside(account.id, (*_noted(aside, unwanted), *broken), now)
    return saved


def _next(connector: Connector, cursor: str | None, now: datetime, patient: Patient) -> Page:
    try:
        return patient(lambda: connector.pull(cursor, now=now))
    except CursorExpired:
        if cursor is None:
            raise
        log.info("the cursor had expired: starting again", extra={"action": "rescan"})
        return replace(patient(lambda: connector.pull(None, now=now)), reset=True)


def _wanted(message: Message, me: Collection[str]) -> bool:
    """Sent, and no digest of ours: it names people, and what is forgotten must not come back in it."""
    ours = message.sender.address in me and token_in(message.subject)
    return not ours and UNSENT.isdisjoint(message.labels)


def _prepared(
    page: Page, intake: Intake, until: datetime | None, unwanted: Blocked | None
) -> tuple[list[Prepared], list[SetAside], int, int]:
    """What of a page is to be stored, what of it broke, how much was unsent, and how much came after `until`."""
    sent = [one for one in page.interactions if isinstance(one, Meeting) or _wanted(one, intake.me)]
    known = [one for one in sent if until is None or _known(one) <= until]
    items, broken = [], []
    for one in known:
        try:
            items.append(Prepared(one) if isinstance(one, Meeting) else intake.prepare(one))
        except Exception as exc:  # mail is hostile, and one message must not stop a sync
            log.debug("set aside: %s", one.id, exc_info=exc)
            if not unwanted or without(one, unwanted, intake.me):
                broken.append(SetAside(one.id, f"could not be read ({type(exc).__name__})"))
    return items, broken, len(page.interactions) - len(sent), len(sent) - len(known)


def _noted(aside: Iterable[SetAside], unwanted: Blocked | None) -> list[SetAside]:
    """What may be said to have been set aside: nothing that names somebody of whom nothing is kept."""
    return [one for one in aside if not unwanted or not any(map(unwanted, one.who))]


def _known(one: Interaction) -> datetime:
    """When it could be known of."""
    return one.known if isinstance(one, Meeting) else one.at
