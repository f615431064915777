"""Lists with one line a row: the last column takes what is left of the width, cut or wrapped."""

import shutil
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from service.cli.printing import page, plain

if TYPE_CHECKING:
    from rich.text import Text

PIPED = 160
"""How wide a list is where nobody's terminal is asked: enough for words, whatever reads them."""
_LEAST = 24
_GAP = 2


def show_rows(
    heads: Sequence[str],
    rows: "Sequence[Sequence[Text]]",
    *,
    spare: Collection[str] = (),
    wrap: bool = False,
) -> None:
    """Print rows; where the last column has no room left, `spare` ones are left out in order.

    What of it does not fit is cut off, or with `wrap` put on lines of its own.
    """
    from rich.table import Table

    width = shutil.get_terminal_size((PIPED, 0)).columns
    widest = [max(len(head), *(row[n].cell_len for row in rows)) for n, head in enumerate(heads)]
    fixed = _fitting(heads, widest[:-1], width - _LEAST, spare)
    left = max(width - _taken(widest, fixed), _LEAST)
    table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False)
    for n in fixed:
        table.add_column(heads[n], no_wrap=True)
    table.add_column(heads[-1], no_wrap=not wrap, overflow="fold")
    for row in rows:
        last = row[-1].copy()
        if not wrap:
            last.truncate(left, overflow="ellipsis")
        table.add_row(*(row[n] for n in fixed), last)
    console = page()
    console.width = _taken(widest, fixed) + left
    console.print(table)


def one_line(words: str, style: str = "") -> "Text":
    """Words of customers and models on one line."""
    return plain(" ".join(words.split()), style)


def _fitting(
    heads: Sequence[str], widest: Sequence[int], width: int, spare: Collection[str]
) -> list[int]:
    """The columns that are shown beside the last one; ids and all else that counts stay."""
    shown = list(range(len(widest)))
    for name in spare:
        if _taken(widest, shown) > width:
            shown.remove(heads.index(name))
    return shown


def _taken(widest: Sequence[int], shown: Sequence[int]) -> int:
    return sum(widest[n] + _GAP for n in shown)
