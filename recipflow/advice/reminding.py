"""Whom to remind of what the user asked, and when: not of what is carried out without a word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from recipflow.advice.days import after_working_days, end_of, local_date
from recipflow.advice.holds import Held, Hold
from recipflow.advice.moot import ERRAND, elsewhere, moot_from, unseen
from recipflow.advice.plainly import plain_request
from recipflow.advice.view import Finding, Turn, View
from recipflow.ledger.relationship import OpenItem, OpenKind, OpenState
from recipflow.model import ActType, Asking, Kind, Nudge, NudgeKind, ProfileName

REMIND_SURE = 0.9
"""How sure the reader must be that something was asked that wants an answer: less is often a wish, or small talk."""
SMALL_SIZE = 1.5
"""Asks below this (fu) are not worth a reminder, of a colleague: they were answered in the corridor, or forgotten by both;
nor is a plain order of anybody, which is carried out without a word (MODEL.md counts a small favour as 1)."""
QUESTION_SIZE = 1.0
"""A plain question from here on (fu) takes somebody outside a quarter of an hour, and is no small talk."""
SMALL_ORDER_AFTER = 5
"""Working days that a small thing to be done, of which a word is wanted, may take: it waits for its turn in their week. Of
those reminded of earlier, readers held none of six to be right; of later ones, four of nine (`bench/verdicts.jsonl`)."""
ORDER_AFTER = 3
"""The same of something larger, a draft to read, a page to write: the model's gap, without the weekend in it."""
_A_WORD = re.compile(
    r"\b(?:let (?:me|us)|tell|confirm\w*|advise|reply|respond|answer|send|forward|provide|e-?mail|give me|get me|write|call"
    r"|comments?|thoughts|suggestions?|i(?:'d| would) like|i need)\b"
)
"""What asks for a word back, or for something that comes by mail."""


def follow_up(view: View) -> Iterator[Finding]:
    """My ask unanswered, its gap reached; at most two reminders, and the second is the last. Of what may be no ask, the
    user is asked instead whether its answer is open."""
    for ask in view.relationship.items:
        if not _worth_a_reminder(view, ask):
            continue
        past = moot_from(ask, view.zone, hasty=view.hasty)
        if past is None or view.now < past:
            for found in _remind(view, ask):
                sure = ask.confidence >= REMIND_SURE
                said = sure and plain_request(ask)
                yield found if said else view.doubted(Asking.MY_ASK, ask, ActType.ASK, found, still=int(sure))
        if past is not None:
            yield Turn(past)


def _worth_a_reminder(view: View, ask: OpenItem) -> bool:
    """A question how things are is small talk to anybody but a customer: of a favour asked of somebody outside, no corridor
    tells.
    """
    pending = ask.kind is OpenKind.MY_ASK and ask.state is OpenState.PENDING and not ask.shared
    by_mail = not unseen(ask) and not elsewhere(ask)
    small = view.colleague or not _of_substance(view, ask) or _plain_order(ask)
    return pending and by_mail and (ask.size >= SMALL_SIZE or not small)


def _of_substance(view: View, ask: OpenItem) -> bool:
    """In a sale every question is part of it; what was asked in so many words is no small talk, however small."""
    sale = view.contact.profile is ProfileName.SALES
    return ask.what is not Kind.INFO or ask.size >= QUESTION_SIZE or sale or _outright(ask)


def _outright(ask: OpenItem) -> bool:
    """Whether they were asked to tell: "could you tell me whether", and not "how is the new flat?"."""
    said = ask.quote.lower()
    return ERRAND.search(said) is not None and _A_WORD.search(said) is not None


def _order(ask: OpenItem) -> bool:
    """Whether it tells them to do something, and is no question."""
    return ask.what is Kind.HELP and not ask.quote.rstrip(") ").endswith("?")


def _plain_order(ask: OpenItem) -> bool:
    """Whether nothing comes back by mail of what they are told to do: it is carried out, and nobody writes to say so."""
    return _order(ask) and not _A_WORD.search(ask.quote.lower())


def _remind(view: View, ask: OpenItem) -> Iterator[Nudge | Held]:
    kind = NudgeKind.FOLLOW_UP
    lapses = ask.last + view.terms.lapse
    if ask.repeats >= len(view.terms.followups) or view.now >= lapses:
        return
    opens = max(ask.last + view.terms.followups[ask.repeats], _done_by(view, ask))
    away = view.relationship.away_until
    if away is not None and view.today <= away:
        yield Held(
            kind=kind,
            because=Hold.AWAY,
            until=end_of(away, view.zone),
            facts={"day": away},
        )
    elif view.now < opens:
        yield Held(kind=kind, because=Hold.THEIR_TIME, until=opens)
    elif blind := view.deaf_since(ask.at):
        yield Held(kind=kind, because=blind)
    else:
        yield view.nudge(
            kind,
            f"{ask.interaction}:{ask.repeats}",
            opens=opens,
            closes=lapses,
            quote=ask.quote,
            evidence=(ask.interaction,),
            day=local_date(ask.at, view.zone),
            what=ask.what or Kind.HELP,
            count=ask.repeats + 1,
        )


def _done_by(view: View, ask: OpenItem) -> float:
    """When something to be done, and not only answered, may be done; when it was asked, for what an answer meets."""
    if not _order(ask):
        return ask.last
    days = SMALL_ORDER_AFTER if ask.size < SMALL_SIZE else ORDER_AFTER
    return after_working_days(ask.last, days, view.zone)
