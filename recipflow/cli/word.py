"""Commands by which the user's own word enters: what was done off-line, what was misread, what not to hear again."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from recipflow.cli.options import Key, Person, Yes, instant
from recipflow.cli.render import paragraph, say
from recipflow.errors import UserError
from recipflow.foreign import name_line, one_line
from recipflow.model import ActType, Kind, Side

if TYPE_CHECKING:
    from recipflow.model import Contact, Entry
    from recipflow.session import Session
    from recipflow.verdicts import Mistake

SEASON = 90
"""Days for which a dismissed kind of advice about a person stays away."""
MOST_FU = 40.0
"""A larger favour than ten hours of somebody's attention is a slip of the finger."""

Size = Annotated[
    float | None, typer.Option("--size", min=0.1, max=MOST_FU, help="How much: 1 is a quarter of an hour.")
]
What = Annotated[Kind | None, typer.Argument(help="What was given, asked, promised.", show_default=False)]
When = Annotated[
    str | None, typer.Option("--at", metavar="ISO", help="When it was: 2026-10-29 or 2026-10-29T09:00.")
]


@contextmanager
def speaking() -> Iterator[tuple[Session, datetime]]:
    """The session and the present instant; what was said meanwhile is derived in the end."""
    from recipflow.home import find
    from recipflow.session import Session, now

    with Session.open(find(os.environ)) as session:
        moment = now()
        session.catch_up(moment)
        yield session, moment
        session.refresh()
        session.derive(moment)


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
) -> None:
    """Enter something that no mail shows: a call, a favour, a lunch.

    give, ask, thanks and promise are what you did; receive, asked, thanked and promised what they did.
    """
    from recipflow import lookup
    from recipflow.store import Verb
    from recipflow.telling import Said, tell

    by, act = _deed(deed)
    what, text = _what(act, kind, text)
    with speaking() as (session, moment):
        contact = lookup.person(session, person)
        when = instant(at, session.zone).replace(microsecond=0) if at else moment
        if when > moment:
            raise UserError("That is still to come: log it when it has happened.")
        payload: dict[str, str | float] = {"by": by, "act": act, "text": text, "at": when.isoformat()}
        payload |= {"kind": what} if what else {}
        payload |= {"size": size} if size else {}
        tell(session.store, Said(Verb.LOG, contact.id, payload), moment, touched=contact.addresses)
        say(paragraph(f"Noted with {lookup.called(contact)}. Take it back: recipflow undo"))


def correct(
    message: Annotated[
        str,
        typer.Argument(
            metavar="MESSAGE", help="Its Message-ID, or the beginning of it, as `show` and `why` name it."
        ),
    ],
    person: Person,
    act: Annotated[ActType, typer.Argument(help="What it did.", show_default=False)],
    kind: What = None,
    size: Size = None,
    not_: Annotated[bool, typer.Option("--not", help="It was no such thing.")] = False,
    routine: Annotated[bool, typer.Option("--routine", help="Plain duty: it leaves nobody owing.")] = False,
) -> None:
    """Say what a message really was towards a person: from then on it counts as if it had been read so at once."""
    from recipflow import lookup
    from recipflow.derive.words import NOT_THIS
    from recipflow.store import Verb
    from recipflow.telling import Said, tell

    with speaking() as (session, moment):
        contact = lookup.person(session, person)
        entry = _entry(session, contact, message)
        payload: dict[str, str | float | bool] = {"contact": contact.id}
        if not_:
            payload[NOT_THIS] = act
        else:
            payload |= {"act": act, "routine": routine}
            payload |= {"kind": kind} if kind else {}
            payload |= {"size": size} if size else {}
        tell(session.store, Said(Verb.CORRECT, entry.interaction, payload), moment, touched=contact.addresses)
        said = f"no {act.value}" if not_ else act.value
        say(
            paragraph(
                f"From now on that message is {said} with {lookup.called(contact)}. Take it back: recipflow undo"
            )
        )


def done(key: Key) -> None:
    """You did what a piece of advice says, where no mail shows it: it is entered, and the advice rests."""
    from recipflow import lookup
    from recipflow.store import LifeState, Verb
    from recipflow.telling import Said, life_of, tell
    from recipflow.verdicts import deeds

    with speaking() as (session, moment):
        point, nudge = lookup.nudge(session, key, moment)
        tell(
            session.store,
            Said(Verb.DONE, nudge.key),
            moment,
            also=deeds(point, nudge, moment),
            life=life_of(session.store, nudge, LifeState.DONE),
            touched=point.contact.addresses,
        )
        say(paragraph(f"Good. It rests with {lookup.called(point.contact)}. Take it back: recipflow undo"))


def wrong(
    key: Key,
    because: Annotated[
        str | None,
        typer.Option(
            "--because", metavar="WHY", help="not-a-favour, wrong-person, already-handled or not-mine."
        ),
    ] = None,
    yes: Yes = False,
) -> None:
    """A piece of advice is mistaken: say in one word why, and what it stood on is read otherwise from now on."""
    from recipflow import lookup
    from recipflow.derive.entries import entries_of
    from recipflow.store import LifeState, Verb
    from recipflow.telling import Said, life_of, tell
    from recipflow.verdicts import Mistake, corrections, deeds

    with speaking() as (session, moment):
        point, nudge = lookup.nudge(session, key, moment)
        mistake = _mistake(because, ask=not yes)
        contact = point.contact
        entries = entries_of(session.store, contact.id, contact.addresses, session.me, session.words)
        handled = mistake is Mistake.ALREADY_HANDLED
        tell(
            session.store,
            Said(Verb.WRONG, nudge.key, {"because": mistake.value}),
            moment,
            also=deeds(point, nudge, moment) if handled else corrections(nudge, mistake, entries),
            life=life_of(session.store, nudge, LifeState.DONE if handled else LifeState.DISMISSED),
            touched=_everybody(session, nudge.evidence) | set(contact.addresses),
        )
        say(paragraph("Thank you: it will be read otherwise from now on. Take it back: recipflow undo"))


