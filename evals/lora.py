"""The bundled encoder in training: frozen, with low-rank adapters in its upper half.

LoRA: Hu et al. 2021, "LoRA: Low-Rank Adaptation of Large Language Models". The lower half never
changes, so each text goes through it once and not once an epoch.
"""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 (its name everywhere)
from torch.nn.utils.rnn import pad_sequence

from service.embedding.e5_encoder import ADAPTED_FROM, MATRICES, bundled_encoder, mean

RANK = 16
_SCALE = 2.0
_DROPOUT = 0.1
_TOKENS_DROPPED = 0.1
_KEPT_TOKENS = 3
_AT_ONCE = 32
_WIDTHS = 16
Weights = dict[str, npt.NDArray[np.generic]]


class Adapted(nn.Module):
    """A frozen linear layer with a trainable low-rank product beside it."""

    def __init__(self, base: nn.Linear) -> None:
        super().__init__()
        self.base = base
        self.down = nn.Parameter(torch.randn(RANK, base.in_features) / base.in_features**0.5)
        self.up = nn.Parameter(torch.zeros(base.out_features, RANK))
        self.drop = nn.Dropout(_DROPOUT / 2)

    def forward(self, x: Tensor) -> Tensor:
        """As the base layer, plus the product. Its few middle values are dropped, not the many of
        its input: drawing those took more than a quarter of the training's time."""
        base: Tensor = self.base(x)
        return base + F.linear(self.drop(F.linear(x, self.down)), self.up) * _SCALE


class AdaptedEncoder(nn.Module):
    """Half-read texts to the mean of their hidden states."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = bundled_encoder()
        self.encoder.requires_grad_(False)
        for layer in self.encoder.layers[ADAPTED_FROM:]:
            for name in MATRICES:
                setattr(layer, name, Adapted(getattr(layer, name)))

    @torch.no_grad()
    def half_read(self, listed: Sequence[Sequence[int]]) -> list[Tensor]:
        """Texts after the frozen half, each of shape (tokens, hidden), in bfloat16 to save room."""
        found: dict[int, Tensor] = {}
        order = sorted(range(len(listed)), key=lambda n: len(listed[n]))
        for start in range(0, len(order), _AT_ONCE):
            some = order[start : start + _AT_ONCE]
            x, _ = self.encoder.run(*self.encoder.begin([listed[n] for n in some]), 0, ADAPTED_FROM)
            for row, n in enumerate(some):
                found[n] = x[row, : len(listed[n])].to(torch.bfloat16)
        return [found[n] for n in range(len(listed))]

    def forward(self, halves: Sequence[Tensor]) -> Tensor:
        """The mean states, shape (texts, hidden); while training some tokens go unseen."""
        # Few different widths: oneDNN prepares itself anew for each.
        width = -(-max(map(len, halves)) // _WIDTHS) * _WIDTHS
        x = pad_sequence(list(halves), batch_first=True).float()
        x = F.pad(x, (0, 0, 0, width - x.shape[1]))
        real = torch.arange(x.shape[1])[None, :] < torch.tensor([[len(h)] for h in halves])
        if self.training:
            unseen = torch.rand(real.shape) < _TOKENS_DROPPED
            unseen[:, :_KEPT_TOKENS] = False
            real = real & ~unseen
        return mean(*self.encoder.run(x, real, ADAPTED_FROM))

    def heads(self) -> list[nn.Parameter]:
        """What is trained on top of the encoder."""
        return []

    def adapters(self) -> list[nn.Parameter]:
        """What is trained but the heads."""
        heads = {id(parameter) for parameter in self.heads()}
        trained = (parameter for parameter in self.parameters() if parameter.requires_grad)
        return [parameter for parameter in trained if id(parameter) not in heads]

    def weights(self) -> Iterator[tuple[str, npt.NDArray[np.generic]]]:
        """The adapters by name, in half precision, their scale inside."""
        for number in range(ADAPTED_FROM, len(self.encoder.layers)):
            for name in MATRICES:
                part = getattr(self.encoder.layers[number], name)
                yield f"down.{number}.{name}", part.down.detach().numpy().astype(np.float16)
                yield f"up.{number}.{name}", (part.up.detach() * _SCALE).numpy().astype(np.float16)


def save(weights: Weights, path: Path) -> str:
    """Write weights with their version, a hash of them; the version."""
    digest = hashlib.sha256(b"".join(array.tobytes() for array in weights.values())).hexdigest()
    version = digest[:12]
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, allow_pickle=False, **weights, version=np.array(version))
    return version
