"""The grader: features times weights, three questions asked in a row, and the reasons in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from monitor.classify import grams
from monitor.classify.features import Features, read_features
from monitor.classify.lexicon import Lexicon, read_lexicon
from monitor.classify.prose import read_prose
from monitor.classify.refit import Lesson, refit
from monitor.classify.trust import trusted
from monitor.classify.weights import BODY, HEADS, TITLE, Floats, Weights, digest, read_weights, write_weights
from monitor.model import Article, Facts, Grade, Reason, Relevance

_REASONS = 5  # shown to a reader: more are noise in a message
_OWN_LABELS = {"title:place": "제목에 지역", "title:body_first": "지자체가 주어", "title:sum": "제목에 금액"}
_FAMILY_LABELS = {
    "stage:": "거래 단계",
    "deal:": "기업·기관·금액이 갖춰진 거래",
    "signed:": "누가 서명했는지",
    "built:": "기업의 착공·준공",
    "planned:": "금액 있는 투자 계획",
    "named:": "지역·기관 이름",
    "outlet:": "매체 성격",
    "section:": "지면",
}


@dataclass(frozen=True, slots=True)
class Grader:
    """Grades articles with one topic's words and one trained model; holds no state between articles."""

    lexicon: Lexicon
    weights: Weights
    labels: tuple[str, ...]  # words for a reader; the last is "" for features that say nothing to one
    label_of: NDArray[np.int64]  # (dense,), index into labels
    argument: Floats  # (dense,), weight of a feature's raw value for alert and digest together

    @classmethod
    def load(cls, weights: bytes, topic: Mapping[str, object]) -> "Grader":
        """Return a grader.

        Args:
            weights: bytes of ``config/models/relevance.npz``.
            topic: what ``tomllib`` gives for ``config/topics/investment.toml``.

        Raises:
            ConfigError: the topic is incomplete, the weights cannot be read, or they were trained with
                other cues than the topic has.
        """
        lexicon = read_lexicon(topic)
        return cls.of(lexicon, read_weights(weights, lexicon.names))

    @classmethod
    def of(cls, lexicon: Lexicon, weights: Weights) -> "Grader":
        """Return a grader with a trained model that is in memory."""
        labels, label_of = _labels(lexicon)
        return cls(lexicon, weights, labels, label_of, weights.dense[:, :2].mean(axis=1) / weights.scale)

    def taught(self, lessons: Sequence[Lesson]) -> "Grader":
        """Return a grader whose weights are corrected by what people said (``refit``); its version says so."""
        corrected = refit(self.weights, lessons)
        return Grader.of(self.lexicon, replace(corrected, version=f"{self.weights.version}+{digest(corrected)}"))

    def packed(self) -> bytes:
        """Return the bytes of a weights file that ``load`` reads."""
        return write_weights(self.weights)

    @property
    def refused(self) -> tuple[str, ...]:
        """Rules of the topic that were switched off, one line for each with the reason."""
        return self.lexicon.refused

    def grade(self, article: Article, facts: Facts) -> Relevance:
        """Return how much a regional investment officer wants to know *article*.

        ``score`` is the probability that the article is an alert (grade 3), after doubt; ``why`` are the strongest
        arguments for and against, in log-odds of being an alert or digest entry.
        """
        features = self.read(article, facts)
        alert, digest, mention = self.probabilities(features)
        told = trusted(alert, article.title, facts, self.lexicon)
        return Relevance(
            self.grade_of(told, digest, mention), round(told, 4), self._why(features), self.weights.version
        )

    def read(self, article: Article, facts: Facts) -> Features:
        """Return what the model sees of *article*."""
        prose = read_prose(article, lead=self.lexicon.lead, body=self.lexicon.body)
        return read_features(article, facts, prose, self.lexicon)

    def probabilities(self, features: Features) -> tuple[float, float, float]:
        """Return the probabilities of grade 3, of at least 2, of at least 1, never rising with the grade."""
        logit = self._standard(features) @ self.weights.dense + self.weights.bias + self._gram_logit(features)
        alert, digest, mention = (1 / (1 + np.exp(-logit))).tolist()
        digest = max(alert, digest)
        return alert, digest, max(digest, mention)

    def grade_of(self, alert: float, digest: float, mention: float) -> Grade:
        """Return the grade that the topic's thresholds give to three probabilities, the first after doubt."""
        if alert >= self.lexicon.alert:
            return Grade.DEAL
        if digest >= self.lexicon.digest:
            return Grade.ACTIVITY
        return Grade.MENTION if mention >= self.lexicon.mention else Grade.UNRELATED

    def _standard(self, features: Features) -> Floats:
        standard: Floats = (np.asarray(features.dense) - self.weights.mean) / self.weights.scale
        return standard

    def _gram_logit(self, features: Features) -> Floats:
        total = np.zeros(len(HEADS))
        for text, salt in ((features.title_text, TITLE), (features.body_text, BODY)):
            slots = grams.slots(text, salt)
            total += np.ones(len(slots), np.float32) @ self.weights.grams.take(slots, axis=0) / np.sqrt(len(slots))
        return total

    def _why(self, features: Features) -> tuple[Reason, ...]:
        spoken = np.bincount(self.label_of, np.asarray(features.dense) * self.argument, len(self.labels))[:-1]
        strongest = np.argsort(-np.abs(spoken))[:_REASONS].tolist()
        return tuple(Reason(self.labels[index], round(float(spoken[index]), 3)) for index in strongest if spoken[index])


def _labels(lexicon: Lexicon) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    cues = {f"{part}:{cue.name}": cue.label for cue in lexicon.cues for part in ("title", "lead", "body")}
    patterns = {f"{part}:{row.name}": row.label for row in lexicon.patterns for part in ("first", "all")}
    known = cues | patterns | _OWN_LABELS
    said = [known.get(name) or _family_label(name) for name in lexicon.names]
    labels = (*dict.fromkeys(label for label in said if label), "")
    index = {label: place for place, label in enumerate(labels)}
    return labels, np.array([index[label] for label in said], dtype=np.int64)


def _family_label(name: str) -> str:
    return next((label for start, label in _FAMILY_LABELS.items() if name.startswith(start) and "&" not in name), "")
