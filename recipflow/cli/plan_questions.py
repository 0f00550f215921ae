"""What a plan has to be asked before it is made: its day, whether a larger ask is meant, how a present is taken."""

from __future__ import annotations

import sys
from datetime import date, datetime
from typing import TYPE_CHECKING

import typer

from recipflow.errors import UserError

if TYPE_CHECKING:
    from recipflow.model import Contact
    from recipflow.session import Session

ASKED = "asked"
"""The payload key of a plan at which the user was asked how presents are taken."""


def day_of(by: str, session: Session, moment: datetime) -> date:
    try:
        day = date.fromisoformat(by)
    except ValueError:
        raise typer.BadParameter(f"{by!r} is no date like 2026-12-18.", param_hint="--by") from None
    if day < moment.astimezone(session.zone).date():
        raise typer.BadParameter(f"{day} is past.", param_hint="--by")
    return day


def sure_of_the_first(size: float, large: float, *, yes: bool) -> None:
    """A first ask is only ever one that is meant: nothing here helps to make one up."""
    from recipflow.standing.asking import CONCESSION

    if size > CONCESSION * large:
        raise UserError(
            "What follows a no has to be clearly smaller than what came first: give --size and --first-size."
        )
    if yes:
        return
    question = "Do you mean the larger one: would you be glad of a yes to it?"
    if not sys.stdin.isatty():
        raise UserError(f"{question} There is no keyboard here: add --yes if you do.")
    if not typer.confirm(question):
        raise typer.Abort


def norm_of(session: Session, contact: Contact, *, yes: bool) -> str | None:
    """Asked once, where a thing is to be given: how it is taken differs, and only the user can know. None: not chosen."""
    from recipflow.explain import lookup
    from recipflow.model import NormName
    from recipflow.store import Verb

    if any(one.payload.get(ASKED) for one in session.store.decisions.standing(Verb.PLAN, contact.id)):
        return None
    question = (
        f"How is a present taken by {lookup.called(contact)}: {', '.join(NormName)}? You have chosen no norm."
    )
    if yes or not sys.stdin.isatty():
        sys.stderr.write(f"{question} It is read as neutral; see norm in config.toml.\n")
        return None
    answer = typer.prompt(question, default="", show_default=False)
    return answer if answer in set(NormName) else None
