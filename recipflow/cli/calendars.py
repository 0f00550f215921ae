"""`recipflow calendar`: the events of ours in the user's calendar."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import typer

from recipflow.cli.options import Yes, may_ask
from recipflow.cli.render import counted, paragraph, say
from recipflow.cli.speaking import speaking
from recipflow.errors import UserError

if TYPE_CHECKING:
    from recipflow.connector import CalendarCourier
    from recipflow.session import Session

calendar = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


_UNSEEN = (
    "From a file it is not seen what you do with an event in your own calendar. To be reminded later: recipflow snooze "
    "KEY; not at all: recipflow dismiss KEY."
)


@calendar.callback()
def _calendar() -> None:
    """The reminders that recipflow keeps in your calendar, or in a file (config.toml, reminders.via)."""


@calendar.command("list", epilog="Example: recipflow calendar list")
def list_() -> None:
    """List the events that recipflow has in your calendar now."""
    from recipflow.reminders.files import FileCalendar

    with speaking() as (session, moment):
        calendars = _calendars(session, moment).values()
        there = [one for courier in calendars for one in courier.written()]
        for one in sorted(there, key=lambda event: event.starts):
            local = one.starts.astimezone(session.zone)
            say(f"{local:%Y-%m-%d %H:%M}  {one.title}  ({one.note})")
        if not there:
            say(paragraph("There are none."))
        if there and any(isinstance(one, FileCalendar) for one in calendars):
            say(paragraph(_UNSEEN))


@calendar.command(epilog="Example: recipflow calendar clean")
def clean(yes: Yes = False) -> None:
    """Remove every event of ours from your calendar, and nothing else. Turn reminders off first, or they come back.

    The calendar they were in goes with them, if recipflow made it and nothing else is in it.
    """
    from recipflow.reminders.cleaning import clean as cleaned
    from recipflow.reminders.cleaning import said_of

    with speaking() as (session, moment):
        calendars = _calendars(session, moment)
        count = sum(len(courier.written()) for courier in calendars.values())
        if count and may_ask(yes) and not typer.confirm(f"Remove {counted(count, 'event')} of recipflow's?"):
            raise typer.Abort
        done = [cleaned(session.store, via, courier, moment) for via, courier in calendars.items()]
        removed = sum(one.events for one in done)
        say(paragraph(f"{counted(removed, 'event is', 'events are')} removed, and nothing of yours."))
        for said in dict.fromkeys(filter(None, (said_of(one.calendar) for one in done))):
            say(paragraph(f"{said[0].upper()}{said[1:]}."))
        if session.settings.reminders.via and removed:
            say(paragraph('They come back unless you set via = "" below [reminders] in config.toml.'))


def _calendars(session: Session, moment: datetime) -> dict[str, CalendarCourier]:
    from recipflow.daemon import couriers

    found = couriers.calendars(session, moment)
    if not found:
        raise UserError(
            "config.toml: reminders.via: names no calendar, and there are no events of ours. Name an account with a "
            "calendar, or file:PATH."
        )
    return found
