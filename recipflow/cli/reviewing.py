"""`recipflow review`: a month in counts."""

from __future__ import annotations

import os
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from recipflow.cli.options import AsJson, print_json
from recipflow.cli.render import Progress, bold, paragraph, say

if TYPE_CHECKING:
    from recipflow.counsel.reviewing import Review
    from recipflow.session import Session

Month = Annotated[
    str | None, typer.Option("--month", metavar="YYYY-MM", help="One month; without, the last 30 days.")
]


def review(month: Month = None, as_json: AsJson = False) -> None:
    """Look back: thanks in time, promises kept, asks inside and outside windows, and what you set right.

    Counts of everybody together, with the range a share may really lie in; of fewer than twenty cases nothing is said.
    Nobody is scored or ranked.
    """
    from recipflow.counsel import reviewing
    from recipflow.home import find
    from recipflow.session import Session, now

    with Session.open(find(os.environ)) as session:
        moment = now()
        session.catch_up(moment)
        since, until = _span(session, month, moment)
        with Progress("Looking back", after=1.0):
            found = reviewing.review(session, since, until)
        if as_json:
            print_json(found.as_json())
        else:
            _say(session, found)


def _span(session: Session, month: str | None, moment: datetime) -> tuple[datetime, datetime]:
    if month is None:
        return moment - timedelta(days=30), moment
    from recipflow.counsel import reviewing

    parts = re.fullmatch(r"(\d{4})-(\d{2})", month)
    if not parts or not 1 <= int(parts[2]) <= 12 or not 1900 <= int(parts[1]) <= 9900:
        raise typer.BadParameter(f"{month!r} is no month like 2026-10.", param_hint="--month")
    year, number = int(parts[1]), int(parts[2])
    first, last = reviewing.month_of(year, number, session.zone)
    return first, min(last, moment)


def _say(session: Session, found: Review) -> None:
    from recipflow.counsel import reviewing

    first, last = (at.astimezone(session.zone).date() for at in (found.since, found.until))
    say(bold(paragraph(f"From {first.isoformat()} to {last.isoformat()}")))
    for line in reviewing.lines(found):
        say(paragraph(line, "  "))
    say(paragraph(reviewing.CAUTION))
