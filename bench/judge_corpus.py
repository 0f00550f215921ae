"""What the judge learns from: labelled messages, what is seen of them, and which features anybody may know."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from bench.judge_names import names_in, tells
from bench.judge_sources import FICTIONAL, by_hand, fictional, invented, ours
from bench.labelled import Labelled, as_message, labelled
from recipflow.assembly import FIRST, packs, words_of_judge
from recipflow.reading import Reader
from recipflow.reading.features import Seen, Vocabulary, spelt

OWNERS = 3
"""Owners with whom a feature must occur: what one person says stays theirs."""


WEIGHTS = {"hand": 1.0, "ours": 0.6, "mailbox": 0.6, "fictional": 0.6}
"""How much a message counts, by source: ours were read once and quickly, and a mailbox is one fictional owner's."""


_PLAIN = re.compile(r"[a-z'-]+|[?!$@,:#]|#:")


class Features(NamedTuple):
    """All features of a message, as they are learned by."""

    sentences: tuple[frozenset[str], ...]
    message: frozenset[str]


class Lesson(NamedTuple):
    """One message to learn from."""

    message: Labelled
    seen: Features
    source: str
    share: float = 1.0

    @property
    def weight(self) -> float:
        """How much it counts."""
        return WEIGHTS[self.source] * self.share


def lessons(data: Path) -> list[Lesson]:
    """All lessons, each with the features it may be learned by."""
    sources = [
        ("hand", by_hand(data)),
        ("ours", ours(data / "enron_dev.tar.xz")),
        ("mailbox", labelled(data / "gold_dev")),
        ("mailbox", invented()),
        ("fictional", fictional(FICTIONAL)),
    ]
    messages = [(source, one) for source, group in sources for one in group]
    return _seen(messages, words(_seen(messages, None)))


def words(taught: Sequence[Lesson]) -> list[str]:
    """The words of the lessons, as the judge may know them."""
    features = {feature for lesson in taught for sentence in lesson.seen.sentences for feature in sentence}
    return sorted(feature for feature in features if _PLAIN.fullmatch(feature))


def _seen(messages: Sequence[tuple[str, Labelled]], known: Sequence[str] | None) -> list[Lesson]:
    return _shared(looked_at(messages, known))


def looked_at(messages: Sequence[tuple[str, Labelled]], known: Sequence[str] | None) -> list[Lesson]:
    """Lessons with all that is seen of each message, by those who know the words `known`, or all words."""
    reader = Reader(packs())
    vocabularies = {one.language: _vocabulary(one.language, known) for _, one in messages}
    found = []
    for source, one in messages:
        message, vocabulary = as_message(one), vocabularies[one.language]
        seen = reader.see(message, one.me, vocabulary, "" if one.language == FIRST else one.language)
        sentences = [message.text[part.start : part.end] for part, _ in seen.sentences]
        found.append(Lesson(_placed(one, sentences), _features(seen, vocabulary), source))
    return found


def _vocabulary(language: str, known: Sequence[str] | None) -> Vocabulary:
    table = words_of_judge(language)
    return Vocabulary(table["classes"], table["spelled"], known)


def _placed(one: Labelled, sentences: Sequence[str]) -> Labelled:
    """With the sentences in which its quotes stand."""
    if one.of or (not one.quotes and one.truth):
        return one
    plain = [_plain(sentence) for sentence in sentences]
    at = {
        label: frozenset(
            place for place, sentence in enumerate(plain) if any(_within(sentence, quote) for quote in quotes)
        )
        for label, quotes in one.quotes.items()
    }
    return replace(one, at=at, of=len(sentences))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _within(sentence: str, quote: str) -> bool:
    said = _plain(quote)
    return bool(sentence and said) and (f" {sentence} " in f" {said} " or f" {said} " in f" {sentence} ")


def _features(seen: Seen, vocabulary: Vocabulary) -> Features:
    sentences = [
        frozenset(map(spelt, (*vocabulary.of_words(part), *around))) for part, around in seen.sentences
    ]
    return Features(tuple(sentences), frozenset(map(spelt, seen.message)))


def _shared(found: Sequence[Lesson]) -> list[Lesson]:
    """The lessons without features of fewer than three owners, and without names."""
    owners: dict[str, set[str]] = defaultdict(set)
    for lesson in found:
        for feature in lesson.seen.message.union(*lesson.seen.sentences):
            owners[feature].add(lesson.message.group)
    names = names_in([lesson.message for lesson in found])
    return narrowed(
        found,
        frozenset(
            feature for feature, of in owners.items() if len(of) >= OWNERS and not tells(feature, names)
        ),
    )


def narrowed(found: Sequence[Lesson], known: frozenset[str]) -> list[Lesson]:
    """The lessons with the features `known`, and no others."""
    return [
        lesson._replace(
            seen=Features(
                tuple(sentence & known for sentence in lesson.seen.sentences), lesson.seen.message & known
            )
        )
        for lesson in found
    ]
