"""Trains the judges, of English mail and of mail that is glossed in English, and writes their weights.

    python bench/train_judge.py [--data ../shared/data] [--out rules/recipflow_rules/judge]

Same data, same weights. Where a reader marked the sentences that do an act, those are learned from. Elsewhere the sentence
that speaks most for an act stands for the message, and is found again as the weights settle (multiple instance learning).
What the sentences say is then gathered into one certainty a message, on scores of owners that were left out; owners left
out of that calibrate it. What is learned from stands in `judge_corpus.py` and `judge_glossed.py`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a script, `bench` is no package yet

from bench import judge_glossed
from bench.judge_corpus import Lesson, lessons, words
from recipflow.assembly import FIRST, packs, words_of_judge
from recipflow.packs import read_json
from recipflow.reading.judge import ACTS, FINDINGS, UNIT, Judge, gather

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
OUT = ROOT / "rules" / "recipflow_rules" / "judge"

CACHE = ROOT / ".cache"

FOLDS = 5
ROUNDS = 3
"""How often the sentence that stands for a message is found again."""

STRICT = {
    "give": 0.06,
    "ask": 0.06,
    "thanks": 0.06,
    "promise": 0.06,
    "refusal": 0.03,
    "meeting": 0.12,
    "notable": 0.03,
}
"""Inverse strength of regularisation for sentences, by act."""

RARE = ("notable", "large")
"""What is too rare in real mail to be calibrated on it alone: fictional mailboxes are read as well."""

PRECISE = {"notable": 0.85, "thanks": 0.9}
"""Of what is said, how much has to be so: a wrong notable give opens a wrong window, wrong thanks close a debt."""

TELLING = 4.0
"""Logarithm of odds from which a feature is as telling as any."""

STRICT_MESSAGE = 0.05
"""The same for messages."""

SILENT_SENTENCE = 0.3
"""How much a sentence of a message with the act, none of them marked, counts against it when another stands for it."""

MET = 10
"""Messages a rule must have hit to be judged."""

LEAST = 8
"""Hundredths below which all weights of a feature are left out of the file."""

UNTOLD, SILENT, SPEAKS = -1, 0, 1

Array = Any


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


class Sentences:
    """The sentences of all lessons as a matrix, and the models of them by what was left out."""

    def __init__(self, taught: Sequence[Lesson]) -> None:
        rows = [
            dict.fromkeys((*sentence, *lesson.seen.message, ""), 1)
            for lesson in taught
            for sentence in lesson.seen.sentences
        ]
        self._vector = DictVectorizer()
        self._rows = _narrow(self._vector.fit_transform(rows))
        self.names: list[str] = list(self._vector.feature_names_)
        self._of = np.repeat(np.arange(len(taught)), [len(lesson.seen.sentences) for lesson in taught])
        self._first = np.searchsorted(self._of, np.arange(len(taught)))
        self._weight = np.array([lesson.weight for lesson in taught])
        self._truth = truths(taught)
        self._told = {act: told(taught, act) for act in ACTS}
        self._models: dict[tuple[str, bytes], Array] = {}

    def model(self, act: str, among: Array) -> Array:
        """The weights of each feature for one act, learned from the messages `among`."""
        key = (act, among.tobytes())
        if key not in self._models:
            self._models[key] = self._learn(act, among)
        return self._models[key]

    def gathered(self, among: Array) -> Array:
        """What the sentences of every message say, by models learned from the messages `among`."""
        columns = []
        for act in ACTS:
            logits = self._rows @ self.model(act, among)
            columns.append([gather(part.tolist()) for part in np.split(logits, self._first[1:])])
        return np.concatenate(columns, axis=1)

    def _learn(self, act: str, among: Array) -> Array:
        chosen = among[self._of]
        rows, of, told_here = self._rows[chosen], self._of[chosen], self._told[act][chosen]
        true, weight = self._truth[act][of], self._weight[of]
        sure, spoken = told_here != UNTOLD, np.where(told_here == UNTOLD, true, told_here == SPEAKS)
        counts = np.where(sure, weight, weight / np.where(true, np.bincount(of)[of], 1))
        for _ in range(ROUNDS):
            telling = _telling(rows, spoken, counts)
            model = LogisticRegression(C=STRICT[act], solver="liblinear", tol=1e-3, fit_intercept=False)
            scaled = _narrow(rows.multiply(telling[None, :]))
            weights = model.fit(scaled, spoken, sample_weight=counts).coef_[0] * telling
            logits = rows @ weights
            most = np.full(len(among), -np.inf)
            np.maximum.at(most, of, logits)
            chance = 1 / (1 + np.exp(-logits))
            found = true & ((logits >= most[of] - 1e-9) | (chance > 0.5))
            spoken = np.where(sure, spoken, found)
            counts = np.where(sure | spoken | ~true, weight, weight * (1 - chance) * SILENT_SENTENCE)
        return weights


def _telling(rows: Array, spoken: Array, counts: Array) -> Array:
    """How telling each feature is by itself: what is evenly spread is held down (Wang and Manning 2012, NBSVM)."""
    does = np.asarray(rows[spoken].multiply(counts[spoken][:, None]).sum(0)).ravel() + 1
    does_not = np.asarray(rows[~spoken].multiply(counts[~spoken][:, None]).sum(0)).ravel() + 1
    return np.minimum(np.abs(np.log((does / does.sum()) / (does_not / does_not.sum()))), TELLING)


def told(taught: Sequence[Lesson], act: str) -> Array:
    """What readers said of each sentence: whether it does the act, or nothing."""
    found = []
    for lesson in taught:
        number, told_of = len(lesson.seen.sentences), lesson.message.of
        does = lesson.message.at.get(act, frozenset())
        silent = told_of != number or bool(act in lesson.message.truth) is not bool(does)
        found += [UNTOLD if silent else SPEAKS if place in does else SILENT for place in range(number)]
    return np.array(found)


def train(course: Course, among: Array, sentences: Sentences) -> dict[str, Any]:
    """The file of weights, learned from the messages `among`."""
    taught, fold = course.lessons, course.fold
    gathered = sentences.gathered(among)
    for left_out in np.unique(fold[among]):
        inside = among & (fold == left_out)
        gathered[inside] = sentences.gathered(among & (fold != left_out))[inside]
    vector = DictVectorizer()
    told = vector.fit_transform(
        [dict.fromkeys(lesson.seen.message.union(*lesson.seen.sentences), 1) for lesson in taught]
    )
    middle, spread = gathered[among].mean(0), gathered[among].std(0)
    rows = _narrow(hstack([csr_matrix((gathered - middle) / spread), told]))
    found = [_finding(rows, course, finding, among) for finding in FINDINGS]
    width = len(middle)
    gather_weights = np.array([weights[:width] / spread for weights, _, _ in found])
    bias = [float(base - gather_weights[row] @ middle) for row, (_, base, _) in enumerate(found)]
    return {
        "yes": {finding: round(cut, 3) for finding, (_, _, cut) in zip(FINDINGS, found, strict=True)},
        "words": words([lesson for lesson, inside in zip(taught, among, strict=True) if inside]),
        "rules": _met([lesson for lesson, inside in zip(taught, among, strict=True) if inside]),
        "bias": [round(value, 4) for value in bias],
        "gather": [[round(float(value), 4) for value in row] for row in gather_weights],
        "sentence": _table(sentences.names, [sentences.model(act, among) for act in ACTS]),
        "message": _table(list(vector.feature_names_), [weights[width:] for weights, _, _ in found]),
    }


def _met(taught: Sequence[Lesson]) -> list[str]:
    """The rules met often enough to be judged; the others, and those that say what is nothing, speak for themselves."""
    nothing = {rule.id for pack in packs() for rule in pack.rules if rule.act is None}
    met = Counter(
        feature
        for lesson in taught
        for feature in frozenset().union(*lesson.seen.sentences)
        if feature[:5] == "rule "
    )
    return sorted({feature[5:] for feature, count in met.items() if count >= MET} - nothing)


def _finding(rows: Array, course: Course, finding: str, among: Array) -> tuple[Array, float, float]:
    """Weights and bias of one finding, calibrated, and the certainty from which it is said, on owners left out."""
    taught, fold = course.lessons, course.fold
    truth, weight = truths(taught)[finding], np.array([lesson.weight for lesson in taught])
    guessed = np.zeros(len(truth))
    for left_out in np.unique(fold[among]):
        inside, outside = among & (fold == left_out), among & (fold != left_out)
        guessed[inside] = _logistic(rows[outside], truth[outside], weight[outside]).decision_function(
            rows[inside]
        )
    natural = among & course.natural(finding)
    scale = LogisticRegression(C=100).fit(guessed[natural, None], truth[natural])
    slope, shift = float(scale.coef_[0, 0]), float(scale.intercept_[0])
    if finding in course.often:
        shift += _logit(course.often[finding]) - _logit(truth[natural].mean())
    model = _logistic(rows[among], truth[among], weight[among])
    certainty = 1 / (1 + np.exp(-(slope * guessed[natural] + shift)))
    cut = course.bars.get(finding) or _cut(truth[natural], certainty)
    if finding in PRECISE:
        cut = max(cut, _precise(truth[natural], certainty, PRECISE[finding]))
    return model.coef_[0] * slope, float(model.intercept_[0]) * slope + shift, cut


def _logistic(rows: Array, truth: Array, weight: Array) -> LogisticRegression:
    return LogisticRegression(C=STRICT_MESSAGE, solver="liblinear").fit(rows, truth, sample_weight=weight)


def _logit(chance: float) -> float:
    return float(np.log(chance / (1 - chance)))


def _cut(truth: Array, certainty: Array) -> float:
    """From where F1 is best: half of the best F1, when certainties are calibrated (Lipton, Elkan, Narayanaswamy 2014)."""
    hits = np.cumsum(truth[np.argsort(-certainty, kind="stable")])
    f1 = 2 * hits / (np.arange(1, len(truth) + 1) + truth.sum())
    return float(f1.max()) / 2


def _precise(truth: Array, certainty: Array, wanted: float) -> float:
    """From where enough of what is said is so."""
    order = np.argsort(-certainty, kind="stable")
    precision = np.cumsum(truth[order]) / np.arange(1, len(truth) + 1)
    enough = np.flatnonzero(precision >= wanted)
    return float(certainty[order][enough[-1]]) if len(enough) else 1.0


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


def _table(names: Sequence[str], columns: Sequence[Array]) -> Mapping[str, list[int]]:
    weights = np.rint(np.array(columns).T / UNIT).astype(int)
    return {
        name: row.tolist() for name, row in zip(names, weights, strict=True) if np.abs(row).max() >= LEAST
    }


def _narrow(rows: Array) -> Array:
    """With the narrow indices that liblinear wants."""
    rows = csr_matrix(rows)
    rows.indices, rows.indptr = rows.indices.astype("int32"), rows.indptr.astype("int32")
    return rows


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


def judges_without(
    data: Path, language: str = FIRST, only: str = ""
) -> Iterator[tuple[frozenset[str], Judge]]:
    """Judges, each trained without some owners, and those owners; kept for as long as nothing they come from changes.

    `only` names an owner: then there is the judge without them, and no other.
    """
    course = english(data) if language == FIRST else abroad(data, read_json("judge/en.json")["yes"])
    taught, fold, sentences = course.lessons, course.fold, Sentences(course.lessons)
    key = blake2b(
        repr(
            [(one.message.id, one.weight, sorted(one.message.truth), _marks(one)) for one in taught]
        ).encode()
    )
    key.update("".join(sorted(sentences.names)).encode() + Path(__file__).read_bytes())
    for left_out in np.unique(fold):
        owners = {lesson.message.group for lesson, of in zip(taught, fold, strict=True) if of == left_out}
        if only and only not in owners:
            continue
        kept = CACHE / f"{key.hexdigest()[:16]}-{left_out}.json"
        if not kept.is_file():
            print(f"training without fold {left_out} of {fold.max()}", file=sys.stderr)
            CACHE.mkdir(exist_ok=True)
            kept.write_text(json.dumps(train(course, fold != left_out, sentences)), encoding="utf-8")
        weights = json.loads(kept.read_text(encoding="utf-8"))
        yield frozenset(owners), Judge(words_of_judge(language), weights)


def _marks(lesson: Lesson) -> list[tuple[str, list[int]]]:
    return sorted((act, sorted(places)) for act, places in lesson.message.at.items())


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--data", type=Path, default=DATA)
    arguments.add_argument("--out", type=Path, default=OUT)
    arguments.add_argument("--glossed", action="store_true", help="train only the judge of glossed mail")
    options = arguments.parse_args()
    if not options.glossed:
        _written(english(options.data), options.out / "en.json")
    bars = json.loads((options.out / "en.json").read_text(encoding="utf-8"))["yes"]
    _written(abroad(options.data, bars), options.out / "glossed.json")


def _written(course: Course, file: Path) -> None:
    taught = course.lessons
    owners = {lesson.message.group for lesson in taught}
    print(f"{len(taught):,} messages of {len(owners)} owners", file=sys.stderr)
    weights = train(course, np.ones(len(taught), bool), Sentences(taught))
    file.write_text(json.dumps(weights, sort_keys=True, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{file}: {file.stat().st_size / 1e6:.2f} MB, yes from {weights['yes']}", file=sys.stderr)


if __name__ == "__main__":
    main()
