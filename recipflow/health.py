"""Is everything in order: config, files, database, accounts, rules; each problem with what mends it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from shlex import join, quote
from typing import NamedTuple

from recipflow import config
from recipflow.connector import Connector, Limited, MemorySecrets, SetAside, load
from recipflow.counted import counted
from recipflow.daemon.checking import findings, tried
from recipflow.daemon.lock import running
from recipflow.derive.lessons import lessons
from recipflow.errors import RecipflowError, UserError
from recipflow.home import Home
from recipflow.reconciling import Gap, last_gap
from recipflow.session import Session
from recipflow.session.pulling import LOOK
from recipflow.session.writing import undecided
from recipflow.settings import AccountTable
from recipflow.store import Account, Counts
from recipflow.store.unusable import why, writable

LONG_AGO = timedelta(days=7)
"""After so long without a sync, what is said of silence may be wrong."""


class Problem(NamedTuple):
    """What is not in order, and the command that mends it."""

    problem: str
    command: str


class Daemon(NamedTuple):
    """Whether anything runs by itself."""

    installed: bool  #: as a service, at login
    process: int | None  #: that runs now


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What doctor found. Without a session nothing but the problems is known."""

    problems: tuple[Problem, ...]
    accounts: tuple[Account, ...] = ()
    set_aside: dict[int, tuple[SetAside, ...]] = field(default_factory=dict)
    gaps: dict[int, Gap] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)
    packs: int = 0
    rules: int = 0
    lessons: int = 0  #: what was learned from corrections
    generous: bool = False  #: much of what is given in this mail is more than duty
    writers: dict[str, int] = field(
        default_factory=dict
    )  #: whose mail in the user's name is to be asked about
    next_due: datetime | None = None
    quotas: dict[str, str] = field(default_factory=dict)  #: by account: what its provider allows
    daemon: Daemon | None = None


def examine(home: Home, now: datetime) -> Health:
    """Look at everything, and change nothing."""
    problems = list(_permissions(home))
    try:
        with Session.open(home) as session:
            return _examined(session, problems, now)
    except UserError as wrong:
        told = [Problem(one, _mends(one, home, wrong)) for one in wrong.problems]
        return Health(problems=(*problems, *told, *_account_tables(home)))
    except sqlite3.DatabaseError as fault:
        found = why(home.database, fault)
        unusable = Problem(f"{home.database}: cannot be used: {found.reason}.", found.command)
        return Health(problems=(*problems, unusable))
    except OSError as refused:
        place = Path(str(refused.filename or home.database))
        return Health(problems=(*problems, Problem(f"{place}: {refused.strerror}.", writable(place))))


def examine_online(home: Home, now: datetime, say: Callable[[str], None]) -> tuple[Problem, ...]:
    """Try every account and way out for real; nothing is stored. `say` is told of what works."""
    try:
        with Session.open(home) as session:
            return tuple(Problem(*one) for one in tried(session, now, say))
    except UserError:
        return ()  # `examine` has told of it


def _examined(session: Session, problems: list[Problem], now: datetime) -> Health:
    packs, rules, broken = _rules(session)
    accounts = session.accounts
    return Health(
        problems=(
            *problems,
            *_settings(session),
            *_database(session),
            *_accounts(session, now),
            *(Problem(*one) for one in findings(session, now)),
            *broken,
        ),
        accounts=accounts,
        set_aside={one.id: session.store.accounts.set_aside(one.id) for one in accounts},
        gaps={one.id: gap for one in accounts if (gap := last_gap(session.store, one))},
        counts=session.store.counts(),
        packs=packs,
        rules=rules,
        lessons=sum(1 for _ in lessons(session.store.decisions.standing())),
        generous=session.store.ledgers.generous(),
        writers=undecided(session),
        next_due=session.store.ledgers.next_due(),
        quotas=dict(_quotas(session)),
        daemon=Daemon(_installed(), running(session.home.database)),
    )


def _mends(problem: str, home: Home, wrong: UserError) -> str:
    if isinstance(wrong.__cause__, sqlite3.DatabaseError):
        return why(home.database, wrong.__cause__).command
    if problem.startswith(str(home.database)):  # a newer one wrote it
        return "pip install --upgrade recipflow"
    if isinstance(wrong.__cause__, PermissionError):
        return writable(home.config)
    return f"edit {home.config}" if home.config.exists() else "recipflow init"


