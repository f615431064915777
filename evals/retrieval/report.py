"""A run of the suite `retrieval` as text."""

from collections.abc import Iterator

from evals.retrieval.figures import Figure
from evals.retrieval.suite import RetrievalRun
from evals.suite_files import LANGUAGES


def lines(run: RetrievalRun, confusions: int) -> Iterator[str]:
    """The whole report, line by line."""
    yield f"suite retrieval, split {run.split}, fingerprint {run.fingerprint}"
    yield ""
    heads = "".join(f"{code:>8}" for code in LANGUAGES)
    yield f"  {'figure':<25}{'all':<32}{heads}"
    for name, by_part in run.figures().items():
        cells = "".join(f"{_short(by_part[code]):>8}" for code in LANGUAGES)
        yield f"  {name:<25}{by_part['all'].words():<32}{cells}"
    if run.public:
        yield ""
        yield "Public data (AMENDS_EVALDATA)"
        yield from (f"  {name:<25}{figure.words()}" for name, figure in run.public.items())
    if confusions and run.wrong:
        yield ""
        yield f"Wrong rows ({min(confusions, len(run.wrong))} of {len(run.wrong)})"
        for row in run.wrong[:confusions]:
            yield f"  {row.wrong} ({row.language}, {row.row}): {row.text[:300]}"
            yield f"      found {row.why}"
    yield ""
    asked = run.suite.gates.get(run.split)
    yield from run.failed or ["every gate is met" if asked else "this split has no gates"]


def _short(figure: Figure) -> str:
    return "-" if figure.value is None else f"{figure.value:.2f}"
