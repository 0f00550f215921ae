"""Where a relationship stands in the loop: a function of its ledger alone, so that acting by hand never puts it wrong."""

from __future__ import annotations

from collections.abc import Callable

from recipflow import standing as model
from recipflow.advice import Advice, View
from recipflow.advice.days import local_date
from recipflow.advice.giving import (
    PROMISE_SURE,
    RETURN_FADE,
    THANKS_FADE,
    favour_sure,
    foremost,
    sure_favours,
)
from recipflow.advice.helping import NEED_FADE
from recipflow.advice.replying import ANSWER_SURE
from recipflow.ledger.relationship import Answer, OpenKind
from recipflow.loop.asks import asked
from recipflow.loop.places import Fact, Place, Step
from recipflow.model import Kind, NudgeKind

AFTER_YES = 30.0
"""Days after something was granted for which the next step is a give tied to no ask. Ours."""
SILENT = 90.0
"""Days without a word after which a hello comes first. Ours."""


def place(view: View, advice: Advice) -> Place:
    """The first of the loop's questions that has an answer, the ones of what is due before those of what may be."""
    found = (look(view, advice) for look in _IN_ORDER)
    return next((one for one in found if one is not None), _identify(view))


def _thanks(view: View, _advice: Advice) -> Place | None:
    """The favour that the advice names, too, so that both speak of one."""
    favours = sure_favours(view, view.relationship.favours)
    if not favours or view.now >= favours[-1].at + THANKS_FADE:
        return None
    named = foremost(favours)
    facts: dict[str, Fact] = {"day": local_date(named.at, view.zone), "what": named.what or Kind.HELP}
    return Place(
        step=Step.REINFORCE,
        key="thank",
        since=named.at,
        facts=facts,
        quote=named.quote,
        interaction=named.interaction,
    )


def _waiting(view: View, _advice: Advice) -> Place | None:
    """They asked, or were promised something: what to give is known."""
    sure = {OpenKind.MY_PROMISE: PROMISE_SURE, OpenKind.THEIR_ASK: ANSWER_SURE}
    for kind, key in ((OpenKind.MY_PROMISE, "promised"), (OpenKind.THEIR_ASK, "asked")):
        items = [one for one in view.relationship.items if one.kind is kind and not one.shared]
        items = [one for one in items if one.confidence >= sure[kind] and view.now - one.last < NEED_FADE]
        if items:
            last = items[-1]
            facts: dict[str, Fact] = {"day": local_date(last.at, view.zone), "what": last.what or Kind.HELP}
            return Place(
                step=Step.GIVE,
                key=key,
                since=last.at,
                facts=facts,
                quote=last.quote,
                interaction=last.interaction,
            )
    return None


def _window(view: View, advice: Advice) -> Place | None:
    """What was given rests, or has settled: then it is a time to ask, unless something holds that back."""
    window = model.window(view.standing, view.terms)
    if window is None or view.now > window.closes or view.close:
        return None
    if view.now < window.opens:
        day: dict[str, Fact] = {"day": local_date(window.opens, view.zone)}
        return _given(view, Step.MATURE, "mature", view.standing.anchored_at, window.opens, day)
    if any(one.kind is NudgeKind.ASK_NOW for one in advice.nudges):
        due: dict[str, Fact] = {"due": local_date(window.closes, view.zone)}
        return _given(view, Step.ASK, "window", window.opens, window.closes, due)
    held = next((one for one in advice.held if one.kind in (NudgeKind.ASK_NOW, NudgeKind.ASK_SOON)), None)
    why: dict[str, Fact] = {"reason": held.because.value, **held.facts} if held else {}
    until = held.until if held else window.closes
    return _given(view, Step.MATURE, "held", view.standing.anchored_at, until, why)


def _given(
    view: View, step: Step, key: str, since: float | None, until: float | None, facts: dict[str, Fact]
) -> Place:
    """A place that hangs on the last give."""
    gift = view.relationship.gift
    quote, interaction = (gift.quote, gift.interaction) if gift else ("", "")
    return Place(
        step=step, key=key, since=since, until=until, facts=facts, quote=quote, interaction=interaction
    )


def _after_yes(view: View, _advice: Advice) -> Place | None:
    """Something was granted, and thanked for: now a give that is tied to no ask."""
    yes = (Answer.GRANTED, Answer.DELIVERED)
    answers = [one for one in view.relationship.answered if one.answer in yes]
    if not answers or view.close:
        return None
    last = answers[-1]
    given = view.relationship.gift
    if view.now - last.at >= AFTER_YES or (given is not None and given.at > last.at):
        return None
    return Place(
        step=Step.IDENTIFY,
        key="again",
        since=last.at,
        until=last.at + AFTER_YES,
        facts={"day": local_date(last.at, view.zone)},
        quote=last.quote,
        interaction=last.interaction,
    )


def _needed(view: View, _advice: Advice) -> Place | None:
    needs = [one for one in view.relationship.needs if view.now < one.at + NEED_FADE]
    if not needs:
        return None
    last = needs[-1]
    return Place(
        step=Step.GIVE,
        key="need",
        since=last.at,
        until=last.at + NEED_FADE,
        facts={"day": local_date(last.at, view.zone)},
        quote=last.quote,
        interaction=last.interaction,
    )


def _owing(view: View, _advice: Advice) -> Place | None:
    least = favour_sure(generous=view.generous)
    received = [one for one in view.relationship.received if one.confidence >= least]
    if view.close or not received or not model.owes(view.standing):
        return None
    last = received[-1]
    if view.now >= last.at + RETURN_FADE:
        return None
    return Place(
        step=Step.GIVE,
        key="return",
        since=last.at,
        until=view.owing_turns(),
        facts={"day": local_date(last.at, view.zone), "what": last.what or Kind.HELP},
        quote=last.quote,
        interaction=last.interaction,
    )


def _identify(view: View) -> Place:
    heard = [at for at in (view.relationship.last_mine, view.relationship.last_theirs) if at is not None]
    since = max(heard, default=None)
    if view.close:
        return Place(step=Step.IDENTIFY, key="close", since=since)
    if since is None:
        return Place(step=Step.IDENTIFY, key="new")
    facts: dict[str, Fact] = {"day": local_date(since, view.zone)}
    key = "silent" if view.now - since >= SILENT else "identify"
    until = since + SILENT if key == "identify" else None
    return Place(step=Step.IDENTIFY, key=key, since=since, until=until, facts=facts)


def _deciding(view: View, _advice: Advice) -> Place | None:
    """While they decide about something of the user's, there is nothing to give and nothing to ask."""
    ends = view.decided_at()
    return None if ends is None else Place(step=Step.IDENTIFY, key="deciding", until=ends)


_IN_ORDER: tuple[Callable[[View, Advice], Place | None], ...] = (
    _thanks,
    _deciding,
    asked,
    _waiting,
    _window,
    _after_yes,
    _needed,
    _owing,
)
