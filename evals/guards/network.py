"""One of the reader's networks in training: the adapted encoder and a head."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from torch import Tensor, nn

from evals.lora import AdaptedEncoder

_DROPOUT = 0.1
_SELDOM = -2.0


class Network(AdaptedEncoder):
    """Half-read texts to scores, one for each of the head's outputs."""

    def __init__(self, outputs: int) -> None:
        super().__init__()
        self.head = nn.Linear(self.encoder.file.shape.hidden, outputs)
        nn.init.constant_(self.head.bias, _SELDOM)
        self.drop = nn.Dropout(_DROPOUT)

    def forward(self, halves: Sequence[Tensor]) -> Tensor:
        """Raw scores, shape (texts, outputs)."""
        scores: Tensor = self.head(self.drop(super().forward(halves)))
        return scores

    def heads(self) -> list[nn.Parameter]:
        """What is trained on top of the encoder."""
        return [*self.head.parameters()]

    def weights(self) -> Iterator[tuple[str, npt.NDArray[np.generic]]]:
        """What the reader needs, by name."""
        yield from super().weights()
        yield "head.weight", self.head.weight.detach().numpy().astype(np.float32)
        yield "head.bias", self.head.bias.detach().numpy().astype(np.float32)
