"""Trains the judges, of English mail and of mail that is glossed in English, and writes their weights.

    python bench/train_judge.py [--data ../shared/data] [--out rules/recipflow_rules/judge]

Same data, same weights. Where a reader marked the sentences that do an act, those are learned from. Elsewhere the sentence
that speaks most for an act stands for the message, and is found again as the weights settle (multiple instance learning).
What the sentences say is then gathered into one certainty a message, on scores of owners that were left out; owners left
out of that calibrate it. What is learned from stands in `judge_course.py`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a script, `bench` is no package yet

from bench import judge_course, judge_sentences
from bench.judge_corpus import Lesson, words
from bench.judge_course import Array, Course, abroad, english, truths
from bench.judge_sentences import Sentences, narrow
from bench.measures import measured
from recipflow.assembly import FIRST, packs, words_of_judge
from recipflow.packs import read_json
from recipflow.reading.judge import ACTS, FINDINGS, UNIT, Judge

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
OUT = ROOT / "rules" / "recipflow_rules" / "judge"

CACHE = ROOT / ".cache"

PRECISE = {"notable": 0.75, "thanks": 0.9}
"""Of what is said, how much has to be so: a wrong notable give opens a wrong window, wrong thanks close a debt."""

STRICT_MESSAGE = 0.05
"""Inverse strength of regularisation for messages."""

MET = 10
"""Messages a rule must have hit to be judged."""

LEAST = 8
"""Hundredths below which all weights of a feature are left out of the file."""


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
    rows = narrow(hstack([csr_matrix((gathered - middle) / spread), told]))
    with ThreadPoolExecutor(judge_sentences.CORES) as threads:
        found = list(threads.map(lambda finding: _finding(rows, course, finding, among), FINDINGS))
    width = len(middle)
    gather_weights = np.array([weights[:width] / spread for weights, _, _ in found])
    bias = [float(base - gather_weights[row] @ middle) for row, (_, base, _) in enumerate(found)]
    return {
        "yes": {finding: round(cut, 3) for finding, (_, _, cut) in zip(FINDINGS, found, strict=True)},
        "words": words([lesson for lesson, inside in zip(taught, among, strict=True) if inside]),
        "favours": sorted(rule.id for pack in packs() for rule in pack.rules if rule.favour),
        "rules": _met([lesson for lesson, inside in zip(taught, among, strict=True) if inside]),
        "bias": [round(value, 4) for value in bias],
        "gather": [[round(float(value), 4) for value in row] for row in gather_weights],
        "sentence": _table(sentences.names, [sentences.model(act, among) for act in ACTS]),
        "message": _table(list(vector.feature_names_), [weights[width:] for weights, _, _ in found]),
    }


def _met(taught: Sequence[Lesson]) -> list[str]:
    """The rules met often enough to be judged; the others, and those that say what is nothing, speak for themselves."""
    rules = {rule.id for pack in packs() for rule in pack.rules if rule.act is not None}
    met = Counter(
        feature
        for lesson in taught
        for feature in lesson.seen.message.union(*lesson.seen.sentences)
        if feature[:5] == "rule "
    )
    return sorted(
        {feature[5:] for feature, count in met.items() if count >= MET} & rules
    )  # "rule" is a word, too


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
    by_hand = np.array([lesson.source == "hand" for lesson in taught])[natural]
    _tell(finding, truth[natural][by_hand], certainty[by_hand], cut)
    return model.coef_[0] * slope, float(model.intercept_[0]) * slope + shift, cut


def _tell(finding: str, truth: Array, certainty: Array, cut: float) -> None:
    """How well the judge alone does on hand-labelled mail of owners that it was not trained on."""
    if truth.any():
        told = measured(truth, certainty >= cut, certainty)
        figures = (
            f"AP {told.ap:.3f}, F1 {told.f1:.3f}, precision {told.precision:.3f}, recall {told.recall:.3f}"
        )
        print(f"{finding}, owners left out: {told.n} of {len(truth)}: {figures}", file=sys.stderr)


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


def _table(names: Sequence[str], columns: Sequence[Array]) -> Mapping[str, list[int]]:
    weights = np.rint(np.array(columns).T / UNIT).astype(int)
    return {
        name: row.tolist() for name, row in zip(names, weights, strict=True) if np.abs(row).max() >= LEAST
    }


def judges_without(
    data: Path, language: str = FIRST, only: Collection[str] = ()
) -> Iterator[tuple[frozenset[str], Judge]]:
    """Judges, each trained without some owners, and those owners; kept for as long as nothing they come from changes.

    `only` names owners: then there are the judges without one of them, and no others.
    """
    course = english(data) if language == FIRST else abroad(data, read_json("judge/en.json")["yes"])
    taught, fold, sentences = course.lessons, course.fold, Sentences(course.lessons)
    key = blake2b(
        repr(
            [(one.message.id, one.weight, sorted(one.message.truth), _marks(one)) for one in taught]
        ).encode()
    )
    code = b"".join(
        Path(file).read_bytes() for file in (__file__, judge_sentences.__file__, judge_course.__file__)
    )
    key.update("".join(sorted(sentences.names)).encode() + code)
    for left_out in np.unique(fold):
        owners = {lesson.message.group for lesson, of in zip(taught, fold, strict=True) if of == left_out}
        if only and owners.isdisjoint(only):
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
