"""What a brand knows: read, imported and replaced."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from service.domain.brand import Brand
from service.domain.changes import ImportResult
from service.domain.knowledge import PastReply, PolicyPassage
from service.errors import ImportRefused
from service.knowledge.embedding_work import Progress
from service.knowledge.importer import BrandFolder, read_folder
from service.knowledge.intake import Intake, Shelves, Wanted
from service.store.idempotency import Idempotency
from service.store.session import Database


class Library:
    """Reads and replaces brands and their knowledge."""

    def __init__(self, *, database: Database, shelves: Shelves, intake: Intake) -> None:
        self._database = database
        self._shelves = shelves
        self._intake = intake

    async def import_folder(
        self,
        folder: Path,
        *,
        actor: str,
        dry_run: bool = False,
        allow_empty: bool = False,
        progress: Progress | None = None,
    ) -> ImportResult:
        """Make the store hold what a brand folder says; a second time changes nothing.

        Older versions of a passage stay as superseded; a passage that is not there is gone.
        """
        read = await asyncio.to_thread(read_folder, folder)
        return await self.import_read(
            read, actor=actor, dry_run=dry_run, allow_empty=allow_empty, progress=progress
        )

    async def import_read(
        self,
        read: BrandFolder,
        *,
        actor: str,
        dry_run: bool = False,
        allow_empty: bool = False,
        progress: Progress | None = None,
    ) -> ImportResult:
        """As `import_folder`, for a folder that was read before."""
        if not read.policy and not allow_empty:
            await self._refuse_emptying(read.brand.id)
        wanted = Wanted(
            brand_id=read.brand.id,
            brand=read.brand,
            policy=read.policy,
            past_replies=read.past_replies,
            keep_old=True,
        )
        return await self._intake.bring_in(wanted, actor=actor, dry_run=dry_run, progress=progress)

    async def replace(
        self,
        brand: Brand,
        *,
        actor: str,
        policy: Sequence[PolicyPassage] | None = None,
        past_replies: Sequence[PastReply] | None = None,
    ) -> ImportResult:
        """Store the brand and just what is given of its knowledge; None leaves that part alone."""
        wanted = Wanted(brand_id=brand.id, brand=brand, policy=policy, past_replies=past_replies)
        return await self._intake.bring_in(wanted, actor=actor)

    async def update(
        self,
        brand_id: str,
        *,
        actor: str,
        policy: Sequence[PolicyPassage] | None = None,
        past_replies: Sequence[PastReply] | None = None,
        dry_run: bool = False,
        allow_empty: bool = False,
        once: Idempotency | None = None,
    ) -> ImportResult:
        """As `replace`, for a brand that is there and whose settings are none of the caller's.

        To take away all that there is has to be meant (`allow_empty`).
        """
        wanted = Wanted(
            brand_id=brand_id, policy=policy, past_replies=past_replies, may_empty=allow_empty
        )
        return await self._intake.bring_in(wanted, actor=actor, dry_run=dry_run, once=once)

    async def add_past_reply(self, brand_id: str, reply: PastReply, *, actor: str) -> ImportResult:
        """One past reply more, or another one under the same id; the others are not touched."""
        return await self._intake.bring_in(Wanted(brand_id=brand_id, added=(reply,)), actor=actor)

    async def reindex(
        self, brand_id: str, *, actor: str, anew: bool = False, progress: Progress | None = None
    ) -> ImportResult:
        """Bring a brand's index under the embedding model of the settings, in one switch."""
        wanted = Wanted(brand_id=brand_id)
        return await self._intake.bring_in(wanted, actor=actor, anew=anew, progress=progress)

    async def old_indexes(self) -> dict[str, str]:
        """Brands that are indexed under another embedding model than the settings', with it."""
        async with self._database.read() as connection:
            models = await self._shelves.index.models(connection)
        return {brand: model for brand, model in models.items() if model != self._intake.model}

    async def to_reindex(self) -> list[str]:
        """Brands under another embedding model, and those that hold rows of one still."""
        async with self._database.read() as connection:
            unswept = await self._shelves.index.unswept(connection)
        return sorted({*await self.old_indexes(), *unswept})

    async def brand(self, brand_id: str) -> Brand:
        """The brand, or NotFound."""
        async with self._database.read() as connection:
            return await self._shelves.brands.get(connection, brand_id)

    async def all_brands(self) -> list[Brand]:
        """All brands by id."""
        async with self._database.read() as connection:
            return await self._shelves.brands.all(connection)

    async def policy(
        self, brand_id: str, *, after: tuple[str, str] | None = None, limit: int | None = None
    ) -> list[PolicyPassage]:
        """Every version of every passage of a brand by id and version, or one page of them."""
        async with self._database.read() as connection:
            await self._shelves.brands.get(connection, brand_id)
            return await self._shelves.knowledge.policy(
                connection, brand_id, after=after, limit=limit
            )

    async def past_replies(
        self, brand_id: str, *, after: str | None = None, limit: int | None = None
    ) -> list[PastReply]:
        """Every past reply of a brand by id, or one page of them."""
        async with self._database.read() as connection:
            await self._shelves.brands.get(connection, brand_id)
            return await self._shelves.knowledge.past_replies(
                connection, brand_id, after=after, limit=limit
            )

    async def _refuse_emptying(self, brand_id: str) -> None:
        """A folder without policy is rather a slip than a wish to have none."""
        async with self._database.read() as connection:
            held = len(await self._shelves.knowledge.policy(connection, brand_id))
        if held:
            raise ImportRefused(
                [
                    f"no policy in the folder, and brand {brand_id} holds {held} passages: it "
                    "should be in policies.jsonl, policies.csv or policies/ "
                    "(--allow-empty removes them all)"
                ]
            )
