"""`recipflow import` and `recipflow uninstall`: to another computer, and away from this one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from recipflow.cli.options import Yes, may_ask
from recipflow.cli.render import Progress, counted, paragraph, say
from recipflow.errors import UserError


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What recipflow export --all wrote.")],
) -> None:
    """Take in all that another computer's recipflow knew: the same ledgers come out, bit for bit.

    It goes into a new database. config.toml comes with it, unless there is one here; secrets do not: sign in again.
    """
    from recipflow import moving
    from recipflow.daemon.lock import held
    from recipflow.home import find
    from recipflow.session import Session, now

    home = find(os.environ)
    with held(home.database):
        try:
            with file.open(encoding="utf-8") as lines:
                rows, fresh = moving.taken_in(home, lines, file.name)
        except OSError as wrong:
            raise UserError(f"{file}: cannot be read: {wrong.strerror}") from wrong
        with Session.open(home) as session, Progress("Working it out", after=1.0) as progress:
            session.derive(now(), progress.tell, rules=True)
            people = len(session.store.people.all())
    said = "config.toml came with it" if fresh else "your config.toml stays as it is"
    say(paragraph(f"{counted(rows, 'row')} taken in, {counted(people, 'person', 'people')}; {said}."))
    say(paragraph("Secrets do not move. Next: recipflow doctor  (it names each account to sign in to)"))


def uninstall(
    everything: Annotated[
        bool,
        typer.Option("--everything", help="Yes, all of it: events, secrets, service, database, copies, log."),
    ] = False,
    yes: Yes = False,
) -> None:
    """Remove all that recipflow made and knows, here and in your calendar, and list what was removed.

    Your mail and your own events are not touched; rules you wrote stay. Afterwards remove the program itself.
    """
    if not everything:
        raise UserError(
            "This removes all that recipflow knows: say recipflow uninstall --everything. To stop it alone: "
            "recipflow service uninstall"
        )
    if may_ask(yes) and not typer.confirm("Remove all that recipflow knows, for good?"):
        raise typer.Abort
    found = False
    for what in _removed():
        found = True
        say(f"  {what}")
    if not found:
        say("There is nothing of recipflow's here.")
        return
    say(paragraph("All of that is gone. The program itself goes as it came: pip uninstall recipflow"))


def _removed() -> Iterator[str]:
    """The service first, so that nothing is made anew; then what needs secrets; then the files. Says what, as it goes."""
    from recipflow import moving
    from recipflow.daemon.lock import running
    from recipflow.home import find
    from recipflow.service import here, installing
    from recipflow.session import Session, now

    home, service = find(os.environ), here()
    if installing.remove(service):
        yield str(service.path)
    if process := running(home.database):
        raise UserError(f"recipflow is still running (process {process}): stop it first.")
    if home.config.exists() or home.database.exists():
        with Session.open(home) as session:
            yield from moving.emptied(session, now())
    yield from map(str, moving.remove_all(home))
