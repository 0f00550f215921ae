"""What the sentences of messages say: a model of each act, learned though few sentences are marked."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from bench.judge_corpus import Lesson
from bench.judge_course import Array, truths
from recipflow.reading.judge import ACTS, gather

CORES = os.cpu_count() or 1
"""Models learned at a time: more would only wait for memory."""

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

TELLING = 4.0
"""Logarithm of odds from which a feature is as telling as any."""

SILENT_SENTENCE = 0.3
"""How much a sentence of a message with the act, none of them marked, counts against it when another stands for it."""

UNTOLD, SILENT, SPEAKS = -1, 0, 1


class Sentences:
    """The sentences of all lessons as a matrix, and the models of them by what was left out."""

    def __init__(self, taught: Sequence[Lesson]) -> None:
        rows = [
            dict.fromkeys((*sentence, *lesson.seen.message, ""), 1)
            for lesson in taught
            for sentence in lesson.seen.sentences
        ]
        self._vector = DictVectorizer()
        self._rows = narrow(self._vector.fit_transform(rows))
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
        with ThreadPoolExecutor(CORES) as threads:  # liblinear lets go of the interpreter
            models = list(threads.map(partial(self.model, among=among), ACTS))
        columns = [
            [gather(part.tolist()) for part in np.split(self._rows @ weights, self._first[1:])]
            for weights in models
        ]
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
            scaled = narrow(rows.multiply(telling[None, :]))
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


def narrow(rows: Array) -> Array:
    """With the narrow indices that liblinear wants."""
    rows = csr_matrix(rows)
    rows.indices, rows.indptr = rows.indices.astype("int32"), rows.indptr.astype("int32")
    return rows
