"""What repeats between two people, said aloud: strings, growing asks, the same ask after a no, concessions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from recipflow.advice import View
from recipflow.advice.days import DAY, local_date
from recipflow.advice.windows import ROUNDS
from recipflow.ledger.amounts import less_by_words, times
from recipflow.ledger.likeness import alike
from recipflow.model import TANGIBLE, Act, ActType, Entry, Flag, Kind, Side
from recipflow.plans.ideas import generic

LATELY = 90.0
"""Days for which a pattern is worth a word. Ours."""
STEPS = 3
"""Asks that have to grow in a row."""
GROWN = 2.0
"""How many times the first of them the last has to be. Ours."""
SMALLER = 0.8
"""A second ask of at most this share of the first is a step down (Feeley et al. 2017)."""
STEP_DOWN_DAYS = 14.0
AN_ASK = 1.0

Fact = str | int | float | date


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One thing that was seen. `key` names the sentence."""

    key: str
    at: float
    quote: str = ""
    interaction: str = ""
    facts: dict[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Done:
    """One act, and where it stands."""

    at: float
    entry: Entry
    act: Act
    strangers: bool  #: they had never written before it


def patterns(view: View, entries: Sequence[Entry]) -> tuple[Pattern, ...]:
    """What was seen lately, oldest first; nothing of growth and pace among close friends, who keep no books."""
    heard = min((entry.at for entry in entries if entry.by is Side.THEM), default=None)
    done = [
        _Done(entry.at.timestamp() / DAY, entry, act, heard is None or entry.at < heard)
        for entry in entries
        for act in entry.acts
        if not act.remark and view.now - entry.at.timestamp() / DAY < LATELY
    ]
    rules = _AMONG_FRIENDS if view.close else (*_AMONG_FRIENDS, *_ELSEWHERE)
    found = [one for rule in rules for one in rule(view, done)]
    if generic(entries) and not view.close:
        found.append(Pattern(key="generic", at=view.now))
    return tuple(sorted(found, key=lambda one: (one.at, one.key)))


def _bundled(view: View, done: Sequence[_Done]) -> Iterator[Pattern]:
    """A gift of mine in one breath with an ask: the sentence that could have waited."""
    for one in _gives(done, Side.ME):
        asks = [act for act in one.entry.acts if act.act is ActType.ASK and not act.remark]
        if asks:
            ask = max(asks, key=lambda act: act.size or 0.0)
            yield _pattern(view, "bundled", one, quote=ask.quote)


def _stringed(view: View, done: Sequence[_Done]) -> Iterator[Pattern]:
    """A gift of theirs with an ask attached leaves the user owing nothing."""
    for one in _gives(done, Side.THEM):
        if Flag.BUNDLED in one.act.flags and one.act.kind in TANGIBLE:
            yield _pattern(view, "stringed", one)


def _first_contact(view: View, done: Sequence[_Done]) -> Iterator[Pattern]:
    """A present to somebody who had never written: it counts for nothing (Maréchal & Thöni 2019)."""
    for one in _gives(done, Side.ME):
        if one.strangers and one.act.kind in TANGIBLE:
            yield _pattern(view, "first_contact", one)


def _rounds(view: View, _done: Sequence[_Done]) -> Iterator[Pattern]:
    known = view.relationship
    if known.rounds + known.asked_on >= ROUNDS and known.gift is not None:
        yield Pattern(
            key="rounds", at=known.gift.at, quote=known.gift.quote, interaction=known.gift.interaction
        )


def _growing(view: View, done: Sequence[_Done]) -> Iterator[Pattern]:
    for side, key in ((Side.ME, "growing"), (Side.THEM, "growing_theirs")):
        asks = _asks(done, side)[-STEPS:]
        grows = all(_times(before.act, later.act) > 1.0 for before, later in pairwise(asks))
        if len(asks) == STEPS and grows and _times(asks[0].act, asks[-1].act) >= GROWN:
            yield _pattern(view, key, asks[-1], since=local_date(asks[0].at, view.zone))


def _repeated(view: View, done: Sequence[_Done]) -> Iterator[Pattern]:
    """The user's own ask, again after a no, and no smaller."""
    for answer in view.relationship.answered:
        if answer.answer.value != "refused":
            continue
        for one in _asks(done, Side.ME):
            later, same = one.at > answer.at, alike(one.act.quote, answer.quote)
            if later and same and times(answer.quote, answer.size, one.act.quote, one.act.size) > SMALLER:
                yield _pattern(view, "repeated", one)


def _stepped_down(view: View, done: Sequence[_Done]) -> Iterator[Pattern]:
    """They asked for much, the user said no, and they ask for less: the user is as free to say no as before."""
    for no in done:
        if no.entry.by is not Side.ME or no.act.act is not ActType.REFUSAL:
            continue
        asks = [one for one in done if one.entry.by is Side.THEM and _asks_something(one.act)]
        large = [one for one in asks if one.at < no.at and one.entry.thread == no.entry.thread]
        small = [
            one
            for one in asks
            if large and 0.0 < one.at - no.at < STEP_DOWN_DAYS and _belongs(one, large[-1])
        ]
        if large and small and _less(large[-1].act, small[0].act):
            yield _pattern(view, "stepped_down", small[0])


def _times(one: Act, other: Act) -> float:
    """How many times as large the other ask is."""
    return times(one.quote, one.size, other.quote, other.size)


def _less(large: Act, small: Act) -> bool:
    """A step down: by what both say, by their sizes, or by its own word between two of one class."""
    ratio = _times(large, small)
    return ratio <= SMALLER or (ratio == 1.0 and less_by_words(small.quote))


def _belongs(one: _Done, other: _Done) -> bool:
    """Whether one ask takes up another: in its thread, or in its words; a time to meet takes up nothing."""
    logistics = one.act.kind in (Kind.MEETING, Kind.INFO) and one.act.kind is not other.act.kind
    here = one.entry.thread == other.entry.thread and not logistics
    return here or alike(one.act.quote, other.act.quote)


def _conceded(view: View, done: Sequence[_Done]) -> Iterator[Pattern]:
    for one in done:
        if one.act.act is ActType.GIVE and one.act.kind is Kind.CONCESSION:
            yield _pattern(view, "conceded" if one.entry.by is Side.ME else "conceded_theirs", one)


def _gives(done: Sequence[_Done], side: Side) -> list[_Done]:
    """What would be noticed as given: not what is told or attached in the course of things."""
    return [
        one
        for one in done
        if one.entry.by is side
        and one.act.act is ActType.GIVE
        and (one.act.notable or one.act.kind in TANGIBLE)
        and Flag.FREELY not in one.act.flags
    ]


def _asks_something(act: Act) -> bool:
    return act.act is ActType.ASK and act.counts and (act.size or 0.0) >= AN_ASK


def _asks(done: Sequence[_Done], side: Side) -> list[_Done]:
    """The asks worth the name; in one thread only those larger than what was asked there before: no reminders."""
    largest: dict[str, Act] = {}
    found = []
    for one in done:
        if one.entry.by is not side or not _asks_something(one.act):
            continue
        before = largest.get(one.entry.thread)
        if before is None or _times(before, one.act) > 1.0:
            largest[one.entry.thread] = one.act
            found.append(one)
    return found


def _pattern(view: View, key: str, one: _Done, quote: str | None = None, **facts: Fact) -> Pattern:
    return Pattern(
        key=key,
        at=one.at,
        quote=one.act.quote if quote is None else quote,
        interaction=one.entry.interaction,
        facts={"day": local_date(one.at, view.zone)} | facts,
    )


_Rule = Callable[[View, Sequence[_Done]], Iterator[Pattern]]
_AMONG_FRIENDS: tuple[_Rule, ...] = (_stringed, _stepped_down)
_ELSEWHERE: tuple[_Rule, ...] = (_bundled, _first_contact, _rounds, _growing, _repeated, _conceded)
