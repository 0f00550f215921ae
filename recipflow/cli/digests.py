"""`recipflow digest` and `recipflow catch-up`: the morning's mail, looked at or sent, and the page of older things."""

from __future__ import annotations

import os
import secrets
import sys
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recipflow.cli.options import AsHtml
from recipflow.cli.render import bold, counted, paragraph, say, width
from recipflow.cli.speaking import speaking
from recipflow.errors import UserError

if TYPE_CHECKING:
    from recipflow.daily.composed import Morning
    from recipflow.outbox import Outcome
    from recipflow.session import Session


def digest(
    preview: Annotated[
        bool, typer.Option("--preview", help="Show it, and send nothing (the default).")
    ] = False,
    html: AsHtml = None,
    send_now: Annotated[
        bool, typer.Option("--send-now", help="Send today's now, if it was not sent yet.")
    ] = False,
) -> None:
    """The digest as it would be mailed to you now. With --send-now it is, once a day at most.

    Who takes it stands in config.toml: digest.via names an account, "file:PATH" or "maildir:PATH".
    """
    if preview and send_now:
        raise typer.BadParameter("Give --preview or --send-now, not both.")
    with speaking() as (session, moment):
        if send_now:
            _send(session, moment)
            return
        _show(session, moment, html)


def catch_up(
    html: AsHtml = None,
    dismiss: Annotated[
        bool, typer.Option("--dismiss", help="Put all of it away, as one word: recipflow undo takes it back.")
    ] = False,
) -> None:
    """What stood already when recipflow began, and is too old for a digest: one page, to look at once or not at all."""
    from recipflow.daily import catching_up

    with speaking() as (session, moment):
        if dismiss:
            count = catching_up.dismiss(session, moment)
            away = f"{counted(count, 'older thing is', 'older things are')} put away. Take it back: recipflow undo"
            say(paragraph(away if count else "Nothing older waits, so nothing was put away."))
            return
        page = catching_up.page(session, moment)
        if html:
            from recipflow.cli.first import write_page

            write_page(html, page, commands=True)
        _text(page)


def _show(session: Session, moment: datetime, html: Path | None) -> None:
    from recipflow.daily import morning

    made = morning.prepare(session, moment, wished=True)
    if html:
        _write(session, made, html)
    say(bold(made.subject))
    say()
    _text(made.digest)
    if not made.worth:
        say(paragraph(f"{_why_none(made)}, so no mail would be sent."))
    if html and made.chosen.nudges:
        say(
            paragraph(
                f"{html} is a look at it: only in one that was sent do Done, Snooze, Wrong and Never count."
            )
        )


def _why_none(made: Morning) -> str:
    """Why nothing is sent today, and when something is."""
    from recipflow.assembly import wording

    if made.chosen.nothing:
        return "There is nothing to say today"
    if made.quiet:
        return "Today is a quiet day, and what stands can wait"
    latest = wording().short_date(made.by, made.day)
    return f"None of it is new: it comes with the next news, on {latest} at the latest"


def _text(digest: object) -> None:
    from recipflow.digest.model import Digest
    from recipflow.digest.render import as_text

    assert isinstance(digest, Digest)  # noqa: S101
    say(as_text(digest, width=width(), heading=bold).rstrip("\n"))


def _write(session: Session, made: Morning, html: Path) -> None:
    """The page as it would be mailed; its answers carry no good token."""
    from recipflow.daily import letters
    from recipflow.files import write_private

    letter = letters.letter(session, made, {nudge.key: "a" * 16 for nudge in made.chosen.nudges})
    try:
        write_private(html.expanduser(), letter.html)
    except OSError as wrong:
        raise UserError(f"{html}: cannot be written: {wrong.strerror}") from wrong


def _send(session: Session, moment: datetime) -> None:
    from recipflow.daemon import couriers
    from recipflow.daily import morning, turns
    from recipflow.outbox import deliver_letter
    from recipflow.session import now

    via = session.settings.digest.via
    if not via:
        raise UserError(
            "config.toml: digest.via: names nobody who takes the digest to you. Name an account that may send "
            "(recipflow connect --help), file:PATH or maildir:PATH."
        )
    courier, key = couriers.mail(session, via), morning.key_of(session, morning.today(session, moment))
    owner = f"cli {os.getpid()}"
    _stage(session, moment, owner)
    known = session.store.deliveries.get(key)
    if known is not None and known.settled_at is not None and known.state.value == "nothing":
        say(paragraph("There is nothing to say today, so nothing was sent."))
        return
    if known is not None and known.settled_at is not None:
        raise UserError("Today's digest was sent already; the next one comes tomorrow.")
    done = deliver_letter(
        session.store,
        key,
        courier,
        owner=owner,
        clock=now,
        delivered=lambda one: morning.delivered(session, one, now()),
    )
    turns.taken(session, done)
    _say_how(done)


def _stage(session: Session, moment: datetime, owner: str) -> None:
    """Stage the digest of the day, with the reminders that go along with it, unless that was done before."""
    from recipflow.daemon import couriers, reminding
    from recipflow.daily import morning

    if session.settings.reminders.via == couriers.DIGEST:
        reminding.keep(session, moment, owner)
    enclosed = partial(reminding.enclosed, session, moment)
    morning.stage(session, moment, secrets.randbelow, enclosed, wished=True)


def _say_how(done: Outcome | None) -> None:
    if done is None:
        raise UserError("recipflow run is sending it just now.")
    if not done.delivered:
        why = done.delivery.problem.rstrip(".") or "nobody knows whether it was; it is looked for"
        sys.stderr.write(f"Not sent yet: {why}.\n")
        sys.exit(1)
    say(paragraph("Sent by another computer of yours already." if done.found else "Sent."))
