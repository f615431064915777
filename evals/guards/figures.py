"""Counts of right and wrong findings, with the figures made of them and their intervals."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import sqrt

_Z = 1.96


@dataclass(frozen=True)
class Share:
    """A share of a count with its 95% interval (Wilson 1927)."""

    hits: int
    count: int

    @property
    def value(self) -> float | None:
        """The share; None where nothing was counted."""
        return self.hits / self.count if self.count else None

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper end."""
        if not self.count:
            return 0.0, 1.0
        p, n = self.hits / self.count, self.count
        middle = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
        half = _Z * sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2)) / (1 + _Z**2 / n)
        return max(0.0, middle - half), min(1.0, middle + half)

    def words(self) -> str:
        """The share with its interval and its count."""
        if self.value is None:
            return "-"
        low, high = self.interval
        return f"{self.value:.2f} [{low:.2f}, {high:.2f}] of {self.count}"

    def json(self) -> dict[str, float | int | None]:
        """The same for machines."""
        low, high = self.interval
        return {"value": self.value, "low": low, "high": high, "count": self.count}


@dataclass(frozen=True)
class Confusion:
    """A row on which a check was wrong: `missed` or `raised` without need."""

    check: str
    language: str
    row: str
    wrong: str
    text: str
    why: str = ""


@dataclass
class Tally:
    """What one check found against what an editor marked."""

    found: int = 0
    missed: int = 0
    raised: int = 0

    def add(self, marked: bool, raised: bool) -> None:
        """Count one row."""
        self.found += marked and raised
        self.missed += marked and not raised
        self.raised += raised and not marked

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.found + other.found, self.missed + other.missed, self.raised + other.raised
        )

    @property
    def precision(self) -> Share:
        """Of what was raised, the share that an editor marked too."""
        return Share(self.found, self.found + self.raised)

    @property
    def recall(self) -> Share:
        """Of what an editor marked, the share that was raised."""
        return Share(self.found, self.found + self.missed)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall."""
        whole = 2 * self.found + self.missed + self.raised
        return 2 * self.found / whole if whole else None


@dataclass
class Tallies:
    """Tallies by check and language, with the rows that went wrong."""

    by_check: dict[str, dict[str, Tally]] = field(default_factory=dict)
    confusions: list[Confusion] = field(default_factory=list)

    def add(self, row: Confusion, *, marked: bool, raised: bool) -> None:
        """Count a row for a check; `row.wrong` is set here."""
        tally = self.by_check.setdefault(row.check, {}).setdefault(row.language, Tally())
        tally.add(marked, raised)
        if marked != raised:
            wrong = "missed" if marked else "raised"
            self.confusions.append(
                Confusion(row.check, row.language, row.row, wrong, row.text, row.why)
            )

    def total(self, check: str) -> Tally:
        """A check over all languages."""
        return sum(self.by_check.get(check, {}).values(), Tally())


def macro(values: Iterable[float | None]) -> float | None:
    """The plain mean of what was measured."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def failures(measured: Mapping[str, float | None], gates: Mapping[str, float]) -> list[str]:
    """Gates that are not met: `name_most` is an upper bound, everything else a lower one."""
    found = []
    for gate, bound in gates.items():
        name, most = gate.removesuffix(" at most"), gate.endswith(" at most")
        value = measured.get(name)
        if value is None:
            found.append(f"{name}: nothing was measured")
        elif (value > bound) if most else (value < bound):
            found.append(f"{name}: {value:.3f}, asked {'at most' if most else 'at least'} {bound}")
    return found
