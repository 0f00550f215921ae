"""Reading an interaction into acts: who did what towards whom, with the sentence it stands on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from recipflow.model import COUNTS, YES, Act, ActType, Flag, Kind, Meeting, Message, Side
from recipflow.reading.addressees import concerned, passes_by
from recipflow.reading.language import UNKNOWN, language_of
from recipflow.reading.meetings import read_meeting
from recipflow.rules.due import day_named, deadline, last_named
from recipflow.rules.letter import READ, Letter, letter
from recipflow.rules.rule import Pack
from recipflow.rules.rulebook import Hit, Rulebook, rules_for

NOTABLE = 0.7
"""Certainty a give must have to be notable: a wrong one opens a wrong window."""

OUTRIGHT = 0.9
"""Certainty of an ask that says so in as many words."""

MASS = 8
"""A message by me to more people than this is mass mail."""

FIRST_LANGUAGE = "en"
"""What is too short to tell is read in."""

MOST_REMARKS = 3
"""Remarks of one message that are remembered."""
_WAITS = frozenset({ActType.ASK, ActType.PROMISE})

_MOST = {ActType.ASK: 3, ActType.GIVE: 2, ActType.PROMISE: 2}


_PLAIN_KINDS = frozenset({Kind.HELP, Kind.INFO})
"""What a rule says when it does not know better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read in one interaction."""

    language: str = UNKNOWN
    unread: bool = False  #: it has words in a language without a pack
    acts: tuple[Act, ...] = ()
    question: bool = False  #: its text ends in a question to the other side
    question_quote: str = ""


class _Deed(NamedTuple):
    """An act before it is known towards whom."""

    hit: Hit
    kind: Kind | None
    size: float | None
    notable: bool
    routine: bool
    flags: frozenset[Flag]
    certainty: float


class Reader:
    """Reads messages and meetings by the rules of some packs. Context-free: one interaction at a time."""

    def __init__(self, packs: Iterable[Pack]) -> None:
        packs = tuple(packs)
        languages = {pack.language for pack in packs} - {""}
        self._books = {language: Rulebook(rules_for(packs, language)) for language in languages}
        self._any = Rulebook(rules_for(packs, ""))

    def read(self, message: Message, me: frozenset[str], language: str = "") -> Reading:
        """The acts of a message, each towards one counterpart's address. Its language may be known already."""
        text = message.text
        language = language or language_of(text)
        book = self._books.get(FIRST_LANGUAGE if language == UNKNOWN else language)
        if book is None:
            return Reading(language=language, unread=language != UNKNOWN)
        by = Side.ME if message.sender.address in me else Side.THEM
        written = letter(
            text,
            by=by,
            reply=_answers(message),
            subject=message.subject[:READ],
            attachments=tuple(item.name for item in message.attachments),
            on=message.at.date(),
        )
        question, quote = _question(text, written, book)
        deeds = _deeds(book.stand(written), reply=written.reply)
        acts = tuple(_acts(deeds, message, written, me)) if deeds else ()
        return Reading(language=language, acts=acts, question=question, question_quote=quote)

    def read_meeting(self, meeting: Meeting, me: frozenset[str]) -> Reading:
        """Time given or received in a meeting."""
        rules = self._any.on_summary(meeting.summary[:READ])
        return Reading(acts=read_meeting(meeting, me, rules))


def _answers(message: Message) -> bool:
    return bool(message.in_reply_to or message.references) or message.subject[:3].lower() == "re:"


def _question(text: str, written: Letter, book: Rulebook) -> tuple[bool, str]:
    last = written.parts[written.last] if written.last >= 0 else None
    if last is None or not last.question or book.phatic(last.plain):
        return False, ""
    return True, text[last.start : last.end]


def _deeds(hits: list[Hit], *, reply: bool) -> list[_Deed]:
    """One deed for each act type and sentence; of each type only the surest few."""
    groups: dict[tuple[ActType, int, bool], list[Hit]] = {}
    for hit in hits:
        if hit.rule.act is not None:
            groups.setdefault((hit.rule.act, hit.at, hit.rule.remark), []).append(hit)
    deeds: dict[ActType, list[_Deed]] = {}
    remarks: list[_Deed] = []
    for (act, _, remark), group in groups.items():
        if deed := _deed(group):
            (remarks if remark else deeds.setdefault(act, [])).append(deed)
    if not reply and _asks_outright(deeds.get(ActType.ASK, ())):
        # What such a mail tells or attaches serves its ask.
        deeds[ActType.GIVE] = [deed for deed in deeds.get(ActType.GIVE, ()) if not deed.routine]
    done = [deed for act, found in deeds.items() for deed in _surest(found, _MOST.get(act, 1))]
    return [*done, *_surest(remarks, MOST_REMARKS)]


def _asks_outright(asks: Iterable[_Deed]) -> bool:
    return any(ask.certainty >= OUTRIGHT for ask in asks)


