"""Taking in the user's mails to themselves: answers to a digest, and notes of what was done off-line.

Only what lies among the user's own sent mail counts, for the sender of any other mail can be forged; an answer must
also carry a token that nobody can guess. The user may think again: of what they said of a piece of advice the last word
holds, by the time at which it was said; a mail says when it was written, however late it is read.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from recipflow.daily.meaning import in_its_place, meant
from recipflow.daily.notes import Note, noted
from recipflow.digest.replies import Answer, Heard, understood
from recipflow.explain import judging, lookup
from recipflow.explain.telling import Said, retract, tell
from recipflow.explain.verdicts import Mistake
from recipflow.foreign import one_line
from recipflow.insight import Standpoint, standpoint_as_of
from recipflow.insight.lives import silenced
from recipflow.model import Contact, Message, Nudge, Tag
from recipflow.people.contacts import find
from recipflow.session.joining import life_now
from recipflow.store import Decision, Life, Payload, Verb

if TYPE_CHECKING:
    from recipflow.session import Session

log = logging.getLogger(__name__)

LISTEN_BACK = timedelta(days=30)
"""A mail to oneself is heard for so long after it was sent, and a token is good for as long."""
SNOOZE = timedelta(days=7)
"""It comes back in the digest of that day, so from its beginning on."""
WRITTEN = "written"
"""The payload key of when the mail was written that a word stands in; without it a word was said when it was kept."""
_ENTERED = frozenset({Verb.DONE, Verb.WRONG})
"""Words with which something goes into the ledger, or is read otherwise."""
UNPLACED = "unplaced"
"""The note under which the lines wait that nobody could place; the next digest says them."""


def hear(session: Session, now: datetime) -> int:
    """Take in what was not heard yet, each in one transaction; says how many said something. Derive afterwards."""
    heard = 0
    for key in session.store.replying.unheard(session.me, now - LISTEN_BACK):
        (item,) = session.store.interactions.get([key])
        with session.store.transaction():
            fresh = session.store.replying.heard(key, now)
            if fresh and isinstance(item.interaction, Message) and item.machine is None:
                heard += _heard(session, item.interaction, now)
    return heard


def _heard(session: Session, mail: Message, now: datetime) -> bool:
    answer = understood(mail.subject, mail.text)
    if answer is not None:
        return _answered(session, answer, min(mail.at, now), now)
    taken = [_noted(session, note, line, mail.at, now) for line, note in _notes(mail)]
    return any(taken)


def _notes(mail: Message) -> Iterator[tuple[str, Note]]:
    """The subject if it is a note, else each line that is one."""
    if note := noted(mail.subject):
        yield mail.subject, note
        return
    for line in mail.text.splitlines()[:20]:
        if note := noted(line):
            yield line, note


def _answered(session: Session, heard: Heard, written: datetime, now: datetime) -> bool:
    """An answer whose token is good, though what it answers may stand no more."""
    if not session.store.replying.use(heard.token, heard.key, now):
        log.info("an answer without a good token was left alone", extra={"action": "reply_ignored"})
        return False
    life = session.store.decisions.lives(key=heard.key).get(heard.key)
    point = _whose(session, life, now) if life else None
    if life is None or point is None:
        return False
    if heard.answer is Answer.NEVER:  # it is said of the person, whatever became of the advice
        return _never(session, point.contact, now)
    life = life_now(session, point.contact, life, now)
    before = _before(session, life.key)
    if before and (_said_at(before) > written or (silenced(life, now) and _same(before, heard))):
        return False
    taken = retract(session.store, now, before.id) if before and before.verb in _ENTERED else {}
    if taken:  # what was entered is not there any more
        session.refresh()
        point = standpoint_as_of(session.store, session.context, session.words, point.contact, now)
    kept = {**taken, WRITTEN: written.isoformat()}
    _judged(session, heard, point, meant(session, point, life, now), now, kept)
    return True


def _never(session: Session, contact: Contact, now: datetime) -> bool:
    if Tag.NEVER in contact.tags:
        return False
    judging.never(session, contact.id, [contact], now)
    return True


def _before(session: Session, key: str) -> Decision | None:
    """The user's last word on that advice."""
    said = session.store.decisions.standing(target=key)
    return said[-1] if said else None


def _said_at(word: Decision) -> datetime:
    written = word.payload.get(WRITTEN)
    return datetime.fromisoformat(str(written)) if written else word.at


def _same(before: Decision, heard: Heard) -> bool:
    """Whether it says once more what was said."""
    because = heard.because.value if heard.because else None
    return before.verb.value == heard.answer.value and before.payload.get("because") == because


def _whose(session: Session, life: Life, now: datetime) -> Standpoint | None:
    """Of the contact it is about, who may be another one's by now."""
    known = session.store.people.contacts_of([life.contact])
    return session.standpoint(known[life.contact], now) if known else None


def _judged(
    session: Session, heard: Heard, point: Standpoint, nudge: Nudge, now: datetime, kept: Payload
) -> None:
    match heard.answer:
        case Answer.DONE:
            judging.done(session, point, nudge, now, kept)
        case Answer.SNOOZE:
            asked = in_its_place(point, nudge)
            day = now.astimezone(session.zone).date() + SNOOZE
            back = datetime.combine(day, time(), session.zone)
            judging.snooze(session, nudge, back, now, asked, kept)
        case _:
            judging.wrong(session, point, nudge, heard.because or Mistake.NOT_A_FAVOUR, now, kept)


def _noted(session: Session, note: Note, line: str, at: datetime, now: datetime) -> bool:
    contact = _meant(session, note)
    if contact is None:
        _set_aside(session, line)
        return False
    payload: dict[str, str | float] = {"by": note.by, "at": min(at, now).isoformat(), "text": one_line(line)}
    payload |= {"act": note.act} if note.act else {}
    payload |= {"kind": note.kind} if note.kind else {}
    payload |= {"size": note.size} if note.size else {}
    tell(session.store, Said(Verb.LOG, contact.id, payload), now, touched=contact.addresses)
    return True


def _meant(session: Session, note: Note) -> Contact | None:
    """The one contact the note can mean: the most words that are anybody's name."""
    known = lookup.contacts(session)
    for name in note.names():
        if found := find(name, known):
            return found[0] if len(found) == 1 else None
    return None


def _set_aside(session: Session, line: str) -> None:
    """Nobody can be asked: the next digest says that it was not understood."""
    waiting = json.loads(session.store.noted(UNPLACED) or "[]")
    session.store.note(UNPLACED, json.dumps([*waiting, one_line(line, 80)][-3:]))
