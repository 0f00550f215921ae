"""What a reader must beat: a regular expression of cue words for each act, and TF-IDF with logistic regression."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_curve
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline

from bench.labelled import LABELS, Labelled

CUES = {
    "give": r"attached|here (?:is|are)|fyi|forward|you can|i suggest|invite|happy to|glad to",
    "notable": r"happy to|glad to|introduc|recommend|on me\b|offer|welcome to",
    "ask": r"\?|please|could you|can you|would you|let me know|need you|i need",
    "large": r"review|draft|attend|comments on|help (?:me|us) with",
    "thanks": r"thank(?:s| you) (?:for|so|very)|appreciate|^thank|grateful",
    "promise": r"\b(?:i|we)(?:'ll| will| am going to|'m going to)\b",
    "refusal": r"can't|cannot|unable|won't|unfortunately|afraid|not able|decline",
    "meeting": r"meet|lunch|dinner|call (?:on|at)|schedule|available|get together|see you",
}


def by_cues(message: Labelled) -> dict[str, float]:
    """Each label whose cue words stand in the message."""
    text = message.text.lower()
    return {label: 1.0 for label, cues in CUES.items() if re.search(cues, text, re.MULTILINE)}


class Words:
    """TF-IDF of words and pairs of words with logistic regression: one for each label, cut where F1 is best in training."""

    def __init__(self, messages: Sequence[Labelled]) -> None:
        self._models, self.cut = {}, {}
        texts = [_words(one) for one in messages]
        for label in LABELS:
            truth = np.array([label in one.truth for one in messages])
            model = make_pipeline(
                TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
                LogisticRegression(C=10, class_weight="balanced", solver="liblinear"),
            )
            self.cut[label] = _cut(model, texts, truth, [one.group for one in messages])
            self._models[label] = model.fit(texts, truth)

    def certainty(self, messages: Sequence[Labelled]) -> list[dict[str, float]]:
        texts = [_words(one) for one in messages]
        found = {label: model.predict_proba(texts)[:, 1] for label, model in self._models.items()}
        return [{label: float(found[label][row]) for label in found} for row in range(len(texts))]


def _words(message: Labelled) -> str:
    return f"{message.subject}\n{message.text}"


def _cut(model: object, texts: list[str], truth: np.ndarray, groups: list[str]) -> float:
    """Where F1 is best on owners left out of training."""
    folds = GroupKFold(min(5, len(set(groups))))
    guessed = cross_val_predict(model, texts, truth, groups=groups, cv=folds, method="predict_proba")[:, 1]
    precision, recall, cuts = precision_recall_curve(truth, guessed)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    return float(cuts[int(np.argmax(f1[:-1]))])
