"""The courses the judges take: the lessons of each, in folds, and what their certainties are measured on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bench import judge_glossed
from bench.judge_corpus import Lesson, lessons
from recipflow.reading.judge import FINDINGS

FOLDS = 5

Array = Any

RARE = ("notable", "large")
"""What is too rare in real mail to be calibrated on it alone: fictional mailboxes are read as well."""


@dataclass(frozen=True, eq=False)
class Course:
    """What a judge learns, in folds of which each may be left out, and what its certainties are measured on."""

    lessons: Sequence[Lesson]
    fold: Array
    often: Mapping[str, float] = field(
        default_factory=dict
    )  #: how often mail has a finding, if not as measured
    bars: Mapping[str, float] = field(
        default_factory=dict
    )  #: certainties from which findings are said, if told

    def natural(self, finding: str) -> Array:
        """The lessons on which certainties of the finding are calibrated."""
        if self.bars:
            return np.array([judge_glossed.abroad(lesson) for lesson in self.lessons])
        sources = ("hand", "mailbox") if finding in RARE else ("hand",)
        return np.array([lesson.source in sources for lesson in self.lessons])


def english(data: Path) -> Course:
    """What the judge of English learns."""
    taught = [lesson for lesson in lessons(data) if lesson.seen.sentences]
    return Course(taught, folds(taught))


def abroad(data: Path, bars: Mapping[str, float]) -> Course:
    """What the judge of the other languages learns; things are said from the certainties from which they are in English."""
    taught = [lesson for lesson in judge_glossed.lessons(data) if lesson.seen.sentences]
    real = np.array([lesson.source == "hand" for lesson in taught])
    often = {finding: float(truth[real].mean()) for finding, truth in truths(taught).items()}
    return Course(taught, np.array(judge_glossed.folds(taught)), often, bars)


def truths(taught: Sequence[Lesson]) -> dict[str, Array]:
    return {finding: np.array([finding in lesson.message.truth for lesson in taught]) for finding in FINDINGS}


def folds(taught: Sequence[Lesson]) -> Array:
    """Owners in folds of about the same size, those of fictional mailboxes among them; the fictional mails are a fold."""
    sizes = Counter(lesson.message.group for lesson in taught)
    full, of = [0] * FOLDS, {"fictional": FOLDS}
    for owner, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        if owner not in of:
            of[owner] = full.index(min(full))
            full[of[owner]] += size
    return np.array([of[lesson.message.group] for lesson in taught])
