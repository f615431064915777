"""What a name means where it stands: the states of its pieces half way up the complaints' encoder.

There the network knows how a word is used (a firm that acts, a person, a thing) and has not yet
blended it into what the whole text is about; that is the mean of the last layer, as for searches.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from service.embedding.complaints import PREFIX, WEIGHTS, network
from service.embedding.embedder import Vectors

LAYERS = (6, 8)
"""Layers after which a name is looked at; measured on the labelled posts (evals/mentions)."""
_BEFORE, _AFTER = 300, 200


@dataclass(frozen=True)
class NameSense:
    """A name in its place, float32 of shape (2 * 384,), and the whole text, of shape (384,)."""

    name: Vectors
    text: Vectors


@lru_cache(maxsize=512)
def read_name(text: str, start: int, end: int) -> NameSense:
    """What the place adds to the name; blocks the thread for about 0.2 ms a character around it.

    What the name means on its own is taken away: which name it is tells nothing about its use.
    """
    first, last = _edges(text, start, end)
    sense = _read(text[first:start], text[start:end], text[end:last])
    return NameSense(sense.name - _alone(text[start:end]), sense.text)


@lru_cache(maxsize=4_096)
def _alone(name: str) -> Vectors:
    return _read("", name, "").name


def _read(before: str, name: str, after: str) -> NameSense:
    import torch

    encoder = network(WEIGHTS)
    words = encoder.file.vocabulary
    led = PREFIX + before
    whole = encoder.pieces(led + name + after)
    begin = min(len(encoder.pieces(led)), len(whole) - 1)
    finish = max(len(encoder.pieces(led + name)), begin + 1)
    ids = [words.begin, *whole, words.end][: encoder.file.shape.positions]
    with torch.inference_mode():
        x, real = encoder.begin([ids])
        found, done = [], 0
        for layer in LAYERS:
            x, real = encoder.run(x, real, done, layer)
            found.append(_unit(x[0, begin + 1 : finish + 1].mean(0).numpy()))
            done = layer
        x, real = encoder.run(x, real, done)
    return NameSense(np.concatenate(found), _unit(x[0].mean(0).numpy()))


def familiarity(name: str) -> float:
    """How common a word is: the log probability of its best pieces, of a word of any language."""
    encoder = network(WEIGHTS)
    pieces = encoder.file.vocabulary.pieces
    spellings = {name.lower(), name.lower().capitalize()}
    return max(sum(pieces[n][1] for n in encoder.pieces(one)) for one in spellings)


def _edges(text: str, start: int, end: int) -> tuple[int, int]:
    """The words around, whole: a long post costs no more than a short one."""
    first, last = max(0, start - _BEFORE), min(len(text), end + _AFTER)
    if first:
        first = text.find(" ", first, start) + 1 or start
    if last < len(text):
        last = max(text.rfind(" ", end, last), end)
    return first, last


def _unit(row: Vectors) -> Vectors:
    return np.asarray(row / np.linalg.norm(row), np.float32)
