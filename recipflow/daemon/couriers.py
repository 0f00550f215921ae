"""Who takes letters and reminders to the user: an account of theirs, or a file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from recipflow.connector import CalendarCourier, MailCourier
from recipflow.errors import UserError
from recipflow.outbox.couriers import FileCourier, MaildirCourier
from recipflow.reminders.files import NAME, FileCalendar

if TYPE_CHECKING:
    from recipflow.session import Session

DIGEST = "digest"
"""`reminders.via`: the events come as an enclosure of the digest."""


def mail(session: Session, via: str) -> MailCourier:
    """The courier that `digest.via` names; a UserError when it can take no letters."""
    kind, _, path = via.partition(":")
    if account := _account(session, via):
        if not isinstance(account, MailCourier):
            raise UserError(f"config.toml: digest.via: the account {via!r} sends no mail.")
        return account
    if kind == "file" and path:
        return FileCourier(Path(path))
    if kind == "maildir" and path:
        return MaildirCourier(Path(path))
    raise UserError(f"config.toml: digest.via: there is no account {via!r}.")


def calendar(session: Session, via: str, now: datetime) -> CalendarCourier:
    """The courier that `reminders.via` names; a UserError when it keeps no events."""
    kind, _, path = via.partition(":")
    if via == DIGEST:
        return FileCalendar(session.store, via, session.home.database.with_name(NAME), me=session.me, now=now)
    if account := _account(session, via):
        if not isinstance(account, CalendarCourier):
            raise UserError(
                f"config.toml: reminders.via: the account {via!r} has no calendar to write to, or was not given leave "
                'to: allow = ["reminders"] in its table.'
            )
        return account
    if kind == "file" and path:
        return FileCalendar(session.store, via, Path(path), me=session.me, now=now)
    raise UserError(f"config.toml: reminders.via: there is no account {via!r}.")


def _account(session: Session, name: str) -> object | None:
    table = next((one for one in session.settings.accounts if one.name == name), None)
    return session.opened(table) if table else None
