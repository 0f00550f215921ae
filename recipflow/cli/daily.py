"""`recipflow sync` and `recipflow today`: read what is new, and say what stands this morning."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from recipflow.cli.daily_text import NOT_CONNECTED, closing, remarks, show
from recipflow.cli.options import AsHtml, AsJson, At, instant, print_json
from recipflow.cli.render import Progress, paragraph, say
from recipflow.errors import UserError
from recipflow.foreign import one_line

if TYPE_CHECKING:
    from recipflow.digest.model import Digest
    from recipflow.insight import Standpoint
    from recipflow.model import Nudge, Question
    from recipflow.session import Session
    from recipflow.session.pulling import Synced

_SHORT = 55
"""Characters of a reason that leave room on a line for how long it is waited."""
Everything = Annotated[bool, typer.Option("--all", help="All that stands, also what was shown often enough.")]


def sync(
    again: Annotated[
        bool,
        typer.Option("--again", help="From the beginning: also mail of somebody who is private no more."),
    ] = False,
) -> None:
    """Read what is new in every connected account, and bring all that follows from it up to date.

    It may be stopped at any time with Ctrl-C, and goes on from there the next time.
    """
    from recipflow.home import find
    from recipflow.session import Session, now

    with Session.open(find(os.environ)) as session:
        _check(session)
        first = not any(account.last_sync for account in session.store.accounts.all())
        try:
            done = _sync(session, now(), again=again)
        except KeyboardInterrupt:
            sys.stderr.write("Stopped. What was read is kept; recipflow sync goes on from there.\n")
            raise
        if first and sys.stdin.isatty() and sys.stdout.isatty():
            from recipflow.cli.setup import ask_about_people

            ask_about_people(session)
    if all(one.problems for one in done):
        sys.exit(1)


def today(
    html: AsHtml = None, everything: Everything = False, at: At = None, as_json: AsJson = False
) -> None:
    """Say what stands this morning: at most seven things, each with the sentence it stands on.

    Where reading is not sure enough it asks, at most two questions: answer with recipflow yes KEY or recipflow no KEY.
    Each is shown on three days at most. With --at or --json nothing counts as shown.
    """
    from recipflow.home import find
    from recipflow.session import Session

    with Session.open(find(os.environ)) as session:
        moment = instant(at, session.zone).replace(microsecond=0)
        points, nudges = _standing(session, moment, live=at is None)
        alone = not any(nudge.shown for nudge in nudges)
        asked = (
            session.questions(points, moment, alone=alone)
            if at is None
            else _asked_then(points, moment, session)
        )
        if as_json:
            print_json(_as_json(session, points, nudges, asked, moment))
            return
        if everything:
            nudges = _catch_up(session, nudges, moment)
        digest, on_page = _digest(session, points, nudges, asked, moment, everything=everything)
        if html:
            from recipflow.cli.first import write_page

            write_page(html, digest, commands=True)
        show(session, digest, moment)
        if at is None:
            _mark_shown(session, [*on_page, *(one for one in asked if one.shown)], moment)


def _check(session: Session) -> None:
    problems = []
    if not session.me:
        problems.append("Nobody said which addresses are yours: recipflow init --me you@example.org")
    if not session.settings.accounts:
        problems.append(NOT_CONNECTED)
    if problems:
        raise UserError(problems)


def _sync(session: Session, moment: datetime, *, again: bool) -> list[Synced]:
    from recipflow.daily import hearing
    from recipflow.session.pulling import patience
    from recipflow.session.writing import asked_about, undecided

    def waits(reason: str, seconds: float) -> None:
        progress.tell(f"{one_line(reason, _SHORT).rstrip('.')}; again in {seconds:.0f} s", 0, None)

    known = undecided(session)
    with Progress("Reading", after=1.0) as progress:
        done = list(session.sync(moment, progress.tell, again=again, patient=patience(waits)))
        folded = session.derive(moment, progress.tell, rules=True).folded
        if session.fetch_late(moment):
            folded += session.derive(moment, progress.tell).folded
        if hearing.hear(session, moment):
            session.refresh()
            folded += session.derive(moment, progress.tell).folded
        session.drop_old_texts(moment)
    for one in done:
        for problem in one.problems:
            sys.stderr.write(f"{one_line(one.account)}: {one_line(problem)}\n")
        for remark in remarks(session, one):
            say(paragraph(f"{one_line(one.account)}: {remark}"))
    for writer, messages in undecided(session).items():
        if writer not in known:
            say(paragraph(asked_about(writer, messages)))
    if any(one.pulled for one in done) or not done:
        say(paragraph(closing(done, folded)))
    return done


def _standing(
    session: Session, moment: datetime, *, live: bool
) -> tuple[Sequence[Standpoint], Sequence[Nudge]]:
    """Everybody with something to say about, and every nudge; of another time as it was then, with nothing shown."""
    from recipflow.insight import nudges

    if not live:
        points = list(session.standpoints_as_of(moment))
        return points, nudges(points, {}, moment, session.zone)
    with Progress("Working it out", after=1.0) as progress:
        session.catch_up(moment, progress.tell)
    points = list(session.standpoints(moment))
    return points, nudges(points, session.store.decisions.lives(), moment, session.zone)


def _asked_then(points: Sequence[Standpoint], moment: datetime, session: Session) -> Sequence[Question]:
    """The questions of another time, as if none had ever been put."""
    from recipflow.insight.asking import questions

    return questions(points, {}, moment, session.zone, alone=False)


def _catch_up(session: Session, nudges: Iterable[Nudge], moment: datetime) -> list[Nudge]:
    """All but what the user put away."""
    from recipflow.insight.lives import dismissed, silenced

    lives = session.store.decisions.lives()
    away = dismissed(lives.values(), moment)
    return [
        replace(
            nudge,
            shown=not silenced(lives.get(nudge.key), moment)
            and (nudge.contact, nudge.kind.value) not in away,
        )
        for nudge in nudges
    ]


def _digest(
    session: Session,
    points: Iterable[Standpoint],
    nudges: Sequence[Nudge],
    asked: Sequence[Question],
    moment: datetime,
    *,
    everything: bool,
) -> tuple[Digest, list[Nudge]]:
    from recipflow import assembly
    from recipflow.digest.coverage import coverage
    from recipflow.digest.model import compose

    digest = compose(
        nudges,
        {point.contact.id: point.contact.name for point in points},
        wording=assembly.wording(),
        now=moment,
        tz=session.zone,
        coverage=coverage(session.store.counts(), assembly.LANGUAGES),
        questions=asked,
        limit=None if everything else session.settings.digest.max_items,
    )
    keys = {item.key for item in digest.items}
    return digest, [nudge for nudge in nudges if nudge.key in keys]


def _mark_shown(session: Session, on_page: Iterable[Nudge | Question], moment: datetime) -> None:
    from recipflow.insight.lives import shown

    lives = session.store.decisions.lives()
    with session.store.transaction():
        session.store.decisions.put_lives(shown(on_page, lives, moment, session.zone))


def _as_json(
    session: Session,
    points: Iterable[Standpoint],
    nudges: Sequence[Nudge],
    asked: Sequence[Question],
    moment: datetime,
) -> dict[str, object]:
    from recipflow import assembly
    from recipflow.digest import as_json, coverage

    synced = [account.last_sync for account in session.accounts if account.last_sync]
    contacts = {point.contact.id: point.contact for point in points}
    words = assembly.wording()
    return {
        "at": moment.astimezone(session.zone),
        "me": sorted(session.me),
        "last_sync": min(synced).astimezone(session.zone) if synced else None,
        "read": coverage.as_json(session.store.counts(), assembly.LANGUAGES),
        "nudges": as_json.as_json(nudges, contacts, wording=words, now=moment, tz=session.zone),
        "questions": as_json.questions_as_json(asked, contacts, wording=words, now=moment, tz=session.zone),
    }
