"""A first look at somebody's mail: a few things of each kind, the newest of them, rather than many of one."""

from __future__ import annotations

from collections.abc import Iterable

from recipflow.digest.model import LIMIT
from recipflow.model import Nudge, NudgeKind

OF_A_KIND = 2
"""As many of each kind come before any more of the same."""


def varied(nudges: Iterable[Nudge], limit: int = LIMIT) -> tuple[Nudge, ...]:
    """At most `limit` of those to be shown; kinds in the digest's order, so thanks and promises are never left out."""
    by_kind: dict[NudgeKind, list[Nudge]] = {kind: [] for kind in NudgeKind}
    for nudge in sorted(nudges, key=lambda one: (one.opens, one.key), reverse=True):
        if nudge.shown:
            by_kind[nudge.kind].append(nudge)
    first = [nudge for found in by_kind.values() for nudge in found[:OF_A_KIND]]
    more = [nudge for found in by_kind.values() for nudge in found[OF_A_KIND:]]
    return (*first, *more)[:limit]
