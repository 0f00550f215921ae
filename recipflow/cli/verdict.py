"""Commands on a piece of advice: it is done, it is wrong, not now, not this one."""

from __future__ import annotations

import sys
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from recipflow.cli.options import Key, Yes
from recipflow.cli.render import paragraph, say
from recipflow.cli.speaking import speaking
from recipflow.errors import UserError

if TYPE_CHECKING:
    from recipflow.explain.verdicts import Mistake
    from recipflow.session import Session


def done(key: Key) -> None:
    """You did what a piece of advice says, where no mail shows it: it is entered, and the advice rests."""
    from recipflow.explain import judging, lookup

    with speaking() as (session, moment):
        point, nudge = lookup.nudge(session, key, moment)
        judging.done(session, point, nudge, moment)
        say(paragraph(f"Good. It rests with {lookup.called(point.contact)}. Take it back: recipflow undo"))


def wrong(
    key: Key,
    because: Annotated[
        str | None,
        typer.Option(
            "--because", metavar="WHY", help="not-a-favour, wrong-person, already-handled or not-mine."
        ),
    ] = None,
    yes: Yes = False,
) -> None:
    """A piece of advice is mistaken: say in one word why, and what it stood on is read otherwise from now on."""
    from recipflow.explain import judging, lookup
    from recipflow.explain.verdicts import Mistake

    with speaking() as (session, moment):
        point, nudge = lookup.nudge(session, key, moment)
        mistake = _mistake(because, ask=not yes)
        judging.wrong(session, point, nudge, mistake, moment)
        handled = mistake is Mistake.ALREADY_HANDLED
        follows = "it is entered as done" if handled else "it will be read otherwise from now on"
        say(paragraph(f"Thank you: {follows}. Take it back: recipflow undo"))


def snooze(
    key: Key,
    days: Annotated[int | None, typer.Option("--days", min=1, max=365, help="Not for so many days.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="Not before this day.")] = None,
) -> None:
    """Not now: a piece of advice stays away for a week, for so many days, or until a day."""
    from recipflow import assembly
    from recipflow.explain import judging, lookup

    if days and until:
        raise typer.BadParameter("Give --days or --until, not both.")
    with speaking() as (session, moment):
        _, nudge = lookup.nudge(session, key, moment)
        back = _back(session, moment, days or 7, until)
        judging.snooze(session, nudge, back, moment)
        today = moment.astimezone(session.zone).date()
        when = assembly.wording().short_date(back.astimezone(session.zone).date(), today)
        say(paragraph(f"It comes back on {when}, if it still stands then. Take it back: recipflow undo"))


def dismiss(key: Key) -> None:
    """Not this one: it goes for good, and the same kind of advice about this person stays away for a season."""
    from recipflow.explain import judging, lookup

    with speaking() as (session, moment):
        point, nudge = lookup.nudge(session, key, moment)
        judging.dismiss(session, nudge, moment)
        say(
            paragraph(
                f"Gone, and nothing of the kind about {lookup.called(point.contact)} for a season. "
                "Take it back: recipflow undo"
            )
        )


def _mistake(because: str | None, *, ask: bool) -> Mistake:
    from recipflow.explain.verdicts import Mistake

    known = ", ".join(Mistake)
    if because is None and ask and sys.stdin.isatty():
        because = typer.prompt(f"Why is it wrong ({known})", default=Mistake.NOT_A_FAVOUR.value)
    if because is None and ask and not sys.stdin.isatty():
        raise UserError(f"There is no keyboard here: say --because {known}, or --yes for not-a-favour.")
    try:
        return Mistake(because or Mistake.NOT_A_FAVOUR)
    except ValueError:
        raise typer.BadParameter(f"{because!r} is none of {known}.", param_hint="--because") from None


def _back(session: Session, now: datetime, days: int, until: str | None) -> datetime:
    """When it comes back: at the beginning of a day of the user's."""
    today = now.astimezone(session.zone).date()
    try:
        day = date.fromisoformat(until) if until else today + timedelta(days=days)
    except ValueError:
        raise typer.BadParameter(f"{until!r} is no date like 2026-10-29.", param_hint="--until") from None
    if day <= today:
        raise typer.BadParameter(f"{day} is not ahead.", param_hint="--until")
    return datetime.combine(day, time(), session.zone)
