"""Deeds into acts: each towards the counterparts whom it is for, with its weight, its flags and its day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from recipflow.model import COUNTS, CROWD, Act, ActType, Flag, Kind, Message, Side
from recipflow.reading.addressees import concerned, each_asked, passes_by, thanked, yes_or_no
from recipflow.reading.deeds import Deed
from recipflow.reading.introducing import with_introduction
from recipflow.rules.due import day_promised, deadline, deadline_alone, last_named, month_named
from recipflow.rules.letter import Letter

MASS = 8
"""A message by me to more people than this is mass mail."""
NEAR = 2
"""Sentences after a yes that still say of the same thing by when it comes."""

_WAITS = frozenset({ActType.ASK, ActType.PROMISE})
_SAID_ANEW = frozenset({ActType.ASK, ActType.GIVE, ActType.PROMISE})


def acts_of(deeds: list[Deed], message: Message, written: Letter, me: frozenset[str]) -> Iterable[Act]:
    """Each deed as an act towards every counterpart whom it is for."""
    towards = concerned(message, written, me)
    bundled = any(deed.act is ActType.ASK and deed.certainty >= COUNTS and not deed.remark for deed in deeds)
    about = _about(deeds, written)
    deeds = with_introduction(_without_its_own(deeds), message, written, me)
    days = _days(deeds, written)
    for deed in (_asked(one, message, written, me) for one in deeds):
        due = days.get((deed.act, deed.at))
        for address, direct in _for(deed, message, written) or _with_brought(towards, deed, message, me):
            meant = me if written.by is Side.THEM else frozenset({address})
            direct = direct or Flag.EACH in deed.flags or _introduced(deed, message, written, me)
            direct = direct and not _passes_by(deed, message, written, meant)
            yield _act(deed, message, written, address, about, due, direct=direct, bundled=bundled)


def _without_its_own(deeds: list[Deed]) -> list[Deed]:
    """Without what a sentence that takes an ask back would do besides: "ignore my last mail" orders nothing."""
    gone = {deed.at for deed in deeds if Flag.WITHDRAWN in deed.flags}
    return [deed for deed in deeds if deed.remark or deed.at not in gone or deed.act not in _SAID_ANEW]


def _asked(deed: Deed, message: Message, written: Letter, me: frozenset[str]) -> Deed:
    """An ask with what its sentence tells of who is to answer, and whether silence does."""
    if deed.act is not ActType.ASK or deed.at < 0:
        return deed
    sentence = written.parts[deed.at].plain
    flags = deed.flags - {Flag.OPTIONAL} if yes_or_no(sentence) else deed.flags
    dated = written.by is Side.THEM and _due(deed.act, sentence, written) is not None
    each = dated and each_asked(message, written, sentence, me)
    return deed._replace(flags=flags | {Flag.EACH} if each else flags)


def _for(deed: Deed, message: Message, written: Letter) -> list[tuple[str, bool]]:
    """Whom a deed is for, where that is not whom the letter is for: thanks by the way, to somebody in copy."""
    if deed.act is not ActType.THANKS or written.by is Side.THEM or deed.at < 0:
        return []
    part = written.parts[deed.at]
    called = thanked(message, message.text[part.start : part.end])
    return [] if called is None else [(called, True)]


def _with_brought(
    towards: list[tuple[str, bool]], deed: Deed, message: Message, me: frozenset[str]
) -> list[tuple[str, bool]]:
    """Whoever I introduce to the one my letter greets is told as well, though the favour is counted once."""
    intro = deed.act is ActType.GIVE and deed.kind is Kind.INTRO and message.sender.address in me
    readers = (*message.to, *message.cc)
    if not intro or not 1 < len(readers) <= CROWD:
        return towards
    known = me.union(address for address, _ in towards)
    return [*towards, *((party.address, False) for party in readers if party.address not in known)]


def _about(deeds: Iterable[Deed], written: Letter) -> date | None:
    """The last day that the letter names, where something in it waits to be done."""
    if not any(deed.act in _WAITS for deed in deeds):
        return None
    return last_named(
        [written.subject, *(part.plain for part in written.parts)], written.on, written.language
    )


def _introduced(deed: Deed, message: Message, written: Letter, me: frozenset[str]) -> bool:
    """Whether it brings me together with somebody: that is for all whom it is to, whomever it greets first."""
    intro = deed.act is ActType.GIVE and deed.kind is Kind.INTRO and written.by is Side.THEM
    return intro and 1 < len(message.to) <= CROWD and any(party.address in me for party in message.to)


def _passes_by(deed: Deed, message: Message, written: Letter, meant: frozenset[str]) -> bool:
    if deed.at < 0 or deed.act not in (ActType.ASK, ActType.PROMISE):
        return False
    part = written.parts[deed.at]
    return passes_by(message, message.text[part.start : part.end], part.start, meant)


def _act(
    deed: Deed,
    message: Message,
    written: Letter,
    address: str,
    about: date | None,
    due: date | None,
    *,
    direct: bool,
    bundled: bool,
) -> Act:
    act = deed.act
    part = written.parts[deed.at] if deed.at >= 0 else None
    mass = len(message.to) + len(message.cc) > MASS
    thanks = act is ActType.THANKS
    return Act(
        contact=address,
        by=written.by,
        act=act,
        kind=None if thanks else Kind.MASS if mass and act is ActType.GIVE else deed.kind or Kind.HELP,
        size=None if thanks else deed.size if deed.size is not None else 1.0,
        routine=act is ActType.GIVE and (mass or deed.routine),
        notable=act is ActType.GIVE and deed.notable and not mass,
        flags=_flags(deed, message, bundled=bundled) if act is ActType.GIVE else deed.flags,
        quote=message.text[part.start : part.end] if part else "",
        rule=deed.rule,
        position=part.start if part else 0,
        due=due,
        about=_ahead(about, part.plain, written) if part and act in _WAITS else None,
        confidence=deed.certainty,
        notable_confidence=0.0 if mass else deed.notable_certainty,
        large_confidence=deed.large_certainty,
        counts=direct and deed.counts and deed.certainty >= COUNTS,
    )


def _flags(deed: Deed, message: Message, *, bundled: bool) -> frozenset[Flag]:
    """What a give weighs by: one to remember, to one person alone, is made for that person."""
    alone = len(message.to) == 1 and not message.cc
    found = {Flag.BUNDLED} if bundled else set()
    return deed.flags | found | ({Flag.PERSONAL} if deed.notable and alone else set())


def _ahead(about: date | None, sentence: str, written: Letter) -> date | None:
    """The last day that it is about: the month that the sentence itself names lies further ahead than the letter's days."""
    month = month_named(sentence, written.on, written.language)
    return max((day for day in (about, month) if day), default=None)


