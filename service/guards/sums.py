"""Whether an amount of money follows from the case's own figures: `3 x £45`, half of £92."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from service.guards.context import CheckContext
from service.guards.sources import firm_texts, open_texts
from service.text.folding import fold
from service.text.numbers import NUMBER, digitise, parse_number
from service.text.reading import SpecificKind
from service.text.specifics import Specific, find_specifics

_PRICE = re.compile(r"(?<![\w.,:])\d{1,6}[.,]\d{2}(?![\w:]|[.,]\d)")
_CENT = Decimal("0.01")
_MOST_TIMES, _MOST_FIGURES = 60, 100
# Said without a figure: a half, a third, a quarter, three quarters.
_SHARES = frozenset(map(Decimal, ("0.5", "0.25", "0.75"))) | {Decimal(1) / 3}


@dataclass(frozen=True)
class _Figures:
    amounts: frozenset[Decimal]
    counts: frozenset[Decimal]
    percents: frozenset[Decimal]


def _of_kind(texts: Iterable[str], kind: SpecificKind, unit: str) -> Iterator[Decimal]:
    for one in (one for text in texts for one in find_specifics(text) if one.kind is kind):
        if one.unit == unit:
            yield from (Decimal(part) for part in one.value.split("-"))


def _numbers(texts: Iterable[str]) -> Iterator[Decimal]:
    """Every number as it is written, whatever it counts."""
    for text in texts:
        for match in NUMBER.finditer(digitise(fold(text)).text):
            yield Decimal(parse_number(match.group()))


def _prices(texts: Iterable[str]) -> Iterator[Decimal]:
    """What is written like a price, also where no currency stands beside it: `8.00`."""
    for text in texts:
        yield from (Decimal(parse_number(match.group())) for match in _PRICE.finditer(text))


def _figures(amount: Specific, context: CheckContext) -> _Figures:
    sources = firm_texts(context)
    own = context.reply.replace(amount.text, " ")
    told = tuple(_numbers(open_texts(context)))
    written = (*_of_kind((*sources, own), SpecificKind.AMOUNT, amount.unit), *_prices(sources))
    money = {*written, *told}
    percents = _of_kind((*sources, own), SpecificKind.PERCENTAGE, "percent")
    times = (n for n in (*told, *_numbers((own,))) if 1 < n <= _MOST_TIMES and n == int(n))
    return _Figures(
        frozenset(sorted(one for one in money if one > 0)[:_MOST_FIGURES]),
        frozenset(times),
        frozenset(percent / 100 for percent in percents),
    )


def _results(figures: _Figures) -> Iterator[Decimal]:
    """At most one step of arithmetic over an amount."""
    yield from figures.amounts
    for one, count in product(figures.amounts, figures.counts):
        yield one * count
    for one, share in product(figures.amounts, _SHARES | figures.percents):
        yield from (one * share, one * (1 - share))
    for one, percent in product(figures.amounts, figures.percents):
        yield one * (1 + percent)
    for one, other in product(figures.amounts, repeat=2):
        yield from (one + other, one - other)


def is_sum(amount: Specific, context: CheckContext) -> bool:
    """Whether at most one step of arithmetic over thread, facts and policy leads to the amount.

    Whether it is the right step is for the reader of claims.
    """
    wanted = Decimal(amount.value.rsplit("-", 1)[-1]).quantize(_CENT)
    return any(one.quantize(_CENT) == wanted for one in _results(_figures(amount, context)))
