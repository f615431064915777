"""Word search: BM25 over an index of words in an ordinary table, so that both databases agree.

Neither database's own index would do: FTS5 compares with the entries of all brands at once,
PostgreSQL's `ts_rank` knows nothing of rare words, and the two never give equal scores.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    and_,
    delete,
    func,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.bm25 import PLACE, Places, Scored, Totals, pack, score, unpack, without
from service.store.columns import WORD_LENGTH
from service.store.dialect import append, insert_new
from service.store.tables import search_entries, word_indexes, word_places
from service.store.vectors import EntryHit
from service.text.folding import fold

LARGE = 20_000
"""An index of more entries is asked first how rare each word is, ..."""
ENOUGH = 200_000
"""... and words are looked up the rarest first, until so many places have been seen."""
_WORD = re.compile(r"[^\W_]+")
_STEMMED = 6
_LAST = "\U0010ffff"
_BLOCK = 14
_AT_ONCE = 1000
_AHEAD = 128
_places, _indexes = word_places.c, word_indexes.c
WORDS_AT = func.coalesce(search_entries.c.words_at, search_entries.c.id).label("words_at")
"""The number that the index of words knows an entry by: its own, or an earlier row's."""
Item = TypeVar("Item")


@dataclass(frozen=True)
class _Sought:
    """A word to look for, or the beginning of one."""

    word: str
    whole: bool

    def is_at(self, column: ColumnElement[str]) -> ColumnElement[bool]:
        """Whether a word of the index is one that is looked for."""
        if self.whole:
            return column == self.word
        return and_(column >= self.word, column < self.word + _LAST)


@dataclass(frozen=True)
class _Index:
    id: int
    totals: Totals


def words_of(text: str) -> list[str]:
    """The words as they are indexed: lower case, without accents, `ß` as `ss`."""
    plain = fold(unicodedata.normalize("NFC", text)).replace("ß", "ss")
    return [word[:WORD_LENGTH] for word in _WORD.findall(plain)]


class FullTextSearch:
    """Word search over the same entries as the vectors."""

    def __init__(self, *, large: int = LARGE, enough: int = ENOUGH) -> None:
        self._large = large
        self._enough = enough

    async def add_all(
        self, connection: AsyncConnection, brand_id: str, bodies: Mapping[int, str]
    ) -> None:
        """Index entries of one brand, by their ids; many at once are much faster than one."""
        said = {entry_id: words for entry_id, body in bodies.items() if (words := words_of(body))}
        if not said:
            return
        index = await _index(connection, brand_id) or await _new_index(connection, brand_id)
        total = sum(len(words) for words in said.values())
        await _count(connection, index.id, entries=len(said), words=total)
        await append(
            connection,
            word_places,
            [
                {
                    "index_id": index.id,
                    "word": word,
                    "block": block,
                    "entries": len(places),
                    "places": pack(places),
                }
                for (word, block), places in sorted(placed(said).items())
            ],
            adding=("entries", "places"),
        )

    async def remove(self, connection: AsyncConnection, entry_ids: Sequence[int]) -> None:
        """Forget what entries say; they are still there, and their texts tell which words.

        Of entries that share their words, one is enough.
        """
        columns = search_entries.c
        for ids in _batches(entry_ids):
            rows = await connection.execute(
                select(WORDS_AT, columns.brand_id, columns.text).where(columns.id.in_(ids))
            )
            said: dict[str, dict[int, list[str]]] = defaultdict(dict)
            for row in rows:
                said[row.brand_id][row.words_at] = words_of(row.text)
            for brand_id, entries in said.items():
                await self._forget(connection, brand_id, entries)

    async def search(
        self,
        connection: AsyncConnection,
        *,
        brand_id: str,
        source: str,
        terms: Sequence[str],
        limit: int,
        model: str | None = None,
    ) -> list[EntryHit]:
        """The entries that share words with the query, best BM25 first; higher is better.

        `model` says of which embedding model's rows, where two stand side by side.
        """
        index = await _index(connection, brand_id)
        sought = _sought(terms)
        if index is None or not sought:
            return []
        scored = score(index.totals, await self._found(connection, index, sought))
        entries = search_entries.c
        # Put so, the databases go to the rows at once, and not through all that the brand has.
        mine = and_(entries.brand_id + "" == brand_id, entries.source == source)
        if model is not None:
            mine = and_(mine, entries.embedding_model == model)
        return await _best(connection, scored, mine, limit)

    async def _found(
        self, connection: AsyncConnection, index: _Index, sought: Sequence[_Sought]
    ) -> list[Places]:
        """Where the words are; in a large index as many of the rarest as are worth looking at."""
        chosen = sought
        if index.totals.entries > self._large:
            counted = await connection.execute(_looking(index, sought, _places.entries))
            chosen = _rarest(sought, counted, self._enough)
        if not chosen:
            return []
        found = await connection.execute(_looking(index, chosen, _places.places))
        packed: dict[int, list[bytes]] = defaultdict(list)
        for nth, places in found:
            packed[nth].append(places)
        return [unpack(rows) for rows in packed.values()]

    async def _forget(
        self, connection: AsyncConnection, brand_id: str, said: Mapping[int, Sequence[str]]
    ) -> None:
        index = await _index(connection, brand_id)
        if index is None:
            return
        gone = [entry_id for entry_id, words in said.items() if words]
        total = sum(len(words) for words in said.values())
        await _count(connection, index.id, entries=-len(gone), words=-total)
        blocks = {entry_id >> _BLOCK for entry_id in gone}
        words = sorted({word for words in said.values() for word in words})
        for some in _batches(words):
            here = and_(
                _places.index_id == index.id, _places.word.in_(some), _places.block.in_(blocks)
            )
            rows = (await connection.execute(select(word_places).where(here))).all()
            left = [(r.word, r.block, without(r.places, gone)) for r in rows]
            await connection.execute(delete(word_places).where(here))
            await append(
                connection,
                word_places,
                [
                    {
                        "index_id": index.id,
                        "word": word,
                        "block": block,
                        "entries": len(places) // PLACE.itemsize,
                        "places": places,
                    }
                    for word, block, places in left
                    if places
                ],
                adding=("entries", "places"),
            )