def _account_tables(home: Home) -> Iterator[Problem]:
    """What is wrong with accounts where something else is wrong, too: a file tells all its mistakes at once."""
    for table in config.sound_accounts(home.config):
        if fault := _fault(lambda one=table: load(one.connector)(one.settings, MemorySecrets())):  # type: ignore[misc]
            yield Problem(f"{table.name}: {fault}", f"edit {home.config}")


def _permissions(home: Home) -> Iterator[Problem]:
    """Files and folders that others can read, or the user cannot write."""
    if os.name != "posix":
        return
    folders = {home.config.parent: 0o700, home.database.parent: 0o700}  # they may be one
    for path, mode in {**folders, home.config: 0o600, home.database: 0o600}.items():
        if not os.access(path, os.F_OK):
            continue
        if path.stat().st_mode & 0o077:
            yield Problem(
                f"{path} can be read by others on this computer.", f"chmod {mode:o} {quote(str(path))}"
            )
        if not os.access(path, os.R_OK | os.W_OK):
            yield Problem(f"{path} cannot be written by you.", writable(path))


def _settings(session: Session) -> Iterator[Problem]:
    if not session.me:
        yield Problem("Nobody said which addresses are yours.", "recipflow init --me you@example.org")
    if not session.settings.accounts:
        yield Problem("Nothing is connected yet.", "recipflow connect files PATH")


def _database(session: Session) -> Iterator[Problem]:
    for fault in session.store.faults():
        yield Problem(f"{session.home.database}: {fault}", "recipflow export --out saved.jsonl")


def _accounts(session: Session, now: datetime) -> Iterator[Problem]:
    known = {one.name: one for one in session.store.accounts.all()}
    troubles = session.store.accounts.troubles()
    for table in session.settings.accounts:
        account = known.get(table.name)
        trouble = troubles.get(account.id) if account else None
        if trouble:
            mends = f"edit {session.home.config}" if trouble.command == LOOK else trouble.command
            yield Problem(f"{table.name}: {trouble.reason}", mends or "recipflow sync")
        elif fault := _fault(partial(session.opened, table)):
            yield Problem(f"{table.name}: {fault}", f"edit {session.home.config}")
        elif missing := _no_secret(session, table):
            yield Problem(f"{table.name}: {missing}", _sign_in(table))
        elif not isinstance(session.opened(table), Connector):
            continue
        elif account is None or account.last_sync is None:
            yield Problem(f"{table.name} was not read to its end yet.", "recipflow sync")
        elif now - account.last_sync > LONG_AGO:
            days = (now - account.last_sync).days
            yield Problem(f"{table.name} was last read {counted(days, 'day')} ago.", "recipflow sync")


def _no_secret(session: Session, table: AccountTable) -> str:
    """Why an account cannot sign in, as after a move, or while the keyring is locked; "" where it can."""
    from recipflow import secrets

    try:
        there = not table.vault or secrets.names(table.vault, session.home.tokens, session.settings.secrets)
    except RecipflowError as fault:
        return str(fault)
    return "" if there else "There is no password or token for it on this computer."


def _sign_in(table: AccountTable) -> str:
    """The command that signs in to an account anew."""
    by = {"google_calendar": "gmail", "outlook_mail": "outlook", "outlook_calendar": "outlook"}
    of, words = table.settings, ["recipflow", "connect", by.get(table.connector, table.connector)]
    words += [str(of[key]) for key in ("address", "url") if key in of][:1]
    return join([*words, "--user", str(of["user"])] if "url" in of and "user" in of else words)


def _quotas(session: Session) -> Iterator[tuple[str, str]]:
    for table in session.settings.accounts:
        with suppress(RecipflowError):  # `_accounts` tells of it
            account = session.opened(table)
            if isinstance(account, Limited):
                yield table.name, account.quota


def _installed() -> bool:
    from recipflow.service import here

    try:
        return here().path.exists()
    except UserError:  # a system we know no service of
        return False


def _rules(session: Session) -> tuple[int, int, tuple[Problem, ...]]:
    """How many packs and rules there are, and what is wrong with them."""
    from recipflow import assembly

    try:
        packs = assembly.packs(session.own_packs.tables)
    except UserError as wrong:
        return 0, 0, tuple(Problem(one, "recipflow rules test") for one in wrong.problems)
    return len(packs), sum(len(pack.rules) for pack in packs), ()


def _fault(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except RecipflowError as wrong:
        return str(wrong)
    return ""
