"""Who takes letters and reminders to the user: an account of theirs, or a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from recipflow.connector import CalendarCourier, Connector, Letter, MailCourier
from recipflow.errors import CannotLook, UserError
from recipflow.outbox.couriers import FileCourier, MaildirCourier
from recipflow.reminders.cleaning import THERE
from recipflow.reminders.files import NAME, FileCalendar
from recipflow.store import DeliveryForm

if TYPE_CHECKING:
    from recipflow.session import Session

DIGEST = "digest"
"""`reminders.via`: the events come as an enclosure of the digest."""


class Looking:
    """Sends by one account, and where that cannot see what it sent, looks in the user's other mailboxes."""

    def __init__(self, courier: MailCourier, others: Callable[[], Iterable[object]]) -> None:
        self._courier, self._others = courier, others

    def send(self, letter: Letter) -> str:
        return self._courier.send(letter)

    def sent(self, token: str, *, since: datetime) -> str | None:
        try:
            return self._courier.sent(token, since=since)
        except CannotLook:
            found = [_looked(one, token, since) for one in self._others() if hasattr(one, "sent")]
            if not found:
                raise
            return next((one for one in found if one is not None), None)


def mail(session: Session, via: str) -> MailCourier:
    """The courier that `digest.via` names; a UserError when it can take no letters."""
    kind, _, path = via.partition(":")
    if account := _account(session, via):
        if not isinstance(account, MailCourier):
            raise UserError(
                f"config.toml: digest.via: the account {via!r} sends no mail, or was not given leave to: "
                "connect it again with --allow digest."
            )
        return Looking(account, lambda: _readable(session, via))
    if kind == "file" and path:
        return FileCourier(Path(path))
    if kind == "maildir" and path:
        return MaildirCourier(Path(path))
    raise UserError(f"config.toml: digest.via: there is no account {via!r}.")


def calendar(session: Session, via: str, now: datetime) -> CalendarCourier:
    """The courier that `reminders.via` names; a UserError when it keeps no events."""
    kind, _, path = via.partition(":")
    if via == DIGEST:
        return _file(session, via, session.home.database.with_name(NAME), now)
    if account := _account(session, via):
        if not isinstance(account, CalendarCourier):
            raise UserError(
                f"config.toml: reminders.via: the account {via!r} has no calendar to write to, or was not given leave "
                "to: connect it again with --allow reminders."
            )
        return account
    if kind == "file" and path:
        return _file(session, via, Path(path), now)
    raise UserError(f"config.toml: reminders.via: there is no account {via!r}.")


def opens(session: Session, via: str) -> bool:
    """Whether nothing is wrong with the settings of the account that is named, if one is."""
    try:
        _account(session, via)
    except UserError:
        return False
    return True


def _file(session: Session, via: str, path: Path, now: datetime) -> FileCalendar:
    alarm = session.settings.reminders.alarm
    return FileCalendar(session.store, via, path, me=session.me, now=now, alarm=alarm)


def calendars(session: Session, now: datetime) -> dict[str, CalendarCourier]:
    """Where events of ours lie, or are to lie: what `reminders.via` names, and named before if it is still connected."""
    named = session.settings.reminders.via
    found = {named: calendar(session, named, now)} if named else {}
    put_up = {row.channel for row in session.store.deliveries.of(DeliveryForm.REMINDER, states=THERE)}
    for via in sorted(put_up - found.keys()):
        with suppress(UserError):  # it is connected no more
            found[via] = calendar(session, via, now)
    return found


def _looked(account: object, token: str, since: datetime) -> str | None:
    found: str | None = account.sent(token, since=since)  # type: ignore[attr-defined]
    return found


def _readable(session: Session, but: str) -> Iterator[object]:
    """The user's other accounts that can see what was sent: IMAP beside SMTP."""
    for table in session.settings.accounts:
        account = session.opened(table) if table.name != but else None
        if isinstance(account, Connector) and hasattr(account, "sent"):
            yield account


def _account(session: Session, name: str) -> object | None:
    table = next((one for one in session.settings.accounts if one.name == name), None)
    try:
        return session.opened(table) if table else None
    except UserError as wrong:
        raise UserError(f"{name}: {one}" for one in wrong.problems) from wrong
