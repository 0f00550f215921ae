"""The rules of one language, compiled: which of them stand on a message, and on which sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from recipflow.model import ActType
from recipflow.rules.around import neighbours, whole
from recipflow.rules.due import day_named
from recipflow.rules.letter import Letter
from recipflow.rules.patterns import Finder, Matcher, finder, matcher, plain
from recipflow.rules.rule import Pack, Rule
from recipflow.rules.sentences import Zone


class Hit(NamedTuple):
    """A rule, and the index of the sentence it stands on; -1: on the message as a whole."""

    rule: Rule
    at: int


class Rulebook:
    """Rules with one automaton over all their patterns, built when first used."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)

    def hits(self, written: Letter) -> list[Hit]:
        """Every rule that hits a sentence, or the message, before they are weighed against one another."""
        return [*self.sentence_hits(written), *self._message_hits(written)]

    def stand(self, written: Letter, hits: list[Hit] | None = None) -> list[Hit]:
        """The rules that stand on the message, in the order of its sentences; its `hits` may be known already."""
        hits = _silence(self.hits(written) if hits is None else hits)
        remarks = [hit for hit in hits if hit.rule.remark]
        hits = [hit for hit in hits if not hit.rule.remark]
        acts = {hit.rule.act for hit in hits if not hit.rule.refines}
        hits += self._rest_hits(written, hits, acts)
        return [
            *(hit for hit in hits if hit.rule.act and not (hit.rule.without and _has_others(hits, hit))),
            *remarks,
        ]

    def on_summary(self, summary: str) -> list[Rule]:
        """The meeting rules whose text hits the summary."""
        sentence = plain(summary)
        return [rule for rule in self._hitting(sentence) if rule.of == "meeting"]

    def phatic(self, sentence: str) -> bool:
        """Whether a rule says that the sentence (in plain form) says nothing, whoever wrote it and whatever is around it."""
        silent = (rule for rule in self._hitting(sentence) if rule.act is None and rule.of == "message")
        return any(not (rule.by or rule.needs or rule.before or rule.after) for rule in silent)

    def _hitting(self, sentence: str) -> list[Rule]:
        found = (self._on_text[number] for number in self._matcher.hits(sentence))
        return [rule for rule, unless, _ in found if unless is None or not unless(sentence)]

    def sentence_hits(self, written: Letter) -> list[Hit]:
        hits: list[Hit] = []
        for index, part in enumerate(written.parts):
            if found := self._matcher.hits(part.plain):
                self._add_standing(hits, found, written, index)
        on_whole, beside = self._on_whole, self._beside
        return [
            hit
            for hit in hits
            if (hit.rule.id not in on_whole or on_whole[hit.rule.id](written))
            and (hit.rule.id not in beside or beside[hit.rule.id](written, hit.at))
        ]

    def _add_standing(self, hits: list[Hit], found: Sequence[int], written: Letter, index: int) -> None:
        """Add those of the rules with a hit that stand on a sentence; the cheap questions are asked first."""
        part = written.parts[index]
        sentence, question, in_body = part.plain, part.question, part.zone is Zone.BODY
        for number in found:
            rule, unless, conditions = self._on_text[number]
            if rule.question is not None and rule.question is not question:
                continue
            if not in_body and not rule.closing:
                continue
            if conditions and not _holds(rule, written, index):
                continue
            if unless is None or not unless(sentence):
                hits.append(Hit(rule, index))

    def _message_hits(self, written: Letter) -> Iterator[Hit]:
        for rule, subjects, names in self._on_message:
            by_subject = subjects is not None and subjects(written.subject)
            by_name = names is not None and any(map(names, written.attachments))
            if (by_subject or by_name) and _holds_message(rule, written):
                yield Hit(rule, written.first)

    def _rest_hits(self, written: Letter, hits: list[Hit], acts: set[ActType | None]) -> Iterator[Hit]:
        if not self._on_rest:
            return
        explained = {hit.at for hit in hits if not hit.rule.refines}
        rest, longest = written.rest(explained)
        for rule in self._on_rest:
            if rest >= rule.rest and not rule.without & acts and _holds_message(rule, written):
                yield Hit(rule, longest)

    @cached_property
    def _on_text(self) -> list[tuple[Rule, Finder | None, bool]]:
        """The rules with a text, each with its `unless` and whether it has conditions besides."""
        return [
            (rule, finder(rule.unless) if rule.unless else None, _has_conditions(rule))
            for rule in self._rules
            if rule.text
        ]

    @cached_property
    def _matcher(self) -> Matcher:
        return matcher([rule.text for rule in self._rules if rule.text])

    @cached_property
    def _on_whole(self) -> dict[str, Callable[[Letter], bool]]:
        return {rule.id: whole(rule) for rule in self._rules if rule.needs or rule.unless_message}

    @cached_property
    def _beside(self) -> dict[str, Callable[[Letter, int], bool]]:
        return {rule.id: neighbours(rule) for rule in self._rules if rule.before or rule.after}

    @cached_property
    def _on_message(self) -> list[tuple[Rule, Finder | None, Finder | None]]:
        return [
            (
                rule,
                finder(rule.subject) if rule.subject else None,
                finder(rule.attachments) if rule.attachments else None,
            )
            for rule in self._rules
            if rule.subject or rule.attachments
        ]

    @cached_property
    def _on_rest(self) -> list[Rule]:
        return [rule for rule in self._rules if rule.rest]


def rules_for(packs: Iterable[Pack], language: str) -> Iterator[Rule]:
    """The rules that read a text of that language: its own, and those of any language."""
    for pack in packs:
        if pack.language in (language, ""):
            yield from pack.rules


def _has_others(hits: list[Hit], hit: Hit) -> bool:
    """Whether another rule does one of the acts that this one is to be without."""
    return any(
        other.rule.act in hit.rule.without and other.rule is not hit.rule and not other.rule.refines
        for other in hits
    )


def _silence(hits: list[Hit]) -> list[Hit]:
    """A rule of no act silences what is less certain on its sentence; what refines an act stays, should the judge find it."""
    silent = [(hit.at, hit.rule.confidence) for hit in hits if hit.rule.act is None]
    if not silent:
        return hits
    level: dict[int, float] = {}
    for at, confidence in silent:
        level[at] = max(confidence, level.get(at, 0.0))
    return [
        hit
        for hit in hits
        if hit.rule.act is None or hit.rule.refines or hit.rule.confidence > level.get(hit.at, 0.0)
    ]


_FREE = Rule(id="", because="", matches=(), not_=())
_CONDITIONS = ("of", "by", "position", "reply", "words", "message_words", "due")


def _has_conditions(rule: Rule) -> bool:
    return any(getattr(rule, name) != getattr(_FREE, name) for name in _CONDITIONS)


def _holds(rule: Rule, written: Letter, index: int) -> bool:
    part = written.parts[index]
    if rule.of != "message":
        return False
    if not rule.words[0] <= part.words <= rule.words[1]:
        return False
    if rule.position and not _stands_at(rule.position, written, index):
        return False
    if rule.due is not None and rule.due is (day_named(part.plain, written.on, written.language) is None):
        return False
    return _holds_message(rule, written)


def _holds_message(rule: Rule, written: Letter) -> bool:
    return (
        (rule.by is None or rule.by is written.by)
        and (rule.reply is None or rule.reply is written.reply)
        and rule.message_words[0] <= written.words <= rule.message_words[1]
    )


def _stands_at(position: str, written: Letter, index: int) -> bool:
    first, last = index == written.first, index == written.last
    return {"start": first, "end": last, "only": first and last}[position]
