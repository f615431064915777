"""Which kind a text is: a small head over the bundled embedding, fitted on our own examples."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml

from service.domain.triage import Kind
from service.embedding.embedder import Embedder, Side, Vectors
from service.text.sentences import Sentence
from service.triage.cues import has_cue

EXAMPLES = Path(__file__).parent / "examples.yaml"
ASIDE = "aside"
_RIDGE = 0.2
_SHARPNESS = 6.0
_CUE = 2.0
COMPLAINT, COMPLIMENT, QUESTION, SPAM = Kind.COMPLAINT, Kind.COMPLIMENT, Kind.QUESTION, Kind.SPAM

Shares = npt.NDArray[np.float32]


@dataclass(frozen=True)
class KindHead:
    """A linear head: `labels` in the order of the columns of `weights` (dimensions + 1, labels)."""

    labels: tuple[str, ...]
    weights: Vectors
    middle: Vectors

    def shares(self, vectors: Vectors) -> Shares:
        """How much each label fits each row, summing to 1; shape (rows, labels)."""
        raw = _with_bias(vectors - self.middle) @ self.weights * _SHARPNESS
        grown = np.exp(raw - raw.max(axis=1, keepdims=True))
        return np.asarray(grown / grown.sum(axis=1, keepdims=True), np.float32)

    def share(self, row: Shares, label: str) -> float:
        """One label's share in a row of `shares`."""
        return float(row[self.labels.index(label)])


def fit_head(vectors: Vectors, kinds: Sequence[str]) -> KindHead:
    """Ridge regression on one-hot labels: closed form, so nothing to tune or to seed."""
    labels = tuple(dict.fromkeys(kinds))
    middle = vectors.mean(axis=0)
    inputs = _with_bias(vectors - middle)
    targets = np.eye(len(labels), dtype=np.float32)[[labels.index(kind) for kind in kinds]]
    gram = inputs.T @ inputs + _RIDGE * np.eye(inputs.shape[1], dtype=np.float32)
    return KindHead(labels, np.linalg.solve(gram, inputs.T @ targets).astype(np.float32), middle)


def load_head(embedder: Embedder, cache: Path) -> KindHead:
    """The head for this embedding model; its examples are embedded once and kept in `cache`."""
    texts, kinds = _examples()
    key = hashlib.sha256("\n".join([embedder.name, *texts]).encode()).hexdigest()[:16]
    kept = cache / f"triage-examples-{key}.npy"
    if kept.exists():
        return fit_head(np.load(kept), kinds)
    vectors = embedder.embed(texts, Side.QUERY)
    cache.mkdir(parents=True, exist_ok=True)
    unfinished = kept.with_suffix(f".{hashlib.sha256(str(id(texts)).encode()).hexdigest()[:8]}")
    with unfinished.open("wb") as file:
        np.save(file, vectors)
    unfinished.replace(kept)
    return fit_head(vectors, kinds)


def kind_of(points: Sequence[Sentence], shares: Shares, head: KindHead) -> Kind:
    """The kind of a whole text from its points: one plain complaint among praise is a complaint."""
    cued = [_with_cues(head, point, row) for point, row in zip(points, shares, strict=True)]
    lengths = np.array([len(point.text) for point in points], np.float32)
    weighted = (np.stack(cued).T @ lengths) / lengths.sum()
    mean = {label: float(share) for label, share in zip(head.labels, weighted, strict=True)}
    worst, warmest = (max(head.share(row, k) for row in cued) for k in (COMPLAINT, COMPLIMENT))
    negative = any(has_cue("negative", point.text) for point in points)
    # A complaint taken for spam would never be answered, so the vectors alone don't decide it.
    sells = any(has_cue("spam", point.text) for point in points)
    if mean[SPAM] > (0.4 if sells else 0.97) and worst < 0.5:
        return Kind.SPAM
    best = max((COMPLAINT, COMPLIMENT, QUESTION), key=lambda kind: mean[kind.value])
    # Thanks under a complaint are worse than care under praise.
    praises = any(has_cue("positive", point.text) for point in points)
    if best is COMPLIMENT and not praises and (negative or warmest < 0.85):
        return COMPLAINT
    if best is not COMPLAINT and worst > 0.8:
        return COMPLAINT
    if best is COMPLAINT and warmest > 0.85 and mean[COMPLIMENT] > 0.3 and not negative:
        return COMPLIMENT
    return best


def _with_cues(head: KindHead, point: Sentence, row: Shares) -> Shares:
    """Plain words of harm or praise tip a sentence that the vectors leave open."""
    negative = has_cue("negative", point.text)
    factors: dict[str, float] = {
        COMPLAINT: _CUE if negative else 1.0,
        COMPLIMENT: _CUE if has_cue("positive", point.text) and not negative else 1.0,
    }
    raised = row * np.array([factors.get(label, 1.0) for label in head.labels])
    return np.asarray(raised / raised.sum(), np.float32)


def _examples() -> tuple[list[str], list[str]]:
    listed: dict[str, dict[str, list[str]]] = yaml.safe_load(EXAMPLES.read_text(encoding="utf-8"))
    pairs = [
        (text, kind)
        for kind, languages in listed.items()
        for texts in languages.values()
        for text in texts
    ]
    return [text for text, _ in pairs], [kind for _, kind in pairs]


def _with_bias(vectors: Vectors) -> Vectors:
    return np.hstack([vectors, np.ones((len(vectors), 1), np.float32)])