def never(
    person: Annotated[
        str, typer.Argument(metavar="PERSON|DOMAIN", help="A person, or everybody at example.org.")
    ],
) -> None:
    """No advice about this person, or about anybody at this domain, for good. Their mail is still read."""
    from recipflow import lookup
    from recipflow.store import Verb
    from recipflow.telling import Said, tell

    with speaking() as (session, moment):
        domain = _domain(session, person)
        who = _at(session, domain) if domain else (lookup.person(session, person),)
        target = f"@{domain}" if domain else who[0].id
        touched = [address for one in who for address in one.addresses]
        tell(session.store, Said(Verb.NEVER, target), moment, touched=touched)
        about = f"anybody at {domain}" if domain else lookup.called(who[0])
        say(paragraph(f"No thanks, promises, answers or windows are pointed out any more about {about}."))
        for line in lookup.listed(who) if domain else ():
            say(line)
        say(paragraph("Take it back: recipflow undo"))


def snooze(
    key: Key,
    days: Annotated[int | None, typer.Option("--days", min=1, max=365, help="Not for so many days.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="Not before this day.")] = None,
) -> None:
    """Not now: a piece of advice stays away for a week, for so many days, or until a day."""
    from recipflow import assembly, lookup
    from recipflow.store import LifeState, Verb
    from recipflow.telling import Said, life_of, tell

    if days and until:
        raise typer.BadParameter("Give --days or --until, not both.")
    with speaking() as (session, moment):
        _, nudge = lookup.nudge(session, key, moment)
        back = _back(session, moment, days or 7, until)
        life = life_of(session.store, nudge, LifeState.SNOOZED, back)
        tell(session.store, Said(Verb.SNOOZE, nudge.key), moment, life=life)
        today = moment.astimezone(session.zone).date()
        when = assembly.wording().short_date(back.astimezone(session.zone).date(), today)
        say(paragraph(f"It comes back on {when}, if it still stands then. Take it back: recipflow undo"))


def dismiss(key: Key) -> None:
    """Not this one: it goes for good, and the same kind of advice about this person stays away for a season."""
    from recipflow import lookup
    from recipflow.store import LifeState, Verb
    from recipflow.telling import Said, life_of, tell

    with speaking() as (session, moment):
        point, nudge = lookup.nudge(session, key, moment)
        until = moment + timedelta(days=SEASON)
        life = life_of(session.store, nudge, LifeState.DISMISSED, until)
        tell(session.store, Said(Verb.DISMISS, nudge.key), moment, life=life)
        say(
            paragraph(
                f"Gone, and nothing of the kind about {lookup.called(point.contact)} for a season. "
                "Take it back: recipflow undo"
            )
        )


def undo() -> None:
    """Take back your last word, whatever it was; again, and the one before goes."""
    from recipflow.telling import take_back

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


def _what(act: ActType, kind: str | None, text: str) -> tuple[Kind | None, str]:
    """What was given or asked, and the user's words about it: thanks are for nothing in particular."""
    if act is ActType.THANKS:
        return None, " ".join(filter(None, (kind, text)))
    try:
        return Kind(kind or ""), text
    except ValueError:
        raise typer.BadParameter(f"Say what it was: {', '.join(Kind)}.", param_hint="KIND") from None


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
        f"No message with {who} is called {one_line(message)!r}: recipflow show {contact.id} names them."
    )


def _mistake(because: str | None, *, ask: bool) -> Mistake:
    from recipflow.verdicts import Mistake

    known = ", ".join(Mistake)
    if because is None and ask and sys.stdin.isatty():
        because = typer.prompt(f"Why is it wrong ({known})", default=Mistake.NOT_A_FAVOUR.value)
    if because is None and ask and not sys.stdin.isatty():
        raise UserError(f"There is no keyboard here: say --because {known}, or --yes for not-a-favour.")
    try:
        return Mistake(because or Mistake.NOT_A_FAVOUR)
    except ValueError:
        raise typer.BadParameter(f"{because!r} is none of {known}.", param_hint="--because") from None


def _everybody(session: Session, evidence: tuple[str, ...]) -> set[str]:
    from recipflow.derive.persons import parties

    return {one for item in session.store.interactions.by_ext(evidence).values() for one in parties(item)}


def _domain(session: Session, words: str) -> str:
    """The domain that is meant, or "": @example.org, or example.org when somebody has an address there."""
    bare = words.strip().lower()
    if bare.startswith("@") and "." in bare:
        return bare[1:]
    return bare if "@" not in bare and "." in bare and _at(session, bare) else ""


def _at(session: Session, domain: str) -> tuple[Contact, ...]:
    from recipflow import lookup

    ending = f"@{domain}"
    return tuple(one for one in lookup.contacts(session) if any(a.endswith(ending) for a in one.addresses))


def _back(session: Session, now: datetime, days: int, until: str | None) -> datetime:
    """When it comes back: at the beginning of a day of the user's."""
    today = now.astimezone(session.zone).date()
    try:
        day = date.fromisoformat(until) if until else today + timedelta(days=days)
    except ValueError:
        raise typer.BadParameter(f"{until!r} is no date like 2026-10-29.", param_hint="--until") from None
    if day <= today:
        raise typer.BadParameter(f"{day} is not ahead.", param_hint="--until")
    return datetime.combine(day, time(), session.zone)
