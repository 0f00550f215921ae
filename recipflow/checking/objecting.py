"""Everything that can stand against a draft, one rule each: guards, strings attached, the model's warnings, the house."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from recipflow import standing as model
from recipflow.advice import View
from recipflow.advice.beside import ORGANISATION, WEEK
from recipflow.advice.days import DAY, end_of, local_date
from recipflow.advice.giving import THANKS_AFTER, sure_favours
from recipflow.advice.windows import ROUNDS
from recipflow.ledger.amounts import times
from recipflow.ledger.likeness import alike
from recipflow.ledger.relationship import Answer, Favour, OpenKind, OpenState
from recipflow.model import TANGIBLE, Act, ActType, Entry, Flag, Kind, Side
from recipflow.standing import AskWarning, Caution

SAME_THREAD = 30.0
"""Days for which an ask in the thread of a give is tied to it. Ours."""
MOVEMENT = 0.8
"""An ask of more than this share of the refused one is the same ask again (Feeley et al. 2017)."""
REPEATED_DAYS = 60.0
"""Days after a no for which the same ask is a repetition. Ours."""

_TABLE = tuple(AskWarning)  # the order of MODEL.md's table
_BOOKS = _TABLE[_TABLE.index(AskWarning.STALE) : _TABLE.index(AskWarning.THANKS_DUE)]
"""Warnings that weigh what one did against what the other did: never among friends."""

Fact = str | int | float | date


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """One thing that stands against it. `until` (days since 1970) is None where only an act, or nobody, can end it."""

    name: str
    until: float | None = None
    facts: dict[str, Fact] = field(default_factory=dict)
    mended: bool = False  #: a word in the same mail ends it: nothing has to be waited for


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """A draft, and what it would meet."""

    view: View
    size: float | None
    quote: str
    gives: tuple[Act, ...]
    thanks: bool  #: it says thanks itself
    thread: str
    followup: bool
    asked_at_organisation: tuple[float, ...]
    people_asked: int
    entries: tuple[Entry, ...]

    def at(self, t: float) -> Prospect:
        """The same draft, sent at a later time, in a mail of its own."""
        standing = model.advance(self.view.standing, t, self.view.terms)
        return replace(self, view=replace(self.view, now=t, standing=standing))


def objections(prospect: Prospect) -> Iterator[Objection]:
    """All that stands against it now, guards first, then in the order of MODEL.md's table."""
    for rule in _ON_GIVES:
        yield from rule(prospect)
    if prospect.size is not None:
        found: dict[str, Objection] = {}
        for one in (one for rule in _ON_ASKS for one in rule(prospect)):
            known = found.get(one.name)
            found[one.name] = one if known is None or _ends(known) < _ends(one) else known
        yield from found.values()


def _ends(objection: Objection) -> float:
    """The strictest of two of a kind is the one that lasts."""
    return float("inf") if objection.until is None else objection.until


def _compliance(p: Prospect) -> Iterator[Objection]:
    if not p.view.guarded or not any(act.kind in TANGIBLE for act in p.gives):
        return
    rule = p.view.gift_rule
    facts: dict[str, Fact] = {} if rule is None else {"rule": rule.words()}
    if rule is not None and rule.old(p.view.today):
        facts["aged"] = rule.as_of
    yield Objection(name="compliance", until=p.view.decided_at(), facts=facts)


def _gifts(p: Prospect) -> Iterator[Objection]:
    strangers = p.view.relationship.last_theirs is None
    for act in p.gives:
        worth = model.value(
            act.size or 0.0,
            act.kind or Kind.HELP,
            p.view.terms,
            relevance=model.Relevance.MEDIUM,
            first_contact=strangers,
            routine=act.routine,
        )
        yield from (Objection(name=warning.value) for warning in worth.warnings)


def _deciding(p: Prospect) -> Iterator[Objection]:
    ends = p.view.decided_at()
    if ends is not None:
        yield Objection(name="decision_pending", until=ends)


def _bundled(p: Prospect) -> Iterator[Objection]:
    """A give and an ask in one message, one thread, or one day."""
    if any(_is_gift(act) for act in p.gives):
        yield Objection(name="bundled", facts={"where": "message"})
        return
    today = p.view.today
    for entry in reversed(p.entries):
        if entry.by is not Side.ME or not any(_is_gift(act) and act.notable for act in entry.acts):
            continue
        given = entry.at.timestamp() / DAY
        if p.thread and entry.thread == p.thread and p.view.now - given < SAME_THREAD:
            yield Objection(name="bundled", facts={"where": "thread", "day": local_date(given, p.view.zone)})
            return
        if local_date(given, p.view.zone) == today:
            tomorrow = end_of(today, p.view.zone)
            yield Objection(name="bundled", until=tomorrow, facts={"where": "day"})
            return


def _is_gift(act: Act) -> bool:
    """A give somebody would notice: what is told or attached in the course of things is none."""
    gift = act.act is ActType.GIVE and (act.notable or act.kind in TANGIBLE or not act.routine)
    return gift and act.kind is not Kind.INFO and Flag.FREELY not in act.flags


