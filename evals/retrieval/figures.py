"""What a ranking is worth: hit@k, MRR, nDCG@10 and how honestly "nothing relevant" is said."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from evals.guards.figures import Share

_DRAWS, _SEED = 1000, 7


@dataclass(frozen=True)
class Judged:
    """One query with what came back: all of it in order, and what passed the cut-off."""

    language: str
    relevant: frozenset[str]
    lookalikes: frozenset[str]
    ranked: tuple[str, ...]
    kept: tuple[str, ...]

    @property
    def rank(self) -> int | None:
        """The place of the first relevant passage, from 0; None where none came back."""
        places = (n for n, found in enumerate(self.ranked) if found in self.relevant)
        return next(places, None)

    @property
    def misled(self) -> bool:
        """A look-alike was kept among the first three and no right passage was."""
        top = set(self.kept[:3])
        return bool(top & self.lookalikes) and not top & self.relevant


@dataclass(frozen=True)
class Mean:
    """A mean with its 95% interval, by bootstrap over queries (Efron 1979)."""

    values: tuple[float, ...]

    @property
    def value(self) -> float | None:
        """The mean; None of nothing."""
        return float(np.mean(self.values)) if self.values else None

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper end."""
        if not self.values:
            return 0.0, 1.0
        draws = np.random.default_rng(_SEED).choice(self.values, (_DRAWS, len(self.values)))
        low, high = np.quantile(draws.mean(axis=1), [0.025, 0.975])
        return float(low), float(high)

    def words(self) -> str:
        """The mean with its interval and its count."""
        if self.value is None:
            return "-"
        low, high = self.interval
        return f"{self.value:.3f} [{low:.3f}, {high:.3f}] of {len(self.values)}"

    def json(self) -> dict[str, float | int | None]:
        """The same for machines."""
        low, high = self.interval
        return {"value": self.value, "low": low, "high": high, "count": len(self.values)}


Figure = Share | Mean


def hit_at(k: int) -> Callable[[Judged], bool]:
    """Whether a relevant passage is among the first k."""
    return lambda one: one.rank is not None and one.rank < k


def reciprocal_rank(one: Judged) -> float:
    """1 for the first place, 1/2 for the second, 0 where it is missing."""
    return 0.0 if one.rank is None else 1 / (one.rank + 1)


def ndcg(one: Judged, depth: int = 10) -> float:
    """Normalised discounted cumulative gain with binary relevance (Järvelin, Kekäläinen 2002)."""
    gains = (1 / math.log2(n + 2) for n, f in enumerate(one.ranked[:depth]) if f in one.relevant)
    best = sum(1 / math.log2(n + 2) for n in range(min(depth, len(one.relevant))))
    return sum(gains) / best if best else 0.0


def figures(judged: Sequence[Judged]) -> dict[str, Figure]:
    """Every figure by name; those of the ranking over the queries that have an answer."""
    answered = [one for one in judged if one.relevant]
    empty = [one for one in judged if not one.relevant]
    silent = [one for one in judged if not one.kept]
    return {
        **{f"hit@{k}": _share(map(hit_at(k), answered)) for k in (1, 3, 5)},
        "MRR": Mean(tuple(map(reciprocal_rank, answered))),
        "nDCG@10": Mean(tuple(map(ndcg, answered))),
        "kept right in top 3": _share(bool(set(o.kept[:3]) & o.relevant) for o in answered),
        "misled by a look-alike": _share(one.misled for one in answered),
        "nothing recall": _share(not one.kept for one in empty),
        "nothing precision": _share(not one.relevant for one in silent),
        "nothing false alarm": _share(not one.kept for one in answered),
    }


def _share(hits: Iterable[bool]) -> Share:
    listed = list(hits)
    return Share(sum(listed), len(listed))
