"""Figures over many cases, with intervals that know that cases of one brand are alike.

Shares are bootstrapped over brands and then over the cases within each (a cluster bootstrap: Field
and Welsh 2007); differences between two runs are paired case by case (McNemar 1947, exact).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest

from evals.drafting.scoring import CaseScore

_RESAMPLES = 2000
_SEED = 20261122
_TAIL = 2.5
_SURE = 0.05


@dataclass(frozen=True)
class Mean:
    """A mean over cases with its 95% interval."""

    value: float
    low: float
    high: float
    count: int

    def words(self) -> str:
        """As a report shows it."""
        return f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}] of {self.count}"

    def json(self) -> dict[str, float | int]:
        """The same for machines."""
        return {"value": self.value, "low": self.low, "high": self.high, "count": self.count}


def clustered(values: Sequence[float], brands: Sequence[str]) -> Mean | None:
    """The mean of one value a case; None without any."""
    if not values:
        return None
    by_brand: dict[str, list[float]] = {}
    for value, brand in zip(values, brands, strict=True):
        by_brand.setdefault(brand, []).append(value)
    groups = [np.asarray(group, np.float64) for group in by_brand.values()]
    low, high = np.percentile(_resampled(groups), [_TAIL, 100 - _TAIL])
    return Mean(float(np.mean(values)), float(low), float(high), len(values))


def _resampled(groups: Sequence[np.ndarray[tuple[int, ...], np.dtype[np.float64]]]) -> list[float]:
    draw = np.random.default_rng(_SEED)
    means = []
    for _ in range(_RESAMPLES):
        chosen = [groups[n] for n in draw.integers(len(groups), size=len(groups))]
        resampled = [group[draw.integers(len(group), size=len(group))] for group in chosen]
        means.append(float(np.concatenate(resampled).mean()))
    return means


@dataclass(frozen=True)
class Figures:
    """What a run comes to: readiness over eligible cases, dangers over drafted replies, then each
    scorer over the cases that it says something of."""

    send_ready: Mean | None
    readiness: Mapping[str, int]
    dangerous: Mean | None
    dangers: Mapping[str, int]
    scores: Mapping[str, Mean]
    failed: Mapping[str, int]


def figures(scores: Sequence[CaseScore]) -> Figures:
    """The figures of a run, over the cases that were measured; `failed` over all."""
    measured = [one for one in scores if one.is_measured]
    eligible = [one for one in measured if one.eligible]
    drafted = [one for one in measured if one.is_drafted]
    return Figures(
        send_ready=_share(eligible, lambda one: one.ready),
        readiness=_counted(str(one.values.get("ready")) for one in eligible),
        dangerous=_share(drafted, lambda one: bool(one.dangers)),
        dangers=_counted(danger for one in drafted for danger in one.dangers),
        scores={name: mean for name in numeric(measured) if (mean := _mean(measured, name))},
        failed=_counted(name for one in scores for name in one.failed),
    )


def _share(scores: Sequence[CaseScore], true: Callable[[CaseScore], bool]) -> Mean | None:
    return clustered([float(true(one)) for one in scores], [one.brand for one in scores])


def _mean(scores: Sequence[CaseScore], name: str) -> Mean | None:
    said = [(one.values[name], one.brand) for one in scores if name in one.values]
    return clustered([float(value) for value, _ in said], [brand for _, brand in said])


def numeric(scores: Sequence[CaseScore]) -> list[str]:
    """Scorers whose values are no labels, in the order in which they stand."""
    names = dict.fromkeys(name for one in scores for name in one.values)
    return [
        name for name in names if not any(isinstance(one.values.get(name), str) for one in scores)
    ]


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(Counter(names).most_common())


@dataclass(frozen=True)
class Difference:
    """How B differs from A over the same cases; `p` is the chance of so much by luck alone."""

    name: str
    a: float
    b: float
    low: float
    high: float
    p: float
    better: int
    worse: int
    count: int

    @property
    def change(self) -> float:
        """What B has more."""
        return self.b - self.a

    @property
    def is_sure(self) -> bool:
        """Whether it is more than luck explains."""
        return self.p < _SURE


def difference(
    name: str, pairs: Sequence[tuple[float, float]], brands: Sequence[str]
) -> Difference:
    """A paired difference: McNemar's exact test where the values are yes or no, else a sign test,
    which is the same thing over cases that differ; the interval by the clustered bootstrap."""
    a, b = (float(np.mean([pair[side] for pair in pairs])) for side in (0, 1))
    better = sum(second > first for first, second in pairs)
    worse = sum(second < first for first, second in pairs)
    spread = clustered([second - first for first, second in pairs], brands)
    differing = better + worse
    p = float(binomtest(better, differing).pvalue) if differing else 1.0
    low, high = (spread.low, spread.high) if spread else (0.0, 0.0)
    return Difference(name, a, b, low, high, p, better, worse, len(pairs))
