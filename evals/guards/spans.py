"""Spans of characters: which labelled ones were found, and which found ones were right."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Span:
    """What stands from `start` up to `end`."""

    kind: str
    start: int
    end: int

    def overlap(self, other: "Span") -> int:
        """How many characters both hold."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    def covered(self, others: Iterable["Span"]) -> bool:
        """Whether the others, together, hold at least half of its characters."""
        held = {
            place
            for other in others
            for place in range(max(self.start, other.start), min(self.end, other.end))
        }
        return len(held) >= _HALF * (self.end - self.start)


@dataclass(frozen=True, slots=True)
class Row:
    """A text with its labels; what lies in a neutral span counts neither way."""

    text: str
    labels: tuple[Span, ...]
    neutral: tuple[Span, ...]

    def is_right(self, found: Span) -> bool:
        """Whether half of what was found is labelled, with any kind."""
        return found.covered(self.labels)

    def is_wrong(self, found: Span) -> bool:
        """Whether it is neither right nor neutral."""
        return not self.is_right(found) and not found.covered((*self.labels, *self.neutral))


def _f(precision: float, recall: float, beta: float) -> float:
    below = beta**2 * precision + recall
    return (1 + beta**2) * precision * recall / below if below else 0.0


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


@dataclass(slots=True)
class Tally:
    """Counts of one kind of span."""

    labels: int = 0
    labels_found: int = 0
    found: int = 0
    right: int = 0
    exact: int = 0

    @property
    def precision(self) -> float:
        """The share of found spans that are right."""
        return _share(self.right, self.found)

    @property
    def recall(self) -> float:
        """The share of labels that were found."""
        return _share(self.labels_found, self.labels)

    @property
    def strict_p(self) -> float:
        """The share of found spans that are exactly a label of the same kind."""
        return _share(self.exact, self.found)

    @property
    def strict_r(self) -> float:
        """The share of labels found exactly and with their kind."""
        return _share(self.exact, self.labels)

    def f(self, beta: float) -> float:
        """Recall weighs `beta` times as much as precision."""
        return _f(self.precision, self.recall, beta)

    def strict(self, beta: float) -> float:
        """The same of the strict figures."""
        return _f(self.strict_p, self.strict_r, beta)


def tally(rows: Iterable[Row], find: Callable[[str], list[Span]]) -> dict[str, Tally]:
    """Counts by kind, and of `all` kinds; labels of the kind `also` make a find right, no more."""
    counted: dict[str, Tally] = defaultdict(Tally)
    counted["all"] = Tally()
    for row in rows:
        found = [span for span in find(row.text) if row.is_right(span) or row.is_wrong(span)]
        labels = [label for label in row.labels if label.kind != "also"]
        for label in labels:
            for one in (counted[label.kind], counted["all"]):
                one.labels += 1
                one.labels_found += label.covered(found)
                one.exact += label in found
        for span in found:
            for one in (counted[span.kind], counted["all"]):
                one.found += 1
                one.right += row.is_right(span)
    return dict(counted)
