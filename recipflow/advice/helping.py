"""What the user could give: a need that was told by the way, two needs that meet, and word of what came of a favour."""

from __future__ import annotations

from collections.abc import Iterator

from recipflow.advice.beside import Match
from recipflow.advice.days import local_date
from recipflow.advice.giving import favour_sure
from recipflow.advice.holds import Held, Hold
from recipflow.advice.view import Finding, Turn, View
from recipflow.ledger.relationship import Favour, Remark
from recipflow.model import Kind, NudgeKind

NEED_FADE = 30.0
"""Days after which a need is taken for met, or given up (DESIGN.md, kinds of nudge)."""
NEED_SURE = 0.75
"""How sure the reader must be that something was needed."""
REPORT_AFTER = 1.0
"""Days after which those who helped could have heard."""
FAVOUR_DAYS = 180.0
"""Days for which something may still come of a favour. Ours."""
TIP_DAYS = 60.0
"""The same of advice in the course of things. Ours."""
TIP_SURE = 0.5
"""How sure the reader must be that advice was given in the course of things for anything to come of it."""
HELPED = frozenset({Kind.INTRO, Kind.ADVICE, Kind.RESOURCE, Kind.HELP})
"""What leads to something: an introduction, a word of advice, something to use, a hand lent."""
REPORT_FADE = 30.0
"""Days after which the news is none. Ours."""


def could_give(view: View) -> Iterator[Finding]:
    """A need of theirs that the user could meet: told to others or by the way, or the other half of somebody else's.

    What colleagues need is the work's, and what is called out to many is answered by one of them, unless somebody else has
    named the other half of it.
    """
    matched = {match.need: match for match in view.matches}
    needs = [
        need
        for need in view.relationship.needs
        if _open(view, need) and (need.quote in matched or not (view.colleague or need.many))
    ]
    if not needs or view.close:
        return  # among close friends nobody has to be told to help
    need = max(needs, key=lambda one: (one.quote in matched, one.at))
    match = matched.get(need.quote)
    yield view.nudge(
        NudgeKind.COULD_GIVE,
        need.interaction,
        opens=need.at,
        closes=need.at + NEED_FADE,
        quote=need.quote,
        evidence=_evidence(needs, match),
        day=local_date(need.at, view.zone),
        what=need.what or Kind.HELP,
        **({"other": match.other} if match else {}),
        **({"many": 1} if need.many else {}),
    )


def _open(view: View, need: Remark) -> bool:
    """Whether it may still be met."""
    return view.now < need.at + NEED_FADE and need.confidence >= NEED_SURE


def _evidence(needs: list[Remark], match: Match | None) -> tuple[str, ...]:
    return (*(need.interaction for need in needs), *((match.interaction,) if match else ()))


def report_back(view: View) -> Iterator[Finding]:
    """Something came of what they did for the user, and no mail of the user's has told them."""
    yield from (Turn(at) for at in _news_turns(view))
    for news in {(one.other, one.favour or one.interaction): one for one in view.news}.values():
        opens, closes = news.at + REPORT_AFTER, news.at + REPORT_FADE
        if news.told or view.now >= closes:
            continue
        if view.now < opens:
            yield Held(kind=NudgeKind.REPORT_BACK, because=Hold.FRESH, until=opens)
        elif blind := view.mute_since(news.at):
            yield Held(kind=NudgeKind.REPORT_BACK, because=blind)
        else:
            yield view.nudge(
                NudgeKind.REPORT_BACK,
                f"{news.favour or news.interaction}:{news.other}",
                opens=opens,
                closes=closes,
                quote=news.quote,
                evidence=tuple(filter(None, (news.favour, news.interaction))),
                what=news.what,
                **({} if news.since is None else {"day": local_date(news.since, view.zone)}),
                **({"other": news.other} if news.other and news.what is Kind.INTRO else {}),
            )


def leads(favour: Favour, least: float) -> bool:
    """Whether something may come of it: it is sure enough, or an introduction, or was asked for."""
    sure = favour.what is Kind.INTRO or favour.granted or favour.confidence >= least
    return sure and favour.what in HELPED


def _news_turns(view: View) -> Iterator[float]:
    """Until when something may come of what they did, and what they said is news to somebody else: they are looked at."""
    for favour in view.relationship.received:
        if leads(favour, favour_sure(generous=view.generous)):
            yield favour.at + FAVOUR_DAYS
    for tip in view.relationship.tips:
        yield tip.at + TIP_DAYS
    for answer in view.relationship.answered:
        yield answer.at + REPORT_FADE
    for result in view.relationship.results:
        yield result.at + REPORT_FADE
