"""The second reader: a linear model over small words, their places and the rules that hit, trained on labelled mail.

It weighs each sentence for each act, gathers what the sentences say into one certainty for the message, and so always
knows the sentence that decided. Weights are hundredths; certainties are calibrated: of a hundred acts at .8, eighty are
there. Which rules it was trained beside is part of it; others, a user's own, speak for themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log1p
from operator import mul
from struct import Struct
from typing import Any

from recipflow.reading.features import Feature, Seen, Vocabulary, unspelt
from recipflow.rules.letter import Part
from recipflow.rules.patterns import REMEMBERED, SHORT
from recipflow.rules.sentences import Zone

ACTS = ("give", "ask", "thanks", "promise", "refusal", "meeting", "notable")
"""What a sentence is weighed for; `meeting` is a kind and `notable` a worth, each found by its own words all the same."""

FINDINGS = (*ACTS, "large")
"""What a message is judged for."""

UNIT = 0.01
"""What a weight of one in the file stands for."""

MOST_SENTENCES = 12
"""Sentences of a message that are weighed: what a letter is about it says before."""

_NO_ACT = (0,) * len(ACTS)
_BITS = 32
_HALF = 1 << (_BITS - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a message does, and where."""

    certainty: Mapping[str, float]  #: by finding, 0 to 1
    sentences: Mapping[str, Sequence[float]]  #: by act, how much each sentence speaks for it, in logits


class Judge:
    """Judges the messages of one language."""

    def __init__(self, words: Mapping[str, Any], weights: Mapping[str, Any]) -> None:
        self.vocabulary = Vocabulary(words["classes"], words["spelled"], weights["words"])
        self.because: Mapping[str, str] = words["because"]
        self.yes: Mapping[str, float] = weights["yes"]
        self.rules = frozenset(weights["rules"])
        self.favours = frozenset(weights["favours"])
        names = sorted({*weights["sentence"], *weights["message"]})
        rows = {  # its number keeps a feature apart from others that weigh the same
            name: _packed((*weights["sentence"].get(name, _NO_ACT), number))
            for number, name in enumerate(names)
        }
        self._sentence = {unspelt(name): row for name, row in rows.items()}
        self._message = {rows[name]: _packed(row) for name, row in weights["message"].items()}
        self._always = sum(self._known([""]))
        self._gather: list[list[float]] = weights["gather"]
        self._bias: list[float] = weights["bias"]
        self._by_words = lru_cache(REMEMBERED // 4)(self._words_of)
        self._by_place = lru_cache(REMEMBERED // 8)(self._weighed)

    def judge(self, seen: Seen) -> Judgement:
        """Weigh what was seen of a message that has a sentence at least."""
        told = self._known(seen.message)
        around = sum(told) + self._always
        logits = []
        for part, features in seen.sentences:
            beside, heard = self._by_place(features)
            words, spoken = self._read(part)
            told.update(words, beside)
            logits.append(_by_act(around + spoken + heard)[:-1])
        by_act = list(zip(*logits, strict=True))
        gathered = [value for scores in by_act for value in gather(scores)]
        found = _by_finding(sum(filter(None, map(self._message.get, told))))
        certainty = {
            finding: sigmoid(bias + weight + sum(map(mul, weights, gathered)))
            for finding, bias, weight, weights in zip(FINDINGS, self._bias, found, self._gather, strict=True)
        }
        return Judgement(certainty=certainty, sentences=dict(zip(ACTS, by_act, strict=True)))

    def _read(self, part: Part) -> tuple[Sequence[int], int]:
        return (self._by_words if len(part.plain) <= SHORT else self._words_of)(*part[2:])

    def _words_of(self, zone: Zone, plain: str, question: bool, count: int) -> tuple[Sequence[int], int]:
        """The weights of what is in the words of a sentence, and their sum."""
        return self._weighed(self.vocabulary.of_words(Part(0, 0, zone, plain, question, count)))

    def _weighed(self, features: Iterable[Feature]) -> tuple[Sequence[int], int]:
        known = self._known(features)
        return tuple(known), sum(known)  # a set that is remembered would be five times as large

    def _known(self, features: Iterable[Feature]) -> set[int]:
        """The weights of those features that have some."""
        known = set(map(self._sentence.get, features))
        known.discard(None)
        return known  # type: ignore[return-value]


def gather(logits: Sequence[float]) -> tuple[float, float, float, float]:
    """What the sentences together say of one act: the strongest, the strongest within bounds, that any does, how many do."""
    most = max(logits)
    none, many = 1.0, 0.0
    for logit in logits:
        chance = 1 / (1 + exp(-logit)) if logit > -60 else 0.0
        none *= 1 - min(chance, 0.999)
        many += chance
    return most, min(3.0, max(-1.0, most)), 1 - none, log1p(many)


def sigmoid(logit: float) -> float:
    return 1 / (1 + exp(-max(-60.0, min(60.0, logit))))


def _packed(row: Sequence[int]) -> int:
    """All weights of a feature in one number, a field for each, so that one addition adds them all."""
    return sum(weight << (_BITS * place) for place, weight in enumerate(row))


def _unpacking(width: int) -> Callable[[int], list[float]]:
    """The way back, for sums of rows of so many fields."""
    fields, middle = Struct(f"<{width}I"), _packed([_HALF] * width)

    def unpacked(total: int) -> list[float]:
        return [
            UNIT * (field - _HALF)
            for field in fields.unpack((total + middle).to_bytes(fields.size, "little"))
        ]

    return unpacked


_by_act, _by_finding = _unpacking(len(ACTS) + 1), _unpacking(len(FINDINGS))
