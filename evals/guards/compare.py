"""What finds faults in sentences best for its time: `python -m evals.guards.compare`.

Every way is trained on the train split, its thresholds are chosen on dev, and it is measured on
test. Reported per fault and as a mean: precision, recall and F1, and milliseconds a sentence.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from evals.brands import brand_of
from evals.guards.corpus import LabelledSentence, sentences
from evals.guards.thresholds import best_threshold
from service.domain.checks import CHECK_IDS
from service.domain.thread import Case, Complaint
from service.domain.triage import MoveKind
from service.embedding.embedder import Embedder, Side
from service.guards.context import CheckContext
from service.guards.phrases import find_phrases
from service.guards.reader import Reader
from service.guards.reading import Label
from service.settings import EmbeddingSettings

FAULTS = tuple(label for label in Label if label.value in CHECK_IDS)
Matrix = npt.NDArray[np.float64]
Part = TypeVar("Part")
Truth = npt.NDArray[np.bool_]
Rows = Sequence[LabelledSentence]
_SPREAD, _STATIC_WORDS = 4.0, 20_000


@dataclass(frozen=True)
class Way:
    """A way to read sentences: trained scores (rows, faults) for dev and for test."""

    name: str
    dev: Matrix
    test: Matrix
    milliseconds: float


def marks(rows: Rows) -> Truth:
    """Which faults are true, shape (rows, faults)."""
    return np.array([[fault in row.labels for fault in FAULTS] for row in rows])


def _texts(rows: Rows) -> list[str]:
    return [row.text for row in rows]


def _linear(
    train: csr_matrix, dev: csr_matrix, test: csr_matrix, truth: Truth
) -> tuple[Matrix, Matrix]:
    """One logistic regression a fault; scores for dev and for test."""
    others = (dev, test)
    found = [np.zeros((other.shape[0], len(FAULTS))) for other in others]
    for column in range(len(FAULTS)):
        model = LogisticRegression(C=3, max_iter=500, class_weight="balanced")
        model.fit(train, truth[:, column])
        for scores, other in zip(found, others, strict=True):
            scores[:, column] = model.predict_proba(other)[:, 1]
    return found[0], found[1]


def _keywords(rows: Rows) -> Matrix:
    """The lists of phrases alone: 1 where one is found."""
    brand = brand_of("tidewell")
    found = np.zeros((len(rows), len(FAULTS)))
    for place, row in enumerate(rows):
        complaint = row.complaint or "It broke again and nobody answers."
        context = CheckContext(
            reply=row.text,
            case=Case(complaint=Complaint(text=complaint)),
            brand=brand,
            language=row.language,
            move=MoveKind.PUBLIC_REPLY,
        )
        for column, fault in enumerate(FAULTS):
            if fault is not Label.CANNED:
                found[place, column] = bool(find_phrases(context, fault.value))
    return found


def _timed(make: Callable[[Rows], Part], dev: Rows, test: Rows) -> tuple[Part, Part, float]:
    """What is made of dev and of test, and the milliseconds a row."""
    began = time.perf_counter()
    made = make(dev), make(test)
    return *made, (time.perf_counter() - began) * 1000 / (len(dev) + len(test))


def ways(train: Rows, dev: Rows, test: Rows) -> Iterator[Way]:
    """Every way that was tried, the simplest first."""
    truth = marks(train)
    yield Way("lists of phrases", *_timed(_keywords, dev, test))
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    yield _vectorised("TF-IDF of words, linear", words, train, dev, test)
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    yield _vectorised("TF-IDF of character n-grams, linear", characters, train, dev, test)
    embedder = Embedder(EmbeddingSettings())

    def embedded(rows: Rows) -> csr_matrix:
        return csr_matrix(_spread(embedder.embed(_texts(rows), Side.QUERY)))

    base = embedded(train)
    near, far, cost = _timed(embedded, dev, test)
    yield Way("bundled embedding, linear", *_linear(base, near, far, truth), cost)
    one, two, three = (
        hstack([vectors, characters.transform(_texts(rows))]).tocsr()
        for vectors, rows in ((base, train), (near, dev), (far, test))
    )
    yield Way("embedding and n-grams, linear", *_linear(one, two, three, truth), cost)
    yield _static(embedder, train, dev, test)
    yield _reader(embedder, dev, test)


def _spread(vectors: npt.NDArray[np.float32]) -> Matrix:
    """E5's cosines lie close together; this gives a linear model something to hold on to."""
    return np.asarray(vectors * _SPREAD, np.float64)


def _vectorised(name: str, vectoriser: TfidfVectorizer, train: Rows, dev: Rows, test: Rows) -> Way:
    base = vectoriser.fit_transform(_texts(train))
    near, far, cost = _timed(lambda rows: vectoriser.transform(_texts(rows)), dev, test)
    return Way(name, *_linear(base, near, far, marks(train)), cost)


def _static(embedder: Embedder, train: Rows, dev: Rows, test: Rows) -> Way:
    """A static embedding distilled from the bundled one: a vector a word, summed by its weight."""
    counted = TfidfVectorizer(sublinear_tf=True, max_features=_STATIC_WORDS, min_df=2)
    base = counted.fit_transform(_texts(train))
    words = embedder.embed(list(counted.get_feature_names_out()), Side.QUERY)
    table = csr_matrix(_spread(words - words.mean(axis=0)))
    near, far, cost = _timed(lambda rows: counted.transform(_texts(rows)) @ table, dev, test)
    return Way("static embedding, linear", *_linear(base @ table, near, far, marks(train)), cost)


def _reader(embedder: Embedder, dev: Rows, test: Rows) -> Way:
    """The trained reader as production runs it, one sentence at a time."""
    reader = Reader(embedder)
    reader.warm_up()

    def shares(rows: Rows) -> Matrix:
        read = [reader.labels_of([row.text])[0] for row in rows]
        return np.array([[one[fault] for fault in FAULTS] for one in read])

    return Way("bundled encoder with adapters", *_timed(shares, dev, test))


def lines() -> Iterator[str]:
    """The table."""
    train, dev, test = sentences("train"), sentences("dev"), sentences("test")
    yield f"{len(train)} sentences to train on, {len(dev)} for thresholds, {len(test)} measured"
    heads = "".join(f"{fault.value[:12]:>14}" for fault in FAULTS)
    yield f"{'':<38}{'P':>6}{'R':>6}{'F1':>6}{'ms':>8}  F1 of:{heads}"
    for way in ways(train, dev, test):
        figures = [_figures(way, column, marks(dev), marks(test)) for column in range(len(FAULTS))]
        mean = np.mean(figures, axis=0)
        each = "".join(f"{f1:>14.2f}" for _, _, f1 in figures)
        cells = "".join(f"{value:>6.2f}" for value in mean)
        yield f"{way.name:<38}{cells}{way.milliseconds:>8.2f}        {each}"


def _figures(way: Way, column: int, dev: Truth, test: Truth) -> tuple[float, float, float]:
    at = best_threshold(way.dev[:, column], dev[:, column])
    raised, marked = way.test[:, column] >= at, test[:, column]
    right = float((raised & marked).sum())
    precision, recall = right / max(1, raised.sum()), right / max(1, marked.sum())
    return precision, recall, 2 * right / max(1.0, float(raised.sum() + marked.sum()))


def main() -> None:
    """Print the table."""
    for line in lines():
        print(line, flush=True)


if __name__ == "__main__":
    main()
