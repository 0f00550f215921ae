"""What may have come of anything, as far as the mail shows it, and whether whoever helped has heard."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from recipflow.advice.helping import REPORT_FADE
from recipflow.derive.context import Context
from recipflow.insight.around import Known
from recipflow.insight.credit import first_name
from recipflow.ledger.likeness import SHARED, Sayings, alike, telling_words
from recipflow.ledger.relationship import DAY, Answer, Favour, Relationship, Remark
from recipflow.model import Act, ActType, Contact, Flag, Interaction, Kind, Message
from recipflow.store import Line, Store, Stored

OTHERS = 4
"""People in a mail above which it introduced nobody in particular."""
TELLING_NAME = 3
"""Letters of a first name from which on its mention is a mention."""
_YES = frozenset({Answer.GRANTED, Answer.DELIVERED})
_SENTENCES = re.compile(r"[.!?\n]+")


class Came(NamedTuple):
    """Something that came of something: when (days since the epoch), in which interaction, in which words, from whom."""

    at: float
    interaction: str
    quote: str
    other: str = ""


class Seen:
    """All that may have come of anything, as far as the mail shows it."""

    def __init__(self, store: Store, context: Context, known: Sequence[Known], now: datetime) -> None:
        self._store, self._context, self._known, self._now = store, context, known, now
        today = now.timestamp() / DAY
        self._yeses = [(one.contact.id, *yes) for one in known for yes in _granted(one.relationship, today)]
        self._results = [
            (one.contact.id, result) for one in known for result in fresh(one.relationship, today)
        ]
        self._asked: Sayings[tuple[str, float, Came]] = Sayings()
        for whose, asked, came in self._yeses:
            self._asked.add(came.quote, (whose, asked, came))
        self._told: Sayings[tuple[str, Remark]] = Sayings()
        for whose, result in self._results:
            self._told.add(result.quote, (whose, result))
        self._by_first = sorted(
            (first, place) for place, one in enumerate(known) if (first := one.relationship.first) is not None
        )
        self._names = {one.contact.id: one.contact.name for one in known}
        self._texts = letters_of(store, known, today)

    def of(self, one: Known, favour: Favour, letter: Interaction, *, tip: bool) -> Came | None:
        """The last thing that came of the favour; what came of people is told before what words suggest."""
        if tip:
            found = (*self._pointed_to(one.contact, favour), *self._told_of(one.contact, favour, named=True))
            return max(found, key=lambda came: came.at, default=None)
        people = self._brought(one.contact, favour, letter)
        return people or max(
            (*self._asked_after(one.contact, favour), *self._told_of(one.contact, favour)),
            key=lambda came: came.at,
            default=None,
        )

    def mine(self, came: Came) -> bool:
        """Whether it was the user who told of it."""
        letter = self._texts.get(came.interaction)
        one = letter.interaction if letter else None
        return isinstance(one, Message) and one.sender.address in self._context.me

    def _pointed_to(self, contact: Contact, tip: Favour) -> Iterator[Came]:
        """A yes to something asked since of somebody whom the tip's own sentence names."""
        for whose, asked, came in self._yeses:
            name = self._names[whose]
            if whose != contact.id and asked > tip.at and _mentioned(name, tip.quote):
                yield came._replace(other=name)

    def _brought(self, contact: Contact, favour: Favour, letter: Interaction) -> Came | None:
        for address, name in self._introduced(contact, favour, letter):
            if came := self._result(address, favour.at):
                return came._replace(other=name)
        return None

    def _introduced(self, contact: Contact, favour: Favour, letter: Interaction) -> Iterator[tuple[str, str]]:
        """Whom the letter brought: those it went to as well, and those it names who were unknown before."""
        parties = (*letter.to, *letter.cc) if isinstance(letter, Message) else ()
        others = {party.address: party.name for party in parties} if len(parties) <= OTHERS else {}
        if favour.what is Kind.INTRO:
            for address in sorted(set(others) - self._context.me - set(contact.addresses)):
                called = self._context.contact(address, (address,), others[address]).name
                yield address, called or address
        if text := _text(letter).casefold():
            for one in self._unknown_before(favour.at):
                if _named(one.contact, text):
                    yield one.contact.id, one.contact.name or one.contact.id

    def _unknown_before(self, at: float) -> Iterator[Known]:
        """Those of whom nothing was heard until then, in their order."""
        later = self._by_first[bisect(self._by_first, at, key=itemgetter(0)) :]
        return (self._known[place] for place in sorted(place for _, place in later))

    def _result(self, address: str, since: float) -> Came | None:
        """The last thing that came of knowing somebody: a meeting held, a yes, something given."""
        acts = self._store.ledgers.acts([address])
        found = None
        for line in self._store.ledgers.lines([address]):
            at = line.at.timestamp() / DAY
            done = next((act for act in acts.get(line.key, ()) if _comes_of(line, act)), None)
            if done is not None and since < at and line.at <= self._now:
                found = Came(at, line.id, done.quote)
        return found

    def _asked_after(self, contact: Contact, favour: Favour) -> Iterator[Came]:
        """A yes to something asked of somebody else since, in words that the favour shares."""
        for whose, asked, came in self._asked.alike(favour.quote):
            if whose != contact.id and asked > favour.at:
                yield came

    def _told_of(self, contact: Contact, favour: Favour, *, named: bool = False) -> Iterator[Came]:
        """A result told to, or by, somebody else since, that names whoever helped or, unless it must, shares words, or
        names whom the help named."""
        shared = frozenset() if named else frozenset(self._told.alike(favour.quote))
        names = frozenset() if named else _names(favour.quote)
        for whose, result in self._results:
            if whose == contact.id or result.at <= favour.at:
                continue
            text = text_of(self._texts, result.interaction)
            tied = (whose, result) in shared or bool(names and names & _names(result.quote))
            if tied or _credited(contact.name, favour, result, text):
                yield Came(result.at, result.interaction, result.quote)

    def told(self, contact: Contact, came: Came) -> bool:
        """Whether they have heard since: by a word of thanks, a report, in person; or where it cannot be known."""
        acts = self._store.ledgers.acts(contact.addresses)
        lines = [line for line in self._store.ledgers.lines(contact.addresses) if line.at <= self._now]
        since = [line for line in lines if line.at.timestamp() / DAY > came.at]
        mine = [line for line in since if line.type == "meeting" or line.sender in self._context.me]
        read_it = any(line.id == came.interaction for line in lines)
        if read_it or any(line.type == "meeting" or _reports(acts.get(line.key, ())) for line in mine):
            return True
        letters = self._store.interactions.by_ext({came.interaction, *(line.id for line in mine)})
        told_in = letters.pop(came.interaction, None)
        news = _text(told_in.interaction) if told_in else ""
        return any(_speaks_of(one.interaction, came, news) for one in letters.values())


