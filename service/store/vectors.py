"""The vector search seam: numpy over SQLite's rows, or pgvector inside PostgreSQL."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from sqlalchemy.ext.asyncio import AsyncConnection

from service.errors import EmbeddingChanged

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True)
class EntryHit:
    """A searchable piece that was found: its row, what it belongs to, and the score."""

    entry_id: int
    ref: str
    text: str
    score: float


def require_length(queries: Vectors, numbers: int, *, brand_id: str, model: str) -> None:
    """Vectors of one name and of two lengths are of two models: EmbeddingChanged."""
    if numbers != queries.shape[1]:
        raise EmbeddingChanged(
            f"brand {brand_id!r} is indexed with {numbers} numbers a text under {model!r}, and "
            f"the model gives {queries.shape[1]}: `amends brand reindex --brand {brand_id} --anew` "
            "embeds everything with it"
        )


class VectorSearch(Protocol):
    """Cosine search over unit-length vectors of one brand, one source and one embedding model.

    Raises EmbeddingChanged where the queries are not as long as the entries' vectors.
    """

    async def search(
        self,
        connection: AsyncConnection,
        *,
        brand_id: str,
        source: str,
        model: str,
        revision: int,
        queries: Vectors,
        limit: int,
    ) -> list[list[EntryHit]]:
        """For each query (a row of `queries`) the nearest entries of that brand, best first."""
        ...
