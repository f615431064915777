"""Good examples: an approved reply becomes a past reply once a second person has looked at it."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from service.domain.brand import Brand
from service.domain.knowledge import PastReply
from service.domain.learning import (
    ExampleDecision,
    ExampleDecisionKind,
    ExampleMark,
    ExampleStatus,
)
from service.domain.review import Caller
from service.domain.thread import Case
from service.errors import TransitionRefused
from service.knowledge.library import Library
from service.review.example_rules import (
    decided_mark,
    example_of,
    not_declined,
    require_second,
    same_end,
    twin_among,
)
from service.review.masking import Masking
from service.store.drafts import DraftRepository
from service.store.example_marks import ExampleMarkRepository
from service.store.idempotency import Idempotency, IdempotencyRepository
from service.store.records import AuditLog
from service.store.session import Connection, Database


class Examples:
    """Marks, and the past replies that they become."""

    def __init__(
        self,
        *,
        database: Database,
        library: Library,
        drafts: DraftRepository,
        marks: ExampleMarkRepository,
        keys: IdempotencyRepository,
        audit: AuditLog,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._library = library
        self._drafts = drafts
        self._marks = marks
        self._keys = keys
        self._audit = audit
        self._now = now

    async def mark(self, draft_id: str, by: str, *, once: Idempotency | None = None) -> ExampleMark:
        """Call an approved reply a good example; marked twice, the first mark stays."""
        async with self._database.read() as connection:
            draft = await self._drafts.get(connection, draft_id)
            snapshot = await self._drafts.snapshot(connection, draft_id)
            known = await self._marks.find(connection, draft.brand_id, draft_id)
        if known is not None:
            return not_declined(known)
        example = await asyncio.to_thread(example_of, draft, snapshot)
        mark = ExampleMark(
            draft_id=draft_id,
            brand_id=draft.brand_id,
            example=example,
            twin_of=await self._twin(draft.brand_id, example),
            marked_by=by,
            created_at=self._now(),
        )
        async with self._database.write() as connection:
            if await self._keys.recall(connection, once):
                return await self._marks.get(connection, draft.brand_id, draft_id)
            kept = await self._marks.add(connection, mark)
            await self._keys.remember(connection, once, draft_id, self._now())
            if kept == mark:
                await self._note(connection, mark, "marked", by)
        return not_declined(kept)

    async def page(
        self,
        brand_id: str,
        *,
        status: ExampleStatus | None = None,
        limit: int = 50,
        after: tuple[datetime, str] | None = None,
    ) -> list[ExampleMark]:
        """A brand's marks, newest first."""
        async with self._database.read() as connection:
            return await self._marks.page(
                connection, brand_id, status=status, limit=limit, after=after
            )

    async def get(self, brand_id: str, draft_id: str) -> ExampleMark:
        """The mark of a draft, or NotFound."""
        async with self._database.read() as connection:
            return await self._marks.get(connection, brand_id, draft_id)

    async def decide(
        self,
        brand: Brand,
        draft_id: str,
        asked: ExampleDecision,
        caller: Caller,
        *,
        once: Idempotency | None = None,
    ) -> ExampleMark:
        """The second look: a declined example stays declined, an accepted one joins the style.

        Accepting what is accepted already makes sure that the past reply is there, and no more.
        """
        async with self._database.read() as connection:
            mark = await self._marks.get(connection, brand.id, draft_id)
            case = await self._seen(connection, draft_id)
        masking = Masking(case, brand)
        decided = await asyncio.to_thread(decided_mark, mark, asked, masking, self._now())
        accepts = asked.decision is ExampleDecisionKind.ACCEPT
        if accepts and mark.status is ExampleStatus.PROPOSED:
            require_second(mark, asked, brand)
            twin = await self._twin(brand.id, decided.example)
            decided = decided.model_copy(update={"twin_of": twin})
        kept = await self._settle(mark, decided, once)
        if kept.status is ExampleStatus.ACCEPTED:
            await self._library.add_past_reply(brand.id, kept.example, actor=caller.name)
        return kept

    async def _seen(self, connection: Connection, draft_id: str) -> Case:
        """The case with its whole thread: who wrote may have given their name further up."""
        snapshot = await self._drafts.snapshot(connection, draft_id)
        return snapshot.case if snapshot else await self._drafts.case(connection, draft_id)

    async def _settle(
        self, mark: ExampleMark, decided: ExampleMark, once: Idempotency | None
    ) -> ExampleMark:
        async with self._database.write() as connection:
            repeated = await self._keys.recall(connection, once)
            if not repeated and await self._marks.settle(connection, decided):
                await self._keys.remember(connection, once, mark.draft_id, self._now())
                await self._note(connection, decided, decided.status.value, decided.decided_by)
                return decided
            there = await self._marks.get(connection, mark.brand_id, mark.draft_id)
        if repeated or same_end(there, decided):
            return there
        raise TransitionRefused(
            f"the example from draft {mark.draft_id} was {there.status.value} by "
            f"{there.decided_by} already: that stands"
        )

    async def _twin(self, brand_id: str, example: PastReply) -> str | None:
        there = [one for one in await self._library.past_replies(brand_id) if one.id != example.id]
        return await asyncio.to_thread(twin_among, example, there)

    async def _note(
        self, connection: Connection, mark: ExampleMark, what: str, actor: str | None
    ) -> None:
        await self._audit.add(
            connection,
            at=self._now(),
            actor=actor or "",
            action=f"example.{what}",
            subject=mark.draft_id,
            brand_id=mark.brand_id,
        )
