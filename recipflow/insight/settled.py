"""What mail outside a ledger, or in it under another subject, makes of what is still open there.

A ledger holds what passes between two. That an ask was passed on, was answered by somebody else or from another address,
or never arrived, stands in other mail. It is looked at for what advice is about to be given on alone, and nothing is
claimed by it but that there is nothing to remind of: no answer is made of it, and no two contacts are made one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from recipflow.advice import Advice
from recipflow.derive.entries import COPIED
from recipflow.insight.around import Known
from recipflow.insight.opened import Opened
from recipflow.insight.other_mail import Other
from recipflow.ledger.relationship import Relationship
from recipflow.model import Asking, ContactId, Message, NudgeKind
from recipflow.store import Passed

REMINDERS = frozenset({NudgeKind.FOLLOW_UP, NudgeKind.KEEP_PROMISE, NudgeKind.REPLY_OWED})
"""Advice that says something has not happened."""


class _Waiting(NamedTuple):
    """A contact, and the letters with something in them that waits, by their ids."""

    one: Known
    letters: Mapping[str, Message]


def settled(opened: Opened, advised: Sequence[tuple[Known, Advice]]) -> Iterator[Relationship]:
    """The relationships as other mail leaves them: of what is to be reminded of or asked about, what is dealt with is no
    more open."""
    waiting = _waiting(opened, advised)
    passed = _passed(opened, waiting)
    others = [_others(opened, each, passed.get(each.one.contact.id, ())) for each in waiting]
    opened.read(key for each in others for other in each.values() for key in other.keys)
    for (one, _), found in zip(advised, others, strict=True):
        yield _left(one.relationship, found) if found else one.relationship


def _waiting(opened: Opened, advised: Sequence[tuple[Known, Advice]]) -> list[_Waiting]:
    ids = [_ids(advice) for _, advice in advised]
    letters = opened.letters(set().union(*ids))
    return [
        _Waiting(one, {each: letters[each] for each in wanted & letters.keys()})
        for (one, _), wanted in zip(advised, ids, strict=True)
    ]


def _ids(advice: Advice) -> set[str]:
    """The interactions in which something waits, by the advice."""
    waiting = {ext for nudge in advice.nudges if nudge.kind in REMINDERS for ext in nudge.evidence}
    return waiting | {
        each.interaction for each in advice.questions if each.kind is Asking.MY_ASK or each.still
    }


def _passed(opened: Opened, waiting: Iterable[_Waiting]) -> Mapping[ContactId, Sequence[Passed]]:
    """What passed between each of these and the user, from the first letter of all on."""
    since = min((letter.at for each in waiting for letter in each.letters.values()), default=None)
    if since is None:
        return {}
    whose = {
        address: one.contact.id for one, letters in waiting if letters for address in one.contact.addresses
    }
    return opened.store.ledgers.passed(whose, since - COPIED, opened.now)


def _others(opened: Opened, waiting: _Waiting, passed: Sequence[Passed]) -> dict[int, Other]:
    """What bears on each of their items, by its place, as far as a letter of it waits."""
    one, letters = waiting
    return {
        place: Other(opened, one, item, letters[item.interaction], passed)
        for place, item in enumerate(one.relationship.items)
        if item.interaction in letters
    }


def _left(relationship: Relationship, others: Mapping[int, Other]) -> Relationship:
    left = (
        others[place].leaves if place in others else item for place, item in enumerate(relationship.items)
    )
    return replace(relationship, items=tuple(item for item in left if item is not None))
