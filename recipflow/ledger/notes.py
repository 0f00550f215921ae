"""What a ledger remembers beside its open items: gifts, needs, decisions, results, answers, rounds of give and ask."""

from __future__ import annotations

from collections.abc import Iterable

from recipflow import standing as model
from recipflow.ledger.answers import content_words
from recipflow.ledger.relationship import DAY, Answer, Answered, OpenItem, OpenKind, OpenState, Remark
from recipflow.ledger.withdrawing import taken_back
from recipflow.model import TANGIBLE, Act, ActType, Channel, Entry, Flag, Kind, Side

KEPT = 4
"""Remarks of a kind, kept per contact."""
KEPT_ANSWERS = 8
"""Answers kept per contact: what a plan can follow, and a pattern can be seen in."""
QUOTE = 160
"""Letters kept of an answered ask: enough to know it again."""
AN_ASK = 1.0
"""An ask from here on (fu) makes a round of its give: a question that goes with an answer is no such ask."""
A_WORD = 0.5
"""Advice below this (fu) answers a question, and meets a need only where it speaks of it. Ours."""

_TAKES_UP = frozenset({ActType.ASK, ActType.GRANT, ActType.PROMISE, ActType.REFUSAL})
"""What, in an answer to somebody who told of a need, takes it up."""


class Notes:
    """Taken while the books of one contact are kept; `kept` says what they come to."""

    def __init__(self, terms: model.Terms) -> None:
        self._terms = terms
        self.tangible: list[Remark] = []
        self.needs: list[Remark] = []
        self.decisions: list[Remark] = []
        self.results: list[Remark] = []
        self.answered: list[Answered] = []
        self.rounds = 0
        self.asked_on = False

    def enter(
        self,
        entry: Entry,
        before: model.Standing,
        after: model.Standing,
        items: tuple[list[OpenItem], list[OpenItem]],
    ) -> None:
        """Note one entry; standing and open items as they were before it and are after it."""
        at = entry.at.timestamp() / DAY
        if entry.by is Side.ME:
            if self.needs:
                self.needs = [need for need in self.needs if not _taken_up(entry, need)]
            if after is not before:
                self._round(entry, at, before, after)
        if items[0] and (entry.by is Side.THEM or taken_back(entry)):
            self.answered = [*self.answered, *_answers(entry, at, *items)][-KEPT_ANSWERS:]
        for act in entry.acts:
            if act.flags or act.kind in TANGIBLE or act.act is ActType.REFUSAL:
                self._noticed(entry, act, at)

    def _noticed(self, entry: Entry, act: Act, at: float) -> None:
        """One act that leaves more than its weight."""
        if entry.by is Side.ME:
            if act.act is ActType.GIVE and act.kind in TANGIBLE and Flag.REPAID not in act.flags:
                self.tangible = [*self.tangible, _remark(entry, act, at)][-KEPT:]
        elif act.act is ActType.REFUSAL:
            self.tangible = [gift for gift in self.tangible if gift.thread != entry.thread]
        elif Flag.MET in act.flags:
            self.needs = [need for need in self.needs if not _met(entry, act, need)]
        elif Flag.IN_PASSING in act.flags:
            others = (need for need in self.needs if need.quote != act.quote)
            self.needs = [*others, _remark(entry, act, at)][-KEPT:]
        if Flag.RESULT in act.flags:
            self.results = [*self.results, _remark(entry, act, at)][-KEPT:]
        if Flag.DECIDED in act.flags:
            self.decisions = []
        elif Flag.DECISION in act.flags:
            self.decisions = [*self.decisions, _remark(entry, act, at)][-KEPT:]

    def _round(self, entry: Entry, at: float, before: model.Standing, after: model.Standing) -> None:
        if after.anchored_at != before.anchored_at:
            if self.asked_on:
                self.rounds += 1
            elif not _inside(before, at, self._terms):
                self.rounds = 0
            self.asked_on = False
        if any(Flag.FREELY in act.flags for act in entry.acts):
            self.rounds, self.asked_on = 0, False
        new_ask = after.ask is not None and after.ask.at == at and after.ask.size >= AN_ASK
        if new_ask and _inside(after, at, self._terms):
            self.asked_on = True


def _inside(standing: model.Standing, at: float, terms: model.Terms) -> bool:
    """Whether the window of the last give is not over: before it opens, an ask follows even closer."""
    window = model.window(standing, terms)
    return window is not None and at <= window.closes


def _remark(entry: Entry, act: Act, at: float) -> Remark:
    return Remark(
        at=at,
        interaction=entry.interaction,
        thread=entry.thread,
        quote=act.quote,
        what=act.kind,
        rule=act.rule,
        due=act.due,
        many=not entry.few,
        confidence=act.confidence,
    )


def _taken_up(entry: Entry, need: Remark) -> bool:
    """A word of mine on it: in its thread more than small talk, elsewhere something given that speaks of it."""
    gives = [act for act in entry.acts if act.act is ActType.GIVE]
    if entry.thread == need.thread and any(
        act.act in _TAKES_UP or (act.act is ActType.GIVE and _of_substance(act)) for act in entry.acts
    ):
        return True
    brought = any(
        act.kind is Kind.INTRO and act.notable for act in gives
    )  # whom they needed, words need not say
    return brought or any(content_words(act.quote) & content_words(need.quote) for act in gives)


def _of_substance(act: Act) -> bool:
    """Plain news, a plain word on something else, and a plain "no hurry with ours", meet no need."""
    plain = act.kind in (Kind.INFO, Kind.CONCESSION) or (
        act.kind is Kind.ADVICE and (act.size or 0.0) < A_WORD
    )
    return not act.routine or not plain


def _met(entry: Entry, act: Act, need: Remark) -> bool:
    return need.thread == entry.thread or bool(content_words(act.quote) & content_words(need.quote))


def _answers(
    entry: Entry, at: float, before: Iterable[OpenItem], after: Iterable[OpenItem]
) -> Iterable[Answered]:
    """What this entry made of the asks of mine that were open: theirs answers them, mine takes them back."""
    left = {(item.at, item.thread): item for item in after if item.kind is OpenKind.MY_ASK}
    for ask in before:
        if ask.kind is OpenKind.MY_ASK and (answer := _answer(entry, ask, left.get((ask.at, ask.thread)))):
            yield Answered(
                asked=ask.at,
                thread=ask.thread,
                answer=answer,
                at=at,
                size=ask.size,
                interaction=entry.interaction,
                what=ask.what,
                quote=ask.quote[:QUOTE],
            )


def _answer(entry: Entry, ask: OpenItem, left: OpenItem | None) -> Answer | None:
    if entry.by is Side.ME:
        return Answer.WITHDRAWN if left is None and ask.state is not OpenState.REFUSED else None
    if left is None:
        gave = entry.channel is Channel.MEETING or any(act.act is ActType.GIVE for act in entry.acts)
        return Answer.DELIVERED if gave else Answer.CLOSED
    if left.state is ask.state:
        return None
    return {OpenState.GRANTED: Answer.GRANTED, OpenState.REFUSED: Answer.REFUSED}.get(left.state)
