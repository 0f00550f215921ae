"""What the judge of German, Portuguese and Spanish learns from: mail in these languages and in English, all told in English.

Their words are glossed (`judge/de.toml` and its kind), so all four teach the same features. English mail of real people says
how often an act is there at all; fictional mail is denser.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from bench.judge_corpus import (
    OWNERS,
    Lesson,
    looked_at,
    narrowed,
    words,
)
from bench.judge_names import names_in, tells
from bench.judge_sources import FICTIONAL, by_hand, fictional, invented
from bench.labelled import Labelled, labelled
from recipflow.assembly import FIRST, GLOSSED, words_of_judge
from recipflow.rules.patterns import unaccented

ENGLISH = 0.4
"""What English mail counts beside mail in the languages themselves: the words are the same, their order is not."""

TOGETHER = 60
"""Fictional mails that count as one owner's: one hand wrote them all, but each of another person."""

FOLDS = 5

MAILBOXES = ("gold_dev", "second_mailbox", "third_mailbox")
"""Mailboxes with mail in these languages."""


def lessons(data: Path) -> list[Lesson]:
    """All lessons, each with the features it may be learned by."""
    messages = list(_messages(data))
    return _shared(looked_at(messages, words(_shared(looked_at(messages, None)))))


def folds(taught: Sequence[Lesson]) -> list[int]:
    """Each mailbox is a fold; fictional mails and the owners of the others are in folds of about the same size."""
    sizes = Counter(lesson.message.group for lesson in taught)
    full, of = [0] * FOLDS, {box: FOLDS + number for number, box in enumerate(MAILBOXES)}
    for owner, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        if owner not in of:
            of[owner] = full.index(min(full))
            full[of[owner]] += size
    return [of[lesson.message.group] for lesson in taught]


def written(language: str) -> Iterator[Labelled]:
    """The fictional mails in a language."""
    file = FICTIONAL if language == FIRST else FICTIONAL.with_name(f"fictional_{language}.jsonl")
    for number, one in enumerate(fictional(file, language)):
        yield replace(one, group=f"{one.group} {number // TOGETHER}")


def abroad(lesson: Lesson) -> bool:
    """Whether it is in one of the languages it is all for."""
    return lesson.message.language != FIRST


def _messages(data: Path) -> Iterator[tuple[str, Labelled]]:
    for language in (*GLOSSED, FIRST):
        yield from (("mailbox", one) for one in labelled(data / "gold_dev", language))
    yield from (("mailbox", one) for one in invented(*GLOSSED, FIRST))
    for language in (*GLOSSED, FIRST):
        yield from (("fictional", one) for one in written(language))
    yield from (("hand", one) for one in by_hand(data))


def _shared(found: Sequence[Lesson]) -> list[Lesson]:
    """The lessons with what is met abroad and occurs with three owners or more anywhere, and is no name."""
    owners: dict[str, set[str]] = defaultdict(set)
    met: set[str] = set()
    for lesson in found:
        features = lesson.seen.message.union(*lesson.seen.sentences)
        for feature in features:
            owners[feature].add(lesson.message.group)
        if abroad(lesson):
            met |= features
    names = _names([lesson.message for lesson in found])
    known = {feature for feature in met if len(owners[feature]) >= OWNERS and not tells(feature, names)}
    return [
        lesson if abroad(lesson) else lesson._replace(share=ENGLISH)
        for lesson in narrowed(found, frozenset(known))
    ]


def _names(messages: Sequence[Labelled]) -> frozenset[str]:
    """Words written with a capital, where they stand for no English word; and what English mail writes with one.

    All German nouns are, so of these only those are learned that are glossed.
    """
    names: frozenset[str] = frozenset()
    for language in (FIRST, *GLOSSED):
        spelled = words_of_judge(language)["spelled"]
        texts = [replace(one, text=unaccented(one.text)) for one in messages if one.language == language]
        names |= names_in(texts) - {word for long in spelled.values() for word in long.split()} - {*spelled}
    return names
