"""The full text seam: FTS5 with diacritics folded, ranked by BM25."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.vectors import EntryHit

CREATE = (
    "CREATE VIRTUAL TABLE search_text USING fts5("
    "body, brand_id UNINDEXED, source UNINDEXED, "
    'tokenize = "unicode61 remove_diacritics 2")'
)
_STEMMED = 6
_SEARCH = text(
    "SELECT e.id, e.ref, e.text, -bm25(search_text) AS score FROM search_text "
    "JOIN search_entries e ON e.id = search_text.rowid "
    "WHERE search_text MATCH :match AND search_text.brand_id = :brand "
    "AND search_text.source = :source ORDER BY score DESC LIMIT :limit"
)
_INSERT = text(
    "INSERT INTO search_text (rowid, body, brand_id, source) VALUES (:id, :body, :brand, :source)"
)
_DELETE = text("DELETE FROM search_text WHERE rowid = :id")


class FullTextSearch:
    """Word search over the same entries as the vectors."""

    async def add(
        self,
        connection: AsyncConnection,
        entry_id: int,
        *,
        body: str,
        brand_id: str,
        source: str,
    ) -> None:
        """Index one entry."""
        values = {"id": entry_id, "body": body, "brand": brand_id, "source": source}
        await connection.execute(_INSERT, values)

    async def remove(self, connection: AsyncConnection, entry_ids: Sequence[int]) -> None:
        """Forget entries."""
        if entry_ids:
            await connection.execute(_DELETE, [{"id": entry_id} for entry_id in entry_ids])

    async def search(
        self,
        connection: AsyncConnection,
        *,
        brand_id: str,
        source: str,
        terms: Sequence[str],
        limit: int,
    ) -> list[EntryHit]:
        """The entries that share words with the query, best BM25 first; higher is better."""
        if not terms:
            return []
        match = " OR ".join(_quoted(term) for term in terms)
        rows = await connection.execute(
            _SEARCH, {"match": match, "brand": brand_id, "source": source, "limit": limit}
        )
        return [EntryHit(row.id, row.ref, row.text, float(row.score)) for row in rows]


def _quoted(term: str) -> str:
    """A long word stands for its other endings too: `returned` finds `return` and `returns`."""
    plain = term.replace('"', "")
    return f'"{plain}"' if len(plain) < _STEMMED else f'"{plain[:-2]}"*'
