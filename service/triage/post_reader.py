"""What a post is, read by the bundled encoder with adapters: its kind, its sensitivities, its mood.

One pass over the post gives both: what holds of all of it, and which of its points have to be
answered. The weights are made by `make train-triage` from posts of our own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING

import numpy as np

from service.domain.triage import DANGERS, Kind, Sensitivity, Sentiment
from service.embedding.heads import Floats, Weights, read_weights, sigmoid, softmax

if TYPE_CHECKING:
    from torch import Tensor

    from service.embedding.e5_encoder import Encoder

WEIGHTS = Path(__file__).parent / "weights"
MEMBERS = ("first", "second")
"""Two networks, trained from different seeds; their scores are averaged."""
PREFIX = "query:"
_SEEN_CHARS = 1_200


class Mark(StrEnum):
    """What else can hold of a post."""

    NEEDS_PERSONAL_DATA = "needs_personal_data"
    UPSET = "upset"
    CHASES = "chases"


KINDS, SENTIMENTS = tuple(Kind), tuple(Sentiment)
FLAGS: tuple[str, ...] = (*Sensitivity, *Mark)
OUTPUTS = (*KINDS, *SENTIMENTS, *FLAGS)
"""The scores of a post in order: two choices, then what may hold or not."""


@dataclass(frozen=True)
class PostReading:
    """Shares between 0 and 1; `points`: how surely each point has to be answered; `worst`: how
    surely a danger is in any single point, read alone: two calm sentences before it hide it."""

    kinds: Mapping[Kind, float]
    sentiments: Mapping[Sentiment, float]
    flags: Mapping[str, float]
    points: tuple[float, ...]
    worst: Mapping[Sensitivity, float]


@dataclass(frozen=True)
class TokenisedPost:
    """Piece ids of a whole post, and where in them each of its points stands."""

    ids: list[int]
    spans: tuple[tuple[int, int], ...]


def weights_version(folder: Path = WEIGHTS) -> str:
    """The version of the trained weights: hashes of them."""
    return "-".join(str(read_weights(folder / f"{name}.npz")["version"]) for name in MEMBERS)


def tokenised(encoder: "Encoder", points: Sequence[str]) -> TokenisedPost:
    """A post point by point, cut to what the model can place; each point keeps a token at least."""
    words = encoder.file.vocabulary
    ids, spans = [words.begin, *encoder.pieces(PREFIX)], []
    room = encoder.file.shape.positions - 1
    for text in points:
        start = min(len(ids), room - 1)
        ids = [*ids, *encoder.pieces(text)][:room]
        spans.append((start, max(len(ids), start + 1)))
    return TokenisedPost([*ids, words.end], tuple(spans))


class PostReader:
    """Reads posts; loads its networks on first use (4 s)."""

    def __init__(self, weights: Path = WEIGHTS) -> None:
        self._folder = weights

    def warm_up(self) -> None:
        """Load the networks and run them once."""
        self.read(["The lamp came broken."])

    def read(self, points: Sequence[str]) -> PostReading:
        """A reading of a post by its points; blocks for about 0.35 ms a character."""
        networks = [_network(self._folder / f"{name}.npz") for name in MEMBERS]
        return joined([_read_by(networks, part) for part in _parts(points)])


class _Network:
    """The encoder with adapters in it, and its two heads."""

    def __init__(self, weights: Weights) -> None:
        from service.embedding.e5_encoder import adapted

        if tuple(weights["outputs"]) != OUTPUTS:
            raise ValueError("the weights are out of date: run `make train-triage`")
        self.encoder = adapted(weights)
        self._post, self._point = (_head(weights, name) for name in ("post", "point"))

    def scores(self, post: TokenisedPost, half: "Tensor") -> tuple[Floats, Floats]:
        """Raw scores of a half-read post (outputs,) and of its points (points, 1), in one pass."""
        states = self.encoder.states(half)
        means = np.stack([states[start:end].mean(axis=0) for start, end in post.spans])
        whole = _scores(self._post, states.mean(axis=0))
        return whole, _scores(self._point, means)

    def alone(self, points: Sequence[str]) -> Floats:
        """Raw scores of each point as if it were the post, shape (points, outputs)."""
        from service.embedding.e5_encoder import pooled

        tokens = [tokenised(self.encoder, [point]).ids for point in points]
        return _scores(self._post, pooled(self.encoder, tokens))


def _read_by(networks: Sequence[_Network], points: Sequence[str]) -> PostReading:
    lower = networks[0].encoder  # the same in all
    post = tokenised(lower, points)
    half = lower.half_read(post.ids)
    scores = zip(*(network.scores(post, half) for network in networks), strict=True)
    whole, raised = (np.mean(member, axis=0) for member in scores)
    each = networks[0].alone(points) if len(points) > 1 else whole[None]
    return reading_of(whole, raised, each)


def reading_of(post: Floats, points: Floats, each: Floats) -> PostReading:
    """Raw scores, shapes (outputs,), (points, 1) and (points, outputs), as shares."""
    kinds, sentiments, flags = np.split(post, [len(KINDS), len(KINDS) + len(SENTIMENTS)])
    return PostReading(
        kinds=dict(zip(KINDS, map(float, softmax(kinds)), strict=True)),
        sentiments=dict(zip(SENTIMENTS, map(float, softmax(sentiments)), strict=True)),
        flags=dict(zip(FLAGS, map(float, sigmoid(flags)), strict=True)),
        points=tuple(map(float, sigmoid(points[:, 0]))),
        worst={one: float(sigmoid(each[:, OUTPUTS.index(one)]).max()) for one in DANGERS},
    )


def joined(parts: Sequence[PostReading]) -> PostReading:
    """One reading of a long post: what holds of any part holds of it, its kind is their mean."""
    if len(parts) == 1:
        return parts[0]
    return PostReading(
        kinds={kind: fmean(part.kinds[kind] for part in parts) for kind in KINDS},
        sentiments={mood: fmean(part.sentiments[mood] for part in parts) for mood in SENTIMENTS},
        flags={flag: max(part.flags[flag] for part in parts) for flag in FLAGS},
        points=tuple(share for part in parts for share in part.points),
        worst={one: max(part.worst[one] for part in parts) for one in DANGERS},
    )


def _parts(points: Sequence[str]) -> list[list[str]]:
    """Neighbouring points, as many as the network sees at once."""
    parts: list[list[str]] = [[]]
    for point in points:
        if parts[-1] and sum(map(len, parts[-1])) + len(point) > _SEEN_CHARS:
            parts.append([])
        parts[-1].append(point)
    return parts


def _head(weights: Weights, name: str) -> tuple[Floats, Floats]:
    weight, bias = (weights[f"{name}.{part}"].astype(np.float32) for part in ("weight", "bias"))
    return weight, bias


def _scores(head: tuple[Floats, Floats], vectors: Floats) -> Floats:
    weight, bias = head
    return np.asarray(vectors @ weight.T + bias, np.float32)


@cache
def _network(weights: Path) -> _Network:
    """One network a process, however many services share it (90 MB)."""
    return _Network(read_weights(weights))