def _days(deeds: Iterable[Deed], written: Letter) -> dict[tuple[ActType, int], date]:
    """The day of each deed that names one; of a yes, that by which a sentence just after it promises the thing; of an ask,
    the one that the next sentence begins with, if nothing else is said in it."""
    on = {(deed.act, deed.at): deed for deed in deeds if deed.at >= 0}
    said = {at for _, at in on}
    days = {
        key: day for key, deed in on.items() if (day := _due(deed.act, written.parts[deed.at].plain, written))
    }
    for (act, at), deed in on.items():
        if act is ActType.GRANT and (act, at) not in days and deed.kind is not Kind.MEETING:
            later = (days.get((ActType.PROMISE, after)) for after in range(at + 1, at + NEAR + 1))
            if day := next(filter(None, later), None):
                days[act, at] = day
        free = act is ActType.ASK and (act, at) not in days and at + 1 not in said
        if free and (day := _by_when(at + 1, written)):
            days[act, at] = day
    return days


def _by_when(at: int, written: Letter) -> date | None:
    if at >= len(written.parts):
        return None
    return deadline_alone(written.parts[at].plain, written.on, written.language)


def _due(act: ActType, sentence: str, written: Letter) -> date | None:
    if act in (ActType.PROMISE, ActType.GRANT):
        return day_promised(sentence, written.on, written.language)
    return deadline(sentence, written.on, written.language) if act is ActType.ASK else None
