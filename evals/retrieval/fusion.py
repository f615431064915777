"""Fit how much each search counts: `python -m evals.retrieval.fusion` prints the policy's line.

Production's own part scores on the dev splits, the hard rows and the plain ones, weighed so that
the right passages are likely among all of a brand's and a null ("nothing here applies"): a softmax
over the list (Cao et al. 2007, ListNet), with the null's score as the bias. The cut-off shown
leaves one in twenty complaints that have an answer without one.
"""

import asyncio
from itertools import chain

import numpy as np
import numpy.typing as npt
import torch

from evals.brands import services_for
from evals.retrieval.rows import RetrievalCase, Split, brands, cases
from evals.retrieval.suite import search
from service.domain.knowledge import FoundPassage
from service.knowledge.query import whole_of
from service.knowledge.ranking import fullness, search_terms

FALSE_ALARMS = 0.05
_BEGIN, _NULL = (30.0, 5.0, 1.0), 25.0
Parts = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]


async def gather(*splits: Split) -> list[tuple[Parts, Truth]]:
    """For each complaint the parts of its passages, shape (passages, 3), and which are right.

    The splits are of the same brands.
    """
    found = []
    async with services_for(brands(splits[0])) as services:
        for row in chain.from_iterable(map(cases, splits)):
            passages = await search(row, services)
            parts = np.array([_parts(row, passage) for passage in passages])
            found.append((parts, np.array([one.id in row.relevant for one in passages])))
    return found


def _parts(row: RetrievalCase, passage: FoundPassage) -> tuple[float, float, float]:
    told = whole_of((*(message.text for message in row.thread), row.complaint))
    scores = passage.scores
    text = fullness(scores.text, len(search_terms(told)))
    return scores.trained or 0.0, scores.vector or 0.0, text


def fit(gathered: list[tuple[Parts, Truth]]) -> tuple[Parts, float]:
    """Weights of trained, vector and text, and the null's score."""
    lists = [(torch.from_numpy(parts), torch.from_numpy(truth)) for parts, truth in gathered]
    weights = torch.tensor(_BEGIN, dtype=torch.float64, requires_grad=True)
    null = torch.tensor([_NULL], dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights, null], max_iter=300, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        total = torch.zeros((), dtype=torch.float64)
        for parts, truth in lists:
            shares = torch.cat([parts @ weights, null]).log_softmax(0)
            total = total - (shares[:-1][truth].mean() if truth.any() else shares[-1])
        torch.autograd.backward(total / len(lists))
        return total / len(lists)

    optimiser.step(loss)  # type: ignore[no-untyped-call]
    return weights.detach().numpy(), float(null.detach())


def main() -> None:
    """Print the weights and the cut-off, and what the cut-off does on dev."""
    gathered = asyncio.run(gather("dev", "plain_dev"))
    weights, null = fit(gathered)
    best = np.array([1 / (1 + np.exp(null - (parts @ weights).max())) for parts, _ in gathered])
    answered = np.array([bool(truth.any()) for _, truth in gathered])
    cut = float(np.quantile(best[answered], FALSE_ALARMS))
    trained, vector, text = weights
    print(
        f"policy: {{bias: {-null:.2f}, trained: {trained:.2f}, vector: {vector:.2f}, "
        f"text: {text:.2f}, cut_off: {cut:.3f}}}"
    )
    print(f"nothing relevant: recall {np.mean(best[~answered] < cut):.2f} of {(~answered).sum()}")


if __name__ == "__main__":
    main()
