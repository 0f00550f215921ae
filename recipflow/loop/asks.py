"""The fourth step: where an ask of the user's stands, and what is next."""

from __future__ import annotations

from recipflow import standing as model
from recipflow.advice import Advice, View
from recipflow.advice.asking import AWAITED_FADE
from recipflow.advice.days import end_of, local_date
from recipflow.advice.retreating import HALF, SMALLER
from recipflow.advice.windows import HEARD_DAYS
from recipflow.ledger.relationship import OpenItem, OpenKind, OpenState
from recipflow.loop.places import Fact, Place, Step
from recipflow.model import Kind

AN_ASK = 1.0
"""An ask below this (fu) is a plain question, and no step."""


def asked(view: View, _advice: Advice) -> Place | None:
    """The last ask of mine that still binds somebody."""
    items = view.relationship.items
    asks = [one for one in items if one.kind is OpenKind.MY_ASK and one.size >= AN_ASK]
    places = (_of_ask(view, ask) for ask in reversed(asks))
    return next((one for one in places if one is not None), None)


def _of_ask(view: View, ask: OpenItem) -> Place | None:
    """Where one ask of mine stands; None when it binds nobody any more."""
    now, terms = view.now, view.terms
    if ask.state is OpenState.GRANTED:
        day = None if ask.due is None else end_of(ask.due, view.zone)
        ends = (day or ask.last) + AWAITED_FADE
        return _ask_place(view, ask, "granted", day if day and day > now else ends) if now < ends else None
    if ask.state is OpenState.REFUSED:
        smaller = min(SMALLER, HALF * ask.size)
        credit = None if view.close else model.retreat_until(view.standing, smaller, terms)
        if credit is not None and now < credit:
            return _ask_place(view, ask, "step_back", credit)
        quiet = ask.last + terms.gap_after_refusal
        return _ask_place(view, ask, "refused", quiet) if now < quiet else None
    if ask.state is OpenState.HEARD:
        return _ask_place(view, ask, "heard", ask.last + HEARD_DAYS) if now < ask.last + HEARD_DAYS else None
    lapses = ask.last + terms.lapse
    if now >= lapses:
        return None
    if ask.repeats >= len(terms.followups):
        return _ask_place(view, ask, "reminded", lapses)
    after = ask.last + terms.followups[ask.repeats]
    return _ask_place(view, ask, *(("pending", after) if now < after else ("remind", lapses)))


def _ask_place(view: View, ask: OpenItem, key: str, until: float | None) -> Place:
    since = ask.at if ask.state is OpenState.PENDING else ask.last
    facts: dict[str, Fact] = {"day": local_date(since, view.zone), "what": ask.what or Kind.HELP}
    if ask.due:
        facts["due"] = ask.due
    return Place(
        step=Step.ASK,
        key=key,
        since=since,
        until=until,
        facts=facts,
        quote=ask.quote,
        interaction=ask.interaction,
    )
