"""When an ask is well placed, soon or now, and when a relationship with a notable give in it goes quiet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from recipflow import standing as model
from recipflow.advice.days import end_of, local_date
from recipflow.advice.gifts import CHECK_FADE, unchecked
from recipflow.advice.giving import DUTY_SURE, PROMISE_FADE
from recipflow.advice.holds import Held, Hold
from recipflow.advice.view import Finding, Turn, View, key_of
from recipflow.ledger.relationship import OpenKind, OpenState, Relationship
from recipflow.model import Kind, Nudge, NudgeKind, Tag
from recipflow.standing import AskWarning

SMALL_ASK = 1.0
"""The ask (fu) that must be clean for a window to be worth a word (DESIGN.md, kinds of nudge)."""
WINDOW_SURE, WINDOW_SURE_AMONG_FAVOURS = 0.65, 0.4
"""How sure the reader must be of a give of mine before asks are placed by it, where most of what is given is duty and where
favours are frequent. Ours: of 26 windows in office mail that five readers looked at, none was right (bench/READING.md)."""
SOON = 7.0
"""Days ahead that a window is announced."""
STALE_BEFORE = 7.0
STALE_AFTER = 30.0
"""Days before and after `stale_at` that a hello is worth a word (DESIGN.md)."""
QUIET = 30.0
"""Days without a word before anything is called quiet, whatever the model says."""
ROUNDS = 2
"""Rounds of give and ask in a row after which a give should have nothing after it. Ours."""
HEARD_DAYS = 14.0
"""Days for which an ask that was heard, but neither granted nor refused, still waits for their word."""


def ask_window(view: View) -> Iterator[Finding]:
    """`ask_now` inside the window, `ask_soon` in the week before it opens."""
    window = model.window(view.standing, view.terms)
    if window is None or view.now > window.closes:
        return
    kind = NudgeKind.ASK_NOW if view.now >= window.opens else NudgeKind.ASK_SOON
    if not _sure_gift(view):
        guard = _guarded(view)
        yield Held(kind=kind, because=guard or Hold.UNSURE, until=view.decided_at() if guard else None)
        return
    if window.opens - view.now > SOON:
        yield Held(kind=kind, because=Hold.SETTLING, until=window.opens - SOON)
        return
    check = model.check(view.standing, view.now, SMALL_ASK, view.terms)
    yield from (Turn(at) for at in _turns(view, window, check))
    if (against := _against(view, kind, check)) is not None:
        yield against
        return
    gift = view.relationship.gift
    yield view.nudge(
        kind,
        gift.interaction if gift else str(view.standing.anchored_at),
        opens=window.opens
        if kind is NudgeKind.ASK_NOW
        else max(window.opens - SOON, view.standing.anchored_at or 0.0),
        closes=window.closes if kind is NudgeKind.ASK_NOW else window.opens,
        quote=gift.quote if gift else "",
        evidence=(gift.interaction,) if gift else (),
        day=local_date(window.opens, view.zone),
        due=local_date(window.closes, view.zone),
        what=(gift.what if gift else None) or Kind.HELP,
    )


def opened(nudge: Nudge) -> Nudge:
    """The advice that a window which opens soon will be when it is open; every other is what it is already."""
    if nudge.kind is not NudgeKind.ASK_SOON or not nudge.evidence:
        return nudge
    key = key_of(NudgeKind.ASK_NOW, nudge.contact, nudge.evidence[0])
    return replace(nudge, key=key, kind=NudgeKind.ASK_NOW)


def _sure_gift(view: View) -> bool:
    """Sure enough that the window stands on a favour: between colleagues, much that looks like one is work."""
    gift = view.relationship.gift
    if gift is None:
        return True
    if view.colleague:
        return gift.confidence >= DUTY_SURE
    return gift.confidence >= (WINDOW_SURE_AMONG_FAVOURS if view.generous else WINDOW_SURE)


def _turns(view: View, window: model.Window, check: model.Check) -> Iterator[float]:
    """When what stands against the window, or does not yet, may change."""
    yield window.opens
    yield window.closes
    yield from (item.last + days for item in view.relationship.items for days in (HEARD_DAYS, PROMISE_FADE))
    if (ends := model.refused_gap_ends(view.standing, view.terms)) is not None:
        yield ends
    for decision in view.decisions():
        yield from decision
    if view.relationship.away_until is not None:
        yield end_of(view.relationship.away_until, view.zone)
    instants = [one.until for one in check.cautions if one.warning is not AskWarning.YOU_OWE]
    instants.append(model.thanks_missed_from(view.standing))
    instants.append(view.owing_turns())
    yield from (at for at in instants if at is not None)


def _against(view: View, kind: NudgeKind, check: model.Check) -> Held | None:
    """What stands against asking for anything at all, or None."""
    if reason := _guarded(view):
        return Held(kind=kind, because=reason, until=view.decided_at())
    if view.guarded and (gifts := unchecked(view)):
        return Held(kind=kind, because=Hold.GIFT, until=gifts[-1].at + CHECK_FADE)
    if reason := _too_early(view) or _waiting(view.relationship, view.now):
        until = model.refused_gap_ends(view.standing, view.terms) if reason is Hold.REFUSED else None
        return Held(kind=kind, because=reason, until=until)
    away = view.relationship.away_until
    if away is not None and view.today <= away:
        return Held(kind=kind, because=Hold.AWAY, until=end_of(away, view.zone), facts={"day": away})
    # which favours wait for thanks is known better than the model can: by what was said, not by its worth
    found = (one for one in check.cautions if one.warning is not AskWarning.THANKS_DUE)
    first = next(found, None)
    if first is None:
        return None
    return Held(kind=kind, because=Hold.NOT_PLACED, until=first.until, warning=first.warning)


def _guarded(view: View) -> Hold | None:
    if view.close:
        return Hold.CLOSE
    if view.colleague and not view.chosen:  # what one does for another at work is the work's
        return Hold.COLLEAGUE
    if view.tagged(Tag.DEPENDANT):
        return Hold.DEPENDANT
    return None if view.decided_at() is None else Hold.DECIDING


def _too_early(view: View) -> Hold | None:
    if view.relationship.rounds >= ROUNDS:
        return Hold.ROUNDS
    if view.relationship.favours:
        return Hold.THANKS
    ends = model.refused_gap_ends(view.standing, view.terms)
    if ends is not None and view.now < ends:
        return Hold.REFUSED  # a step back from what they refused is advised as that, or not at all
    return None


def _waiting(relationship: Relationship, now: float) -> Hold | None:
    for item in relationship.items:
        if item.kind is OpenKind.THEIR_ASK:
            return Hold.ANSWER_OWED
        if item.kind is OpenKind.MY_PROMISE and not (
            item.state is OpenState.HEARD and _faded(item.last, now)
        ):
            return Hold.PROMISED
        if item.kind is OpenKind.MY_ASK and _pending(item.state, item.last, now):
            return Hold.ASKED
    return None


def _faded(at: float, now: float) -> bool:
    """A promise that nothing was heard of for so long, while one wrote to them, was kept, or is past keeping."""
    return now - at >= PROMISE_FADE


def _pending(state: OpenState, last: float, now: float) -> bool:
    return state is not OpenState.REFUSED and now - last < HEARD_DAYS


def stale(view: View) -> Iterator[Finding]:
    """Around the day on which a notable give of mine is forgotten, when nobody has written: a hello, not an ask."""
    stale_at = model.stale_at(view.standing, view.terms)
    gift = view.relationship.gift
    if stale_at is None or gift is None or not _sure_gift(view) or view.close or view.colleague:
        return
    if view.now > stale_at + STALE_AFTER:
        return
    heard = max(view.relationship.last_mine or 0.0, view.relationship.last_theirs or 0.0)
    opens = max(stale_at - STALE_BEFORE, heard + QUIET)
    if opens > stale_at + STALE_AFTER:
        return
    if view.now < opens:
        yield Held(kind=NudgeKind.STALE, because=Hold.IN_TOUCH, until=opens)
    elif blind := view.blind_since(heard):
        yield Held(kind=NudgeKind.STALE, because=blind)
    else:
        yield view.nudge(
            NudgeKind.STALE,
            gift.interaction,
            opens=opens,
            closes=stale_at + STALE_AFTER,
            quote=gift.quote,
            evidence=(gift.interaction,),
            since=local_date(heard, view.zone),
        )
