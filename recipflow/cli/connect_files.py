"""`recipflow connect files`: the places mail and calendars are read from, each looked at before it is named."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recipflow.cli.options import Yes, asked_for_addresses, may_ask, named_as_given
from recipflow.cli.render import Progress, paragraph, say
from recipflow.cli.signing import free_name
from recipflow.errors import UserError
from recipflow.foreign import one_line

if TYPE_CHECKING:
    from recipflow.home import Home
    from recipflow.settings import Settings

Places = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[PATH...]", readable=False, help="mbox files, Maildirs, folders of .eml, .ics calendars"
    ),
]
Thunderbird = Annotated[bool, typer.Option("--thunderbird", help="Your Thunderbird mail, found by itself.")]
Name = Annotated[str | None, typer.Option("--name", help="What to call this account.")]


def files(
    paths: Places = None, thunderbird: Thunderbird = False, name: Name = None, yes: Yes = False
) -> None:
    """Mail and calendars on this computer: mbox, Maildir, folders of .eml, Thunderbird, .ics.

    Each place is looked at first. What is connected already is left as it is.
    """
    from recipflow import config
    from recipflow.home import find
    from recipflow.session import now
    from recipflow.zones import user_zone

    if not paths and not thunderbird:
        raise typer.BadParameter("Name a file or folder, or give --thunderbird.", param_hint="PATH")
    home = find(os.environ)
    if not home.config.exists():
        raise UserError("Nothing is set up here yet: recipflow init")
    settings = config.load(home.config)
    ask = may_ask(yes)
    fresh = _not_connected(settings, paths or [], thunderbird=thunderbird)
    if not fresh:
        return
    moment = now()
    _look(fresh, moment, user_zone(settings.me.tz))
    if ask and not typer.confirm("Connect this?", default=True):
        return
    _know_me(home, settings, fresh, moment, ask=ask)
    table = {"name": free_name(settings, _base(fresh), name), "connector": "files"}
    config.append(home.config, "accounts", table | fresh)
    say(f"Connected as {table['name']!r}. Next: recipflow sync")


def _not_connected(settings: Settings, paths: Sequence[Path], *, thunderbird: bool) -> dict[str, Any]:
    """The connector's settings for what is new; what is connected already is said."""
    tables = [one.settings for one in settings.accounts if one.connector == "files"]
    known = {_absolute(Path(path)) for table in tables for path in table.get("paths", ())}
    fresh: list[str] = []
    for path in dict.fromkeys(map(_absolute, paths)):
        if path in known:
            say(f"Connected already: {one_line(path)}")
        else:
            fresh.append(path)
    found: dict[str, Any] = {"paths": fresh} if fresh else {}
    if thunderbird and any(table.get("thunderbird") for table in tables):
        say("Connected already: Thunderbird")
    elif thunderbird:
        found["thunderbird"] = True
    return found


def _absolute(path: Path) -> str:
    """A UserError for a name that no TOML can hold."""
    absolute = str(path.expanduser().absolute())
    if absolute.isascii() or absolute.encode("utf-8", "replace").decode() == absolute:
        return absolute
    raise UserError(f"{one_line(absolute)}: its name is not UTF-8: name the folder it lies in.")


def _look(source: dict[str, Any], now: datetime, zone: tzinfo) -> None:
    """Say what each place holds; a UserError names every one that holds nothing that could be read."""
    from recipflow.looking import look

    places: list[dict[str, Any]] = [{"paths": [path]} for path in source.get("paths", ())]
    places += [{"thunderbird": True}] if source.get("thunderbird") else []
    problems: list[str] = []
    for place in places:
        name = one_line(place["paths"][0]) if "paths" in place else "Thunderbird"
        try:
            with named_as_given():
                seen = look(place, now)
        except UserError as fault:
            problems.extend(fault.problems)
            continue
        if seen.empty and seen.set_aside:
            problems.append(f"{name}: {one_line(seen.set_aside[0].reason)}")
        else:
            say(paragraph(f"{name}: {seen.words(zone)}"))
    if problems:
        raise UserError(problems)


def _know_me(home: Home, settings: Settings, source: dict[str, Any], now: datetime, *, ask: bool) -> None:
    """Without any address of the user's, guess them from this mail, and have them confirmed."""
    from recipflow import config
    from recipflow.trial import guess

    if settings.me.addresses:
        return
    with Progress("Looking whose mail it is", after=1.0) as progress:
        guesses = guess(source, now, progress.tell)
    if not guesses:
        say("Nothing in it tells which address is yours: recipflow init --me you@example.org")
        return
    for one in guesses:
        say(f"Yours: {one_line(one.address)} ({one.evidence})")
    found = [one.address for one in guesses]
    if ask:
        found = asked_for_addresses("Your addresses", found)
    config.change(home.config, {"me.addresses": found})


def _base(source: dict[str, Any]) -> str:
    """What to call it: as the first path, if there is one."""
    return Path(source["paths"][0]).stem.lower() if source.get("paths") else "thunderbird"
