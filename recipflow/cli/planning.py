"""`recipflow plan`: what you want to ask somebody, worked backwards from its day, and followed by your mail."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recipflow.cli.options import AsJson, At, Yes, instant, print_json
from recipflow.cli.plan_questions import ASKED, day_of, norm_of, sure_of_the_first
from recipflow.cli.render import bold, paragraph, say
from recipflow.cli.speaking import speaking
from recipflow.errors import UserError
from recipflow.foreign import name_line, one_line

if TYPE_CHECKING:
    from recipflow.counsel.planning import Planned
    from recipflow.model import Contact, Plan
    from recipflow.session import Session

MOST_FU = 40.0

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
Who = Annotated[str | None, typer.Argument(metavar="[PERSON]", help="Whose plans to show or drop.")]
Which = Annotated[
    str | None,
    typer.Argument(metavar="[WHICH]", help="Which of several to drop: its number, or words of it."),
]


def plan(
    what: What,
    person: Who = None,
    which: Which = None,
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

    `plan PERSON --ask TEXT` makes one, in place of one in the same words; `plan list`, `plan show PERSON` and
    `plan drop PERSON [WHICH]` look at them and end them. recipflow writes no mail, and sends none.
    """
    if ask is not None:
        if not ask.strip():
            raise typer.BadParameter("Say what you want to ask for.", param_hint="--ask")
        _make(what, ask, size=size, by=by, first=first, first_size=first_size, give=give, yes=yes)
        _show(what, None, as_json=as_json, ask=ask)
    elif what == "list":
        _list(at, as_json=as_json)
    elif what == "drop":
        _drop(_named(person, "drop"), which)
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
        payload |= {"by": day_of(by, session, moment).isoformat()} if by else {}
        if first:
            large = first_size or size_of(session, first, moment)
            sure_of_the_first(payload["size"], large, yes=yes)
            payload |= {"first": first, "first_size": large}
        kind = tangible_kind(give) if give else None
        payload |= {"give": give} if give else {}
        payload |= {"give_kind": kind.value} if kind else {}
        norm = None
        if kind and not contact.norm_said:
            norm = norm_of(session, contact, yes=yes)
            payload[ASKED] = True
        known = session.store.people.get(contact.id) is not None
        also = [] if known else [Said(Verb.CONTACT, contact.id, {"added": True})]
        also += [Said(Verb.CONTACT, contact.id, {"norm": norm})] if norm else []
        tell(
            session.store, Said(Verb.PLAN, contact.id, payload), moment, also=also, touched=contact.addresses
        )


@contextmanager
def _looking(at: str | None) -> Iterator[tuple[Session, datetime]]:
    from recipflow.home import find
    from recipflow.session import Session, now

    with Session.open(find(os.environ)) as session:
        moment = instant(at, session.zone).replace(microsecond=0) if at else now()
        if at is None:
            session.catch_up(moment)
        yield session, moment


def _show(person: str, at: str | None, *, as_json: bool, ask: str | None = None) -> None:
    """All plans with somebody, or after it was made the last one alone."""
    from recipflow.counsel import planning
    from recipflow.explain import lookup

    with _looking(at) as (session, moment):
        contact = lookup.person(session, person)
        found = planning.planned(session, contact, moment)
        if not found:
            raise UserError(
                f'Nothing is planned with {lookup.called(contact)}: recipflow plan {name_line(contact.id)} --ask "…"'
            )
        *others, last = found
        if as_json:
            print_json(last.as_json() | {"others": [one.as_json() for one in others]})
        else:
            _say([last] if ask else found)


def _say(plans: Sequence[Planned]) -> None:
    """Each with where it stands, then what is known of the person, once."""
    for one in plans:
        say(bold(paragraph(_title(one, number=len(plans) > 1))))
        for line in one.lines:
            say(paragraph(line))
    for line in dict.fromkeys(line for one in plans for line in one.details):
        say(paragraph(line, "  "))


def _title(planned: Planned, *, number: bool) -> str:
    return f"{planned.title} (plan {planned.plan.id})" if number else planned.title


def _list(at: str | None, *, as_json: bool) -> None:
    from recipflow.counsel import planning

    with _looking(at) as (session, moment):
        plans = list(planning.all_planned(session, moment))
        if as_json:
            print_json({"plans": [one.as_json() for one in plans]})
            return
        several = {who for who, number in Counter(one.contact.id for one in plans).items() if number > 1}
        for one in plans:
            say(bold(paragraph(_title(one, number=one.contact.id in several))))
            say(paragraph(one.lines[0], "  "))
        if not plans:
            say(paragraph('Nothing is planned: recipflow plan PERSON --ask "…"'))


def _drop(person: str, which: str | None) -> None:
    from recipflow.explain import lookup
    from recipflow.explain.telling import Said, tell
    from recipflow.store import Verb

    with speaking() as (session, moment):
        contact = lookup.person(session, person)
        plan = _one_of(contact, which)
        word = Said(Verb.PLAN, contact.id, {"drop": plan.id})
        tell(session.store, word, moment, touched=contact.addresses)
        say(paragraph(f"Dropped: {one_line(plan.ask)}. Take it back: recipflow undo"))


def _one_of(contact: Contact, which: str | None) -> Plan:
    """The plan that is meant; where it could be several, they are listed."""
    from recipflow.explain import lookup

    called = lookup.called(contact)
    if not contact.plans:
        raise UserError(f"Nothing is planned with {called}.")
    words = (which or "").casefold()
    found = [one for one in contact.plans if one.id == which] or [
        one for one in contact.plans if words in f"{one.ask}\n{one.first or ''}".casefold()
    ]
    if len(found) == 1:
        return found[0]
    told = (
        f"Nothing planned with {called} says {which!r}."
        if which
        else f"Several things are planned with {called}."
    )
    listed = "".join(f"\n  {one.id}  {one_line(one.ask)}" for one in contact.plans)
    raise UserError(f"{told} Say which to drop, by its number or by words of it:{listed}")
