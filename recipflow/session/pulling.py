"""Pulling the configured accounts, each for itself: the trouble of one is no other's."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import SystemRandom
from time import sleep
from typing import TYPE_CHECKING

from recipflow import assembly
from recipflow.connector import Connector, Fetching
from recipflow.errors import AuthNeeded, TryLater, Uncertain, UserError
from recipflow.foreign import one_line
from recipflow.heads import Wanted
from recipflow.patience import Patience, Patient, backoff
from recipflow.preparing import Preparing
from recipflow.reconciling import Gap, reconcile
from recipflow.store import Account, Trouble
from recipflow.workflow import Intake, fetch_waiting, pull

if TYPE_CHECKING:
    from recipflow.session import Session
    from recipflow.settings import AccountTable
    from recipflow.workflow import Progress, Pulled

log = logging.getLogger(__name__)

AT_THE_KEYBOARD = 120.0
"""Seconds somebody who typed a command waits in one go for a provider that is busy."""
_OURS = (sqlite3.Error, MemoryError)  # a full disk, a damaged database: no account's fault
_LONGEST_REASON = 1_000
LOOK = "recipflow doctor"
"""What mends an account that stopped for its settings: there it is told which."""
LONGEST_REST = 3_600.0
"""Seconds after which an account whose provider is busy or away is tried again at the latest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """What became of one account: what was pulled, or why not."""

    account: str
    pulled: Pulled | None = None
    gap: Gap | None = None  #: messages that were missing, and are here now
    problems: tuple[str, ...] = ()


def patience(tell: Callable[[str, float], None] | None = None) -> Patience:
    """For a command: what is over within two minutes is waited for."""
    return Patience(sleep, SystemRandom().random, AT_THE_KEYBOARD, tell)


def sync(
    session: Session,
    tables: Iterable[AccountTable],
    now: datetime,
    *,
    patient: Patient,
    progress: Progress | None = None,
    stored: Callable[[], None] | None = None,
) -> Iterator[Synced]:
    """Pull these accounts one after the other; what only delivers is passed over."""
    for table in tables:
        try:
            connector = session.opened(table)
            if not isinstance(connector, Connector):
                _goes_on(session, table.name)
                continue
            account = session.store.accounts.ensure(table.name, table.connector)
            intake = _intake(session, patient)
            synced = _pulled(session, table.name, account, connector, intake, now, progress, stored)
        except _OURS:
            raise
        except Exception as fault:  # noqa: BLE001  (one account's fault, of whatever kind, is not another's)
            account = session.store.accounts.ensure(table.name, table.connector)
            synced = _failed(session, table.name, account, fault, now)
        yield synced


def fetch_late(
    session: Session, now: datetime, *, patient: Patient, only: Collection[str] | None = None
) -> int:
    """Fetch the bodies of the mail of those whom deriving showed to be people; says of how many messages."""
    fetched = 0
    known = {one.name: one for one in session.store.accounts.all()}
    for table in session.settings.accounts:
        account = known.get(table.name) if only is None or table.name in only else None
        if account is None or not session.store.sources.has_heads(account.id):
            continue
        try:
            intake = _intake(session, patient)
            fetched += fetch_waiting(session.store, account, session.opened(table), intake, now=now)
        except _OURS:
            raise
        except Exception as fault:  # noqa: BLE001  (as above)
            _failed(session, table.name, account, fault, now)
    return fetched


def _pulled(
    session: Session,
    name: str,
    account: Account,
    connector: Connector,
    intake: Intake,
    now: datetime,
    progress: Progress | None,
    stored: Callable[[], None] | None,
) -> Synced:
    label = f"Reading {name}"
    pulled = pull(
        session.store,
        account,
        connector,
        intake,
        now=now,
        progress=(lambda done, total: progress(label, done, total)) if progress else None,
        stored=stored if account.last_sync is None else None,
    )
    gap = None
    if isinstance(connector, Fetching) and account.last_sync is not None:
        gap = reconcile(session.store, account, connector, intake, now=now)
    return Synced(account=name, pulled=pulled, gap=gap)


def _failed(session: Session, name: str, account: Account, fault: Exception, now: datetime) -> Synced:
    """Note what is wrong, for `doctor`, `today` and the digest; the next pull that succeeds clears it."""
    before = session.store.accounts.troubles().get(account.id)
    trouble = _trouble(fault, now, before.tries + 1 if before else 1)
    log.info("an account stopped: %s", type(fault).__name__, extra={"action": "account_stopped"})
    log.debug("%s stopped", name, exc_info=fault)
    with session.store.transaction():
        session.store.accounts.put_trouble(account.id, trouble)
    then = f" Then: {trouble.command}" if trouble.command else ""
    if isinstance(fault, UserError):
        return Synced(account=name, problems=fault.problems)
    return Synced(account=name, problems=(f"{trouble.reason}{then}",))


def _goes_on(session: Session, name: str) -> None:
    """What only delivers stops for its settings alone: those are in order again."""
    for account in session.store.accounts.all():
        if account.name == name and account.id in session.store.accounts.troubles():
            with session.store.transaction():
                session.store.accounts.clear_trouble(account.id)


def _trouble(fault: Exception, now: datetime, tries: int) -> Trouble:
    match fault:
        case AuthNeeded():
            return Trouble(reason=_sentence(fault), command=fault.command, since=now)
        case TryLater() | Uncertain():  # what is read twice is stored once
            said = fault.after if isinstance(fault, TryLater) else None
            rest = said or backoff(tries, SystemRandom().random(), longest=LONGEST_REST)
            return Trouble(reason=_sentence(fault), since=now, retry_at=now + timedelta(seconds=rest))
        case UserError():
            reason = one_line(" ".join(fault.problems), _LONGEST_REASON)
            return Trouble(reason=reason, command=LOOK, since=now)
        case _:
            reason = f"It stopped for a reason nobody thought of ({type(fault).__name__})."
            return Trouble(reason=reason, command="recipflow --debug sync", since=now)


def _sentence(fault: Exception) -> str:
    """It may quote what a server said."""
    said = one_line(str(fault), _LONGEST_REASON)
    return f"{said[:1].upper()}{said[1:].rstrip('.')}."


def _intake(session: Session, patient: Patient) -> Intake:
    private, machines = session.private, assembly.machines()
    blocked = private.addresses.__contains__ if private.addresses else None

    said = {address for one in session.context.people for address in one.addresses}

    def people(addresses: Collection[str]) -> Iterator[str]:
        yield from session.store.people.owned(addresses)
        yield from session.store.interactions.written_to(addresses, session.me)
        yield from said.intersection(addresses)

    return Intake(
        prepare=Preparing(
            machines=machines,
            me=session.me,
            assistants=session.context.assistants,
        ),
        blocked=blocked,
        me=session.me,
        names=private.names,
        wanted=Wanted(machines, session.me, people, blocked),
        read=session.read_at_once,
        patient=patient,
    )