def placed(
    said: Mapping[int, Sequence[str]],
) -> dict[tuple[str, int], list[tuple[int, int, int]]]:
    """Each word's places; neighbouring entries share a row, so that none grows without end."""
    placed: dict[tuple[str, int], list[tuple[int, int, int]]] = defaultdict(list)
    for entry_id, words in said.items():
        for word, times in Counter(words).items():
            placed[word, entry_id >> _BLOCK].append((entry_id, times, len(words)))
    return placed


def _sought(terms: Sequence[str]) -> list[_Sought]:
    """A long word stands for its other endings too: `returned` finds `return` and `returns`."""
    words = (word for term in terms for word in words_of(term))
    return list(
        dict.fromkeys(
            _Sought(word, whole=True) if len(word) < _STEMMED else _Sought(word[:-2], whole=False)
            for word in words
        )
    )


def _rarest(
    sought: Sequence[_Sought], counted: Iterable[tuple[int, int]], enough: int
) -> list[_Sought]:
    counts: Counter[int] = Counter()
    for nth, entries in counted:
        counts[nth] += entries
    chosen: list[_Sought] = []
    seen = 0
    for nth, count in sorted(counts.items(), key=lambda item: (item[1], item[0])):
        if chosen and seen + count > enough:
            break
        chosen.append(sought[nth])
        seen += count
    return chosen


def _looking(
    index: _Index, sought: Sequence[_Sought], column: ColumnElement[Any]
) -> CompoundSelect[int, Any]:
    """The column of each word's rows, with the number of the word among those sought.

    One search for each word: of words joined by OR, SQLite goes through all of the brand's.
    """
    return union_all(
        *(
            select(literal(nth), column).where(
                _places.index_id == index.id, word.is_at(_places.word)
            )
            for nth, word in enumerate(sought)
        )
    )


async def _best(
    connection: AsyncConnection, scored: Scored, mine: ColumnElement[bool], limit: int
) -> list[EntryHit]:
    """The best that are asked for; the index holds those of other sources too."""
    entries = search_entries.c
    hits: list[EntryHit] = []
    start, ahead = 0, max(_AHEAD, 4 * limit)
    while len(hits) < limit and start < len(scored.entries):
        ids = scored.entries[start : start + ahead].tolist()
        said = or_(entries.words_at.in_(ids), and_(entries.words_at.is_(None), entries.id.in_(ids)))
        rows = await connection.execute(
            select(WORDS_AT, entries.id, entries.ref, entries.text).where(mine, said)
        )
        found = {row.words_at: EntryHit(row.id, row.ref, row.text, 0.0) for row in rows}
        scores = zip(ids, scored.scores[start : start + ahead].tolist(), strict=True)
        hits += [replace(found[n], score=s) for n, s in scores if n in found]
        start, ahead = start + ahead, min(ahead * 4, _AT_ONCE * 10)
    return hits[:limit]


async def _index(connection: AsyncConnection, brand_id: str) -> _Index | None:
    query = select(word_indexes).where(_indexes.brand_id == brand_id)
    row = (await connection.execute(query)).first()
    return None if row is None else _Index(row.id, Totals(row.entries, row.words))


async def _new_index(connection: AsyncConnection, brand_id: str) -> _Index:
    await insert_new(connection, word_indexes, [{"brand_id": brand_id, "entries": 0, "words": 0}])
    index_id = await connection.scalar(select(_indexes.id).where(_indexes.brand_id == brand_id))
    return _Index(int(index_id or 0), Totals(0, 0))


async def _count(connection: AsyncConnection, index_id: int, *, entries: int, words: int) -> None:
    """Also holds the index: of two writers of one brand the second waits here."""
    await connection.execute(
        update(word_indexes)
        .where(_indexes.id == index_id)
        .values(entries=_indexes.entries + entries, words=_indexes.words + words)
    )


def _batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]
