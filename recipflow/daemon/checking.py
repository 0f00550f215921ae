"""Whether what goes out can go out: who takes it, whether anything runs, and, asked for, a try of everything."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from recipflow import hooks, notices
from recipflow.connector import Connector, Letter
from recipflow.daemon import couriers
from recipflow.daemon.lock import running
from recipflow.daily.holidays import is_holiday
from recipflow.daily.letters import address_of
from recipflow.daily.morning import today
from recipflow.errors import AuthNeeded, RecipflowError, UserError
from recipflow.foreign import one_line
from recipflow.store import DeliveryForm, DeliveryState

if TYPE_CHECKING:
    from recipflow.session import Session
    from recipflow.settings import AccountTable

LATE = timedelta(hours=6)
"""A digest that nobody tried to send so long after it was made is worth a word."""
AGAIN = "recipflow doctor --online"
"""What tries once more what passes by itself: a server out of reach."""


class Finding(NamedTuple):
    """What is not in order, and the command that mends it."""

    problem: str
    command: str


def findings(session: Session, now: datetime) -> Iterator[Finding]:
    """What stands in the way of the digest and the reminders, but for what is wrong with the account that takes them."""
    settings, edit = session.settings, f"edit {session.home.config}"
    if settings.digest.via and couriers.opens(session, settings.digest.via):
        yield from _fault(lambda: couriers.mail(session, settings.digest.via), "digest", edit)
    if settings.digest.via:
        yield from _unheard(session)
    if settings.reminders.via and couriers.opens(session, settings.reminders.via):
        yield from _fault(lambda: couriers.calendar(session, settings.reminders.via, now), "reminders", edit)
    yield from _fault(
        lambda: is_holiday(session.store, settings.digest.country, today(session, now)), "", edit
    )
    if (settings.digest.via or settings.reminders.via) and running(session.home.database) is None:
        yield Finding(
            "The digest or reminders are wanted, and recipflow does not run.", "recipflow service install"
        )
    yield from _late(session, now)
    yield from _notices(session)
    for hook in settings.hook:
        yield from _hook(session, hook, edit)


def tried(session: Session, now: datetime, say: Callable[[str], None]) -> Iterator[Finding]:
    """Try everything for real: read a page of each account and keep nothing of it, look into the calendar, send a test
    letter to the user. `say` is told of what worked."""
    known = {one.name: one.cursor for one in session.store.accounts.all()}
    edit = f"edit {session.home.config}"
    for table in session.settings.accounts:
        read = partial(_read, session, table, known.get(table.name), now)
        found = list(_attempt(read, table.name, edit, later="recipflow sync"))
        yield from found
        if not found and isinstance(session.opened(table), Connector):  # what only sends is tried below
            say(f"{table.name} answers.")
    yield from _tried_couriers(session, now, say)


def _tried_couriers(session: Session, now: datetime, say: Callable[[str], None]) -> Iterator[Finding]:
    settings, edit = session.settings, f"edit {session.home.config}"
    if settings.reminders.via:
        found = list(
            _attempt(
                lambda: couriers.calendar(session, settings.reminders.via, now).written(), "reminders", edit
            )
        )
        yield from found
        if not found:
            say("The calendar for reminders can be reached.")
    if settings.digest.via:
        found = list(
            _attempt(lambda: couriers.mail(session, settings.digest.via).send(_test(session)), "digest", edit)
        )
        yield from found
        if not found:
            say(f"A test letter is on its way to {address_of(session)}.")


def _read(session: Session, table: AccountTable, cursor: str | None, now: datetime) -> None:
    account = session.opened(table)
    if isinstance(account, Connector):
        account.pull(cursor, now=now)


def _test(session: Session) -> Letter:
    token = f"rf{secrets.token_hex(4)}"
    words = "This is a test: digests will come like this one. Nothing else was sent to anybody."
    return Letter(
        address=address_of(session),
        subject=f"A test of recipflow's [{token}]",
        token=token,
        text=f"{words}\n",
        html=f"<!doctype html><html lang='en'><p>{words}</p></html>",
    )


def _unheard(session: Session) -> Iterator[Finding]:
    to = session.settings.digest.to
    if to and to.lower() not in session.me:
        problem = (
            f"The digest goes to {to}, which is not known to be yours: your answers to it are not heard."
        )
        yield Finding(problem, f"recipflow init --me {to}")


def _late(session: Session, now: datetime) -> Iterator[Finding]:
    waiting = {DeliveryState.STAGED, DeliveryState.SENDING}
    for row in session.store.deliveries.of(DeliveryForm.LETTER, states=waiting):
        if row.problem or now - row.staged_at > LATE:
            why = row.problem.rstrip(".") or "nobody tried yet"
            yield Finding(
                f"The digest of {row.key.rpartition(' ')[2]} did not go out: {why}.",
                "recipflow digest --send-now",
            )


def _notices(session: Session) -> Iterator[Finding]:
    if not session.settings.notices.enabled:
        return
    if not notices.available():
        yield Finding(
            "Notices on the desktop are wanted, and need one more package.", notices.how_to_install()
        )
    elif (failed := _failed_last(session, DeliveryForm.NOTICE)) and failed != notices.OVER:
        yield Finding(
            f"The last notice could not be shown on the desktop: {failed}.", "recipflow service logs"
        )


def _hook(session: Session, hook: hooks.Hook, edit: str) -> Iterator[Finding]:
    called = one_line(hook.called)
    if not hooks.program(hook):
        yield Finding(f"The hook {called}: there is no such program that may be run.", edit)
    elif failed := _failed_last(session, DeliveryForm.EVENT, hook.called):
        yield Finding(f"The hook {called} failed the last time: {failed}.", "recipflow service logs")


def _failed_last(session: Session, form: DeliveryForm, channel: str | None = None) -> str:
    """Why the last one failed; "" where none was tried yet, or it did not."""
    settled = {DeliveryState.DELIVERED, DeliveryState.FAILED}
    found = session.store.deliveries.of(form, channel, settled)
    last = max(
        found,
        key=lambda one: (one.settled_at or one.staged_at, one.state is DeliveryState.FAILED),
        default=None,
    )
    return last.problem if last and last.state is DeliveryState.FAILED else ""


def _fault(attempt: Callable[[], object], what: str, command: str, later: str = AGAIN) -> Iterator[Finding]:
    """What went wrong: the `command` mends what the user can, `later` tries anew what passes by itself."""
    try:
        attempt()
    except AuthNeeded as wrong:
        yield Finding(_said(wrong, what), wrong.command)
    except UserError as wrong:
        yield Finding(_said(wrong, what), command)
    except RecipflowError as wrong:
        yield Finding(_said(wrong, what), later)


def _attempt(attempt: Callable[[], object], what: str, command: str, later: str = AGAIN) -> Iterator[Finding]:
    """As `_fault`; and a fault nobody thought of is told, too."""
    try:
        yield from _fault(attempt, what, command, later)
    except Exception as fault:  # noqa: BLE001  (a stranger's connector may raise anything)
        yield Finding(f"{what}: {type(fault).__name__}", "recipflow --debug doctor --online")


def _said(wrong: RecipflowError, what: str) -> str:
    return str(wrong) if not what or str(wrong).startswith("config.toml") else f"{what}: {wrong}"
