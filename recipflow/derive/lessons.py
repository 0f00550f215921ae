"""What the user's corrections teach about mail that came later: how far a rule is to be believed, of whom, in which words.

A rule's certainty is taken for so many words of the user's: `RULE` over everybody's mail, `SENDER` between the user and
one contact, `PHRASE` for the very same sentence. Each correction of a sentence that rule had read adds one word for
or against it. Lessons come from corrections alone, and bear only on what is later than the message that was corrected;
so they are the same whenever they are worked out, and are gone when the correction is taken back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b

from recipflow.model import COUNTS, YES, Act, ActType, Entry, Kind, Side
from recipflow.store import Decision, Payload, Verb

NOT_THIS = "not"
"""The payload key of a correction that denies: with an act's name, that act; with "all", the whole interaction."""

RULE, SENDER, PHRASE = 20.0, 2.0, 1.0
"""Words of the user's that a rule's own certainty counts for. Ours: one denial ends a sentence, two a rule for a sender."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One correction of something a rule had read."""

    number: int  #: the decision's, which `recipflow rules forget` takes
    said: datetime
    at: datetime  #: of the interaction that was corrected
    interaction: str
    contact: str
    by: Side
    act: ActType
    rule: str
    phrase: str
    right: bool
    kind: Kind | None = None  #: what it was, where the rule had called it otherwise
    routine: bool = False

    def precedes(self, entry: Entry) -> bool:
        return (self.at, self.interaction) < (entry.at, entry.interaction)


class Lessons:
    """All that was taught and not taken back."""

    def __init__(self, decisions: Iterable[Decision] = ()) -> None:
        self._by_rule: dict[tuple[str, Side], list[Lesson]] = {}
        for lesson in lessons(decisions):
            self._by_rule.setdefault((lesson.rule, lesson.by), []).append(lesson)

    def applied(self, entry: Entry, addresses: Collection[str]) -> Entry:
        """The entry with its acts as certain as the corrections before it leave them."""
        if not self._by_rule or not entry.acts:
            return entry
        acts = tuple(act for one in entry.acts if (act := self._believed(one, entry, addresses)) is not None)
        return entry if acts == entry.acts else replace(entry, acts=acts)

    def _believed(self, act: Act, entry: Entry, addresses: Collection[str]) -> Act | None:
        known = [one for one in self._by_rule.get((act.rule, act.by), ()) if one.precedes(entry)]
        if not known:
            return act
        theirs = [one for one in known if one.contact in addresses]
        phrase = phrase_of(act.quote)
        same = [one for one in known if one.phrase == phrase]
        certainty = act.confidence
        for weight, said in ((RULE, known), (SENDER, theirs), (PHRASE, same)):
            certainty = weighed(certainty, weight, said)
        if certainty < YES:
            return None
        taught = max(one.said for one in known)
        return _renamed(_certain(act, certainty, taught, alone=entry.alone), [*theirs, *same])


def lessons(decisions: Iterable[Decision]) -> Iterator[Lesson]:
    """The corrections that were of something a rule had read."""
    for decision in decisions:
        if decision.verb is Verb.CORRECT and decision.payload.get("rule"):
            yield _lesson(decision)


def weighed(certainty: float, weight: float, said: Collection[Lesson]) -> float:
    """A certainty worth `weight` words, with the user's own words added: each is a yes or a no."""
    return (certainty * weight + sum(one.right for one in said)) / (weight + len(said))


def snapshot(entry: Entry, act: Act) -> Payload:
    """What a correction keeps of the reading it corrects: enough to learn from it, and no word of the mail."""
    return {
        "rule": act.rule,
        "by": act.by.value,
        "read_as": act.act.value,
        "read_at": entry.at.astimezone(UTC).isoformat(),
        "position": act.position,
        "phrase": phrase_of(act.quote),
    }


def phrase_of(quote: str) -> str:
    """A sentence, whatever its spaces and capitals, as a short hash."""
    said = " ".join(quote.lower().split())
    return blake2b(said.encode("utf-8", "replace"), digest_size=8).hexdigest() if said else ""


def _lesson(decision: Decision) -> Lesson:
    payload = decision.payload
    kind = payload.get("kind")
    return Lesson(
        number=decision.id,
        said=decision.at,
        at=datetime.fromisoformat(str(payload["read_at"])),
        interaction=decision.target,
        contact=str(payload["contact"]),
        by=Side(str(payload["by"])),
        act=ActType(str(payload["read_as"])),
        rule=str(payload["rule"]),
        phrase=str(payload["phrase"]),
        right=not payload.get(NOT_THIS),
        kind=Kind(str(kind)) if kind else None,
        routine=bool(payload.get("routine", False)),
    )


def _certain(act: Act, certainty: float, taught: datetime, *, alone: bool) -> Act:
    """The act with another certainty; one that did not count for want of it alone counts from now on."""
    share = certainty / act.confidence
    was_unsure = not act.counts and act.confidence < COUNTS and alone
    return replace(
        act,
        confidence=certainty,
        notable_confidence=min(1.0, act.notable_confidence * share),
        large_confidence=min(1.0, act.large_confidence * share),
        counts=certainty >= COUNTS and (act.counts or was_unsure),
        taught=taught,
    )


def _renamed(act: Act, closest: Iterable[Lesson]) -> Act:
    """What the user last called such a thing of theirs, or in these words."""
    last = max((one for one in closest if one.right), key=lambda one: (one.said, one.number), default=None)
    if last is None or act.act is ActType.THANKS:
        return act
    if last.routine:
        return replace(act, kind=last.kind or act.kind, routine=True, notable=False, notable_confidence=0.0)
    return replace(act, kind=last.kind or act.kind)
