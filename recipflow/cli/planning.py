"""`recipflow plan`: what you want to ask somebody, worked backwards from its day, and followed by your mail."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recipflow.cli.options import AsJson, At, Yes, instant, print_json
from recipflow.cli.render import bold, paragraph, say
from recipflow.cli.speaking import speaking
from recipflow.errors import UserError
from recipflow.foreign import name_line, one_line

if TYPE_CHECKING:
    from recipflow.counsel.planning import Planned
    from recipflow.model import Contact
    from recipflow.session import Session

MOST_FU = 40.0
_ASKED = "norm_asked"  # of whom the user was asked how presents are taken

Ask = Annotated[
    str | None, typer.Option("--ask", metavar="TEXT", help="What you want to ask for, in your words.")
]
Size = Annotated[
    float | None,
    typer.Option("--size", min=0.1, max=MOST_FU, help="How much it is: 1 is a quarter of an hour."),
]
By = Annotated[str | None, typer.Option("--by", metavar="DATE", help="The day you need it: 2026-12-18.")]
First = Annotated[
    str | None,
    typer.Option("--first", metavar="TEXT", help="A larger ask that you mean, and that comes first."),
]
FirstSize = Annotated[
    float | None, typer.Option("--first-size", min=0.1, max=MOST_FU, help="How much the larger one is.")
]
Give = Annotated[str, typer.Option("--give", metavar="TEXT", help="What you think of giving, if anything.")]
What = Annotated[
    str,
    typer.Argument(metavar="PERSON|list|show|drop", help="Whom the plan is with, or what to do with plans."),
]
Who = Annotated[str | None, typer.Argument(metavar="[PERSON]", help="Whose plan to show or drop.")]


def plan(
    what: What,
    person: Who = None,
    ask: Ask = None,
    size: Size = None,
    by: By = None,
    first: First = None,
    first_size: FirstSize = None,
    give: Give = "",
    at: At = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Plan an ask: what to give and until when, when to ask, and what became of it, as your mail shows.

    `plan PERSON --ask TEXT` makes one, in place of the one before; `plan list`, `plan show PERSON` and
    `plan drop PERSON` look at them and end them. recipflow writes no mail, and sends none.
    """
    if ask is not None:
        _make(what, ask, size=size, by=by, first=first, first_size=first_size, give=give, yes=yes)
        _show(what, None, as_json=as_json)
    elif what == "list":
        _list(at, as_json=as_json)
    elif what == "drop":
        _drop(_named(person, "drop"))
    else:
        _show(_named(person, "show") if what == "show" else what, at, as_json=as_json)


def _named(person: str | None, word: str) -> str:
    if person is None:
        raise typer.BadParameter(f"Say whose: recipflow plan {word} PERSON", param_hint="PERSON")
    return person


def _make(
    person: str,
    ask: str,
    *,
    size: float | None,
    by: str | None,
    first: str | None,
    first_size: float | None,
    give: str,
    yes: bool,
) -> None:
    from recipflow.counsel.planning import size_of
    from recipflow.explain import lookup
    from recipflow.explain.telling import Said, tell
    from recipflow.guards.tangible import tangible_kind
    from recipflow.store import Verb

    with speaking() as (session, moment):
        contact = lookup.keepable(lookup.anybody(session, person))
        payload: dict[str, Any] = {"ask": ask, "size": size or size_of(session, ask, moment)}
        payload |= {"by": _day(by, session, moment).isoformat()} if by else {}
        if first:
            large = first_size or size_of(session, first, moment)
            _sure_of_the_first(payload["size"], large, yes=yes)
            payload |= {"first": first, "first_size": large}
        kind = tangible_kind(give) if give else None
        payload |= {"give": give} if give else {}
        payload |= {"give_kind": kind.value} if kind else {}
        norm = _norm(session, contact, yes=yes) if kind and not contact.norm_said else None
        known = session.store.people.get(contact.id) is not None
        also = [] if known else [Said(Verb.CONTACT, contact.id, {"added": True})]
        also += [Said(Verb.CONTACT, contact.id, {"norm": norm})] if norm else []
        tell(
            session.store, Said(Verb.PLAN, contact.id, payload), moment, also=also, touched=contact.addresses
        )


def _day(by: str, session: Session, moment: datetime) -> date:
    try:
        day = date.fromisoformat(by)
    except ValueError:
        raise typer.BadParameter(f"{by!r} is no date like 2026-12-18.", param_hint="--by") from None
    if day < moment.astimezone(session.zone).date():
        raise typer.BadParameter(f"{day} is past.", param_hint="--by")
    return day


def _sure_of_the_first(size: float, large: float, *, yes: bool) -> None:
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


def _norm(session: Session, contact: Contact, *, yes: bool) -> str | None:
    """Asked once, where a thing is to be given: how it is taken differs, and only the user can know. None: not chosen."""
    from recipflow.explain import lookup
    from recipflow.model import NormName

    asked = json.loads(session.store.noted(_ASKED) or "[]")
    if contact.id in asked:
        return None
    session.store.note(_ASKED, json.dumps([*asked, contact.id]))
    question = (
        f"How is a present taken by {lookup.called(contact)}: {', '.join(NormName)}? You have chosen no norm."
    )
    if yes or not sys.stdin.isatty():
        sys.stderr.write(f"{question} It is read as neutral; see norm in config.toml.\n")
        return None
    answer = typer.prompt(question, default="", show_default=False)
    return answer if answer in set(NormName) else None


@contextmanager
def _looking(at: str | None) -> Iterator[tuple[Session, datetime]]:
    from recipflow.home import find
    from recipflow.session import Session, now

    with Session.open(find(os.environ)) as session:
        moment = instant(at, session.zone).replace(microsecond=0) if at else now()
        if at is None:
            session.catch_up(moment)
        yield session, moment


def _show(person: str, at: str | None, *, as_json: bool) -> None:
    from recipflow.counsel import planning
    from recipflow.explain import lookup

    with _looking(at) as (session, moment):
        contact = lookup.person(session, person)
        planned = planning.planned(session, contact, moment)
        if planned is None:
            raise UserError(
                f'Nothing is planned with {lookup.called(contact)}: recipflow plan {name_line(contact.id)} --ask "…"'
            )
        if as_json:
            print_json(planned.as_json())
            return
        say(bold(paragraph(planned.title)))
        for line in planned.lines:
            say(paragraph(line))
        for line in planned.details:
            say(paragraph(line, "  "))


def _list(at: str | None, *, as_json: bool) -> None:
    from recipflow.counsel import planning

    with _looking(at) as (session, moment):
        plans = list(planning.all_planned(session, moment))
        if as_json:
            print_json({"plans": [one.as_json() for one in plans]})
            return
        for one in plans:
            _say_short(one)
        if not plans:
            say(paragraph('Nothing is planned: recipflow plan PERSON --ask "…"'))


def _say_short(planned: Planned) -> None:
    say(bold(paragraph(planned.title)))
    say(paragraph(planned.lines[0], "  "))


def _drop(person: str) -> None:
    from recipflow.explain import lookup
    from recipflow.explain.telling import Said, tell
    from recipflow.store import Verb

    with speaking() as (session, moment):
        contact = lookup.person(session, person)
        if contact.plan is None:
            raise UserError(f"Nothing is planned with {lookup.called(contact)}.")
        tell(session.store, Said(Verb.PLAN, contact.id, {"drop": True}), moment, touched=contact.addresses)
        say(paragraph(f"Dropped: {one_line(contact.plan.ask)}. Take it back: recipflow undo"))
