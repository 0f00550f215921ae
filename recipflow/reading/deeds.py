"""Acts before it is known towards whom, out of the rules that stand alone; `judged` has those a judge looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from recipflow.model import YES, ActType, Flag, Kind
from recipflow.rules.rule import Rule
from recipflow.rules.rulebook import Hit

OUTRIGHT = 0.9
"""Certainty of a rule whose words leave no doubt."""

MOST_REMARKS = 3
"""Remarks of one message that are remembered."""

MOST_OF = {ActType.ASK: 3, ActType.GIVE: 2, ActType.PROMISE: 2}
"""Acts of a type that one message can hold at the most, where it is more than one."""

PLAIN_KINDS = frozenset({Kind.HELP, Kind.INFO})
"""What a rule says when it does not know better."""

REMEMBERED = 1024
"""Rules that hit one sentence together, of which it is remembered what they say."""

Grounds = Mapping[int, list[Hit]]
"""The hits of rules for one act, by sentence."""


class Deed(NamedTuple):
    """One act on one sentence (`at`; -1: on the message as a whole)."""

    act: ActType
    at: int
    rule: str
    certainty: float
    kind: Kind | None = None
    size: float | None = None
    notable: bool = False
    routine: bool = False
    flags: frozenset[Flag] = frozenset()
    notable_certainty: float = 0.0
    large_certainty: float = 0.0
    counts: bool = True
    remark: bool = False


def by_rules(hits: Iterable[Hit], *, reply: bool) -> list[Deed]:
    """One deed for each act type and sentence; of each type only the surest few."""
    told, remarks = apart(hits)
    deeds = {act: found for act, on in groups_of(told).items() if (found := deeds_of(on))}
    if not reply and any(ask.certainty >= OUTRIGHT for ask in deeds.get(ActType.ASK, ())):
        # What such a mail tells or attaches serves its ask.
        deeds[ActType.GIVE] = [deed for deed in deeds.get(ActType.GIVE, ()) if not deed.routine]
    done = [deed for act, found in deeds.items() for deed in surest(found, MOST_OF.get(act, 1))]
    return [*done, *remarks]


def apart(hits: Iterable[Hit]) -> tuple[list[Hit], list[Deed]]:
    """The hits that tell of acts, and the remarks that come besides: the rules' alone, and the surest few."""
    told: list[Hit] = []
    passing: list[Hit] = []
    for hit in hits:
        (passing if hit.rule.remark else told).append(hit)
    remarks = [deed for on in groups_of(passing).values() for deed in deeds_of(on)]
    return told, surest(remarks, MOST_REMARKS)


def groups_of(hits: Iterable[Hit]) -> dict[ActType, dict[int, list[Hit]]]:
    """The hits by what they say was done, and where."""
    groups: dict[ActType, dict[int, list[Hit]]] = {}
    for hit in hits:
        if hit.rule.act is not None:
            groups.setdefault(hit.rule.act, {}).setdefault(hit.at, []).append(hit)
    return groups


def deeds_of(on: Grounds) -> list[Deed]:
    """What the rules say on each sentence, where they are sure enough."""
    return [deed for group in on.values() if (deed := deed_of(group))]


def surest(deeds: list[Deed], most: int) -> list[Deed]:
    """At most so many of them, those to remember first, in the order of the text."""
    if len(deeds) <= most:
        return deeds
    ranked = sorted(deeds, key=lambda deed: (-deed.notable, -deed.certainty, deed.at))
    return sorted(ranked[:most], key=lambda deed: deed.at)


def deed_of(group: Sequence[Hit]) -> Deed | None:
    """The hits of one act type on one sentence, as one: the surest names it, the others sharpen it."""
    return _deed_of(tuple([hit.rule for hit in group]), group[0].at) if group else None


@lru_cache(REMEMBERED)
def _deed_of(group: tuple[Rule, ...], at: int) -> Deed | None:
    grounds = [rule for rule in group if not rule.refines]
    if not grounds:
        return None
    best = max(grounds, key=lambda rule: rule.confidence)
    certainty = best.confidence
    if certainty < YES or best.act is None:
        return None
    rules = [best, *(rule for rule in group if rule is not best)]
    notable = any(rule.favour for rule in rules)
    routine = not notable and any(rule.routine for rule in rules)
    weighed = (rule.size for rule in rules if not (routine and rule.refines))
    size = max((size for size in weighed if size is not None), default=None)
    return Deed(
        act=best.act,
        at=at,
        rule=best.id,
        kind=_kind(rules),
        size=size,
        notable=notable,
        routine=routine,
        flags=frozenset().union(*(rule.flags for rule in rules)),
        certainty=certainty,
        notable_certainty=certainty if notable else 0.0,
        large_certainty=certainty if size is not None and size > 2 else 0.0,
        counts=best.counts,
        remark=best.remark,
    )


def _kind(rules: list[Rule]) -> Kind | None:
    kinds = [rule.kind for rule in rules[1:] if rule.kind and rule.refines]
    kinds += sorted((rule.kind for rule in rules if rule.kind), key=PLAIN_KINDS.__contains__)
    return kinds[0] if kinds else None
