"""A draft put before everything that is known of the one it goes to."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from recipflow.checking import Draft, Surroundings, Verdict, judge
from recipflow.checking.manners import MANNERS
from recipflow.derive.entries import entries_of
from recipflow.derive.folding import Around, view
from recipflow.insight import standpoint_as_of
from recipflow.model import UNKNOWN, Attachment, Contact, Entry, Message, Party
from recipflow.providers import PROVIDERS, domain_of
from recipflow.reading import Reading
from recipflow.session import Session

WEEK = timedelta(days=7)
AHEAD = timedelta(days=60)
"""How far ahead meetings are looked for."""
NOBODY = "you@localhost"
_TOLD = (*MANNERS, UNKNOWN)
"""Languages whose words tell what makes an ask hard to answer; what is too short to tell is taken for English."""


def check(
    session: Session, contact: Contact, draft: Draft, moment: datetime, *, size: float | None = None
) -> tuple[Verdict, Reading]:
    """What there is to say of a draft to this contact at that moment, and what was read in it."""
    point = standpoint_as_of(session.store, session.context, session.words, contact, moment)
    entries = entries_of(session.store, contact.id, contact.addresses, session.me, session.words)
    known = [entry for entry in entries if entry.at <= moment]
    reading = session.context.reader.read(_message(session, contact, draft, moment), session.me | {NOBODY})
    around = Around(generous=session.store.ledgers.generous())
    verdict = judge(
        view(contact, point.relationship, session.context, moment, around),
        reading.acts,
        _surroundings(session, contact, known, moment),
        text=draft.text if reading.language in _TOLD else "",
        language=reading.language,
        thread=_thread(draft, known),
        size=size,
    )
    return verdict, reading


def _message(session: Session, contact: Contact, draft: Draft, moment: datetime) -> Message:
    mine = next(iter(session.settings.me.addresses), NOBODY)
    return Message(
        id="draft",
        at=moment,
        sender=Party(mine),
        to=(Party(contact.id, contact.name),),
        subject=draft.subject,
        in_reply_to=next(iter(draft.answers), ""),
        attachments=tuple(Attachment(name, "", 0) for name in draft.attachments),
        text=draft.text,
    )


def _thread(draft: Draft, entries: list[Entry]) -> str:
    """The thread of what it answers, as far as that is known."""
    threads = {entry.interaction: entry.thread for entry in entries}
    return next((threads[one] for one in draft.answers if one in threads), "")


def _surroundings(session: Session, contact: Contact, entries: list[Entry], moment: datetime) -> Surroundings:
    domain = domain_of(contact.id)
    house = domain not in PROVIDERS and domain not in session.context.houses
    asked = session.store.ledgers.asked_since(moment - WEEK, moment) if house else []
    there = [(address, at) for address, at in asked if domain_of(address) == domain]
    return Surroundings(
        entries=entries,
        meetings=session.store.calendar.upcoming(contact.addresses, session.me, moment, moment + AHEAD),
        colleagues_asked=sorted(at.timestamp() / 86_400.0 for _, at in there),
        people_asked=len({address for address, _ in there} - set(contact.addresses)),
        theirs=ZoneInfo(contact.tz) if contact.tz else None,
    )
