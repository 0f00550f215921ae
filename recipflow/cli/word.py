"""Commands by which the user's own word enters: what was done off-line, what was misread, what not to hear again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from recipflow.cli.amounts import Amount, said_amount
from recipflow.cli.options import Person, instant
from recipflow.cli.render import paragraph, say
from recipflow.cli.speaking import speaking
from recipflow.errors import UserError
from recipflow.foreign import name_line
from recipflow.model import TANGIBLE, ActType, Kind, Side

if TYPE_CHECKING:
    from recipflow.model import Contact
    from recipflow.session import Session

MOST_FU = 40.0
"""A larger favour than ten hours of somebody's attention is a slip of the finger."""

Size = Annotated[
    float | None, typer.Option("--size", min=0.1, max=MOST_FU, help="How much: 1 is a quarter of an hour.")
]
What = Annotated[Kind | None, typer.Argument(help="What was given, asked, promised.", show_default=False)]
When = Annotated[
    str | None, typer.Option("--at", metavar="ISO", help="When it was: 2026-10-29 or 2026-10-29T09:00.")
]


def log(
    person: Person,
    deed: Annotated[
        str,
        typer.Argument(metavar="DEED", help="give, receive, ask, asked, thanks, thanked, promise, promised."),
    ],
    kind: Annotated[str | None, typer.Argument(metavar="[KIND]", help=f"{', '.join(Kind)}.")] = None,
    text: Annotated[str, typer.Argument(help="What it was, in your words.")] = "",
    size: Size = None,
    at: When = None,
    amount: Amount = None,
    freely: Annotated[bool, typer.Option("--freely", help="Given with nothing to follow, ever.")] = False,
    paid_back: Annotated[
        bool, typer.Option("--paid-back", help="It was lent: it settles, and asks for no thanks.")
    ] = False,
) -> None:
    """Enter something that no mail shows: a call, a favour, a lunch.

    give, ask, thanks and promise are what you did; receive, asked, thanked and promised what they did. PERSON and DEED may
    change places, and KIND may be left out: what you call it tells. `--amount 80 EUR` goes into the gift
    register; with `--paid-back` it was only lent, and does not.
    """
    from recipflow.counsel import gifts
    from recipflow.explain import lookup
    from recipflow.explain.telling import Said, tell
    from recipflow.store import Verb

    if person in (*_MINE, *_OTHERS) and deed not in (*_MINE, *_OTHERS):
        person, deed = deed, person
    by, act = _deed(deed)
    what, text = _what(act, kind, text, tangible=amount is not None)
    with speaking() as (session, moment):
        contact = lookup.person(session, person)
        when = instant(at, session.zone).replace(microsecond=0) if at else moment
        if when > moment:
            raise UserError("That is still to come: log it when it has happened.")
        payload: dict[str, str | float | bool] = {"by": by, "act": act, "text": text, "at": when.isoformat()}
        payload |= {"kind": what} if what else {}
        payload |= {"size": size} if size else {}
        payload |= said_amount(amount) | ({"freely": True} if freely else {})
        payload |= {"repaid": True} if paid_back else {}
        tell(session.store, Said(Verb.LOG, contact.id, payload), moment, touched=contact.addresses)
        say(paragraph(f"Noted with {lookup.called(contact)}. Take it back: recipflow undo"))
        session.refresh()
        for line in gifts.remarks(session, contact, moment) if what in TANGIBLE and not paid_back else ():
            say(paragraph(line))


def never(
    person: Annotated[
        str, typer.Argument(metavar="PERSON|DOMAIN", help="A person, or everybody at example.org.")
    ],
) -> None:
    """No advice about this person, or about anybody at this domain, for good. Their mail is still read."""
    from recipflow.explain import judging, lookup

    with speaking() as (session, moment):
        domain = _domain(session, person)
        who = _at(session, domain) if domain else (lookup.person(session, person),)
        judging.never(session, f"@{domain}" if domain else who[0].id, who, moment)
        about = f"anybody at {domain}" if domain else lookup.called(who[0])
        say(paragraph(f"No thanks, promises, answers or windows are pointed out any more about {about}."))
        for line in lookup.listed(who) if domain else ():
            say(line)
        say(paragraph("Take it back: recipflow undo"))


def undo() -> None:
    """Take back your last word, whatever it was; again, and the one before goes."""
    from recipflow.explain.telling import take_back

    with speaking() as (session, moment):
        taken = take_back(session.store, moment)
        if not taken:
            raise UserError("There is nothing to take back: you have said nothing yet.")
        word = taken[0]
        about = name_line(word.target)
        say(
            paragraph(
                f"Taken back: {word.verb.value} {about}, said on {word.at.astimezone(session.zone):%Y-%m-%d %H:%M}."
            )
        )


_OTHERS = {
    "receive": ActType.GIVE,
    "asked": ActType.ASK,
    "thanked": ActType.THANKS,
    "promised": ActType.PROMISE,
}
_MINE = {one.value: one for one in (ActType.GIVE, ActType.ASK, ActType.THANKS, ActType.PROMISE)}


def _deed(word: str) -> tuple[Side, ActType]:
    if word in _MINE:
        return Side.ME, _MINE[word]
    if word in _OTHERS:
        return Side.THEM, _OTHERS[word]
    known = ", ".join((*_MINE, *_OTHERS))
    raise typer.BadParameter(f"{word!r} is none of {known}.", param_hint="DEED")


def _what(act: ActType, kind: str | None, text: str, *, tangible: bool) -> tuple[Kind | None, str]:
    """What was given or asked, and the user's words about it: thanks are for nothing in particular."""
    from recipflow.guards.tangible import tangible_kind

    if kind in set(Kind):
        return (None, text) if act is ActType.THANKS else (Kind(kind or ""), text)
    said = " ".join(filter(None, (kind, text)))
    if act is ActType.THANKS:
        return None, said
    if not said:
        raise typer.BadParameter(f"Say what it was: {', '.join(Kind)}, or in your words.", param_hint="KIND")
    gift = tangible_kind(said) if act is ActType.GIVE else None
    return gift or (Kind.GIFT if tangible else Kind.HELP), said


def _domain(session: Session, words: str) -> str:
    """The domain that is meant, or "": @example.org, or example.org when somebody has an address there."""
    bare = words.strip().lower()
    if bare.startswith("@") and "." in bare:
        return bare[1:]
    return bare if "@" not in bare and "." in bare and _at(session, bare) else ""


def _at(session: Session, domain: str) -> tuple[Contact, ...]:
    from recipflow.explain import lookup

    ending = f"@{domain}"
    return tuple(one for one in lookup.contacts(session) if any(a.endswith(ending) for a in one.addresses))
