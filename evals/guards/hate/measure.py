"""How well hate is read: `AMENDS_EVALDATA=... python -m evals.guards.hate.measure [--held-out]`.

Without the flag the half that was looked at while working is measured; with it the other half.
"""

import argparse
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter

import numpy as np

from evals.guards.hate.rows import (
    SUITES,
    HateRow,
    embedded,
    own_rows,
    suite_rows,
    threat_rows,
    tweet_rows,
)
from evals.guards.hate.train import RIDGE_BOTH, fit, vector_of
from service.triage.hate import EmbeddedPoints, Hostility, read_hostility
from service.triage.tagging import clauses_of

Guess = Callable[[HateRow, EmbeddedPoints], bool]
_FEATURES = 5_000


def scores(rows: Sequence[HateRow], guesses: Sequence[bool]) -> tuple[float, float]:
    """Accuracy and balanced accuracy."""
    right = [row.hate is guess for row, guess in zip(rows, guesses, strict=True)]
    halves = [
        [r for r, row in zip(right, rows, strict=True) if row.hate is h] for h in (True, False)
    ]
    return float(np.mean(right)), float(np.mean([np.mean(half) for half in halves]))


def readers() -> dict[str, Guess]:
    """What is compared: baselines first, the product's own last."""
    return {
        "all hateful": lambda _row, _points: True,
        "keyword list": lambda row, _points: _is_listed(row),
        "TF-IDF + LR, own data": _words_only(),
        "vectors only": _vectors_only(),
        "marks only": lambda row, _points: read_hostility(row.text, row.language).hate,
        "marks and vectors": lambda row, points: _read(row, points).hate,
    }


def _is_listed(row: HateRow) -> bool:
    """Whether a slur stands there, aimed at whom it may."""
    return any(clause.at("slur") for clause in clauses_of(row.text, row.language))


def _read(row: HateRow, points: EmbeddedPoints) -> Hostility:
    return read_hostility(row.text, row.language, points)


def _words_only() -> Guess:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    rows = own_rows()
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, max_features=_FEATURES)
    inputs = words.fit_transform([row.text for row in rows])
    head = LogisticRegression(C=10, max_iter=2000, class_weight="balanced")
    head.fit(inputs, [row.hate for row in rows])
    return lambda row, _points: bool(head.predict(words.transform([row.text]))[0])


def _vectors_only() -> Guess:
    rows = own_rows()
    vectors = np.stack([vector_of(points) for points in embedded([row.text for row in rows])])
    middle = vectors.mean(axis=0)
    found = fit((vectors - middle).astype(np.float64) * 8, [row.hate for row in rows], RIDGE_BOTH)
    return lambda _row, points: bool(
        (vector_of(points) - middle) * 8 @ found[:-1] + found[-1] > 0,
    )


def report(folder: Path, *, held_out: bool) -> list[str]:
    """The figures as lines of text."""
    lines = [f"half: {'held out' if held_out else 'seen'}"]
    compared = readers()
    for language in SUITES:
        rows = [row for row in suite_rows(folder, language) if row.held_out is held_out]
        points = list(embedded([row.text for row in rows]))
        for name, guess in compared.items():
            guesses = [guess(row, at) for row, at in zip(rows, points, strict=True)]
            right, balanced = scores(rows, guesses)
            lines.append(f"{language} {name:24} accuracy {right:.3f} balanced {balanced:.3f}")
        lines.extend(_by_functionality(rows, guesses))
    return [*lines, *_threats(folder, held_out), *_tweets(folder, held_out)]


def _by_functionality(rows: Sequence[HateRow], guesses: Sequence[bool]) -> list[str]:
    right: dict[str, list[bool]] = defaultdict(list)
    for row, guess in zip(rows, guesses, strict=True):
        right[row.group].append(row.hate is guess)
        right["ALL CONTRASTS" if not row.hate else "ALL HATE"].append(row.hate is guess)
    parts = (f"{n} {np.mean(found):.2f} ({len(found)})" for n, found in sorted(right.items()))
    return [f"   {part}" for part in parts]


def _threats(folder: Path, held_out: bool) -> list[str]:
    rows = [row for row in threat_rows(folder) if row.held_out is held_out]
    read = [_read(row, p) for row, p in zip(rows, embedded([r.text for r in rows]), strict=True)]
    lines = ["Polish comments (threat / insult / hate found):"]
    for group in sorted({row.group for row in rows}):
        found = [one for one, row in zip(read, rows, strict=True) if row.group == group]
        shares = (np.mean([getattr(f, w) for f in found]) for w in ("threat", "insult", "hate"))
        figures = " / ".join(f"{share:.2f}" for share in shares)
        anything = np.mean([bool(one) for one in found])
        lines.append(f"   {group} ({len(found)}): {figures}; any {anything:.2f}")
    return lines


def _tweets(folder: Path, held_out: bool) -> list[str]:
    rows = [row for row in tweet_rows(folder) if row.held_out is held_out]
    points = list(embedded([row.text for row in rows]))
    began = perf_counter()
    read = [_read(row, at) for row, at in zip(rows, points, strict=True)]
    each = (perf_counter() - began) / len(rows) * 1000
    counts = {w: sum(getattr(one, w) for one in read) for w in ("hate", "threat", "insult")}
    return [f"ordinary tweets ({len(rows)}): {counts}, {each:.2f} ms a text"]


def main() -> None:
    """Print the figures for one half."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held-out", action="store_true")
    folder = os.environ.get("AMENDS_EVALDATA")
    if not folder:
        sys.exit("AMENDS_EVALDATA names no folder")
    lines = report(Path(folder), held_out=parser.parse_args().held_out)
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
