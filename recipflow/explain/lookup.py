"""Whom or what an argument of the command line means; where it is not clear, a UserError lists the candidates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from recipflow.advice import opened
from recipflow.errors import UserError
from recipflow.foreign import name_line
from recipflow.insight import Standpoint
from recipflow.model import Contact, Nudge, Question, Tag
from recipflow.people.contacts import find, folded

if TYPE_CHECKING:
    from recipflow.session import Session

LISTED = 10
"""Candidates named in an error: more is a list to search, not to read."""


def contacts(session: Session) -> tuple[Contact, ...]:
    """Everybody, with what the user said of them."""
    context = session.context
    return tuple(context.contact(one.id, one.addresses, one.name) for one in session.store.people.all())


def person(session: Session, words: str) -> Contact:
    """The contact of that name, address, or part that is unique."""
    known = contacts(session)
    found = find(words, known)
    if len(found) == 1:
        return found[0]
    if found:
        raise UserError([f"{name_line(words)!r} may be one of {len(found)}:", *listed(found)])
    near = _nearest(words, known) or ["Who is known: recipflow contacts"]
    raise UserError([f"Nobody you wrote to, met or named is called {name_line(words)!r}.", *near])


def listed(found: Iterable[Contact]) -> list[str]:
    """A line for each of these."""
    lines = [f"  {called(one)} <{name_line(one.id)}>" for one in found]
    return lines[:LISTED] + ([f"  and {len(lines) - LISTED} more"] if len(lines) > LISTED else [])


def called(contact: Contact) -> str:
    """The name, else the address."""
    return name_line(contact.name) or name_line(contact.id)


def nudge(session: Session, words: str, now: datetime, *, live: bool = True) -> tuple[Standpoint, Nudge]:
    """The piece of advice of that key, or the only one that stands about that person; not `live`: stood, at that instant."""
    points = session.standpoints(now) if live else session.standpoints_as_of(now)
    standing = [(point, one) for point in points for one in point.advice.nudges]
    keyed = [pair for pair in standing if _has_key(pair[1], words.strip().lower())]
    if len(keyed) == 1:
        return keyed[0]
    contact = None if keyed else person_or_none(session, words)
    about = keyed or [pair for pair in standing if contact and pair[0].contact.id == contact.id]
    if len(about) == 1:
        return about[0]
    if about:
        lines = (f"  {one.key}  {one.kind}  {called(point.contact)}" for point, one in about)
        raise UserError([f"{name_line(words)!r} may be one of {len(about)}:", *lines])
    if contact:
        raise UserError(
            f"Nothing stands about {called(contact)} now. Why: recipflow why-not {name_line(contact.id)}"
        )
    raise UserError(
        f"No advice that stands has the key {name_line(words)!r}: recipflow today --all lists them."
    )


def _has_key(nudge: Nudge, words: str) -> bool:
    """Whether its key begins so, or the one on its reminder, which may be put up before its time has come."""
    return bool(words) and (nudge.key.startswith(words) or opened(nudge).key.startswith(words))


def question(session: Session, words: str, now: datetime) -> tuple[Standpoint, Question]:
    """The question to the user of that key."""
    wanted = words.strip().lower()
    standing = [(point, one) for point in session.standpoints(now) for one in point.advice.questions]
    found = [pair for pair in standing if wanted and pair[1].key.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UserError(f"{len(found)} questions begin with {name_line(words)!r}: give more of it.")
    raise UserError(
        f"No question that stands has the key {name_line(words)!r}: recipflow today asks them at its end."
    )


def person_or_none(session: Session, words: str) -> Contact | None:
    """As `person`, None where nobody is called so."""
    found = find(words, contacts(session))
    return person(session, words) if found else None


def anybody(session: Session, words: str) -> Contact:
    """A contact, or whoever has this address, seen in the mail or not; the user is neither."""
    bare = words.strip().lower()
    if bare in session.me:
        raise UserError("That is you.")
    local, _, domain = bare.rpartition("@")
    found = person_or_none(session, words)
    if found is None and local and domain:
        return session.context.contact(bare, session.context.group(bare), "")
    return found or person(session, words)


def keepable(contact: Contact) -> Contact:
    """The contact, if anything may be kept about them; of the private nothing is."""
    if Tag.PRIVATE in contact.tags:
        raise UserError(f"{called(contact)} is private: nothing about them is kept.")
    return contact


def _nearest(words: str, known: tuple[Contact, ...]) -> list[str]:
    from difflib import get_close_matches

    names = {
        word: one for one in known for word in (one.id, *folded(one.name).split(), folded(one.name)) if word
    }
    near = get_close_matches(folded(words), names, n=3, cutoff=0.6)
    return ["Did you mean:", *listed(dict.fromkeys(names[one] for one in near))] if near else []
