"""Rows for the bench of scale: vectors of real passages, and as many like them as are wanted.

Every further vector is a passage's own with noise of the passages' shape: as anisotropic as real
ones, so that what is measured holds for them. All of it follows from a seed.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from service.embedding.embedder import Embedder, Side
from service.knowledge.chunking import chunk
from service.settings import EmbeddingSettings
from service.store.vectors import Vectors
from service.text.sentences import split_sentences

BLOCK = 20_000
QUESTIONS = 100
_PASSAGES = 900
_OWN = 0.75
"""How much of a vector's step from the mean is its passage's; the rest is noise."""
_BATCH = 16
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Material:
    """Passages and questions with their vectors, and where they come from."""

    source: str
    passages: list[str]
    vectors: Vectors
    questions: list[str]
    asked: Vectors


def material(folder: Path | None, cache: Path, seed: int) -> Material:
    """Embed the texts, or take the vectors of the last time."""
    passages, questions = _public(folder) if folder else _own()
    dice = np.random.default_rng(seed)
    passages = _some(dice, passages, _PASSAGES)
    questions = _some(dice, questions, QUESTIONS)
    embedder = Embedder(EmbeddingSettings())
    words = json.dumps([embedder.name, passages, questions])
    kept = cache / f"scale-{hashlib.sha256(words.encode()).hexdigest()[:16]}.npz"
    if not kept.exists():
        _keep(kept, embedder, passages, questions)
    with kept.open("rb") as file, np.load(file) as found:
        vectors, asked = found["vectors"], found["asked"]
    return Material(str(folder or "our own texts"), passages, vectors, questions, asked)


@dataclass(frozen=True)
class Rows:
    """As many rows as are wanted; a larger number begins with the rows of a smaller one."""

    material: Material
    seed: int

    def blocks(self, count: int) -> Iterator[tuple[int, Vectors]]:
        """Unit vectors, a block at a time, with the number of the first."""
        for start in range(0, count, BLOCK):
            yield start, self._block(start)[: count - start]

    def texts(self, start: int, count: int) -> list[str]:
        """Words for as many rows: two real sentences, and now and then a name of its own."""
        dice = np.random.default_rng([self.seed, 1, start])
        first, second = dice.integers(0, len(self._sentences), (2, count))
        name = dice.zipf(1.3, count)
        return [
            f"{self._sentences[a]} {self._sentences[b]} Case k{c}."
            for a, b, c in zip(first, second, name, strict=True)
        ]

    def _block(self, start: int) -> Vectors:
        dice = np.random.default_rng([self.seed, 0, start])
        steps, shape = self._steps, self._shape
        own = steps[dice.integers(0, len(steps), BLOCK)]
        noise = dice.standard_normal((BLOCK, len(shape)), dtype=np.float32) @ shape
        made = self._mean + _OWN * own + np.float32((1 - _OWN**2) ** 0.5) * noise
        unit: Vectors = made / np.linalg.norm(made, axis=1, keepdims=True)
        return unit

    @cached_property
    def _mean(self) -> Vectors:
        mean: Vectors = self.material.vectors.mean(axis=0)
        return mean

    @cached_property
    def _steps(self) -> Vectors:
        return self.material.vectors - self._mean

    @cached_property
    def _shape(self) -> Vectors:
        """A root of the passages' covariance: noise times this varies as they do."""
        _, sizes, axes = np.linalg.svd(self._steps, full_matrices=False)
        shape: Vectors = (sizes[:, None] * axes / len(self._steps) ** 0.5).astype(np.float32)
        return shape

    @cached_property
    def _sentences(self) -> list[str]:
        return [s.text for text in self.material.passages for s in split_sentences(text)]


def _keep(path: Path, embedder: Embedder, passages: list[str], questions: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    asked = embedder.embed(questions, Side.QUERY)
    made = []
    for start in range(0, len(passages), _BATCH):
        print(f"\rembedding passages, once: {start}/{len(passages)}", end="", flush=True)
        made.append(embedder.embed(passages[start : start + _BATCH], Side.PASSAGE))
    print(f"\rembedded {len(passages)} passages, kept in {path.name}")
    np.savez(path, vectors=np.concatenate(made), asked=asked)


def _public(folder: Path) -> tuple[list[str], list[str]]:
    passages = [
        piece
        for name in ("xquad_corpus_en", "xquad_corpus_es")
        for row in _lines(folder / f"{name}.jsonl")
        for piece in chunk(row["text"])
    ]
    for row in _lines(folder / "ibm_cdp_conversations.jsonl"):
        passages += [turn["text"] for turn in row["dialog"][:1]]
    for row in _lines(folder / "abcd_policy_guidelines.jsonl"):
        passages += [*row["instructions"], *row["actions"]]
    questions = [
        row["text"]
        for name in ("xquad_queries_en", "xquad_queries_es")
        for row in _lines(folder / f"{name}.jsonl")
    ]
    return passages, questions


def _own() -> tuple[list[str], list[str]]:
    """Policy of the sample and the labelled brands; complaints to labelled replies ask."""
    policies = [
        *_ROOT.glob("service/samples/*/policies.jsonl"),
        *_ROOT.glob("evals/guards/brands/*/policies.jsonl"),
    ]
    passages = [
        piece for path in sorted(policies) for row in _lines(path) for piece in chunk(row["text"])
    ]
    sentences = sorted(_ROOT.glob("evals/guards/sentences/*.jsonl"))
    passages += [row["text"] for path in sentences for row in _lines(path)]
    cases = sorted(_ROOT.glob("evals/guards/replies/*.jsonl"))
    questions = [str(row["complaint"]) for path in cases for row in _lines(path)]
    return passages, questions


def _some(dice: np.random.Generator, texts: list[str], count: int) -> list[str]:
    usable = list(dict.fromkeys(text for text in texts if 20 < len(text) < 2000))
    return [usable[n] for n in sorted(dice.permutation(len(usable))[:count])]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield json.loads(line)
