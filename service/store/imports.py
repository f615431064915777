"""What imports did, so that a repeated request is answered like the first one."""

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.changes import ImportResult
from service.store.rows import new_id, to_json
from service.store.tables import imports


class ImportLog:
    """Results of imports that carried an idempotency key."""

    async def add(
        self, connection: AsyncConnection, result: ImportResult, *, actor: str, now: datetime
    ) -> str:
        """Keep a result and give its id."""
        import_id = new_id("imp")
        await connection.execute(
            insert(imports).values(
                id=import_id,
                brand_id=result.brand_id,
                actor=actor,
                result=to_json(result),
                created_at=now,
            )
        )
        return import_id

    async def get(self, connection: AsyncConnection, import_id: str) -> ImportResult:
        """What that import did."""
        stored = await connection.scalar(select(imports.c.result).where(imports.c.id == import_id))
        return ImportResult.model_validate(stored)
