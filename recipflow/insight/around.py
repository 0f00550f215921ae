"""What others have to do with a contact: whose needs meet theirs, and what came of their introductions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from recipflow.advice import Match, News
from recipflow.advice.helping import NEED_FADE, REPORT_FADE
from recipflow.derive.context import Context
from recipflow.ledger.answers import content_words
from recipflow.ledger.relationship import DAY, Favour, Relationship, Remark
from recipflow.model import Act, ActType, Contact, Interaction, Kind, Message, Tag
from recipflow.store import Line, Store

FAVOUR_DAYS = 180.0
"""Days for which something may still come of an introduction. Ours."""
OTHERS = 4
"""People in a mail above which it introduced nobody in particular."""
WORK = "need.work"
"""The rule by which somebody is known to look for work."""
_COMMON = content_words(
    "looking searching hunting someone somebody people anyone anybody project projects client clients freelance "
    "available availability capacity between currently another three currently please recommend recommendation "
    "designer's really still again already maybe would could should there their these those which while about "
    "after before spring summer autumn winter month months weeks little small great opening opportunities position"
)
"""Words that say nothing of what is needed."""


class Known(NamedTuple):
    """A contact, and the relationship as it was folded last."""

    contact: Contact
    relationship: Relationship


def matched(known: Iterable[Known], now: datetime) -> dict[str, tuple[Match, ...]]:
    """By contact: who else told of a need that is the other half of theirs: one has work, the other looks for it."""
    told = [(one, need) for one in known if _may(one.contact) for need in _fresh(one.relationship, now)]
    found: dict[str, list[Match]] = {}
    for one, need in told:
        for other, its in told:
            if other is not one and _halves(need, its):
                name = other.contact.name or other.contact.id
                match = Match(need=need.quote, other=name, interaction=its.interaction, quote=its.quote)
                found.setdefault(one.contact.id, []).append(match)
    return {contact: tuple(matches) for contact, matches in found.items()}


def news_of(
    store: Store, context: Context, known: Iterable[Known], now: datetime
) -> dict[str, tuple[News, ...]]:
    """By contact: what came of each introduction of theirs, a meeting that was held, a yes, something given."""
    today = now.timestamp() / DAY
    favours = [
        (one.contact, favour)
        for one in known
        for favour in one.relationship.received
        if favour.what is Kind.INTRO and today - favour.at < FAVOUR_DAYS
    ]
    introduced = store.interactions.by_ext({favour.interaction for _, favour in favours})
    found: dict[str, tuple[News, ...]] = {}
    for contact, favour in favours:
        mail = introduced.get(favour.interaction)
        news = _came_of(store, context, contact, favour, mail.interaction, now) if mail else None
        if news is not None and today - news.at < REPORT_FADE:
            found[contact.id] = (*found.get(contact.id, ()), news)
    return found


def _may(contact: Contact) -> bool:
    return contact.tags.isdisjoint({Tag.NEVER, Tag.PRIVATE})


def _fresh(relationship: Relationship, now: datetime) -> Iterator[Remark]:
    since = now.timestamp() / DAY - NEED_FADE
    return (need for need in relationship.needs if need.at >= since)


def _halves(one: Remark, other: Remark) -> bool:
    if (one.rule == WORK) == (other.rule == WORK):
        return False
    shared = content_words(one.quote) & content_words(other.quote)
    return bool(shared - _COMMON)


def _came_of(
    store: Store, context: Context, contact: Contact, favour: Favour, mail: Interaction, now: datetime
) -> News | None:
    parties = (*mail.to, *mail.cc) if isinstance(mail, Message) else ()
    others = {party.address: party.name for party in parties} if len(parties) <= OTHERS else {}
    for address in sorted(set(others) - context.me - set(contact.addresses)):
        if found := _result(store, address, favour.at, now):
            at, interaction, quote = found
            name = context.contact(address, (address,), others[address]).name or address
            return News(
                favour=favour.interaction,
                since=favour.at,
                other=name,
                at=at,
                interaction=interaction,
                quote=quote,
            )
    return None


def _result(store: Store, address: str, since: float, now: datetime) -> tuple[float, str, str] | None:
    """The last thing that came of it: when, in which interaction, in which words."""
    acts = store.ledgers.acts([address])
    found = None
    for line in store.ledgers.lines([address]):
        at = line.at.timestamp() / DAY
        done = next((act for act in acts.get(line.key, ()) if _comes_of(line, act)), None)
        if done is not None and since < at and line.at <= now:
            found = (at, line.id, done.quote)
    return found


def _comes_of(line: Line, act: Act) -> bool:
    if line.type == "meeting":
        return True
    if act.by.value != "them" or not act.counts:
        return False
    return act.act is ActType.GRANT or (act.act is ActType.GIVE and act.notable)
