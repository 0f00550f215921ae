"""What `recipflow sync` and `recipflow today` say on the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from recipflow.cli.render import bold, counted, paragraph, say, width
from recipflow.foreign import one_line

if TYPE_CHECKING:
    from recipflow.digest.model import Digest
    from recipflow.session import Session
    from recipflow.session.pulling import Synced

NOT_CONNECTED = "Nothing is connected yet: recipflow connect files PATH"


def remarks(session: Session, one: Synced) -> Iterable[str]:
    """What of an account's sync was out of the ordinary."""
    from recipflow.reconciling import said_of

    if one.pulled and one.pulled.rescan:
        since = one.pulled.since
        start = f"from {since.astimezone(session.zone):%Y-%m-%d} on" if since else "from the beginning"
        yield f"The provider had forgotten where we were: all was read again {start}, so that nothing is missing."
    if one.gap:
        yield said_of(one.gap)


def closing(done: Iterable[Synced], folded: int) -> str:
    """One line: what is new, what was set aside, what to do next."""
    pulled = [one.pulled for one in done if one.pulled]
    new, changed, aside = (
        sum(getattr(one, what) for one in pulled) for what in ("new", "changed", "set_aside")
    )
    said = [counted(new, "new message or meeting", "new messages and meetings") if new else "Nothing new"]
    if changed:
        said.append(f"{changed:,} changed")
    if aside:
        said.append(f"{aside:,} could not be read (recipflow doctor lists them)")
    if folded:
        said.append(f"{counted(folded, 'person', 'people')} brought up to date")
    return ", ".join(said) + ". Next: recipflow today"


def show(session: Session, digest: Digest, moment: datetime) -> None:
    from recipflow.digest.render import as_text

    say(as_text(digest, width=width(), heading=bold).rstrip("\n"))
    say(paragraph(_read_when(session, moment)))
    for trouble in _troubles(session):
        say(paragraph(trouble))


def _read_when(session: Session, moment: datetime) -> str:
    """When the mail was read last, and what to do if that is long ago."""
    from recipflow.assembly import wording

    synced = [account.last_sync for account in session.accounts]
    if not session.settings.accounts:
        return NOT_CONNECTED
    if not synced or None in synced:
        return "Your mail is not read to its end yet: recipflow sync"
    oldest = min(at for at in synced if at).astimezone(session.zone)
    days = (moment.astimezone(session.zone).date() - oldest.date()).days
    when = wording().short_date(oldest.date(), moment.astimezone(session.zone).date())
    said = f"Your mail was last read on {when} at {oldest:%H:%M}."
    return f"{said} What came since is not in this: recipflow sync" if days >= 1 else said


def _troubles(session: Session) -> Iterable[str]:
    """Accounts that do not go on, and what to type."""
    troubles = session.store.accounts.troubles()
    for account in session.accounts:
        if account.id in troubles:
            trouble = troubles[account.id]
            then = f" Then: {trouble.command}" if trouble.command else " It is tried again by itself."
            yield f"{one_line(account.name)} does not go on: {one_line(trouble.reason)}{then}"
