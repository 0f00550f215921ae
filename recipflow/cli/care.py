"""Commands for the machinery: compute everything anew, and see whether all is in order."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from recipflow.cli.options import AsJson, print_json
from recipflow.cli.render import Progress, bold, counted, paragraph, say
from recipflow.foreign import one_line

if TYPE_CHECKING:
    from recipflow.health import Daemon, Health
    from recipflow.reconciling import Gap
    from recipflow.store import Difference

_LISTED = 20


def rebuild(
    verify: Annotated[
        bool, typer.Option("--verify", help="Compare with what was there, bit for bit.")
    ] = False,
) -> None:
    """Drop all that is derived and compute it anew from what was observed and what you said.

    With --verify it says what comes out otherwise than before, and fails if anything does.
    """
    from recipflow.derive import rebuild as anew
    from recipflow.home import find
    from recipflow.session import Session, now

    with Session.open(find(os.environ)) as session, Progress("Computing", after=1.0) as progress:
        moment = now()
        session.derive(moment, rules=True)
        if verify:
            session.store.put_derived_aside()
        anew(session.store, session.context, moment, progress=lambda step: progress.tell(step, 0, None))
        differences = session.store.differences() if verify else ()
        people = len(session.store.people.all())
    if differences:
        _say_differences(differences)
        sys.exit(1)
    same = ", and all is as it was, bit for bit" if verify else ""
    say(paragraph(f"Computed anew for {counted(people, 'person', 'people')}{same}."))


def doctor(
    as_json: AsJson = False,
    online: Annotated[
        bool, typer.Option("--online", help="Try everything for real, and send a test letter to yourself.")
    ] = False,
) -> None:
    """Look whether everything is in order: config, files, database, accounts, rules. Each problem says what mends it."""
    from recipflow.health import examine, examine_online
    from recipflow.home import find
    from recipflow.session import now

    home, moment = find(os.environ), now()
    health = examine(home, moment)
    if online:
        tell = (lambda _: None) if as_json else (lambda line: say(paragraph(line)))
        found = examine_online(home, moment, tell)
        health = replace(health, problems=tuple(dict.fromkeys((*health.problems, *found))))
    if as_json:
        print_json(_as_json(health))
    else:
        _say(health)
    if health.problems:
        sys.exit(1)


def _say_differences(differences: tuple[Difference, ...]) -> None:
    say(paragraph(f"{counted(len(differences), 'thing')} came out otherwise:"))
    for one in differences[:_LISTED]:
        say(f"  {one.table}: {one_line(one.about)}")
    if len(differences) > _LISTED:
        say(f"  and {len(differences) - _LISTED} more")
    say(
        paragraph(
            "The new ones are kept. That they differ is a mistake of recipflow's own: please report it."
        )
    )


def _say(health: Health) -> None:
    from recipflow import assembly
    from recipflow.digest.coverage import coverage
    from recipflow.reconciling import said_of

    for account in health.accounts:
        when = (
            f"read on {account.last_sync:%Y-%m-%d %H:%M} UTC"
            if account.last_sync
            else "not read to its end yet"
        )
        quota = health.quotas.get(account.name)
        kept = f"; it keeps to {quota}" if quota else ""
        say(paragraph(f"{one_line(account.name)} ({one_line(account.connector)}): {when}{kept}."))
        if gap := health.gaps.get(account.id):
            say(paragraph(said_of(gap), "    "))
        for item in health.set_aside.get(account.id, ())[:_LISTED]:
            say(paragraph(f"set aside: {one_line(item.where)}: {one_line(item.reason)}", "    "))
    covered = coverage(health.counts, assembly.LANGUAGES)
    if covered.messages:
        unread = "".join(f", {count} {why}" for why, count in covered.unread.items())
        say(
            paragraph(
                f"Read {covered.read:,} of {counted(covered.messages, 'message')} from people ({covered.percent} %){unread}."
            )
        )
    _say_of_reading(health)
    if health.daemon:
        say(paragraph(_running(health.daemon)))
    for problem in health.problems:
        say()
        say(bold(paragraph(problem.problem)))
        say(f"    {problem.command}")
    if not health.problems:
        say(paragraph("All is in order."))


def _say_of_reading(health: Health) -> None:
    """What it reads by, and whose some of it is."""
    from recipflow.session.writing import asked_about

    if health.packs:
        say(paragraph(f"{counted(health.rules, 'rule')} in {counted(health.packs, 'pack')}."))
    if health.lessons:
        learned = counted(health.lessons, "lesson")
        say(paragraph(f"{learned} learned from your corrections: recipflow rules learned"))
    if health.generous:
        say(paragraph("Favours are frequent in your mail, so what looks like one is believed sooner."))
    for writer, messages in health.writers.items():
        say(paragraph(asked_about(writer, messages)))


def _running(daemon: Daemon) -> str:
    installed = "is installed as a service" if daemon.installed else "is not installed as a service"
    runs = f"runs as process {daemon.process}" if daemon.process else "does not run now"
    return f"The daemon {installed}, and {runs}."


def _as_json(health: Health) -> dict[str, object]:
    from recipflow import assembly
    from recipflow.digest.coverage import as_json

    return {
        "ok": not health.problems,
        "problems": [one._asdict() for one in health.problems],
        "accounts": [
            {
                "name": one.name,
                "connector": one.connector,
                "last_sync": one.last_sync,
                "quota": health.quotas.get(one.name),
                "gap": _gap(health.gaps.get(one.id)),
                "set_aside": [
                    {"where": item.where, "reason": item.reason} for item in health.set_aside.get(one.id, ())
                ],
            }
            for one in health.accounts
        ],
        "read": as_json(health.counts, assembly.LANGUAGES),
        "packs": health.packs,
        "rules": health.rules,
        "lessons": health.lessons,
        "generous": health.generous,
        "writers": health.writers,
        "next_due": health.next_due,
        "daemon": health.daemon._asdict() if health.daemon else None,
    }


def _gap(gap: Gap | None) -> dict[str, object] | None:
    if gap is None:
        return None
    return {"found": gap.found, "days": {day.isoformat(): count for day, count in gap.days.items()}}
