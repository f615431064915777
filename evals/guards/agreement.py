"""How far a second, blind reader agrees with the labels: `python -m evals.guards.agreement`.

Cohen's kappa (1960) a label over the rows of `second_reading.jsonl`, with the plain share of rows
on which both say the same.
"""

import json
from collections.abc import Iterator

from evals.guards.corpus import HERE, LabelledSentence, Split, sentences
from service.guards.reading import Label

_SPLITS: tuple[Split, ...] = ("train", "dev", "test")


def kappa(first: list[bool], second: list[bool]) -> float:
    """Agreement beyond chance; 1 where both always say the same."""
    count = len(first)
    same = sum(a == b for a, b in zip(first, second, strict=True)) / count
    p, q = sum(first) / count, sum(second) / count
    chance = p * q + (1 - p) * (1 - q)
    return 1.0 if chance == 1 else (same - chance) / (1 - chance)


def lines() -> Iterator[str]:
    """The table."""
    firsts: dict[str, LabelledSentence] = {r.id: r for s in _SPLITS for r in sentences(s)}
    text = (HERE / "second_reading.jsonl").read_text(encoding="utf-8")
    seconds = {row["id"]: set(row["labels"]) for row in map(json.loads, text.splitlines())}
    both = [row_id for row_id in seconds if row_id in firsts]
    yield f"{len(both)} rows read twice"
    for label in Label:
        first = [label in firsts[row_id].labels for row_id in both]
        second = [label.value in seconds[row_id] for row_id in both]
        same = sum(a == b for a, b in zip(first, second, strict=True)) / len(both)
        yield (
            f"{label.value:<24} kappa {kappa(first, second):.2f}, same on {same:.0%}, "
            f"first {sum(first)}, second {sum(second)}, both "
            f"{sum(a and b for a, b in zip(first, second, strict=True))}"
        )


def main() -> None:
    """Print the table."""
    for line in lines():
        print(line)


if __name__ == "__main__":
    main()
