"""Train the reader of posts on the labelled rows: `make train-triage` (45 minutes on two cores).

Two networks that differ by their seed only; their scores are averaged. The weights go to
`service/triage/weights`; the same rows and seed give the same weights on the same machine.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 (its name everywhere)
from torch.nn.utils.rnn import pad_sequence

from evals import training
from evals.guards.hate.rows import own_rows
from evals.lora import AdaptedEncoder, save
from evals.training import SEED, Part, by_length
from evals.triage.longer import longer_posts
from evals.triage.rows import LabelledPost, ordinary, posts, sentences
from service.domain.triage import Kind
from service.embedding.e5_encoder import ADAPTED_FROM, mean
from service.text.sentences import Sentence
from service.triage.issues import points_of
from service.triage.post_reader import (
    FLAGS,
    KINDS,
    MEMBERS,
    OUTPUTS,
    SENTIMENTS,
    WEIGHTS,
    tokenised,
)

EPOCHS = 5
_RATE, _HEAD_RATE = 1e-3, 3e-3
_DROPOUT = 0.1
_TOKENS_DROPPED = 0.1
_FLAG_WEIGHT, _POINT_WEIGHT, _SENTIMENT_WEIGHT = 8.0, 1.0, 0.5
_UNKNOWN = -1
_HATEFUL = (Kind.HATE, Kind.MIXED)


@dataclass(frozen=True)
class Example:
    """A post after the frozen half of the network, with its targets."""

    half: Tensor
    spans: tuple[tuple[int, int], ...]
    target: "Target"


@dataclass(frozen=True)
class Target:
    """What a post is: the kinds that it may be; a sentiment, flags and points, or -1: unknown."""

    kinds: tuple[bool, ...]
    sentiment: int
    flags: tuple[float, ...]
    points: tuple[float, ...]


class PostNetwork(AdaptedEncoder):
    """Half-read posts to scores of the whole and of each point."""

    def __init__(self) -> None:
        super().__init__()
        hidden = self.encoder.file.shape.hidden
        self.post, self.point = nn.Linear(hidden, len(OUTPUTS)), nn.Linear(hidden, 1)
        self.drop = nn.Dropout(_DROPOUT)
        self.middle, self.spread = torch.zeros(hidden), torch.ones(hidden)

    @torch.no_grad()
    def measure(self, examples: Sequence[Example]) -> None:
        """Where vectors lie before training: all close together, so heads see them spread out."""
        states = [
            mean(
                *self.encoder.run(
                    one.half[None].float(), torch.ones(1, len(one.half)) > 0, ADAPTED_FROM
                )
            )
            for one in examples
        ]
        self.spread, self.middle = torch.std_mean(torch.cat(states), dim=0)

    def scores(self, batch: Sequence[Example]) -> tuple[Tensor, Tensor]:
        """Raw scores, shapes (posts, outputs) and (points of all posts,)."""
        x = pad_sequence([one.half for one in batch], batch_first=True).float()
        real = torch.arange(x.shape[1])[None, :] < torch.tensor([[len(o.half)] for o in batch])
        seen = real
        if self.training:
            seen = real & (torch.rand(real.shape) >= _TOKENS_DROPPED)
            seen[:, 0] = True
        states, _ = self.encoder.run(x, seen, ADAPTED_FROM)
        means = [
            states[row, start:end].mean(dim=0)
            for row, one in enumerate(batch)
            for start, end in one.spans
        ]
        whole: Tensor = self.post(self._spread_out(mean(states, seen)))
        return whole, self.point(self._spread_out(torch.stack(means)))[:, 0]

    def _spread_out(self, vectors: Tensor) -> Tensor:
        spread: Tensor = self.drop((vectors - self.middle) / self.spread)
        return spread

    def heads(self) -> list[nn.Parameter]:
        """What is trained on top of the encoder."""
        return [*self.post.parameters(), *self.point.parameters()]

    def weights(self) -> Iterator[tuple[str, npt.NDArray[np.generic]]]:
        """What the reader needs, by name."""
        yield from super().weights()
        for name, head in (("post", self.post), ("point", self.point)):
            weight = head.weight.detach() / self.spread
            bias = head.bias.detach() - weight @ self.middle
            yield f"{name}.weight", weight.numpy().astype(np.float32)
            yield f"{name}.bias", bias.numpy().astype(np.float32)
        yield "outputs", np.array(OUTPUTS)


def targets() -> list[tuple[str, Target]]:
    """Every text that a network learns from with what is known of it."""
    rows = posts("train")
    whole = [(row.text, _target(row)) for row in (*rows, *longer_posts(rows), *ordinary())]
    said = [
        (text, _partly(text, lambda one, kind=kind: one is kind))  # type: ignore[misc]
        for kind, text in sentences()
    ]
    hostile = [
        (row.text, _partly(row.text, lambda one, hate=row.hate: (one in _HATEFUL) is hate))  # type: ignore[misc]
        for row in own_rows()
    ]
    return [*whole, *said, *hostile]


def prepare(network: PostNetwork, told: Sequence[tuple[str, Target]]) -> list[Example]:
    """All texts through the frozen half, once."""
    read = [tokenised(network.encoder, [p.text for p in points_of(text)]) for text, _ in told]
    halves = network.half_read([one.ids for one in read])
    return [
        Example(half, one.spans, target)
        for (_, target), one, half in zip(told, read, halves, strict=True)
    ]


def _target(row: LabelledPost) -> Target:
    held = {*row.sensitivities}
    return Target(
        kinds=tuple(kind is row.kind for kind in KINDS),
        sentiment=_UNKNOWN if row.sentiment is None else SENTIMENTS.index(row.sentiment),
        flags=tuple(float(flag in held or bool(getattr(row, flag, False))) for flag in FLAGS),
        points=tuple(_raised(row, point) for point in points_of(row.text)),
    )


def _partly(text: str, may_be: Callable[[Kind], bool]) -> Target:
    """Of single sentences only the kind is known, or which ones it can be."""
    return Target(
        kinds=tuple(may_be(kind) for kind in KINDS),
        sentiment=_UNKNOWN,
        flags=(_UNKNOWN,) * len(FLAGS),
        points=(_UNKNOWN,) * len(points_of(text)),
    )


def _raised(row: LabelledPost, point: Sentence) -> float:
    """Whether words of a labelled issue stand in the point; hostile posts without one raise all."""
    if row.issues is None:
        return _UNKNOWN
    if not row.issues:
        return float(row.kind is not Kind.SPAM)
    places = ((start := row.text.find(issue), start + len(issue)) for issue in row.issues)
    return float(any(point.start < end and start < point.end for start, end in places))


def loss_of(network: PostNetwork, batch: Sequence[Example]) -> Tensor:
    """Cross-entropy of the two choices, and each flag and point for itself, where it is known."""
    with torch.autocast("cpu", torch.bfloat16):
        whole, point = network.scores(batch)
    due = [one.target for one in batch]
    parts = [len(KINDS), len(SENTIMENTS), len(FLAGS)]
    kinds, sentiments, flags = torch.split(whole.float(), parts, dim=1)
    may_be = torch.tensor([one.kinds for one in due])
    kind = -kinds.log_softmax(dim=1).masked_fill(~may_be, -torch.inf).logsumexp(dim=1).mean()
    moods = torch.tensor([one.sentiment for one in due])
    sentiment = F.cross_entropy(sentiments, moods, ignore_index=_UNKNOWN, reduction="sum")
    raised = torch.tensor([share for one in due for share in one.points], dtype=torch.float)
    loss: Tensor = (
        kind
        + _SENTIMENT_WEIGHT * sentiment / len(batch)
        + _FLAG_WEIGHT * _known(flags, torch.tensor([one.flags for one in due]))
        + _POINT_WEIGHT * _known(point.float(), raised)
    )
    return loss


def _known(scores: Tensor, due: Tensor) -> Tensor:
    """The mean over what is known."""
    known = (due != _UNKNOWN).float()
    each = F.binary_cross_entropy_with_logits(scores, due.float().clamp(min=0), reduction="none")
    return (each * known).sum() / known.sum().clamp(min=1)


def fit(network: PostNetwork, examples: Sequence[Example], seed: int) -> None:
    """Train adapters and heads; prints the loss of each epoch."""
    training.fit(
        network,
        [Part(network.adapters(), _RATE), Part(network.heads(), _HEAD_RATE)],
        lambda dice: by_length(examples, dice),
        lambda batch, _: loss_of(network, batch),
        epochs=EPOCHS,
        seed=seed,
    )


def train(member: str, folder: Path) -> None:
    """From the rows to the weights of one network."""
    seed = SEED + MEMBERS.index(member)
    torch.manual_seed(seed)
    network = PostNetwork()
    examples = prepare(network, targets())
    print(f"{len(examples)} posts", flush=True)
    network.measure(examples)
    fit(network, examples, seed)
    path = folder / f"{member}.npz"
    save(dict(network.weights()), path)
    print(f"{path.name}, {path.stat().st_size / 1e6:.1f} MB", flush=True)


def main() -> None:
    """Train on the train split and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("members", nargs="*", default=MEMBERS, help=", ".join(MEMBERS))
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    asked = parser.parse_args()
    for member in asked.members:
        train(member, asked.output)


if __name__ == "__main__":
    main()
