"""Vector search inside PostgreSQL: exact for a small brand, an HNSW index of its own for a large.

Every index holds one brand, one source and one embedding model, so no filter runs behind it, and
models of different lengths live side by side in one column.
"""

from collections import OrderedDict
from collections.abc import Sequence
from hashlib import sha256

import structlog
from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import (
    Integer,
    Row,
    Select,
    cast,
    func,
    literal,
    select,
    text,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from service.errors import AmendsError
from service.store.groups import Group
from service.store.session import Database
from service.store.tables import search_entries
from service.store.vectors import EntryHit, Vectors, require_length

log = structlog.get_logger(__name__)
EXACT_UP_TO = 3_000
"""Up to so many entries looking at each takes a few milliseconds and misses nothing."""
LINKS, BUILD_WIDTH = 24, 128
_BUILDING = 0x766563746F72
_KEPT_GROUPS = 1024
_entries = search_entries.c


class PgVectorSearch:
    """Cosine search over unit-length vectors, which pgvector keeps as halves."""

    def __init__(self, database: Database, *, exact_up_to: int = EXACT_UP_TO) -> None:
        self._database = database
        self._exact_up_to = exact_up_to
        self._seen: OrderedDict[Group, tuple[int, int]] = OrderedDict()

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
        group = Group(brand_id, source, model)
        length = await self._length(connection, group, revision)
        if length == 0 or not len(queries):
            return [[] for _ in queries]
        require_length(queries, length, brand_id=brand_id, model=model)
        rows = (await connection.execute(nearest_in(group, queries, limit))).all()
        return _by_query(rows, len(queries))

    async def build_indexes(self) -> list[str]:
        """Give every large group its index and drop the ones nobody needs; names what was built.

        Takes minutes for a million entries, while others read and write.
        """
        async with self._database.alone() as connection:
            if not await connection.scalar(select(func.pg_try_advisory_lock(_BUILDING))):
                return []
            try:
                return await self._build(connection)
            finally:
                await connection.execute(select(func.pg_advisory_unlock(_BUILDING)))

    async def _build(self, connection: AsyncConnection) -> list[str]:
        large = await _large(connection, self._exact_up_to)
        there = await _indexes(connection)
        wanted = {_index_name(group): (group, length) for group, length in large}
        for name, whole in there.items():
            if name not in wanted or not whole:
                await connection.execute(text(f"DROP INDEX CONCURRENTLY IF EXISTS {name}"))
        missing = [name for name in wanted if not there.get(name)]
        for name in missing:
            await connection.exec_driver_sql(_creation(*wanted[name]))
        if missing:
            await connection.execute(text("ANALYZE search_entries"))
        return missing

    async def _length(self, connection: AsyncConnection, group: Group, revision: int) -> int:
        """How many numbers a vector of the group has; looked up once per revision."""
        known = self._seen.get(group)
        if known is None or known[0] != revision:
            known = revision, await _length_of(connection, group)
            if await self._is_without_index(connection, group):
                self._database.in_background(self._build_quietly())
            self._seen[group] = known
        self._seen.move_to_end(group)
        while len(self._seen) > _KEPT_GROUPS:
            self._seen.popitem(last=False)
        return known[1]

    async def _is_without_index(self, connection: AsyncConnection, group: Group) -> bool:
        counted = select(_entries.id).where(group.holds()).limit(self._exact_up_to + 1).subquery()
        entries = await connection.scalar(select(func.count()).select_from(counted))
        return int(entries or 0) > self._exact_up_to and not (await _indexes(connection)).get(
            _index_name(group)
        )

    async def _build_quietly(self) -> None:
        """Searches go on without the index, only slower: no reason to fail."""
        try:
            built = await self.build_indexes()
        except AmendsError as exc:
            log.warning("index_not_built", error=type(exc).__name__)
        else:
            log.info("indexes_built", indexes=built)


def nearest_in(
    group: Group, queries: Vectors, limit: int
) -> Select[tuple[int, int, str, str, float]]:
    """The statement for all queries at once; unit length makes the inner product the cosine."""
    length = queries.shape[1]
    asked = union_all(
        *(
            select(
                literal(n, Integer).label("n"),
                cast(literal(q, HALFVEC(length)), HALFVEC(length)).label("q"),
            )
            for n, q in enumerate(queries)
        )
    ).cte("asked")
    away = cast(_entries.vector, HALFVEC(length)).max_inner_product(asked.c.q)
    near = (
        select(_entries.id, _entries.ref, _entries.text, (-away).label("score"))
        .where(group.holds())
        .order_by(away)
        .limit(limit)
        .lateral("near")
    )
    return select(asked.c.n, near.c.id, near.c.ref, near.c.text, near.c.score).select_from(
        asked.join(near, text("true"))
    )


def _by_query(
    rows: Sequence[Row[tuple[int, int, str, str, float]]], queries: int
) -> list[list[EntryHit]]:
    found: list[list[EntryHit]] = [[] for _ in range(queries)]
    for row in rows:
        found[row.n].append(EntryHit(row.id, row.ref, row.text, float(row.score)))
    for hits in found:
        hits.sort(key=lambda hit: (-hit.score, hit.entry_id))
    return found


async def _length_of(connection: AsyncConnection, group: Group) -> int:
    length = func.vector_dims(_entries.vector)
    return int(await connection.scalar(select(length).where(group.holds()).limit(1)) or 0)


async def _large(connection: AsyncConnection, exact_up_to: int) -> list[tuple[Group, int]]:
    columns = (_entries.brand_id, _entries.source, _entries.embedding_model)
    rows = await connection.execute(
        select(*columns, func.max(func.vector_dims(_entries.vector)).label("length"))
        .group_by(*columns)
        .having(func.count() > exact_up_to)
    )
    return [(Group(row.brand_id, row.source, row.embedding_model), int(row.length)) for row in rows]


async def _indexes(connection: AsyncConnection) -> dict[str, bool]:
    """Our indexes by name, and whether each is whole: a build that was killed leaves half."""
    rows = await connection.execute(
        text(
            "SELECT c.relname AS name, i.indisvalid AS whole FROM pg_index i "
            "JOIN pg_class c ON c.oid = i.indexrelid "
            "WHERE i.indrelid = 'search_entries'::regclass AND starts_with(c.relname, 'ix_near_')"
        )
    )
    return {row.name: bool(row.whole) for row in rows}


def _index_name(group: Group) -> str:
    key = "\n".join((group.brand_id, group.source, group.model))
    return f"ix_near_{sha256(key.encode()).hexdigest()[:24]}"


def _creation(group: Group, length: int) -> str:
    brand, source, model = map(_quoted, (group.brand_id, group.source, group.model))
    return (
        f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {_index_name(group)} ON search_entries "
        f"USING hnsw ((CAST(vector AS HALFVEC({length}))) halfvec_ip_ops) "
        f"WITH (m = {LINKS}, ef_construction = {BUILD_WIDTH}) "
        f"WHERE brand_id = {brand} AND source = {source} AND embedding_model = {model}"
    )


def _quoted(value: str) -> str:
    """A definition takes no parameters; the driver reads a `%` as one."""
    return "'" + value.replace("'", "''").replace("%", "%%") + "'"