def _surest(deeds: list[_Deed], most: int) -> list[_Deed]:
    if len(deeds) <= most:
        return deeds
    ranked = sorted(deeds, key=lambda deed: (-deed.notable, -deed.certainty, deed.hit.at))
    return sorted(ranked[:most], key=lambda deed: deed.hit.at)


def _deed(group: list[Hit]) -> _Deed | None:
    """The hits of one act type on one sentence, as one: the surest names it, the others sharpen it."""
    if len(group) == 1:
        return _lone(group[0])
    grounds = [hit for hit in group if not hit.rule.refines]
    if not grounds:
        return None
    best = max(grounds, key=lambda hit: hit.rule.confidence)
    certainty = best.rule.confidence
    if certainty < YES:
        return None
    rules = [best.rule, *(hit.rule for hit in group if hit is not best)]
    kinds = [rule.kind for rule in rules[1:] if rule.kind and rule.refines]
    kinds += sorted((rule.kind for rule in rules if rule.kind), key=_PLAIN_KINDS.__contains__)
    sizes = [rule.size for rule in rules if rule.size is not None]
    notable = any(rule.notable and rule.confidence >= NOTABLE for rule in rules)
    return _Deed(
        hit=best,
        kind=kinds[0] if kinds else None,
        size=max(sizes) if sizes else None,
        notable=notable,
        routine=not notable and any(rule.routine for rule in rules),
        flags=frozenset().union(*(rule.flags for rule in rules)),
        certainty=certainty,
    )


def _lone(hit: Hit) -> _Deed | None:
    """What `_deed` makes of a single hit, as most are."""
    rule = hit.rule
    if rule.refines or rule.confidence < YES:
        return None
    notable = rule.notable and rule.confidence >= NOTABLE
    routine = rule.routine and not notable
    return _Deed(hit, rule.kind, rule.size, notable, routine, rule.flags, rule.confidence)


def _acts(deeds: list[_Deed], message: Message, written: Letter, me: frozenset[str]) -> Iterable[Act]:
    towards = concerned(message, written, me)
    bundled = any(deed.hit.rule.act is ActType.ASK and not deed.hit.rule.remark for deed in deeds)
    about = _about(deeds, written)
    for deed in deeds:
        for address, direct in towards:
            meant = me if written.by is Side.THEM else frozenset({address})
            direct = direct and not _passes_by(deed, message, written, meant)
            act = _act(deed, message, written, address, direct=direct, bundled=bundled)
            yield replace(act, about=about) if act.act in _WAITS else act


def _about(deeds: Iterable[_Deed], written: Letter) -> date | None:
    """The last day that the letter names, where something in it waits to be done."""
    if not any(deed.hit.rule.act in _WAITS for deed in deeds):
        return None
    return last_named([written.subject, *(part.plain for part in written.parts)], written.on)


def _passes_by(deed: _Deed, message: Message, written: Letter, meant: frozenset[str]) -> bool:
    if deed.hit.at < 0 or deed.hit.rule.act not in (ActType.ASK, ActType.PROMISE):
        return False
    part = written.parts[deed.hit.at]
    return passes_by(message, message.text[part.start : part.end], part.start, meant)


def _act(deed: _Deed, message: Message, written: Letter, address: str, *, direct: bool, bundled: bool) -> Act:
    rule = deed.hit.rule
    act = rule.act or ActType.GIVE
    part = written.parts[deed.hit.at] if deed.hit.at >= 0 else None
    mass = len(message.to) + len(message.cc) > MASS
    thanks = act is ActType.THANKS
    size = None if thanks else deed.size if deed.size is not None else 1.0
    return Act(
        contact=address,
        by=written.by,
        act=act,
        kind=None if thanks else Kind.MASS if mass and act is ActType.GIVE else deed.kind or Kind.HELP,
        size=size,
        routine=act is ActType.GIVE and (mass or deed.routine),
        notable=act is ActType.GIVE and deed.notable and not mass,
        flags=_flags(deed, message, bundled=bundled) if act is ActType.GIVE else deed.flags,
        quote=message.text[part.start : part.end] if part else "",
        rule=rule.id,
        position=part.start if part else 0,
        due=_due(act, part.plain, written.on) if part else None,
        confidence=deed.certainty,
        notable_confidence=deed.certainty if deed.notable and not mass else 0.0,
        large_confidence=deed.certainty if size is not None and size > 2 else 0.0,
        counts=direct and rule.counts and deed.certainty >= COUNTS,
    )


def _flags(deed: _Deed, message: Message, *, bundled: bool) -> frozenset[Flag]:
    """What a give weighs by: one to remember, to one person alone, is made for that person."""
    alone = len(message.to) == 1 and not message.cc
    found = {Flag.BUNDLED} if bundled else set()
    return deed.flags | found | ({Flag.PERSONAL} if deed.notable and alone else set())


def _due(act: ActType, sentence: str, on: date) -> date | None:
    if act in (ActType.PROMISE, ActType.GRANT):
        return day_named(sentence, on)
    return deadline(sentence, on) if act is ActType.ASK else None
