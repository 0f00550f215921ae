"""What was derived under other settings is derived anew: only as much of it as the change concerns."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import blake2b

from recipflow.derive import Context
from recipflow.derive.persons import regroup
from recipflow.model import Contact, Tag
from recipflow.session.writing import written_otherwise
from recipflow.store import Store

_READ_BY = "read_by"
_FOLDED_BY = "folded_by"
_SAID = "said"

Said = Mapping[str, Sequence[str]]
"""By contact: a digest of what the user said of them, then their addresses."""


def settle(store: Store, context: Context, rules: Callable[[], str], *, look: bool = False) -> bool:
    """Drop or mark what other rules, other addresses of the user or other words on people made of the facts.

    `rules` names the rules in force. It is asked where `look` says so, and of a database that nothing was read into yet;
    otherwise those of last time are taken for still there. True when everything was dropped, and waits for being
    derived from nothing. What was read by other rules stands until it is read anew (`recipflow.derive.again`).
    """
    kept = store.noted(_READ_BY)
    by = rules() if look or kept is None else json.loads(kept)[0]
    reading = json.dumps([by, str(context.zone), *sorted(context.me)])
    folding, said = _folding(context), _said(context)
    with store.transaction():
        dropped = written_otherwise(store, context) or (
            _differs(store, _READ_BY, reading) and not _only_rules_differ(kept, reading)
        )
        if dropped:
            store.drop_derived()
        elif _differs(store, _READ_BY, reading):
            store.outdated.all()
        before: Said = json.loads(store.noted(_SAID) or "{}")
        changed = {one for one in {*before, *said} if before.get(one) != said.get(one)}
        regroup(store, context, {address for one in changed for address in _both(one, before, said)})
        if _differs(store, _FOLDED_BY, folding):
            store.ledgers.all_due()
        for key, value in ((_READ_BY, reading), (_FOLDED_BY, folding), (_SAID, json.dumps(said))):
            if store.noted(key) != value:
                store.note(key, value)
    return dropped


def _folding(context: Context) -> str:
    """Tells what ledgers are folded by, but for the people themselves."""
    rates = (
        context.zone,
        context.default_profile,
        context.default_norm,
        context.groups,
        context.profiles,
        context.norms,
    )
    return _digest(repr((*rates, sorted(context.silenced))))


def _said(context: Context) -> Said:
    return {
        one.id: [_digest(repr((*_ordered(one),))), *one.addresses]
        for one in context.people
        if Tag.PRIVATE not in one.tags  # of them not even the address is kept
    }


def said_before(store: Store) -> Mapping[str, Sequence[str]]:
    """The addresses of each contact the user had said something of when it was settled last."""
    before: Said = json.loads(store.noted(_SAID) or "{}")
    return {contact: addresses for contact, (_, *addresses) in before.items()}


def _both(contact: str, before: Said, now: Said) -> Iterable[str]:
    """The addresses that were, and those that are, this contact's."""
    yield from (*before.get(contact, ())[1:], *now.get(contact, ())[1:])


def _ordered(one: Contact) -> Iterable[object]:
    """What of a contact bears on its ledger and its advice, in an order that does not change."""
    yield from (one.addresses, one.name, one.profile, one.norm, one.norm_said, one.tz, sorted(one.tags))
    yield from (one.pending_decisions, one.watched, one.plans, one.gift_rule)


def _differs(store: Store, key: str, value: str) -> bool:
    known = store.noted(key)
    return known is not None and known != value


def _only_rules_differ(kept: str | None, reading: str) -> bool:
    return kept is not None and json.loads(kept)[1:] == json.loads(reading)[1:]


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()
