"""How one mail bears on another: whom it reached, what words and names they share, whether it is a copy, or came back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from recipflow.ledger.likeness import SHARED, telling_words
from recipflow.model import Message, Party
from recipflow.people.addresses import clean_name, name_from_address
from recipflow.threads.aliases import alias
from recipflow.threads.subjects import subject_key

_MARK = re.compile(r"\b(?:[A-Z]{3,}|(?!(?:19|20)\d\d\b)\d{4,})\b")
_NO_MARKS = frozenset({"FYI", "ASAP", "URGENT", "PLEASE", "THE", "AND", "FOR", "YOU", "NOT", "FWD", "PDF"})
"""What is written so for its own sake."""
_NO_FAILURE = ("delivered", "(delay)", "(relay)", "(success)")


def reached(mail: Message) -> frozenset[str]:
    return frozenset(party.address for party in (*mail.to, *mail.cc, *mail.bcc))


def plain(mail: Message) -> str:
    """Its words, however its lines are wrapped."""
    return " ".join(mail.text.split())


def speaks_of(mail: Message, about: frozenset[str], names: frozenset[str], letter: Message) -> bool:
    """Whether a mail shares what tells the matter from others; the subject that both stand under tells nothing."""
    if plain(mail) == plain(letter):
        return False
    key = subject_key(mail.subject)
    named = " ".join(one.name for one in mail.attachments)
    other = key != subject_key(letter.subject)
    head = f"{key} {named}" if other else named
    if telling_words(head) & about or (other and marks(mail.subject) & names):
        return True
    return len(telling_words(f"{head} {mail.text}") & about) >= SHARED


def marks(text: str) -> frozenset[str]:
    """Its abbreviations and numbers of some length: they name a matter as no word does."""
    if text.isupper():
        return frozenset()
    return frozenset(_MARK.findall(text)) - _NO_MARKS


def first_name(party: Party) -> str:
    called = clean_name(party.name) or name_from_address(party.address)
    return called.split()[0].capitalize() if called.split() else ""


def failed(report: Message, letter: Message, whom: frozenset[str]) -> bool:
    """Whether a report is of that letter to one of these: its words are not kept, its head tells.

    One of a delay, or of a relay, says nothing yet.
    """
    subject = report.subject.lower()
    if any(word in subject for word in _NO_FAILURE):
        return False
    if unreached := report.headers.get("x-failed-recipients", "").lower():
        return any(address in unreached for address in whom)
    alone = len(reached(letter)) == 1
    answers = alias(letter.id) in (report.in_reply_to, *report.references)  # as they are kept
    return alone and (answers or (bool(letter.subject) and subject.endswith(f": {letter.subject.lower()}")))


def once(mails: Iterable[Message], since: datetime) -> list[Message]:
    """Those after an instant, none of which is a copy of one before."""
    known: set[tuple[str, str, str]] = set()
    later = []
    for mail in mails:
        same = (mail.sender.address, mail.subject, plain(mail))
        if mail.at > since and same not in known:
            later.append(mail)
        known.add(same)
    return later
