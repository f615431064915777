"""Tables in words: each row on a line of its own that can be read without the table."""

from collections.abc import Sequence


def rows_in_words(rows: Sequence[Sequence[str]], *, headed: bool) -> list[str]:
    """`Size: large; Fee: €35` under a line of headings, `large | €35` without one."""
    tidy = [[" ".join(cell.split()) for cell in row] for row in rows]
    tidy = [row for row in tidy if any(row)]
    if not headed or len(tidy) < 2:
        return [" | ".join(cell for cell in row if cell) for row in tidy]
    headings = tidy[0]
    return [_with_headings(headings, row) for row in tidy[1:]]


def _with_headings(headings: Sequence[str], row: Sequence[str]) -> str:
    padded = [*headings, *[""] * (len(row) - len(headings))]
    pairs = zip(padded, row, strict=False)
    return "; ".join(f"{head}: {cell}" if head else cell for head, cell in pairs if cell)
