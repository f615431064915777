"""Whether a post speaks of a brand: by its marks for sure, by its names as they are used."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np

from service.domain.brand import Brand
from service.domain.mention import Mention
from service.embedding.embedder import Embedder, Side, Vectors
from service.embedding.name_senses import familiarity, read_name
from service.text.folding import fold
from service.text.wordlists import pattern_list
from service.triage.brand_context import CUES, NAMES, context_of
from service.triage.brand_names import NamePlace, names_of, read_post

WEIGHTS = Path(__file__).parent / "weights" / "mentions.npz"
MOST_PLACES = 4
"""Names looked at in one post; the surest one decides."""
_RARE, _RARER = -16.0, -24.0
"""From here on a word is unheard of in any language, and there it surely is."""
_TRADE_SCALE, _CONTEXT_SCALE = 10.0, 1.5


@dataclass(frozen=True)
class NameHead:
    """A linear head over how a name is used, what stands around it, and the post's trade."""

    middle: Vectors
    scale: Vectors
    weights: Vectors

    def odds(self, inputs: Vectors) -> Vectors:
        """Log odds that it is the brand, for inputs of shape (places, inputs): above 0 it is."""
        size = len(self.middle)
        used = (inputs[:, :size] - self.middle) / self.scale
        design = np.concatenate([used, inputs[:, size:]], axis=1)
        return np.asarray(design @ self.weights[:-1] + self.weights[-1], np.float32)


class BrandFinder:
    """Finds the brands that a post speaks of; needs no language model."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    async def named_in(
        self, post: Mention, brands: Sequence[Brand], about: Mapping[str, str]
    ) -> list[str]:
        """The brands' ids; `about` says by id what each does, where that is known."""
        return [
            brand.id
            for brand in brands
            if await self._is_named(post, brand, about.get(brand.id, ""))
        ]

    async def _is_named(self, post: Mention, brand: Brand, about: str) -> bool:
        names, read = names_of(brand), read_post(post.text)
        if names.marked(read, frozenset(fold(tag).lstrip("@") for tag in post.mentions)):
            return True
        places = names.places(read)
        if not places:
            return False
        return await asyncio.to_thread(self.is_meant, post.text, places, brand.name, about)

    def is_meant(self, text: str, places: Sequence[NamePlace], name: str, about: str) -> bool:
        """Whether one of these names is the brand's; takes about 20 ms a name."""
        odds = load_head().odds(self.inputs(text, places, name, about))
        return bool(odds.max() > 0)

    def inputs(self, text: str, places: Sequence[NamePlace], name: str, about: str) -> Vectors:
        """What the head sees of each place, float32 of shape (places, inputs)."""
        rows = [
            np.concatenate(
                [used, context, [self._trade(whole, about), _CONTEXT_SCALE * _rarity(name)]]
            )
            for used, whole, context in _seen(text, places[:MOST_PLACES])
        ]
        return np.asarray(rows, np.float32)

    def _trade(self, text: Vectors, about: str) -> float:
        """How much more the post is about the brand's trade than about others; 0 if unknown."""
        if not about:
            return 0.0
        own = self._embedder.embed([about], Side.QUERY)[0]
        return float(text @ own - (self._others @ text).mean()) * _TRADE_SCALE

    @cached_property
    def _others(self) -> Vectors:
        return self._embedder.embed(pattern_list(CUES, "trades"), Side.QUERY)


def _seen(text: str, places: Sequence[NamePlace]) -> Iterator[tuple[Vectors, Vectors, Vectors]]:
    for place in places:
        sense = read_name(text, place.start, place.end)
        context = np.array(context_of(text, place), np.float32) * _CONTEXT_SCALE
        yield sense.name, sense.text, context


@cache
def _rarity(name: str) -> float:
    """0 for a word that many know, 1 for one that nobody uses otherwise."""
    return float(np.clip((familiarity(name) - _RARE) / (_RARER - _RARE), 0, 1))


@cache
def load_head() -> NameHead:
    """The head that is shipped; refuses weights made for other inputs."""
    with np.load(WEIGHTS, allow_pickle=False) as kept:
        if tuple(kept["names"]) != NAMES:
            raise ValueError("mentions.npz is out of date: run `python -m evals.mentions.train`")
        return NameHead(kept["middle"], kept["scale"], kept["weights"])
