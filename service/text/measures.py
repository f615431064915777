"""Numbers with a unit: amounts, percentages and durations; and what has none."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from service.text.folding import fold
from service.text.numbers import NUMBER, parse_number
from service.text.reading import Reading, SpecificKind, plain_reading
from service.text.wordlists import HERE, lookup, read_list

_FACTORS = {
    "second": ("minute", Decimal(1) / 60),
    "hour": ("minute", Decimal(60)),
    "day": ("minute", Decimal(1440)),
    "week": ("minute", Decimal(10080)),
    "year": ("month", Decimal(12)),
    "eur_cent": ("eur", Decimal("0.01")),
    "gbp_cent": ("gbp", Decimal("0.01")),
    "pln_cent": ("pln", Decimal("0.01")),
}
_PIECE = re.compile(r"(?:[.,]-)?[\s-]{0,2}([€$£%]|us\$|[^\W\d_]+)")
_TO = re.compile(r"\s?(?:-|to|bis|do|a|and|or|y|o|oder|lub|hasta|i|und)\s?(?=\d)")
_SIGN_BEFORE = re.compile(r"(us\$|[€$£]|(?<!\w)(?:eur|usd|gbp|pln|chf|mxn))\s?$")
_CURRENCIES = {"dollar_sign": ("usd", "peso")}
_OUT_OF = re.compile(r"\s(?:out of|in every|von|de cada|na)\s(?=\d)")
_ONE = r"(?:(?:an?|one|una?|einer|einem|einen|ein|eine|eines)\s)"
_WITHIN = re.compile(
    rf"(?<!\w)(?:(?:within|in under|in less than|less than|under|dentro de|en menos de|menos de"
    rf"|en el plazo de|binnen|innerhalb|innerhalb von|in weniger als)\s{_ONE}"
    rf"|(?:w ciagu|w przeciagu|do|w mniej niz)\s(?=tygodnia|godziny|doby|miesiaca|dnia roboczego))"
    r"([^\W\d_]+(?:\s(?:day|roboczego|habil|laborable))?)"
)


@cache
def _units() -> dict[str, tuple[SpecificKind, str]]:
    kinds = (SpecificKind.DURATION, SpecificKind.AMOUNT, SpecificKind.PERCENTAGE)
    return {
        word: (kind, unit)
        for kind in kinds
        for word, unit in lookup(HERE / "units.yaml", kind.value).items()
    }


@cache
def _listed(key: str) -> frozenset[str]:
    return frozenset(fold(word) for word in read_list(HERE / "units.yaml")[key])


def _unit_after(text: str, end: int) -> tuple[SpecificKind, str, int] | None:
    """The unit that follows a number, two words before one, past `full` and `long`."""
    first = _PIECE.match(text, end)
    if first and first.group(1) in _listed("between"):
        first = _PIECE.match(text, first.end())
    if not first:
        return None
    second = _PIECE.match(text, first.end())
    if second and (pair := _units().get(f"{first.group(1)} {second.group(1)}")):
        return *pair, second.end()
    single = _units().get(first.group(1))
    return (*single, first.end()) if single else None


def _in_base(value: str, unit: str) -> tuple[str, str]:
    base, factor = _FACTORS.get(unit, (unit, Decimal(1)))
    amount = (Decimal(value) * factor).quantize(Decimal("0.01")).normalize()
    return format(amount, "f"), base


def _measured(
    kind: SpecificKind, unit: str, low: str | None, value: str, *, start: int, end: int
) -> Reading:
    high, base = _in_base(value, unit)
    span = high if low is None else f"{_in_base(low, unit)[0]}-{high}"
    units = _CURRENCIES.get(base, (base,))
    own = frozenset(f"{kind}:{span}:{one}" for one in units)
    upper = frozenset(f"{kind}:{high}:{one}" for one in units)
    return Reading(kind, span, units[0], start, end, own, own | upper)


def _upper_end(text: str, end: int) -> re.Match[str] | None:
    joint = _TO.match(text, end)
    return NUMBER.match(text, joint.end()) if joint else None


def _with_sign_before(text: str, start: int, end: int) -> Reading | None:
    sign = _SIGN_BEFORE.search(text, max(0, start - 6), start)
    if not sign:
        return None
    unit = lookup(HERE / "units.yaml", "amount")[sign.group(1)]
    value = parse_number(text[start:end])
    if text[end : end + 1] == "k" and not text[end + 1 : end + 2].isalpha():
        value, end = str(Decimal(value) * 1000), end + 1
    return _measured(SpecificKind.AMOUNT, unit, None, value, start=sign.start(1), end=end)


def _share(text: str, start: int, end: int) -> Reading | None:
    """`9 out of 10` is a statistic like `90%`."""
    joint = _OUT_OF.match(text, end)
    whole = NUMBER.match(text, joint.end()) if joint else None
    if not whole:
        return None
    parts, total = (Decimal(parse_number(piece)) for piece in (text[start:end], whole.group()))
    if not 0 < parts <= total:
        return None
    value = format((parts / total * 100).quantize(Decimal("0.01")).normalize(), "f")
    return plain_reading(
        SpecificKind.PERCENTAGE, value, unit="percent", start=start, end=whole.end()
    )


def measure_at(text: str, start: int, end: int) -> Reading | None:
    """The number at this place as an amount, a percentage or a duration; else as a count."""
    if signed := _with_sign_before(text, start, end) or _share(text, start, end):
        return signed
    value = parse_number(text[start:end])
    upper = _upper_end(text, end)
    if upper and (unit := _unit_after(text, upper.end())):
        high = parse_number(upper.group())
        return _measured(unit[0], unit[1], value, high, start=start, end=unit[2])
    if unit := _unit_after(text, end):
        return _measured(unit[0], unit[1], None, value, start=start, end=unit[2])
    return None if _is_year(text[start:end]) else _count(text, start, end, value)


def _is_year(written: str) -> bool:
    return len(written) == 4 and written[:2] in ("19", "20")


def _count(text: str, start: int, end: int, value: str) -> Reading:
    noun = re.compile(r"\s([^\W\d_]{2,})").match(text, end)
    if noun and noun.group(1) not in _listed("functional"):
        stem = noun.group(1)[:5]
        return plain_reading(SpecificKind.COUNT, value, unit=stem, start=start, end=noun.end())
    return plain_reading(SpecificKind.NUMBER, value, start=start, end=end)


def within_one(text: str) -> Iterator[Reading]:
    """`within a week`: an article counts as a number only where a limit is set."""
    for match in _WITHIN.finditer(text):
        unit = _units().get(match.group(1)) or _units().get(match.group(1).split()[0])
        if unit and unit[0] is SpecificKind.DURATION:
            start, end = match.span()
            yield _measured(SpecificKind.DURATION, unit[1], None, "1", start=start, end=end)
