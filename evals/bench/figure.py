"""A measured value beside the one that was asked for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One row of a bench's table; `asked` is the most that it may be."""

    name: str
    measured: float
    asked: float | None
    unit: str

    def line(self) -> str:
        """One row of the table."""
        asked = "" if self.asked is None else f"at most {self.asked:g}"
        verdict = "" if self.asked is None else ("ok" if self.measured <= self.asked else "MISSED")
        return f"{self.name:<62}{self.measured:>9.2f} {self.unit:<4}{asked:<14}{verdict}"
