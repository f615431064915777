"""Train the complaints' adapters on `train/`: `make train-retrieval` (some minutes on two cores).

Only the complaint is embedded anew; passages stay where the bundled model puts them. Each step
takes complaints of one brand and asks for their passages among all of that brand's, some of other
brands', and "nothing here applies" (InfoNCE, van den Oord et al. 2018, with a learned null).
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 (its name everywhere)

from evals import training
from evals.brands import policy_of
from evals.lora import AdaptedEncoder, save
from evals.retrieval.rows import RetrievalCase, corpora, training_cases
from evals.training import BATCH, SEED, Part
from service.embedding.complaints import PREFIX
from service.embedding.embedder import Embedder, Side
from service.knowledge.pieces import passage_ref, pieces_of
from service.knowledge.query import whole_of
from service.settings import EmbeddingSettings

EPOCHS = 4
_RATE = 7e-4
_SCALE_RATE, _NULL_RATE = 5e-3, 2e-3
_STRANGERS = 24
_TODAY = date(2026, 1, 1)


@dataclass(frozen=True)
class Corpus:
    """A brand: the vectors of its pieces, (pieces, hidden), and whose pieces they are."""

    vectors: Tensor
    owners: Tensor
    passages: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """A complaint after the frozen half of the network, and the places of its brand's passages."""

    brand: str
    half: Tensor
    wanted: tuple[int, ...]


class Complaints(AdaptedEncoder):
    """Half-read complaints to unit vectors, with the sharpness of a match and the null's cosine."""

    def __init__(self) -> None:
        super().__init__()
        self.sharpness = nn.Parameter(torch.tensor(3.5))
        self.null = nn.Parameter(torch.tensor(0.8))

    def forward(self, halves: Sequence[Tensor]) -> Tensor:
        """Shape (texts, hidden)."""
        return F.normalize(super().forward(halves), dim=-1)

    def heads(self) -> list[nn.Parameter]:
        """The two numbers."""
        return [self.sharpness, self.null]


def corpus_of(name: str, embedder: Embedder) -> Corpus:
    """A training brand as the index would hold it."""
    policy = policy_of(name)
    refs = [passage_ref(passage) for passage in policy]
    pieces = list(pieces_of(policy, (), _TODAY))
    vectors = embedder.embed([piece.text for piece in pieces], Side.PASSAGE)
    return Corpus(
        torch.from_numpy(vectors),
        torch.tensor([refs.index(piece.ref) for piece in pieces]),
        tuple(passage.id for passage in policy),
    )


def told(row: RetrievalCase) -> str:
    """The conversation as the product would search for it."""
    return whole_of((*(message.text for message in row.thread), row.complaint))


def searches(name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What is searched for with the passages that answer it: complaints, and titles, for people
    who search in plain words."""
    for row in training_cases(name):
        yield told(row), row.relevant
    for passage in policy_of(name):
        yield passage.title, (passage.id,)


def asked_of(network: Complaints, name: str, corpus: Corpus) -> list[Asked]:
    """The searches of one brand, half read."""
    listed = list(searches(name))
    tokens = [network.encoder.tokens(PREFIX + text) for text, _ in listed]
    return [
        Asked(name, half, tuple(corpus.passages.index(one) for one in relevant))
        for (_, relevant), half in zip(listed, network.half_read(tokens), strict=True)
    ]


def batches(asked: dict[str, list[Asked]], dice: random.Random) -> list[list[Asked]]:
    """Every complaint once, those of a batch of one brand, in random order."""
    found = []
    for listed in asked.values():
        shuffled = dice.sample(listed, len(listed))
        found += [shuffled[n : n + BATCH] for n in range(0, len(shuffled), BATCH)]
    dice.shuffle(found)
    return found


def loss_of(network: Complaints, batch: Sequence[Asked], own: Corpus, others: Tensor) -> Tensor:
    """Cross-entropy of the right passages, or of the null where there is none."""
    with torch.autocast("cpu", torch.bfloat16):
        complaints = network([one.half for one in batch])
    complaints = complaints.float()
    cosines = complaints @ own.vectors.T
    mine = [cosines[:, own.owners == n].amax(1) for n in range(len(own.passages))]
    null = network.null.expand(len(batch), 1)
    scores = torch.cat([torch.stack(mine, 1), null, complaints @ others.T], 1)
    targets = torch.zeros_like(scores)
    for row, one in enumerate(batch):
        for place in one.wanted or (len(own.passages),):
            targets[row, place] = 1 / max(1, len(one.wanted))
    shares = (scores * network.sharpness.exp()).log_softmax(1)
    return -(targets * shares).sum(1).mean()


def fit(
    network: Complaints, held: dict[str, Corpus], asked: dict[str, list[Asked]], epochs: int
) -> None:
    """Train; prints the loss of each epoch."""

    def loss(batch: Sequence[Asked], dice: random.Random) -> Tensor:
        brand = batch[0].brand
        return loss_of(network, batch, held[brand], _strangers(held, brand, dice))

    parts = [
        Part(network.adapters(), _RATE),
        Part([network.sharpness], _SCALE_RATE, clipped=False, averaged=False),
        Part([network.null], _NULL_RATE, clipped=False),
    ]
    training.fit(network, parts, lambda dice: batches(asked, dice), loss, epochs=epochs)


def _strangers(held: dict[str, Corpus], name: str, dice: random.Random) -> Tensor:
    """Passages of other brands: nobody's answer here."""
    others = [corpus.vectors for other, corpus in held.items() if other != name]
    pieces = torch.cat(dice.sample(others, min(4, len(others))))
    return pieces[torch.randperm(len(pieces))[:_STRANGERS]]


def train(epochs: int, path: Path, only: str | None = None) -> None:
    """From the rows to the weights; `only` names a round of brands."""
    torch.manual_seed(SEED)
    embedder, network = Embedder(EmbeddingSettings()), Complaints()
    held = {name: corpus_of(name, embedder) for name in corpora(only)}
    asked = {name: asked_of(network, name, held[name]) for name in held}
    print(f"{sum(map(len, asked.values()))} searches of {len(held)} brands", flush=True)
    fit(network, held, asked, epochs)
    version = save(dict(network.weights()), path)
    print(f"{path.name} {version}, {path.stat().st_size / 1e6:.1f} MB", flush=True)


def main() -> None:
    """Train on `train/` and write the weights; blend.py makes production's of two of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--only", help="a round of train/rounds.yaml; default: every brand")
    asked = parser.parse_args()
    train(asked.epochs, asked.output, asked.only)


if __name__ == "__main__":
    main()
