"""The twenty people the user writes to most, each called close, work, sales or private in a keystroke."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import typer

from recipflow.cli.render import counted, paragraph, say
from recipflow.foreign import name_line

if TYPE_CHECKING:
    from recipflow.session import Session
    from recipflow.store import Person

MOST = 20

_ANSWERS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "c": ("close", {"profile": "close"}),
    "w": ("work", {"profile": "business"}),
    "s": ("sales", {"profile": "sales"}),
    "p": ("private: nothing about them is kept", {"tags": ["private"]}),
}


def introduce(session: Session) -> None:
    """Ask about each, and write the answers into config.toml, where they can be changed; what was answered stands, also
    for who stops halfway."""
    people = most_frequent(session)
    if not people:
        say("There is nobody to ask about: recipflow sync first, or you said it all.")
        return
    keys = ", ".join(f"{key} = {words}" for key, (words, _) in _ANSWERS.items())
    say(paragraph(f"{keys}; Enter skips, q ends."))
    answered: list[Person] = []
    try:
        _go_through(session, people, answered)
    except typer.Abort as stopped:
        stopped.add_note(_noted(session, len(answered)))
        raise
    say(f"{_noted(session, len(answered))} Next: recipflow today")


def _go_through(session: Session, people: list[tuple[Person, int]], answered: list[Person]) -> None:
    """Ask about these until the user ends it; about whom something was said is added to `answered`."""
    from recipflow import config

    for number, (person, count) in enumerate(people, 1):
        answer = _ask(f"{number:2}/{len(people)}  {_called(session, person)}, {counted(count, 'message')}")
        if answer == "q":
            break
        if answer in _ANSWERS:
            table: dict[str, Any] = {"addresses": list(person.addresses), "name": person.name}
            config.append(session.home.config, "contacts", table | _ANSWERS[answer][1])
            answered.append(person)


def _noted(session: Session, answers: int) -> str:
    """Bring all up to date with what was answered, and say that it is noted."""
    from recipflow.session import now
    from recipflow.session.private import erase_private

    if answers:
        session.reload()
        erase_private(session)
        session.derive(now())
    return f"Noted for {answers} in {session.home.config}."


def most_frequent(session: Session) -> list[tuple[Person, int]]:
    """Those the user wrote most messages to, and said nothing about yet."""
    wrote = session.store.interactions.correspondents(session.me)
    known = session.context.by_address
    counted = [
        (person, sum(wrote.get(address, 0) for address in person.addresses))
        for person in session.store.people.all()
        if not known.keys() & set(person.addresses)
    ]
    return sorted((one for one in counted if one[1]), key=lambda one: (-one[1], one[0].id))[:MOST]


def _called(session: Session, person: Person) -> str:
    return f"{name_line(session.name(person))} <{name_line(person.id)}>"


def _ask(question: str) -> str:
    answer: str = typer.prompt(question, default="", show_default=False)
    return answer.strip().lower()[:1]
