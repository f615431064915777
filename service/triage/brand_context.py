"""What is seen around a name in a post, in numbers that weights can be learnt for."""

import re
from functools import cache
from pathlib import Path

from service.text.capitals import CAPITAL
from service.text.folding import fold
from service.text.wordlists import pattern_list
from service.triage.brand_names import Found, NamePlace

NAMES = (
    "phrase", "inflected", "misspelt", "run_on", "capital inside", "capital first", "lower",
    "alone", "quoted", "joined", "firm", "person", "determiner", "named further",
)  # fmt: skip
CUES = Path(__file__).parent / "brand_cues.yaml"
_FIRST = re.compile(r"(?:^|[.!?…:\n]|[^\w\s,;'\"(@#])\s*[\"“„«'(]*$")
_ENDS = re.compile(r"\s*(?:[.!?,…:]|$)")
_QUOTE = re.compile(r"[\"“”„«»‚‘]$|(?<!\w)'$")
_FURTHER = re.compile(
    rf"(?:\s(?:&|and|und|y|i)\s(?:sons?|co|sohne|hijos|synowie)\b|\s{CAPITAL}[\w']+)"
)
_REACH = 40


@cache
def _cue(key: str, before: str, after: str) -> re.Pattern[str]:
    listed = "|".join(pattern_list(CUES, key))
    return re.compile(f"{before}(?:{listed}){after}")


def context_of(text: str, place: NamePlace) -> tuple[float, ...]:
    """One number a name of `NAMES`, 0 or 1."""
    folded = fold(text)
    before, after = text[: place.start], text[place.end :]
    led, follows = folded[max(0, place.start - _REACH) : place.start], folded[place.end :][:_REACH]
    written = text[place.start : place.end]
    first, ends = bool(_FIRST.search(before)), bool(_ENDS.match(after))
    capital = written[:1].isupper()
    seen = {
        "phrase": place.found is Found.PHRASE,
        "inflected": place.found is Found.INFLECTED,
        "misspelt": place.found is Found.MISSPELT,
        "run_on": place.found is Found.RUN_ON,
        "capital inside": capital and not first,
        "capital first": capital and first,
        "lower": not capital,
        "alone": first and ends,
        "quoted": bool(_QUOTE.search(before)),
        "joined": after[:1] == "-" or before[-1:] == "-",
        "firm": _is_firm(led, follows),
        "person": bool(_cue("people", r"(?<!\w)", r"(?:\s\w+)?\s$").search(led)),
        "determiner": bool(_cue("determiners", r"(?<!\w)", r"(?:\s\w+)?\s$").search(led)),
        "named further": bool(_FURTHER.match(after)),
    }
    return tuple(float(seen[name]) for name in NAMES)


def _is_firm(led: str, follows: str) -> bool:
    before = _cue("firms", r"(?<!\w)", r"(?:\s\w+)?\s$").search(led)
    return bool(before or _cue("firms", r"^\s(?:\w+\s)?", r"(?!\w)").match(follows))
