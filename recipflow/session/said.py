"""Whom the user says people are: config.toml, then each word given on the command line, the later ones over the earlier."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from recipflow.model import Contact, Kind, NormName, Plan, ProfileName, Tag
from recipflow.store import Decision, Payload, Verb

WORDS = frozenset({Verb.CONTACT, Verb.NEVER, Verb.MERGE, Verb.SPLIT, Verb.PLAN})
"""The verbs that say something of a contact. Their targets are addresses; payloads:

CONTACT  any of profile, norm, tz, name, watched, tags (a list: all of them), pending (a list of FROM..TO), gift_rule;
         added: known from now on, though no mail shows them
PLAN     ask, size, by, first, first_size, give, give_kind; or drop: the id of one, else all of them
NEVER    nothing; the target may be a domain, "@example.org"
MERGE    addresses: those that are the target's, too
SPLIT    nothing: the target is somebody of its own
"""


def mine(configured: Iterable[str], decisions: Iterable[Decision]) -> tuple[str, ...]:
    """The user's own addresses; a decision `me` adds its target."""
    added = (decision.target for decision in decisions if decision.verb is Verb.ME)
    return tuple(dict.fromkeys((*configured, *added)))


def people(configured: Iterable[Contact], decisions: Iterable[Decision]) -> tuple[Contact, ...]:
    """Everybody the user said something about, each address in one contact at most."""
    known = tuple(configured)
    for decision in decisions:
        if decision.verb in WORDS and not decision.target.startswith("@"):
            known = _told(known, decision)
    return known


def silenced(decisions: Iterable[Decision]) -> frozenset[str]:
    """The domains of which the user wants no advice about anybody."""
    said = (decision.target for decision in decisions if decision.verb is Verb.NEVER)
    return frozenset(target[1:] for target in said if target.startswith("@"))


def added(decisions: Iterable[Decision]) -> frozenset[str]:
    """Those whom the user named though no mail shows them."""
    said = (one.target for one in decisions if one.verb is Verb.CONTACT and one.payload.get("added"))
    return frozenset(said)


def _told(known: tuple[Contact, ...], decision: Decision) -> tuple[Contact, ...]:
    address = decision.target
    one = _owner(known, address) or Contact(id=address, addresses=(address,))
    rest = tuple(other for other in known if other is not one)
    if decision.verb is Verb.NEVER:
        return (*rest, replace(one, tags=one.tags | {Tag.NEVER}))
    if decision.verb is Verb.CONTACT:
        return (*rest, replace(one, **_changes(decision.payload)))
    if decision.verb is Verb.PLAN:
        return (*rest, replace(one, plans=_plans(one.plans, decision)))
    if decision.verb is Verb.SPLIT:
        return (*rest, *parted(one, address))
    return _merged(rest, one, _listed(decision.payload.get("addresses")))


def _owner(known: Iterable[Contact], address: str) -> Contact | None:
    return next((one for one in known if address in one.addresses), None)


def _changes(payload: Payload) -> dict[str, Any]:
    """What a decision `contact` sets; what it does not name stays."""
    readers: dict[str, Any] = {
        "profile": lambda value: ProfileName(value) if value else None,
        "norm": lambda value: NormName(value or NormName.NEUTRAL),
        "tz": lambda value: value or None,
        "name": str,
        "watched": bool,
        "gift_rule": str,
        "tags": lambda value: frozenset(map(Tag, _listed(value))),
    }
    changes = {key: read(payload[key]) for key, read in readers.items() if key in payload}
    if "pending" in payload:
        changes["pending_decisions"] = tuple(sorted(map(_period, _listed(payload["pending"]))))
    if payload.get("norm"):
        changes["norm_said"] = True
    return changes


def _plans(known: tuple[Plan, ...], decision: Decision) -> tuple[Plan, ...]:
    """One more, in place of one in the same words; or one less."""
    dropped = decision.payload.get("drop")
    if dropped:
        return tuple(one for one in known if isinstance(dropped, str) and one.id != dropped)
    made = _plan(decision)
    return (*(one for one in known if _plain(one.ask) != _plain(made.ask)), made)


def _plain(words: str) -> str:
    return " ".join(words.split()).casefold()


def _plan(decision: Decision) -> Plan:
    said: Any = decision.payload
    return Plan(
        id=str(decision.id),
        at=decision.at,
        ask=str(said["ask"]),
        size=float(said.get("size", 1.0)),
        by=date.fromisoformat(said["by"]) if said.get("by") else None,
        first=str(said.get("first", "")),
        first_size=float(said.get("first_size", 0.0)),
        give=str(said.get("give", "")),
        give_kind=Kind(said["give_kind"]) if said.get("give_kind") else None,
    )


def parted(one: Contact, address: str) -> tuple[Contact, ...]:
    """The contact without that address, and somebody of its own who has it."""
    left = tuple(other for other in one.addresses if other != address)
    alone = Contact(id=address, addresses=(address,))
    return (replace(one, id=left[0], addresses=left), alone) if left else (one,)


def _merged(rest: tuple[Contact, ...], one: Contact, addresses: Iterable[str]) -> tuple[Contact, ...]:
    for address in addresses:
        other = _owner(rest, address) or Contact(id=address, addresses=(address,))
        rest = tuple(contact for contact in rest if contact is not other)
        one = joined(one, other)
    return (*rest, one)


def joined(one: Contact, other: Contact) -> Contact:
    """Two contacts as one person: what was said of the one stays; of the other only what it does not contradict."""
    return replace(
        one,
        addresses=tuple(dict.fromkeys((*one.addresses, *other.addresses))),
        name=one.name or other.name,
        profile=one.profile or other.profile,
        norm=other.norm if other.norm_said and not one.norm_said else one.norm,
        norm_said=one.norm_said or other.norm_said,
        tz=one.tz or other.tz,
        tags=one.tags | other.tags,
        pending_decisions=tuple(sorted({*one.pending_decisions, *other.pending_decisions})),
        watched=one.watched or other.watched,
        plans=(*one.plans, *other.plans),
        gift_rule=one.gift_rule or other.gift_rule,
    )


def _listed(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def _period(text: str) -> tuple[date, date]:
    first, _, last = text.partition("..")
    return date.fromisoformat(first), date.fromisoformat(last)
