"""The vector search seam: numpy over SQLite's rows, or pgvector inside PostgreSQL."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from sqlalchemy.ext.asyncio import AsyncConnection

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True)
class EntryHit:
    """A searchable piece that was found: its row, what it belongs to, and the score."""

    entry_id: int
    ref: str
    text: str
    score: float


class VectorSearch(Protocol):
    """Cosine search over unit-length vectors of one brand, one source and one embedding model."""

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
