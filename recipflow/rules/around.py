"""What a rule asks of the message around its sentence."""

from __future__ import annotations

from collections.abc import Callable

from recipflow.rules.letter import Letter
from recipflow.rules.patterns import finder, line_finder
from recipflow.rules.rule import Rule

SOON_AFTER = 3
"""Sentences after its own in which a rule looks for what comes after: an address has a name, a house and a street."""


def whole(rule: Rule) -> Callable[[Letter], bool]:
    """Whether the conditions of a rule on the message as a whole hold."""
    needs = line_finder(rule.needs) if rule.needs else None
    unless = line_finder(rule.unless_message) if rule.unless_message else None

    def holds(written: Letter) -> bool:
        return (needs is None or needs(written.plain)) and (unless is None or not unless(written.plain))

    return holds


def neighbours(rule: Rule) -> Callable[[Letter, int], bool]:
    """Whether the conditions of a rule on the sentences around its own hold."""
    before = finder(rule.before) if rule.before else None
    after = finder(rule.after) if rule.after else None

    def holds(written: Letter, at: int) -> bool:
        said = [part.plain for part in written.parts[max(0, at - 1) : at + 1 + SOON_AFTER]]
        earlier, later = (said[:1], said[2:]) if at else ([], said[1:])
        return (before is None or any(map(before, earlier))) and (after is None or any(map(after, later)))

    return holds
