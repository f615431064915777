"""Posts into threads and drafts: each event has its effect once, in whatever order events come."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from service.domain.brand import Brand
from service.domain.mention import Mention, MentionEvent
from service.domain.review import Caller
from service.domain.thread import Author, same_customer
from service.drafting.stored import DraftStore
from service.followup.mention_batch import Batch
from service.store.answering import AnsweringDrafts
from service.store.mentions import MentionRepository, StoredPost
from service.store.records import AuditLog, Outbox
from service.store.rows import new_id
from service.store.session import Connection
from service.store.staling import bring_back_answered, make_stale, supersede_answered
from service.store.threads import ThreadRepository, hold_thread


class Outcome(StrEnum):
    """What one event did, in the words of the tally."""

    STORED = "stored"
    REPEATED = "repeated"
    EDITED = "edited"
    DELETED = "deleted"
    KEPT_ASIDE = "kept_aside"


@dataclass(frozen=True, kw_only=True)
class MentionRecords:
    """What a post is written to."""

    threads: ThreadRepository
    outbox: Outbox
    audit: AuditLog
    posts: MentionRepository = field(default_factory=MentionRepository)
    answering: AnsweringDrafts = field(default_factory=AnsweringDrafts)


class MentionWriter:
    """Writes posts of one brand inside a transaction that its caller opened."""

    def __init__(
        self, *, records: MentionRecords, drafts: DraftStore, now: Callable[[], datetime]
    ) -> None:
        self._records = records
        self._posts = records.posts
        self._drafts = drafts
        self._now = now

    async def write(
        self, connection: Connection, brand: Brand, posts: Sequence[Mention], caller: Caller
    ) -> list[Outcome]:
        """What each event did; the caller sees to it that nobody else imports meanwhile."""
        batch = await self._batch(connection, brand, posts, caller)
        alone = batch.alone(posts)
        await self._begin(batch, alone)
        begun = {post.external_id for post in alone}
        return [
            Outcome.STORED if post.external_id in begun else await self._one(batch, post)
            for post in posts
        ]

    async def _batch(
        self, connection: Connection, brand: Brand, posts: Sequence[Mention], caller: Caller
    ) -> Batch:
        ids = {post.external_id for post in posts}
        conversations = sorted({post.conversation_id for post in posts if post.conversation_id})
        for conversation in conversations:
            await hold_thread(connection, brand.id, conversation)
        parents = {post.in_reply_to for post in posts if post.in_reply_to}
        known = await self._posts.threads(connection, [brand.id], conversations)
        here = await self._posts.posts(connection, brand.id, ids | parents)
        return Batch(
            connection,
            brand,
            caller,
            here=here,
            replied=await self._posts.replies(connection, brand.id, ids - here.keys()),
            gone=await self._posts.kept_deletions(connection, brand.id, ids),
            threads={thread for _, thread in known} | {post.thread_id for post in here.values()},
        )

    async def _begin(self, batch: Batch, posts: Sequence[Mention]) -> None:
        """A thread and a draft row for each of these, all at once."""
        by_thread = {post.conversation_id or new_id("thr"): post for post in posts}
        brand_id = batch.brand.id
        await self._posts.begin_threads(
            batch.connection, brand_id, by_thread, author=Author.CUSTOMER, now=self._now()
        )
        cases = {thread_id: post.case(thread_id) for thread_id, post in by_thread.items()}
        await self._drafts.begin_first(batch.connection, cases, brand_id, batch.caller)

    async def _one(self, batch: Batch, post: Mention) -> Outcome:
        known = batch.here.get(post.external_id)
        if known is None:
            if post.event is MentionEvent.DELETED:
                return await self._keep_aside(batch, post)
            return await self._store(batch, post)
        if known.is_deleted or post.event is MentionEvent.POSTED:
            return Outcome.REPEATED
        await hold_thread(batch.connection, batch.brand.id, known.thread_id)
        change = self._delete if post.event is MentionEvent.DELETED else self._edit
        outcome = await change(batch, post, known)
        await self._read_again(batch, post)
        return outcome

    async def _keep_aside(self, batch: Batch, post: Mention) -> Outcome:
        at = post.revised_at or self._now()
        await self._posts.keep_deletion(batch.connection, batch.brand.id, post.external_id, at)
        batch.gone[post.external_id] = at
        return Outcome.KEPT_ASIDE

    async def _store(self, batch: Batch, post: Mention) -> Outcome:
        deleted_at = batch.gone.get(post.external_id)
        author = batch.author_of(post)
        thread_id = batch.thread_of(post)
        if author is Author.CUSTOMER and deleted_at is None:
            await self._ask(batch, post, thread_id)
        else:
            await self._append(batch, post, thread_id or new_id("thr"), author)
        await self._read_again(batch, post)
        stored = batch.here[post.external_id]
        if post.revised_at is not None:
            await self._posts.rewrite(batch.connection, stored, post.text, at=post.revised_at)
            await self._read_again(batch, post)
        if deleted_at is not None:
            stored = batch.here[post.external_id]
            await self._posts.mark_deleted(batch.connection, stored, at=deleted_at)
            await self._read_again(batch, post)
        return Outcome.STORED

    async def _ask(self, batch: Batch, post: Mention, thread_id: str | None) -> None:
        """A draft for this post, as far as neither a newer draft nor the brand answers it already:
        posts come late."""
        connection, brand_id, case = batch.connection, batch.brand.id, post.case(thread_id)
        newer = await self._newer(batch, post, thread_id)
        instead = newer and await self._records.answering.undecided(connection, newer)
        if newer and instead:
            begun = await self._drafts.begin_behind(
                connection, case, brand_id, batch.caller, instead
            )
            await self._write_again(batch, newer, newer.text, edited_too=False)
        else:
            begun = await self._drafts.begin_in(connection, case, brand_id, batch.caller)
        if post.in_reply_to:
            await self._posts.set_reply(connection, brand_id, post)
        for said in await self._later(batch, post, thread_id, Author.BRAND):
            await self._answered(batch, said.thread_id, said, only=(begun, instead or begun))

    async def _newer(self, batch: Batch, post: Mention, thread_id: str | None) -> StoredPost | None:
        """The newest that the same customer wrote in the thread after this."""
        author = (post.author_handle, post.author_name)
        later = await self._later(batch, post, thread_id, Author.CUSTOMER)
        return next((one for one in later if same_customer(one.customer, author)), None)

    async def _later(
        self, batch: Batch, post: Mention, thread_id: str | None, author: Author
    ) -> Sequence[StoredPost]:
        if thread_id is None or post.posted_at is None:
            return ()
        return await self._posts.written_after(
            batch.connection, batch.brand.id, thread_id, author=author, posted_at=post.posted_at
        )

    async def _append(self, batch: Batch, post: Mention, thread_id: str, author: Author) -> None:
        connection, brand_id, now = batch.connection, batch.brand.id, self._now()
        await hold_thread(connection, brand_id, thread_id)
        known = await self._records.threads.revision(connection, brand_id, thread_id)
        if known is None:
            begun = {thread_id: post}
            await self._posts.begin_threads(connection, brand_id, begun, author=author, now=now)
            return
        await self._posts.append(connection, brand_id, thread_id, post, author=author, now=now)
        if author is Author.BRAND:
            await self._answered(batch, thread_id, post)
        await self._changed(batch, thread_id)

    async def _answered(
        self,
        batch: Batch,
        thread_id: str,
        said: Mention | StoredPost,
        only: Collection[str] | None = None,
    ) -> None:
        await supersede_answered(
            batch.connection,
            batch.brand.id,
            thread_id,
            post=said.external_id,
            in_reply_to=said.in_reply_to,
            posted_at=said.posted_at or self._came(said),
            text=said.text,
            now=self._now(),
            only=only,
        )

    def _came(self, said: Mention | StoredPost) -> datetime:
        return said.came_at if isinstance(said, StoredPost) else self._now()

    async def _edit(self, batch: Batch, post: Mention, known: StoredPost) -> Outcome:
        if post.revised_at and known.as_of and post.revised_at <= known.as_of:
            return Outcome.REPEATED
        await self._posts.rewrite(batch.connection, known, post.text, at=post.revised_at)
        if post.text == known.text:
            return Outcome.REPEATED
        await self._write_again(batch, known, post.text)
        return Outcome.EDITED

    async def _write_again(
        self, batch: Batch, post: StoredPost, text: str, *, edited_too: bool = True
    ) -> None:
        """The drafts that answer this post begin anew with these words and the thread as it is."""
        revision = await self._advance(batch, post.thread_id)
        restarted = await self._records.answering.begin_again(
            *(batch.connection, post, text),
            revision=revision,
            now=self._now(),
            edited_too=edited_too,
        )
        for draft_id in restarted:
            await self._note(batch, "draft.restarted", draft_id)
        await self._make_stale(batch, post.thread_id)

    async def _delete(self, batch: Batch, post: Mention, known: StoredPost) -> Outcome:
        now = self._now()
        await self._posts.mark_deleted(batch.connection, known, at=post.revised_at or now)
        if known.author is Author.BRAND:
            await self._unanswered(batch, known)
        else:
            await self._records.answering.withdraw(batch.connection, known, now)
        await self._changed(batch, known.thread_id)
        return Outcome.DELETED

    async def _unanswered(self, batch: Batch, gone: StoredPost) -> None:
        """The brand took its answer down: what it answered waits again, as far as nothing else that
        the brand wrote answers it."""
        thread, now = (batch.connection, batch.brand.id, gone.thread_id), self._now()
        waiting = await bring_back_answered(*thread, now)
        for said in await self._posts.written_after(*thread, author=Author.BRAND, posted_at=None):
            await self._answered(batch, gone.thread_id, said, only=waiting)

    async def _changed(self, batch: Batch, thread_id: str) -> None:
        await self._advance(batch, thread_id)
        await self._make_stale(batch, thread_id)

    async def _advance(self, batch: Batch, thread_id: str) -> int:
        return await self._records.threads.advance(
            batch.connection, batch.brand.id, thread_id, self._now()
        )

    async def _make_stale(self, batch: Batch, thread_id: str) -> None:
        await make_stale(batch.connection, batch.brand.id, thread_id, self._now())

    async def _read_again(self, batch: Batch, post: Mention) -> None:
        found = await self._posts.posts(batch.connection, batch.brand.id, [post.external_id])
        batch.here.update(found)
        stored = found[post.external_id]
        if stored.in_reply_to and stored.in_reply_to not in batch.here:
            batch.replied.setdefault(stored.in_reply_to, stored.thread_id)

    async def _note(self, batch: Batch, action: str, draft_id: str) -> None:
        await self._records.audit.add(
            batch.connection,
            at=self._now(),
            actor=batch.caller.name,
            action=action,
            subject=draft_id,
            brand_id=batch.brand.id,
        )
