"""Train the reader on the labelled rows: `make train-guards` (about half an hour on two cores).

Two heads, each with its own adapters: `labels` reads a sentence alone, `stances` beside its
sources. The weights go to `service/guards/weights/`; the same rows and seed give the same weights
on the same machine.
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 (its name everywhere)

from evals import training
from evals.guards.contexts import context_of
from evals.guards.corpus import LabelledReply, Split, claims, replies, sentences
from evals.guards.network import Network
from evals.lora import save
from evals.training import SEED, Part, by_length
from service.domain.checks import CHECK_IDS
from service.embedding.embedder import Embedder
from service.guards.context import CheckContext
from service.guards.evidence import Finder, sources_of, told_by
from service.guards.reader import LABELS, PREFIX, STANCES, WEIGHTS
from service.guards.reading import Label, Stance
from service.settings import EmbeddingSettings
from service.text.sentences import split_sentences
from service.text.specifics import find_specifics

EPOCHS = 6
_RATE, _HEAD_RATE = 1e-3, 3e-3
_LABELS, _STANCES = list(Label), list(Stance)
OUTPUTS = {LABELS: [one.value for one in Label], STANCES: [one.value for one in Stance]}
_FAULTS = tuple(label for label in Label if label.value in CHECK_IDS)
_UNKNOWN = -1.0


@dataclass(frozen=True)
class Example:
    """A text with its targets: label targets (-1: unknown) or a set of stances."""

    text: str
    beside: str | None
    target: tuple[float, ...]


@dataclass(frozen=True)
class Prepared:
    """An example after the frozen half of the network."""

    half: Tensor
    target: tuple[float, ...]


def label_examples(split: Split) -> Iterator[Example]:
    """Sentences with a target for every label."""
    for row in sentences(split):
        target = tuple(float(label in row.labels) for label in _LABELS)
        yield Example(row.text, None, target)


def claim_examples(finder: Finder, split: Split) -> Iterator[Example]:
    """Sentences beside their sources, each with its one stance."""
    for row in claims(split):
        texts = [claim.text for claim in row.sentences]
        near = told_beside(finder, context_of(row, " ".join(texts)), texts)
        for claim, beside in zip(row.sentences, near, strict=True):
            target = tuple(float(stance is claim.stance) for stance in _STANCES)
            yield Example(claim.text, beside, target)


def reply_label_examples(split: Split) -> Iterator[Example]:
    """Sentences of whole replies: faults by their spans, acts unknown."""
    for row in replies(split):
        for sentence in split_sentences(row.reply):
            target = _fault_target(row, _marked(row, sentence.text))
            yield Example(sentence.text, None, target)


def reply_stance_examples(finder: Finder, split: Split) -> Iterator[Example]:
    """Sentences of whole replies that claim something: what carries no mark may be grounded or
    free."""
    for row in replies(split):
        texts = [sentence.text for sentence in split_sentences(row.reply)]
        texts = [text for text in texts if _marked(row, text) or find_specifics(text)]
        near = told_beside(finder, context_of(row, row.reply), texts)
        for text, beside in zip(texts, near, strict=True):
            yield Example(text, beside, _stance_target(_marked(row, text)))


def _marked(row: LabelledReply, sentence: str) -> set[str]:
    """The checks whose marked words stand in the sentence, or hold it."""
    return {
        finding.check
        for finding in row.findings
        if finding.text and (finding.text in sentence or sentence in finding.text)
    }


def told_beside(finder: Finder, context: CheckContext, texts: Sequence[str]) -> list[str]:
    """For each text its nearest sources in words."""
    return [told_by(near) for near in finder.nearest(texts, sources_of(context))]


def _fault_target(row: LabelledReply, marked: set[str]) -> tuple[float, ...]:
    whole = {finding.check for finding in row.findings if finding.text == row.reply}
    return tuple(
        _UNKNOWN if label not in _FAULTS or label.value in whole else float(label.value in marked)
        for label in _LABELS
    )


def _stance_target(marked: set[str]) -> tuple[float, ...]:
    bad = tuple(float(stance.value in marked) for stance in _STANCES)
    unmarked = tuple(float(stance in (Stance.GROUNDED, Stance.FREE)) for stance in _STANCES)
    return bad if any(bad) else unmarked


def loss_of(scores: Tensor, targets: Tensor, head: str) -> Tensor:
    """Cross-entropy: each known label for itself, or the whole mass of the allowed stances."""
    if head == LABELS:
        known = (targets != _UNKNOWN).float()
        each = F.binary_cross_entropy_with_logits(scores, targets.clamp(min=0), reduction="none")
        return (each * known).sum() / known.sum().clamp(min=1)
    allowed = scores.log_softmax(dim=1).masked_fill(targets == 0, -torch.inf)
    return -allowed.logsumexp(dim=1).mean()


def fit(network: Network, examples: Sequence[Prepared], head: str, epochs: int) -> None:
    """Train adapters and head; prints the loss of each epoch."""

    def loss(batch: Sequence[Prepared], _: random.Random) -> Tensor:
        with torch.autocast("cpu", torch.bfloat16):
            scores = network([example.half for example in batch])
        targets = torch.tensor([example.target for example in batch])
        return loss_of(scores.float(), targets, head)

    parts = [Part(network.adapters(), _RATE), Part(network.heads(), _HEAD_RATE)]
    training.fit(
        network, parts, lambda dice: by_length(examples, dice), loss, epochs=epochs, title=head
    )


def gather(head: str, split: Split) -> list[Example]:
    """Every example of a split for a head."""
    finder = Finder(Embedder(EmbeddingSettings()))
    if head == LABELS:
        return [*label_examples(split), *reply_label_examples(split)]
    return [*claim_examples(finder, split), *reply_stance_examples(finder, split)]


def prepare(network: Network, examples: Sequence[Example]) -> list[Prepared]:
    """All examples through the frozen half, once."""
    tokens = [network.encoder.tokens(PREFIX + one.text, one.beside) for one in examples]
    return [
        Prepared(half, one.target)
        for one, half in zip(examples, network.half_read(tokens), strict=True)
    ]


def train(head: str, epochs: int, folder: Path) -> None:
    """One head from its rows to its weights."""
    torch.manual_seed(SEED)
    network = Network(len(OUTPUTS[head]))
    examples = prepare(network, gather(head, "train"))
    print(f"{head}: {len(examples)} examples", flush=True)
    fit(network, examples, head, epochs)
    path = folder / f"{head}.npz"
    save({**dict(network.weights()), "outputs": np.array(OUTPUTS[head])}, path)
    print(f"{path.name}, {path.stat().st_size / 1e6:.1f} MB", flush=True)


def main() -> None:
    """Train on the train split and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("heads", nargs="*", default=[LABELS, STANCES], help="labels, stances")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    asked = parser.parse_args()
    for head in asked.heads:
        train(head, asked.epochs, asked.output)


if __name__ == "__main__":
    main()
