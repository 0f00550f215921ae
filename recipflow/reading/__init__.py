"""Reading an interaction into acts: who did what towards whom, with the sentence it stands on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from itertools import islice
from typing import NamedTuple

from recipflow.model import UNKNOWN, Act, Meeting, Message, Side
from recipflow.reading.acts import acts_of
from recipflow.reading.deeds import Deed, by_rules
from recipflow.reading.features import Seen, Vocabulary
from recipflow.reading.judge import MOST_SENTENCES, Judge
from recipflow.reading.judged import by_judgement
from recipflow.reading.language import language_of
from recipflow.reading.meetings import read_meeting
from recipflow.rules.letter import READ, Letter, letter
from recipflow.rules.rule import Pack
from recipflow.rules.rulebook import Hit, Rulebook, rules_for
from recipflow.rules.sentences import Zone

FIRST_LANGUAGE = "en"
"""What is too short to tell is read in."""

AT_ONCE = 100
"""Messages that are read together: the automata and the judge's weights do not fit into a processor's cache at once, and one
after the other these took a quarter more time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read in one interaction."""

    language: str = UNKNOWN
    unread: bool = False  #: it has words in a language without a pack
    acts: tuple[Act, ...] = ()
    question: bool = False  #: its text ends in a question to the other side
    question_quote: str = ""


class _Opened(NamedTuple):
    """A message that is being read, and by what; without a book, its language has no pack."""

    message: Message
    language: str
    letter: Letter
    book: Rulebook | None
    judge: Judge | None


class Reader:
    """Reads messages and meetings by the rules of some packs, and judges by small words where a language has a judge.

    Context-free: one interaction at a time. "Tomorrow" is told by the day it was in `zone`, the user's.
    """

    def __init__(
        self, packs: Iterable[Pack], judges: Mapping[str, Judge] | None = None, zone: tzinfo = UTC
    ) -> None:
        self._packs = tuple(packs)
        self._judges = judges or {}
        self._zone = zone
        self.rest()

    def rest(self) -> None:
        """Give back the memory that compiled rules take: they are compiled again when next used."""
        languages = {pack.language for pack in self._packs} - {""}
        self._books = {language: Rulebook(rules_for(self._packs, language)) for language in languages}
        self._any = Rulebook(rules_for(self._packs, ""))

    def read(self, message: Message, me: frozenset[str], language: str = "") -> Reading:
        """The acts of a message, each towards one counterpart's address. Its language may be known already."""
        return self.read_all([(message, language)], me)[0]

    def read_all(self, messages: Iterable[tuple[Message, str]], me: frozenset[str]) -> list[Reading]:
        """The same of many, each with its language, or ""; `AT_ONCE` of them are read step by step together."""
        waiting, found = iter(messages), list[Reading]()
        while some := list(islice(waiting, AT_ONCE)):
            found += self._read_some(some, me)
        return found

    def _read_some(self, messages: Iterable[tuple[Message, str]], me: frozenset[str]) -> list[Reading]:
        opened = [
            self._opened(message, me, language or language_of(message.text)) for message, language in messages
        ]
        hits = [one.book.hits(one.letter) if one.book else [] for one in opened]
        deeds = [_deeds(one, found) for one, found in zip(opened, hits, strict=True)]
        return [_reading(one, done, me) for one, done in zip(opened, deeds, strict=True)]

    def see(self, message: Message, me: frozenset[str], vocabulary: Vocabulary, language: str = "") -> Seen:
        """What a judge sees of a message, for training one. Its language may be known already."""
        language = _read_as(language or language_of(message.text))
        book, _ = self._of(language)
        written = _letter(message, me, language, self._zone)
        hits = [hit for hit in book.hits(written) if not hit.rule.remark] if book else []
        return vocabulary.see(message, written, hits, book.stand(written, hits) if book else [])

    def read_meeting(self, meeting: Meeting, me: frozenset[str]) -> Reading:
        """Time given or received in a meeting."""
        rules = self._any.on_summary(meeting.summary[:READ])
        return Reading(acts=read_meeting(meeting, me, rules))

    def _opened(self, message: Message, me: frozenset[str], language: str) -> _Opened:
        book, judge = self._of(language)
        return _Opened(message, language, _letter(message, me, _read_as(language), self._zone), book, judge)

    def _of(self, language: str) -> tuple[Rulebook | None, Judge | None]:
        language = _read_as(language)
        return self._books.get(language), self._judges.get(language)


def _read_as(language: str) -> str:
    return FIRST_LANGUAGE if language == UNKNOWN else language


def _letter(message: Message, me: frozenset[str], language: str, zone: tzinfo) -> Letter:
    return letter(
        message.text,
        by=Side.ME if message.sender.address in me else Side.THEM,
        reply=_answers(message),
        subject=message.subject[:READ],
        attachments=tuple(item.name for item in message.attachments),
        on=message.at.astimezone(zone).date(),
        language=language,
    )


def _deeds(one: _Opened, hits: list[Hit]) -> list[Deed]:
    message, written, book, judge = one.message, one.letter, one.book, one.judge
    if book is None:
        return []
    standing = book.stand(written, hits)
    if judge is None or not written.parts:
        return by_rules(standing, reply=written.reply)
    hits = [hit for hit in hits if not hit.rule.remark]
    silent = _silent(written, hits, standing, judge)
    judgement = judge.judge(judge.vocabulary.see(message, written, hits, standing, MOST_SENTENCES))
    return by_judgement(judge, judgement, standing, silent, written.parts)


def _reading(one: _Opened, deeds: list[Deed], me: frozenset[str]) -> Reading:
    if one.book is None:
        return Reading(language=one.language, unread=one.language != UNKNOWN)
    question, quote = _question(one.message.text, one.letter, one.book)
    some = deeds or len(one.message.to) + len(one.message.cc) > 1
    acts = tuple(acts_of(deeds, one.message, one.letter, me)) if some else ()
    return Reading(language=one.language, acts=acts, question=question, question_quote=quote)


def _silent(written: Letter, hits: list[Hit], standing: list[Hit], judge: Judge) -> frozenset[int]:
    """What the judge says nothing of: what a rule of the user's own silences; greetings and closings without a rule."""
    ruled = {hit.at for hit in standing}
    return frozenset(hit.at for hit in hits if hit.rule.act is None and hit.rule.id not in judge.rules) | {
        at for at, part in enumerate(written.parts) if part.zone is not Zone.BODY and at not in ruled
    }


def _answers(message: Message) -> bool:
    return bool(message.in_reply_to or message.references) or message.subject[:3].lower() in ("re:", "aw:")


def _question(text: str, written: Letter, book: Rulebook) -> tuple[bool, str]:
    last = written.parts[written.last] if written.last >= 0 else None
    if last is None or not last.question or book.phatic(last.plain):
        return False, ""
    return True, text[last.start : last.end]
