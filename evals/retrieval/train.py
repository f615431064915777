"""Train the complaints' adapters on `train/`: `make train-retrieval` (some minutes on two cores).

Only the complaint is embedded anew; passages stay where the bundled model puts them. Each step
takes complaints of one brand and asks for their passages among all of that brand's, some of other
brands', and "nothing here applies" (InfoNCE, van den Oord et al. 2018, with a learned null).
"""

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 (its name everywhere)

from evals.lora import AdaptedEncoder, Average, save
from evals.retrieval.rows import RetrievalCase, corpora, training_cases, training_policy
from service.embedding.complaints import PREFIX
from service.embedding.embedder import Embedder, Side
from service.knowledge.pieces import passage_ref, pieces_of
from service.knowledge.query import whole_of
from service.settings import EmbeddingSettings

EPOCHS = 4
_BATCH = 16
_RATE = 7e-4
_SCALE_RATE, _NULL_RATE = 5e-3, 2e-3
_WARM_UP = 0.08
_STRANGERS = 24
_SEED = 7
_TODAY = date(2026, 1, 1)


@dataclass(frozen=True)
class Corpus:
    """A brand: the vectors of its pieces, (pieces, hidden), and whose pieces they are."""

    vectors: Tensor
    owners: Tensor
    passages: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """A complaint after the frozen half of the network, and the places of its passages."""

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

    def adapters(self) -> list[nn.Parameter]:
        """What is trained but the two numbers."""
        numbers = {id(self.sharpness), id(self.null)}
        return [parameter for parameter in super().adapters() if id(parameter) not in numbers]


def corpus_of(name: str, embedder: Embedder) -> Corpus:
    """A training brand as the index would hold it."""
    policy = training_policy(name)
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
    for passage in training_policy(name):
        yield passage.title, (passage.id,)


def asked_of(network: Complaints, name: str, corpus: Corpus) -> list[Asked]:
    """The searches of one brand, half read."""
    listed = list(searches(name))
    tokens = [network.encoder.tokens(PREFIX + text) for text, _ in listed]
    return [
        Asked(half, tuple(corpus.passages.index(one) for one in relevant))
        for (_, relevant), half in zip(listed, network.half_read(tokens), strict=True)
    ]


def batches(
    asked: dict[str, list[Asked]], dice: random.Random
) -> Iterator[tuple[str, list[Asked]]]:
    """Every complaint once, those of a batch of one brand, in random order."""
    found = []
    for name, listed in asked.items():
        shuffled = dice.sample(listed, len(listed))
        found += [(name, shuffled[n : n + _BATCH]) for n in range(0, len(shuffled), _BATCH)]
    dice.shuffle(found)
    yield from found


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
    dice = random.Random(_SEED)  # noqa: S311 (shuffles rows)
    adapters = network.adapters()
    groups = [
        {"params": adapters, "lr": _RATE},
        {"params": [network.sharpness], "lr": _SCALE_RATE},
        {"params": [network.null], "lr": _NULL_RATE},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = epochs * len(list(batches(asked, random.Random(_SEED))))  # noqa: S311
    pace = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda n: min(1.0, n / (steps * _WARM_UP + 1)) * max(0.0, 1 - n / steps)
    )
    average = Average([*adapters, network.null])
    for epoch in range(epochs):
        began, total, count = time.perf_counter(), 0.0, 0
        network.train()
        for name, batch in batches(asked, dice):
            loss = loss_of(network, batch, held[name], _strangers(held, name, dice))
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_(adapters, 1.0)
            optimiser.step()
            pace.step()
            average.step()
            total, count = total + loss.item() * len(batch), count + len(batch)
        took = time.perf_counter() - began
        print(f"epoch {epoch + 1}/{epochs}: loss {total / count:.4f}, {took:.0f} s", flush=True)
    average.put_in()
    network.eval()


def _strangers(held: dict[str, Corpus], name: str, dice: random.Random) -> Tensor:
    """Passages of other brands: nobody's answer here."""
    others = [corpus.vectors for other, corpus in held.items() if other != name]
    pieces = torch.cat(dice.sample(others, min(4, len(others))))
    return pieces[torch.randperm(len(pieces))[:_STRANGERS]]


def train(epochs: int, path: Path, only: str | None = None) -> None:
    """From the rows to the weights; `only` names a round of brands."""
    torch.manual_seed(_SEED)
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
