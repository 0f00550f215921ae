"""`recipflow correct`: what a message really was towards a person."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Annotated

import typer

from recipflow.cli.amounts import Amount, said_amount
from recipflow.cli.options import Person
from recipflow.cli.render import paragraph, say
from recipflow.cli.speaking import speaking
from recipflow.cli.word import Size, What
from recipflow.errors import UserError
from recipflow.foreign import name_line, one_line
from recipflow.model import ActType, Side

if TYPE_CHECKING:
    from datetime import datetime

    from recipflow.model import Contact, Entry, Kind
    from recipflow.session import Session


def correct(
    message: Annotated[
        str,
        typer.Argument(
            metavar="MESSAGE",
            help="Its Message-ID, or the beginning of it, as `show --all` and `why` name it.",
        ),
    ],
    person: Person,
    act: Annotated[ActType | None, typer.Argument(help="What it did.", show_default=False)] = None,
    kind: What = None,
    size: Size = None,
    not_: Annotated[bool, typer.Option("--not", help="It was no such thing.")] = False,
    not_them: Annotated[
        bool, typer.Option("--not-them", help="It was not this person's, nor for them.")
    ] = False,
    routine: Annotated[bool, typer.Option("--routine", help="It was plain duty, and no favour.")] = False,
    freely: Annotated[bool, typer.Option("--freely", help="Given with nothing to follow, ever.")] = False,
    paid_back: Annotated[
        bool, typer.Option("--paid-back", help="It was lent: it settles, and asks for no thanks.")
    ] = False,
    amount: Amount = None,
) -> None:
    """Say what a message really was towards a person: from then on it counts as if it had been read so at once."""
    from recipflow.explain import lookup
    from recipflow.explain.telling import tell
    from recipflow.explain.verdicts import denials, saying

    with speaking() as (session, moment):
        contact = lookup.person(session, person)
        entry = _entry(session, contact, message)
        if not_them or act is None:
            _not_theirs(session, contact, entry, moment, meant=not_them)
            return
        if not_:
            word, *also = denials(contact.id, entry, act)
        else:
            more: dict[str, str | float | bool | None] = {"kind": kind, "size": size, "routine": routine}
            more |= {"freely": freely or None, "repaid": paid_back or None, **said_amount(amount)}
            said_more = {name: value for name, value in more.items() if value is not None}
            word, also = saying(contact.id, entry, act, said_more), []
        tell(session.store, word, moment, also=also, touched=contact.addresses)
        what = "repaid" if paid_back and act is ActType.GIVE else act
        noted = _denied(entry, act, contact) if not_ else _told("corrected", what, entry, contact, kind)
        say(paragraph(f"Noted: in that message {noted}. Take it back: recipflow undo"))


def _denied(entry: Entry, act: ActType, contact: Contact) -> str:
    """What was not done in the message, with what the same sentence was read as besides."""
    from recipflow.explain import lookup
    from recipflow.explain.verdicts import also_denied

    besides = sorted({one.act for one in also_denied(entry, act)} - {act})
    nothing = " and ".join(_told("denied", one, entry, contact) for one in (act, *besides))
    return f"{'you' if entry.by is Side.ME else lookup.called(contact)} {nothing}"


def _told(table: str, what: str, entry: Entry, contact: Contact, kind: Kind | None = None) -> str:
    """What whoever wrote the message did in it, or did not."""
    from recipflow import assembly
    from recipflow.explain import lookup

    key = f"{'my' if entry.by is Side.ME else 'their'}_{what}"
    name, facts = lookup.called(contact), {"what": kind} if kind else {}
    return assembly.wording().tell(table, key, name, facts, tz=UTC, now=entry.at)


def _not_theirs(session: Session, contact: Contact, entry: Entry, moment: datetime, *, meant: bool) -> None:
    """Nothing in that message concerns this person: it counts as if none of it had been read so."""
    from recipflow.explain import lookup
    from recipflow.explain.telling import tell
    from recipflow.explain.verdicts import denials

    if not meant:
        raise typer.BadParameter("Say what it did, or --not-them.", param_hint="ACT")
    acts = sorted({act.act for act in entry.acts})
    if not acts:
        raise UserError("Nothing was read in that message.")
    first, *others = (word for act in acts for word in denials(contact.id, entry, act))
    tell(session.store, first, moment, also=others, touched=contact.addresses)
    say(
        paragraph(
            f"From now on nothing in that message concerns {lookup.called(contact)}. Take it back: recipflow undo"
        )
    )


def _entry(session: Session, contact: Contact, message: str) -> Entry:
    """The line of the contact's ledger that is meant."""
    from recipflow.derive.entries import entries_of

    wanted = message.strip().strip("<>")
    entries = entries_of(session.store, contact.id, contact.addresses, session.me, session.words)
    found = [one for one in entries if one.interaction == wanted]
    found = found or [one for one in entries if wanted and one.interaction.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    who = name_line(contact.name or contact.id)
    if found:
        raise UserError(f"{len(found)} messages with {who} begin like that: give more of it.")
    raise UserError(
        f"No message with {who} is called {one_line(message)!r}: recipflow show {contact.id} --all names them."
    )
