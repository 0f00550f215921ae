"""`recipflow restore`: a copy of the database put back."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recipflow.cli.options import Yes, may_ask
from recipflow.cli.render import paragraph, say
from recipflow.counted import counted
from recipflow.errors import UserError

if TYPE_CHECKING:
    from recipflow.home import Home


def restore(
    copy: Annotated[
        Path | None, typer.Argument(metavar="[COPY]", help="The copy to put back. Default: list them.")
    ] = None,
    yes: Yes = False,
) -> None:
    """List the copies of the database that were kept, or put one back; what is there now is kept beside it."""
    from recipflow import backups
    from recipflow.daemon.lock import held
    from recipflow.home import find

    home = find(os.environ)
    database = home.database
    if copy is None:
        _list(database)
        return
    path = copy if copy.exists() else database.with_name(copy.name)
    if not path.exists():
        raise UserError(f"There is no copy {copy}: recipflow restore lists them.")
    with held(database):
        if may_ask(yes) and not typer.confirm(f"Put {path.name} in the place of what is there now?"):
            raise typer.Abort
        saved = backups.restore(database, path)
        back = _without_the_gone(home, saved)
    if back:
        say(
            paragraph(
                f"Who was forgotten since ({counted(back, 'address')}) did not come back; the copy still names them."
            )
        )
    kept = f" What was there is kept as {saved.name}." if saved and saved.exists() else ""
    say(paragraph(f"{path.name} is put back.{kept} Next: recipflow sync"))


def _without_the_gone(home: Home, before: Path | None) -> int:
    """Who was forgotten or became private after the copy was made does not come back with it; nor does any copy that
    holds them stay. Says how many addresses had been forgotten."""
    from recipflow.session import Session, now
    from recipflow.session.forgetting import forget_again
    from recipflow.session.private import erase_private

    back = 0
    # a config.toml at fault holds up no restore: `sync` does it
    with suppress(UserError), Session.open(home) as session:
        back = forget_again(session, before, now()) if before else 0
        erase_private(session)
    return back


def _list(database: Path) -> None:
    from recipflow import backups

    known = backups.copies(database)
    if not known:
        raise UserError("No copies are kept yet: recipflow run makes one a day.")
    for one in known:
        say(f"{one.path.name}  {one.at:%Y-%m-%d %H:%M}  {one.size / 1_000_000:,.1f} MB")