def _repeated(p: Prospect) -> Iterator[Objection]:
    """The same ask again after a no, without a step towards them."""
    for answer in reversed(p.view.relationship.answered):
        recent = p.view.now - answer.at < REPEATED_DAYS
        if answer.answer is not Answer.REFUSED or not recent:
            continue
        moved = times(answer.quote, answer.size, p.quote, p.size) <= MOVEMENT
        if not moved and alike(p.quote, answer.quote):
            yield Objection(name="repeated", facts={"day": local_date(answer.at, p.view.zone)})
            return


def _rounds(p: Prospect) -> Iterator[Objection]:
    window = None if p.view.close else model.window(p.view.standing, p.view.terms)
    if p.view.relationship.rounds >= ROUNDS and window is not None and p.view.now <= window.closes:
        yield Objection(name="rounds", until=window.closes)


def _model(p: Prospect) -> Iterator[Objection]:
    view = p.view
    for caution in _cautions(p):
        if view.close and caution.warning in _BOOKS:
            continue
        if caution.warning is AskWarning.ASK_PENDING and not _waits(view):
            continue  # they have answered, if neither yes nor no: nobody is being ignored
        if caution.warning is AskWarning.THANKS_DUE and p.thanks:
            continue
        yield Objection(
            name=caution.warning.value,
            until=caution.until,
            facts=_facts(view, caution.warning),
            mended=caution.warning is AskWarning.THANKS_DUE and not _unthanked(view),
        )


def _cautions(p: Prospect) -> list[Caution]:
    """The model's, and thanks for a favour too small for it to count: advice asks for those as well."""
    view = p.view
    check = model.check(view.standing, view.now, p.size or 0.0, view.terms, followup=p.followup)
    found = list(check.cautions)
    if _unthanked(view) and AskWarning.THANKS_DUE not in check.warnings:
        found.append(Caution(AskWarning.THANKS_DUE))
    return sorted(found, key=lambda one: _TABLE.index(one.warning))


def _unthanked(view: View) -> Favour | None:
    """The favour that `thank` speaks of, or None: then what came was of the everyday kind (decision 10)."""
    favours = sure_favours(view, view.relationship.favours)
    return favours[0] if favours and view.now >= favours[0].at + THANKS_AFTER else None


def _waits(view: View) -> bool:
    """Whether an ask of mine is truly unanswered."""
    open_asks = [item for item in view.relationship.items if item.kind is OpenKind.MY_ASK]
    return any(item.state in (OpenState.PENDING, OpenState.HEARD) for item in open_asks)


def _facts(view: View, warning: AskWarning) -> dict[str, Fact]:
    """What the sentence about a warning can tell."""
    standing, zone = view.standing, view.zone
    if warning in (AskWarning.ASK_PENDING, AskWarning.FOLLOWUP_LIMIT) and standing.ask:
        return {"day": local_date(standing.ask.at, zone)}
    if warning is AskWarning.SPACING:
        answers = [answer for answer in (standing.granted, standing.refused) if answer]
        last = max(answers, key=lambda answer: answer.at, default=None)
        return {} if last is None else {"day": local_date(last.at, zone)}
    if warning is AskWarning.THANKS_DUE:
        favour = _unthanked(view)
        if favour is not None:
            return {"day": local_date(favour.at, zone)}
        return (
            {}
            if standing.thanks_due_since is None
            else {"since": local_date(standing.thanks_due_since, zone)}
        )
    if warning in (AskWarning.OVER_ASKING, AskWarning.OVER_ASKING_RED) and view.relationship.asked:
        asked = view.relationship.asked
        return {"count": len(asked), "since": local_date(asked[0].at, zone)}
    if warning is AskWarning.ESCALATION and standing.granted:
        return {"day": local_date(standing.granted.at, zone)}
    return {}


def _organisation(p: Prospect) -> Iterator[Objection]:
    """This would be the fifth ask, or a later one, to one organisation within a week."""
    week = sorted(at for at in p.asked_at_organisation if p.view.now - WEEK < at <= p.view.now)
    if len(week) + 1 < ORGANISATION or not p.people_asked:
        return
    over = len(week) + 1 - ORGANISATION
    yield Objection(
        name=AskWarning.OVER_ASKING.value,
        until=week[over] + WEEK,
        facts={"organisation": p.view.contact.id.rpartition("@")[2], "count": len(week)},
    )


def _away(p: Prospect) -> Iterator[Objection]:
    away = p.view.relationship.away_until
    if away is not None and p.view.today <= away:
        back = end_of(away, p.view.zone)
        yield Objection(name="away", until=back, facts={"day": away})


Rule = Callable[[Prospect], Iterator[Objection]]

_ON_GIVES: tuple[Rule, ...] = (_compliance, _gifts)
_ON_ASKS: tuple[Rule, ...] = (_deciding, _bundled, _repeated, _rounds, _organisation, _model, _away)