def _granted(relationship: Relationship, today: float) -> Iterator[tuple[float, Came]]:
    """Each yes of theirs that is news: when it was asked, and what came."""
    for one in relationship.answered:
        if one.answer in _YES and today - REPORT_FADE <= one.at <= today:
            yield one.asked, Came(one.at, one.interaction, one.quote)


def _comes_of(line: Line, act: Act) -> bool:
    if line.type == "meeting":
        return True
    if Flag.RESULT in act.flags:
        return True
    if act.act is ActType.GRANT and act.counts:
        return True  # whoever of the two said yes
    if act.by.value != "them" or not act.counts:
        return False
    return act.act is ActType.GIVE and act.notable


def _reports(acts: Iterable[Act]) -> bool:
    return any(
        act.by.value == "me" and (act.act is ActType.THANKS or Flag.RESULT in act.flags) for act in acts
    )


def _speaks_of(letter: Interaction, came: Came, news: str) -> bool:
    """Whether a letter of mine tells of it, as far as its words tell; one whose words are not kept may have."""
    text = _text(letter)
    if not text:
        return True
    shared = telling_words(text) & telling_words(news)
    return _mentioned(came.other, text) or alike(text, came.quote) or len(shared) >= SHARED


def _text(one: Interaction) -> str:
    return one.text if isinstance(one, Message) else ""


def _credited(name: str, favour: Favour, result: Remark, text: str) -> bool:
    """Whether a letter names whoever helped, and speaks of the same where it does, or where it tells of the result."""
    if first_name(name) not in text:
        return False
    naming = [sentence for sentence in _SENTENCES.split(text) if _mentioned(name, sentence)]
    about = telling_words(" ".join((*naming, result.quote)))
    return bool(naming) and bool(about & telling_words(favour.quote))


def _names(text: str) -> frozenset[tuple[str, str]]:
    """Each two words in a row with a capital letter: somebody by first and last name, or a house."""
    words = [word.strip(".,;:!?()\"'“”").removesuffix("'s").removesuffix("’s") for word in text.split()]
    pairs = pairwise(words)
    return frozenset((one, other) for one, other in pairs if one[:1].isupper() and other[:1].isupper())


def _mentioned(name: str, text: str) -> bool:
    """Whether a text says somebody's first name."""
    first = first_name(name)
    words = "".join(letter if letter.isalpha() else " " for letter in text).split()
    return len(first) >= TELLING_NAME and first in words  # "will" is not Will


def _named(contact: Contact, text: str) -> bool:
    """Whether a text, in small letters, names somebody beyond doubt: by address, or by a name of two words or more."""
    name = " ".join(contact.name.casefold().split())
    return any(address in text for address in contact.addresses) or (" " in name and name in text)


def letters_of(store: Store, known: Iterable[Known], today: float) -> Mapping[str, Stored]:
    """The letters in which results were told lately."""
    told = {result.interaction for one in known for result in fresh(one.relationship, today)}
    return store.interactions.by_ext(told) if told else {}


def text_of(letters: Mapping[str, Stored], interaction: str) -> str:
    """The new text of one of them."""
    letter = letters.get(interaction)
    return _text(letter.interaction) if letter else ""


def fresh(relationship: Relationship, today: float) -> Iterator[Remark]:
    return (one for one in relationship.results if today - REPORT_FADE <= one.at <= today)
