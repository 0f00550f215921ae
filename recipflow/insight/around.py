"""What others have to do with a contact: whose needs meet theirs, and what was asked at their organisation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from recipflow.advice import Match, Pace
from recipflow.advice.beside import WEEK
from recipflow.advice.helping import NEED_FADE
from recipflow.derive.context import Context
from recipflow.ledger.answers import content_words
from recipflow.ledger.relationship import DAY, Relationship, Remark
from recipflow.model import Contact, Tag
from recipflow.providers import PROVIDERS, domain_of
from recipflow.store import Store

WORK = "need.work"
"""How the rules end, in every language, by which somebody is known to look for work."""
_COMMON = content_words(
    "looking searching hunting someone somebody people anyone anybody project projects client clients freelance "
    "available availability capacity between currently another three currently please recommend recommendation "
    "designer's really still again already maybe would could should there their these those which while about "
    "after before spring summer autumn winter month months weeks little small great opening opportunities position "
    "suchen suche gerade jemanden jemand kennt kennst wieder derzeit dringend aufträge projekte projekten arbeit kunden "
    "kapazität frühling sommer herbst winter wirklich gebrauchen könnte unsere unseren nächsten "
    "estamos procura procuramos alguém ainda agora projetos projectos trabalho clientes disponibilidade partir "
    "primavera verão outono inverno nossa nosso preciso precisamos "
    "buscando buscamos alguien todavía ahora proyectos trabajo clientes disponibilidad desde verano otoño invierno "
    "nuestra nuestro necesito necesitamos"
)
"""Words that say nothing of what is needed."""


class Known(NamedTuple):
    """A contact, and the relationship as it was folded last."""

    contact: Contact
    relationship: Relationship


def matched(known: Iterable[Known], now: datetime) -> dict[str, tuple[Match, ...]]:
    """By contact: who else told of a need that is the other half of theirs: one has work, the other looks for it."""
    told = [(one, need) for one in known if may_hear(one.contact) for need in _fresh(one.relationship, now)]
    found: dict[str, list[Match]] = {}
    for one, need in told:
        for other, its in told:
            if other is not one and _halves(need, its):
                name = other.contact.name or other.contact.id
                match = Match(need=need.quote, other=name, interaction=its.interaction, quote=its.quote)
                found.setdefault(one.contact.id, []).append(match)
    return {contact: tuple(matches) for contact, matches in found.items()}


def may_hear(contact: Contact) -> bool:
    """Whether the user wants advice on them at all."""
    return contact.tags.isdisjoint({Tag.NEVER, Tag.PRIVATE})


def _fresh(relationship: Relationship, now: datetime) -> Iterator[Remark]:
    since = now.timestamp() / DAY - NEED_FADE
    return (need for need in relationship.needs if need.at >= since)


def _halves(one: Remark, other: Remark) -> bool:
    if one.rule.endswith(WORK) == other.rule.endswith(WORK):
        return False
    shared = content_words(one.quote) & content_words(other.quote)
    return bool(shared - _COMMON)


def paces(store: Store, context: Context, now: datetime) -> dict[str, Pace]:
    """What was asked of each organisation within the last week; mail providers' domains are no organisations."""
    asked = store.ledgers.asked_since(now - timedelta(days=WEEK), now)
    by_domain: dict[str, list[tuple[str, datetime]]] = {}
    for address, at in asked:
        by_domain.setdefault(domain_of(address), []).append((address, at))
    own = {domain_of(address) for address in context.me}
    return {
        domain: Pace(
            asks=len(asks),
            people=len({address for address, _ in asks}),
            since=min(at for _, at in asks).timestamp() / 86_400.0,
        )
        for domain, asks in by_domain.items()
        if domain not in own and domain not in PROVIDERS
    }
