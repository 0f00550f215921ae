"""`recipflow calendar`: the events of ours in the user's calendar."""

from __future__ import annotations

import typer

from recipflow.cli.options import Yes, may_ask
from recipflow.cli.render import counted, paragraph, say
from recipflow.cli.speaking import speaking
from recipflow.errors import UserError

calendar = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@calendar.callback()
def _calendar() -> None:
    """The reminders that recipflow keeps in your calendar, or in a file (config.toml, reminders.via)."""


@calendar.command("list", epilog="Example: recipflow calendar list")
def list_() -> None:
    """List the events that recipflow has in your calendar now."""
    from recipflow.daemon import couriers

    with speaking() as (session, moment):
        via = _via(session.settings.reminders.via)
        there = couriers.calendar(session, via, moment).written()
        for one in sorted(there, key=lambda event: event.starts):
            local = one.starts.astimezone(session.zone)
            say(f"{local:%Y-%m-%d %H:%M}  {one.title}  ({one.note})")
        if not there:
            say(paragraph("There are none."))


@calendar.command(epilog="Example: recipflow calendar clean")
def clean(yes: Yes = False) -> None:
    """Remove every event of ours from your calendar, and nothing else. Turn reminders off first, or they come back."""
    from recipflow.daemon import couriers
    from recipflow.reminders.cleaning import clean as cleaned

    with speaking() as (session, moment):
        via = _via(session.settings.reminders.via)
        courier = couriers.calendar(session, via, moment)
        count = len(courier.written())
        if count and may_ask(yes) and not typer.confirm(f"Remove {counted(count, 'event')} of recipflow's?"):
            raise typer.Abort
        removed = cleaned(session.store, via, courier, moment)
        say(paragraph(f"{counted(removed, 'event is', 'events are')} removed, and nothing else."))


def _via(via: str) -> str:
    if not via:
        raise UserError(
            "config.toml: reminders.via: names no calendar, so there are no events of ours. Name an account with a "
            "calendar, or file:PATH."
        )
    return via
