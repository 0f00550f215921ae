"""A word before an ask is sent: drafts of the user's looked at in their mailbox, never stored, and told of at once.

Only what cannot wait is told: too much asked, a larger ask than what was given carries, or an ask tied to a gift.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from recipflow import assembly, notices
from recipflow.checking import Draft, Objection
from recipflow.connector import Drafting
from recipflow.counsel import drafts as counsel
from recipflow.explain import lookup
from recipflow.model import Contact, Message, Party
from recipflow.standing import AskWarning
from recipflow.store import without
from recipflow.text import new_text
from recipflow.threads.subjects import subject_key

if TYPE_CHECKING:
    from recipflow.session import Session

log = logging.getLogger(__name__)

URGENT = frozenset(
    {
        AskWarning.OVER_ASKING.value,
        AskWarning.OVER_ASKING_RED.value,
        AskWarning.DISPROPORTIONATE.value,
        "bundled",
        "compliance",
    }
)
"""The objections worth a notice; the rest `recipflow check` tells whoever asks."""
FEW = 3
"""To more people than this no draft is an ask of anybody in particular."""


def look(session: Session, account: str, now: datetime) -> int:
    """Look at the drafts of one account that changed, and stage a notice for each that should wait; says how many."""
    table = next((one for one in session.settings.accounts if one.name == account), None)
    if table is None or not session.settings.notices.enabled:
        return 0
    mailbox = session.opened(table)
    if not isinstance(mailbox, Drafting):
        return 0
    return tell(session, account, mailbox.drafts(known(session, account)), now)


def known(session: Session, account: str) -> dict[str, str]:
    """The version of each draft that was looked at."""
    versions: dict[str, str] = json.loads(session.store.noted(_note(account)) or "{}")
    return versions


def tell(
    session: Session, account: str, found: Mapping[str, tuple[str, Message | None]], now: datetime
) -> int:
    """Stage a notice for each of these drafts that changed and should wait; says how many.

    A program that saves while one types makes another draft of it each time: it is told of once a day all the same.
    """
    told = [
        (_named(session, mail, contact, now), contact, said)
        for _, mail in found.values()
        if mail
        for contact, said in _said(session, mail, now)
    ]
    with session.store.transaction():
        staged = [_stage(session, key, said, now, contact) for key, contact, said in told]
        kept = {ref: version for ref, (version, mail) in found.items() if not _is_private(session, mail)}
        session.store.note(_note(account), json.dumps(kept))
    return sum(staged)


def _named(session: Session, mail: Message, contact: Contact, now: datetime) -> str:
    """What stays the same when the draft is saved again."""
    parts = (contact.id, subject_key(mail.subject), now.astimezone(session.zone).date().isoformat())
    return f"draft {sha256(chr(0).join(parts).encode()).hexdigest()[:16]}"


def _stage(session: Session, key: str, said: Mapping[str, str], now: datetime, contact: Contact) -> bool:
    """One notice for all that was not said of this draft yet."""
    fresh = [name for name in said if not notices.was_said(session.store, f"{key} {name}")]
    text = " ".join(said[name] for name in fresh)
    for name in fresh:
        notices.stage(session.store, f"{key} {name}", text, now, contact=contact.id)
        text = ""  # the others are said by the first
    return bool(fresh)


def _is_private(session: Session, mail: Message | None) -> bool:
    """Whether it is to somebody private alone: of that not even the draft's number is kept."""
    return mail is not None and without(mail, session.private.addresses.__contains__, session.me) is None


def _note(account: str) -> str:
    return f"drafts {account}"


def _said(session: Session, mail: Message, now: datetime) -> Iterator[tuple[Contact, Mapping[str, str]]]:
    """Of a draft: for each reader the objections that cannot wait, in a sentence each."""
    to = _asked(mail.to, session.me) or _asked(mail.bcc, session.me)
    if not 0 < len(to) <= FEW:
        return
    draft = Draft(
        text=mail.text or new_text(mail.body, mail.form).text,
        subject=mail.subject,
        answers=tuple(filter(None, (mail.in_reply_to, *reversed(mail.references)))),
        attachments=tuple(one.name for one in mail.attachments),
    )
    for contact in filter(None, (_contact(session, address) for address in to)):
        verdict, _ = counsel.check(session, contact, draft, now)
        yield (
            contact,
            {
                one.name: _sentence(session, contact, one, now)
                for one in verdict.objections
                if one.name in URGENT
            },
        )


def _asked(parties: Iterable[Party], me: frozenset[str]) -> list[str]:
    """Whom of these an ask is put to, as mail that was sent is read: who is in copy only reads it."""
    return [party.address for party in parties if party.address not in me]


def _contact(session: Session, address: str) -> Contact | None:
    owner = session.store.people.contacts_of([address]).get(address)
    person = session.store.people.get(owner) if owner else None
    return session.context.contact(person.id, person.addresses, person.name) if person else None


def _sentence(session: Session, contact: Contact, objection: Objection, now: datetime) -> str:
    return assembly.wording().tell(
        "check", objection.name, lookup.called(contact), objection.facts, tz=session.zone, now=now
    )
