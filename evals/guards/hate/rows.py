"""The sentences the head is trained on, and the public ones it is measured on."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from service.embedding.embedder import Embedder, Side
from service.settings import EmbeddingSettings
from service.triage.hate import EmbeddedPoints
from service.triage.issues import points_of

TRAIN = Path(__file__).parent / "train.jsonl"
SUITES = {"en": "hatecheck_en", "pl": "mhc_pl", "es": "mhc_es"}


@dataclass(frozen=True)
class HateRow:
    """A text and whether it is hate; `group` is its functionality, `held_out` its half."""

    text: str
    language: str
    hate: bool
    group: str
    held_out: bool


def own_rows() -> tuple[HateRow, ...]:
    """What we wrote ourselves."""
    return tuple(
        HateRow(row["text"], row["language"], row["hate"], "own", held_out=False)
        for row in _lines(TRAIN)
    )


def suite_rows(folder: Path, language: str) -> tuple[HateRow, ...]:
    """One functional suite."""
    return tuple(
        HateRow(
            row["text"],
            language,
            row["label"] == "hateful",
            row["functionality"],
            held_out=is_held_out(row["id"]),
        )
        for row in _lines(folder / f"{SUITES[language]}.jsonl")
    )


def threat_rows(folder: Path) -> tuple[HateRow, ...]:
    """Real Polish comments; `hate` says that it was labelled a punishable threat."""
    return tuple(
        HateRow(
            row["text"],
            "pl",
            row["class_pl"] == "Groźby karalne",
            row["class_pl"],
            held_out=is_held_out(row["id"]),
        )
        for row in _lines(folder / "komentarze_pl_abuse.jsonl")
    )


def tweet_rows(folder: Path) -> tuple[HateRow, ...]:
    """Ordinary angry customers."""
    return tuple(
        HateRow(
            row["customer_text"],
            row["lang_customer"],
            hate=False,
            group="tweet",
            held_out=is_held_out(row["id"]),
        )
        for row in _lines(folder / "twcs_brand_reply_pairs.jsonl")
    )


def is_held_out(row_id: str) -> bool:
    """Half of the public rows, by their id; nobody looks at these while working on the reader."""
    return hashlib.sha256(row_id.encode()).digest()[0] % 2 == 1


def embedded(texts: Sequence[str]) -> Iterator[EmbeddedPoints]:
    """Each text's points with their vectors, as the triager hands them over."""
    embedder = Embedder(EmbeddingSettings())
    for text in texts:
        points = points_of(text)
        vectors = embedder.embed([point.text for point in points], Side.QUERY)
        yield EmbeddedPoints(points, np.asarray(vectors, np.float32))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)
