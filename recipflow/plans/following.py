"""How far a plan has come, by the ledger alone: nobody has to tick anything off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from enum import StrEnum
from typing import NamedTuple

from recipflow.advice.asking import AWAITED_AFTER
from recipflow.advice.days import DAY, end_of, local_date
from recipflow.ledger.likeness import alike
from recipflow.ledger.relationship import Answer, OpenItem, OpenKind, OpenState, Relationship
from recipflow.model import ActType, Entry, Plan, Side
from recipflow.standing import Terms

ENOUGH = 0.5
"""An ask in other words is the planned one when it is of at least this share of its size, and an ask worth the name."""
AN_ASK = 1.0


class Stage(StrEnum):
    INTENDED = "intended"
    FIRST_ASKED = "first_asked"  #: the larger ask is out
    STEP_BACK = "step_back"  #: the larger one was refused: the smaller one is next
    ASKED = "asked"
    FOLLOWED_UP = "followed_up"
    HEARD = "heard"  #: they wrote back, neither yes nor no
    GRANTED = "granted"
    OVERDUE = "overdue"
    DELIVERED = "delivered"
    REFUSED = "refused"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"  #: the user took it back
    CLOSED = "closed"  #: it was answered, neither by yes nor by no
    PASSED = "passed"  #: its day went by, and nothing was asked


OVER = frozenset({Stage.DELIVERED, Stage.REFUSED, Stage.LAPSED, Stage.WITHDRAWN, Stage.CLOSED, Stage.PASSED})
"""Where a plan is at its end, however it ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a plan is. `since` is in days since the epoch."""

    stage: Stage
    since: float
    followups: int = 0
    due: date | None = None  #: by when they said it would come
    next: float | None = None  #: when a reminder is in place, or the ask lapses
    interaction: str = ""
    quote: str = ""

    @property
    def over(self) -> bool:
        return self.stage in OVER


class SentAsk(NamedTuple):
    """One ask of mine: when (days since the epoch), where, in which words, and how large (fu)."""

    at: float
    thread: str
    interaction: str
    quote: str
    size: float


def progress(
    plan: Plan,
    asks: Iterable[SentAsk],
    relationship: Relationship,
    terms: Terms,
    now: float,
    zone: tzinfo,
    rivals: Sequence[Plan] = (),
) -> Progress:
    """What became of the plan by `now`. No ask is taken for this one's that is sooner one of the rivals'."""
    made = plan.at.timestamp() / DAY
    since = [ask for ask in asks if made <= ask.at <= now]
    ask = _in_its_words(since, plan.ask)
    if ask is None and not plan.first:
        ask = _of_its_size(since, plan.size, rivals)
    if ask is not None:
        return _of(ask, relationship, terms, now, zone)
    first = _larger(since, plan, rivals) if plan.first else None
    if first is not None:
        came = _of(first, relationship, terms, now, zone)
        stage = {Stage.REFUSED: Stage.STEP_BACK, Stage.ASKED: Stage.FIRST_ASKED}.get(came.stage, came.stage)
        return Progress(
            stage=stage, since=came.since, next=came.next, interaction=came.interaction, quote=came.quote
        )
    if plan.by is not None and now >= end_of(plan.by, zone):
        return Progress(stage=Stage.PASSED, since=end_of(plan.by, zone))
    return Progress(stage=Stage.INTENDED, since=made)


def still_open(
    plans: Sequence[Plan], relationship: Relationship, terms: Terms, now: float, zone: tzinfo
) -> tuple[Plan, ...]:
    """Those that are not at their end yet, by what the ledger left behind alone."""
    asks = list(asks_left(relationship)) if plans else []
    return tuple(
        plan
        for plan in plans
        if not progress(plan, asks, relationship, terms, now, zone, rivals(plan, plans)).over
    )


def rivals(plan: Plan, plans: Iterable[Plan]) -> tuple[Plan, ...]:
    """The other plans with the same person."""
    return tuple(one for one in plans if one.id != plan.id)


def asks_in(entries: Iterable[Entry]) -> Iterator[SentAsk]:
    """Every ask of mine in a ledger."""
    for entry in (one for one in entries if one.by is Side.ME):
        for act in entry.acts:
            if act.act is ActType.ASK and act.counts and not act.remark:
                at = entry.at.timestamp() / DAY
                yield SentAsk(at, entry.thread, entry.interaction, act.quote, act.size or 0.0)


def asks_left(relationship: Relationship) -> Iterator[SentAsk]:
    """The last asks of mine, as a folded ledger keeps them: what is open, and what was answered."""
    found = [
        SentAsk(one.at, one.thread, one.interaction, one.quote, one.size)
        for one in relationship.items
        if one.kind is OpenKind.MY_ASK
    ]
    found += [SentAsk(one.asked, one.thread, "", one.quote, one.size) for one in relationship.answered]
    yield from sorted({(one.at, one.thread): one for one in reversed(found)}.values())


def _in_its_words(asks: Iterable[SentAsk], words: str) -> SentAsk | None:
    return next((ask for ask in asks if alike(ask.quote, words)), None)


def _of_its_size(asks: Iterable[SentAsk], size: float, others: Sequence[Plan]) -> SentAsk | None:
    """In other words: the first one that is large enough, and that none of the other plans comes nearer to."""
    enough = max(AN_ASK, ENOUGH * size)
    return next((ask for ask in asks if ask.size >= enough and not _theirs(ask, size, others)), None)


def _theirs(ask: SentAsk, size: float, others: Sequence[Plan]) -> bool:
    """Whether another plan has more of a claim to the ask: by its words, or by its size."""
    words = [text for one in others for text in (one.ask, one.first) if text]
    nearer = any(abs(ask.size - one.size) < abs(ask.size - size) for one in others)
    return nearer or any(alike(ask.quote, text) for text in words)


def _larger(asks: Sequence[SentAsk], plan: Plan, others: Sequence[Plan]) -> SentAsk | None:
    """The ask that was to come before."""
    return _in_its_words(asks, plan.first) or _of_its_size(asks, plan.first_size, others)


def _of(ask: SentAsk, relationship: Relationship, terms: Terms, now: float, zone: tzinfo) -> Progress:
    """What became of one ask: what is open of it, else the last answer to it."""
    for item in relationship.items:
        if item.kind is OpenKind.MY_ASK and item.thread == ask.thread and item.at <= ask.at <= item.last:
            return _open(item, terms, now, zone)
    answers = [one for one in relationship.answered if one.thread == ask.thread and one.at >= ask.at]
    if not answers:
        return Progress(stage=Stage.CLOSED, since=ask.at, interaction=ask.interaction, quote=ask.quote)
    last = answers[-1]
    stage = {
        Answer.DELIVERED: Stage.DELIVERED,
        Answer.REFUSED: Stage.REFUSED,
        Answer.GRANTED: Stage.GRANTED,
        Answer.WITHDRAWN: Stage.WITHDRAWN,
        Answer.CLOSED: Stage.CLOSED,
    }[last.answer]
    return Progress(stage=stage, since=last.at, interaction=last.interaction, quote=last.quote)


def _open(item: OpenItem, terms: Terms, now: float, zone: tzinfo) -> Progress:
    stage, since, after = _stage(item, terms, now, zone)
    return Progress(
        stage=stage,
        since=since,
        followups=item.repeats,
        due=item.due,
        next=after if after is not None and after > now else None,
        interaction=item.interaction,
        quote=item.quote,
    )


def _stage(item: OpenItem, terms: Terms, now: float, zone: tzinfo) -> tuple[Stage, float, float | None]:
    """The stage, since when, and when it may change by itself."""
    if item.state is OpenState.GRANTED:
        ends = None if item.due is None else end_of(item.due, zone) + AWAITED_AFTER
        overdue = ends is not None and now >= ends
        return (Stage.OVERDUE, ends or item.last, None) if overdue else (Stage.GRANTED, item.last, ends)
    if item.state is OpenState.REFUSED:
        return Stage.REFUSED, item.last, None
    if item.state is OpenState.HEARD:
        return Stage.HEARD, item.last, None
    lapses = item.last + terms.lapse
    if now >= lapses:
        return Stage.LAPSED, lapses, None
    reminded = item.repeats < len(terms.followups)
    after = item.last + terms.followups[item.repeats] if reminded else lapses
    return (Stage.FOLLOWED_UP if item.repeats else Stage.ASKED), item.last, after


def day_of(progress: Progress, zone: tzinfo) -> date:
    """The day since which it stands there."""
    return local_date(progress.since, zone)
