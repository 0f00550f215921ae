"""`recipflow init`: who the user is, where config and database lie, and who the people are."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recipflow.cli.options import Me, Yes, asked_for_addresses, may_ask, mine
from recipflow.cli.render import say
from recipflow.errors import UserError

if TYPE_CHECKING:
    from recipflow.home import Home
    from recipflow.session import Session

Hour = Annotated[
    int | None, typer.Option("--hour", min=0, max=23, help="When your morning begins, for the digest.")
]
Zone = Annotated[str | None, typer.Option("--tz", metavar="ZONE", help="Your time zone, like Europe/Lisbon.")]
AskPeople = Annotated[bool, typer.Option("--people", help="Go through the twenty people you write to most.")]


def init(
    me: Me = None, tz: Zone = None, hour: Hour = None, people: AskPeople = False, yes: Yes = False
) -> None:
    """Make config.toml and the database, both readable by you alone.

    Run again, it changes what is given and leaves the rest; your comments stay.
    """
    from recipflow.home import find

    home = find(os.environ)
    if people:
        _people_of(home)
        return
    ask = may_ask(yes)
    _write_config(home, _answers(home, mine(me), tz, hour, ask=ask))
    _create_database(home)
    say(f"Settings: {home.config}")
    say(f"Database: {home.database}")
    say("Next: recipflow connect   (files on this computer, or an account)")


def ask_about_people(session: Session) -> None:
    """Offer to go through the people the user writes to most, where there are any."""
    from recipflow.cli.introductions import introduce, most_frequent

    if most_frequent(session) and typer.confirm(
        "Two minutes for the people you write to most?", default=True
    ):
        introduce(session)


def _people_of(home: Home) -> None:
    from recipflow.cli.introductions import introduce
    from recipflow.session import Session

    if not sys.stdin.isatty():
        raise UserError("There is no keyboard here: write [[contacts]] tables into config.toml instead.")
    with Session.open(home) as session:
        introduce(session)


def _answers(home: Home, me: Sequence[str], tz: str | None, hour: int | None, *, ask: bool) -> dict[str, Any]:
    """What to write, from what is there, what was given, and what was answered."""
    from recipflow import config

    known = config.load(home.config)
    addresses = [*dict.fromkeys((*known.me.addresses, *me))]
    zone = tz or known.me.tz or _zone_name()
    if ask:
        question = "Your addresses (several with spaces; empty: guessed from your mail)"
        addresses = asked_for_addresses(question, addresses)
        zone = _asked("Your time zone", zone or "UTC", "me.tz")
        hour = int(
            _asked("The hour of your digest", known.digest.hour if hour is None else hour, "digest.hour")
        )
    answers: dict[str, Any] = {"me.addresses": addresses}
    if zone:
        answers["me.tz"] = zone
    if hour is not None:
        answers["digest.hour"] = hour
    return answers


def _asked(question: str, known: object, key: str) -> str:
    """An answer that config.toml may hold; asked for again until it is one."""
    from recipflow import config

    section, name = key.split(".")

    def checked(said: str) -> str:
        try:
            config.check({section: {name: int(said) if said.strip().isdecimal() else said}})
        except UserError as fault:
            raise typer.BadParameter(fault.problems[0].removeprefix(f"config.toml: {key}: ")) from None
        return said

    answer: str = typer.prompt(question, str(known), value_proc=checked)
    return answer


def _write_config(home: Home, answers: dict[str, Any]) -> None:
    from recipflow import config

    try:
        (config.change if home.config.exists() else config.create)(home.config, answers)
    except OSError as fault:
        raise UserError(
            f"{home.config.parent} cannot be written: {fault.strerror}. RECIPFLOW_HOME may name another folder."
        ) from None


def _create_database(home: Home) -> None:
    from recipflow.store import Store

    Store(home.database).close()


def _zone_name() -> str | None:
    """The computer's own zone, where it has a name that config.toml can hold."""
    from recipflow.zones import user_zone

    name = getattr(user_zone(), "key", None)
    return name if isinstance(name, str) and name else None
