"""Brands as stored."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.brand import Brand
from service.errors import NotFound
from service.store.dialect import upsert
from service.store.rows import content_hash, to_json
from service.store.tables import brands


class BrandRepository:
    """Reads and writes brands."""

    async def save(self, connection: AsyncConnection, brand: Brand, now: datetime) -> None:
        """Insert the brand or replace its settings."""
        row = {
            "id": brand.id,
            "settings": to_json(brand),
            "content_hash": content_hash(brand),
            "created_at": now,
            "updated_at": now,
            "knowledge_revision": 0,
        }
        known = await self.find(connection, brand.id)
        if known is None:
            await upsert(connection, brands, [row])
            return
        changed = {name: row[name] for name in ("settings", "content_hash", "updated_at")}
        await connection.execute(update(brands).where(brands.c.id == brand.id).values(**changed))

    async def find(self, connection: AsyncConnection, brand_id: str) -> Brand | None:
        """The brand, or None."""
        settings = await connection.scalar(select(brands.c.settings).where(brands.c.id == brand_id))
        return None if settings is None else Brand.model_validate(settings)

    async def get(self, connection: AsyncConnection, brand_id: str) -> Brand:
        """The brand, or NotFound."""
        brand = await self.find(connection, brand_id)
        if brand is None:
            raise NotFound(f"no brand {brand_id!r}: import it with `amends brand import DIR`")
        return brand

    async def all(self, connection: AsyncConnection) -> list[Brand]:
        """All brands by id."""
        rows = await connection.scalars(select(brands.c.settings).order_by(brands.c.id))
        return [Brand.model_validate(settings) for settings in rows]

    async def people_gone(
        self, connection: AsyncConnection, brand_id: str | None
    ) -> list[tuple[str, str]]:
        """Everybody whom a brand's team names as gone, with the brand; without an id of all."""
        brands = [await self.get(connection, brand_id)] if brand_id else await self.all(connection)
        return [(brand.id, person.name) for brand in brands for person in brand.team if person.left]

    async def knowledge_revision(self, connection: AsyncConnection, brand_id: str) -> int:
        """A number that rises whenever the brand's knowledge changes."""
        revision = await connection.scalar(
            select(brands.c.knowledge_revision).where(brands.c.id == brand_id)
        )
        return int(revision or 0)

    async def raise_knowledge_revision(self, connection: AsyncConnection, brand_id: str) -> None:
        """Tell every worker that its copy of the brand's vectors is old."""
        await connection.execute(
            update(brands)
            .where(brands.c.id == brand_id)
            .values(knowledge_revision=brands.c.knowledge_revision + 1)
        )
