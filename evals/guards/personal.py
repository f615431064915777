"""How well personal data is found: on public rows, on our own texts, and on customers' tweets.

`python -m evals.guards.personal [--held-out] [--show]`; the public files stand in AMENDS_EVALDATA.

A labelled span counts as found when the spans found cover at least half of its characters. A span
found is right when at least half of its characters lie in labelled spans of any personal type. A
labelled PERSON of one word counts neither for nor against, nor does what is found there. Order and
account numbers (`reference`) are labelled nowhere and left out. Strict figures ask for the same
kind and the same first and last character.
"""

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from evals.guards.personal_rows import OwnText, own_texts, public_rows, tweets
from evals.guards.spans import Row, Span, Tally, tally
from service.text.personal_data import PersonalKind, find_personal_data

Finder = Callable[[str], list[Span]]
_BASELINE = {
    "email": re.compile(r"\S+@\S+\.\w+"),
    "iban": re.compile(r"\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b"),
    "card": re.compile(r"\b(?:\d[ -]?){13,16}\b"),
    "national_id": re.compile(r"\b\d{3}-\d{2}-\d{4}\b"),
    "phone": re.compile(r"\+?\(?\d{2,4}\)?[ -]\d{3}[ -]\d{3,4}\b"),
    "address": re.compile(r"\b\d+ (?:[A-Z]\w+ ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Drive|Lane)\b"),
    "postcode": re.compile(r"\b\d{5}(?:-\d{4})?\b"),
    "name": re.compile(r"\b[A-Z][a-z]+ [A-Z][a-z]+\b"),
}
_TWEET_KINDS = (PersonalKind.NAME, PersonalKind.ADDRESS, PersonalKind.PHONE)


def ours(text: str) -> list[Span]:
    """What the service finds, order and account numbers left out."""
    found = find_personal_data(text)
    return [Span(str(f.kind), f.start, f.end) for f in found if f.kind != PersonalKind.REFERENCE]


def baseline(text: str) -> list[Span]:
    """One plain expression a kind, the first that matches wins."""
    found: list[Span] = []
    for kind, pattern in _BASELINE.items():
        for match in pattern.finditer(text):
            span = Span(kind, match.start(), match.end())
            if not any(span.overlap(other) for other in found):
                found.append(span)
    return found


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _table(title: str, rows: Iterable[Row], *, show: bool) -> None:
    listed = list(rows)
    _print(f"\n{title} ({len(listed)} texts)")
    _print(
        f"{'kind':<13}{'labels':>7}{'found':>7}{'P':>7}{'R':>7}{'F1':>7}{'F2':>7}   strict P/R/F2"
    )
    for name, finder in (("", ours), ("baseline", baseline)):
        counted = tally(listed, finder)
        for kind in sorted(counted) if not name else ():
            _print(_line(kind, counted[kind]))
        _print(_line(name or "all", counted["all"]))
    if show:
        _faults(listed)


def _line(name: str, counted: Tally) -> str:
    strict = "/".join(f"{v:.3f}" for v in (counted.strict_p, counted.strict_r, counted.strict(2)))
    return (
        f"{name:<13}{counted.labels:>7}{counted.found:>7}{counted.precision:>7.3f}"
        f"{counted.recall:>7.3f}{counted.f(1):>7.3f}{counted.f(2):>7.3f}   {strict}"
    )


def _faults(rows: list[Row]) -> None:
    for row in rows:
        found = ours(row.text)
        missed = [(s.kind, row.text[s.start : s.end]) for s in row.labels if not s.covered(found)]
        wrong = [(s.kind, row.text[s.start : s.end]) for s in found if row.is_wrong(s)]
        if missed or wrong:
            _print(f"  missed {missed} wrong {wrong} in {row.text[:160]!r}")


def _harmless(texts: list[OwnText], *, show: bool) -> None:
    harmless = [one for one in texts if not one.row.labels]
    alarmed = [one for one in harmless if ours(one.row.text)]
    share = len(alarmed) / len(harmless) if harmless else 0.0
    _print(
        f"\nharmless sentences with a false alarm: {len(alarmed)} of {len(harmless)} ({share:.1%})"
    )
    for one in alarmed if show else ():
        words = [one.row.text[s.start : s.end] for s in ours(one.row.text)]
        _print(f"  {one.language} {words} in {one.row.text!r}")


def _tweets(folder: Path, *, show: bool) -> None:
    listed = tweets(folder)
    hits = 0
    for tweet in listed:
        found = [f for f in find_personal_data(tweet) if f.kind in _TWEET_KINDS]
        hits += bool(found)
        if found and show:
            _print(f"  {[(str(f.kind), f.text) for f in found]} in {tweet!r}")
    _print(
        f"customer tweets with a name, address or phone: {hits} of {len(listed)}"
        f" ({hits / len(listed):.1%})"
    )


def main(arguments: list[str]) -> int:
    """Print every figure."""
    parser = argparse.ArgumentParser(description="How well personal data is found.")
    parser.add_argument("--held-out", action="store_true", help="the other half of the public rows")
    parser.add_argument(
        "--show", action="store_true", help="print what was missed and what was wrong"
    )
    asked = parser.parse_args(arguments)
    texts = own_texts()
    _table("our texts", (one.row for one in texts), show=asked.show)
    for language in sorted({one.language for one in texts}):
        counted = tally([one.row for one in texts if one.language == language], ours)["all"]
        _print(_line(f"  {language}", counted))
    _harmless(texts, show=asked.show)
    folder = os.environ.get("AMENDS_EVALDATA")
    if not folder:
        _print("AMENDS_EVALDATA is unset: the public rows are skipped")
        return 0
    held = asked.held_out
    rows = public_rows(Path(folder), held_out=held)
    # What the held-out rows hold is never shown.
    _table(
        "presidio, held-out half" if held else "presidio, seen half",
        rows,
        show=asked.show and not held,
    )
    _tweets(Path(folder), show=asked.show)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
