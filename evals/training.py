"""The one way to train: adapters and heads at their own rates, warmed up, averaged at the end."""

import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

BATCH = 16
SEED = 7
_BATCHES_IN_BLOCK = 16
_WARM_UP = 0.08
_DECAY = 0.01
_LONGEST_STEP = 1.0


class _Half(Protocol):
    @property
    def half(self) -> Tensor: ...


One = TypeVar("One")
Read = TypeVar("Read", bound=_Half)
Batch = Sequence[One]
Draw = Callable[[random.Random], Sequence[Batch[One]]]
"""The batches of an epoch; called once more before the first one, to count them."""
Loss = Callable[[Batch[One], random.Random], Tensor]


@dataclass(frozen=True)
class Part:
    """Parameters with their rate; what is clipped shares one norm of gradients."""

    parameters: Sequence[nn.Parameter]
    rate: float
    clipped: bool = True
    averaged: bool = True


def fit(
    network: nn.Module,
    parts: Sequence[Part],
    draw: Draw[One],
    loss_of: Loss[One],
    *,
    epochs: int,
    seed: int = SEED,
    title: str = "",
) -> None:
    """Train the parts; prints the loss of each epoch. All chance but torch's is the seed's."""
    dice, lead = random.Random(seed), f"{title}, " if title else ""  # noqa: S311 (shuffles rows)
    descent = _Descent(parts, epochs * len(draw(random.Random(seed))))  # noqa: S311
    for epoch in range(epochs):
        began, total, count = time.perf_counter(), 0.0, 0
        network.train()
        for batch in draw(dice):
            # In plain steps a batch takes half as long on two cores as in torch's flash kernel.
            with sdpa_kernel(SDPBackend.MATH):
                loss = loss_of(batch, dice)
            descent.step(loss)
            total, count = total + loss.item() * len(batch), count + len(batch)
        took, mean = time.perf_counter() - began, total / count
        print(f"{lead}epoch {epoch + 1}/{epochs}: loss {mean:.4f}, {took:.0f} s", flush=True)
    descent.end()
    network.eval()


class _Descent:
    """AdamW whose rates rise for a moment and then sink to zero over so many steps."""

    def __init__(self, parts: Sequence[Part], steps: int) -> None:
        groups = [{"params": [*part.parameters], "lr": part.rate} for part in parts]
        self._optimiser = torch.optim.AdamW(groups, weight_decay=_DECAY)
        self._pace = torch.optim.lr_scheduler.LambdaLR(
            self._optimiser,
            lambda n: min(1.0, n / (steps * _WARM_UP + 1)) * max(0.0, 1 - n / steps),
        )
        self._clipped = _joined(part for part in parts if part.clipped)
        self._average = _Average(_joined(part for part in parts if part.averaged))

    def step(self, loss: Tensor) -> None:
        """One step down a loss."""
        self._optimiser.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(self._clipped, _LONGEST_STEP)
        self._optimiser.step()
        self._pace.step()
        self._average.step()

    def end(self) -> None:
        """Let the parameters be their mean over the steps."""
        self._average.put_in()


def _joined(parts: Iterable[Part]) -> list[nn.Parameter]:
    return [one for part in parts for one in part.parameters]


class _Average:
    """A running mean of parameters: steadier than where the last step happened to end."""

    def __init__(self, parameters: Sequence[nn.Parameter], decay: float = 0.995) -> None:
        self._parameters, self._decay, self._steps = parameters, decay, 0
        self._means = [parameter.detach().clone() for parameter in parameters]

    @torch.no_grad()
    def step(self) -> None:
        """Take the parameters as they are now into the mean."""
        self._steps += 1
        decay = min(self._decay, (1 + self._steps) / (10 + self._steps))
        for kept, now in zip(self._means, self._parameters, strict=True):
            kept.mul_(decay).add_(now, alpha=1 - decay)

    @torch.no_grad()
    def put_in(self) -> None:
        """Let the parameters be the mean."""
        for kept, now in zip(self._means, self._parameters, strict=True):
            now.copy_(kept)


def by_length(examples: Sequence[Read], dice: random.Random) -> list[list[Read]]:
    """Shuffled batches of like length, so that little is padding."""
    shuffled = list(examples)
    dice.shuffle(shuffled)
    found: list[list[Read]] = []
    for start in range(0, len(shuffled), BATCH * _BATCHES_IN_BLOCK):
        block = sorted(shuffled[start : start + BATCH * _BATCHES_IN_BLOCK], key=_length)
        found += [block[n : n + BATCH] for n in range(0, len(block), BATCH)]
    dice.shuffle(found)
    return found


def _length(one: _Half) -> int:
    return len(one.half)
