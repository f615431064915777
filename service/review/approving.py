"""What an approved reply leads to: promises with owners, promises told of, a thread closed."""

from collections.abc import Callable, Sequence
from datetime import datetime

from service.domain.brand import Brand
from service.domain.commitment import Commitment, CommitmentStatus, PlannedCommitment, reminder_at
from service.domain.draft import Draft
from service.domain.review import DecisionRequest
from service.domain.thread import Identity, same_customer
from service.domain.triage import MoveKind
from service.drafting.promises import promised_from
from service.errors import InvalidInput
from service.followup.changing import moved, require_owner, require_there
from service.followup.commitment_follow_up import end_follow_up
from service.followup.ledger import Ledger
from service.followup.telling import tells
from service.store.brands import BrandRepository
from service.store.commitments import CommitmentRepository
from service.store.drafts import DraftRepository
from service.store.records import AuditLog, Outbox
from service.store.resolutions import ResolutionRepository
from service.store.rows import new_id
from service.store.session import Connection
from service.store.threads import ThreadRepository


class Approval:
    """Follows an approval up, in the transaction of the decision."""

    def __init__(
        self,
        *,
        brands: BrandRepository,
        commitments: CommitmentRepository,
        outbox: Outbox,
        audit: AuditLog,
        now: Callable[[], datetime],
    ) -> None:
        self._brands = brands
        self._commitments = commitments
        self._ledger = Ledger(commitments=commitments, outbox=outbox, audit=audit)
        self._outbox = outbox
        self._audit = audit
        self._now = now
        self._drafts = DraftRepository()
        self._threads = ThreadRepository()
        self._resolutions = ResolutionRepository()

    async def follow(self, connection: Connection, draft: Draft, asked: DecisionRequest) -> None:
        """Keep the reply's promises, settle those it tells of, close what it closes."""
        move = draft.content.move.kind if draft.content else None
        brand = await self._brands.get(connection, draft.brand_id)
        made = _promises(draft, asked, brand, self._now())
        if move is MoveKind.FOLLOW_UP:
            made = await self._settle(connection, draft, asked.by, made)
        if move is MoveKind.CLOSING_UPDATE:
            await self._close(connection, draft, asked.by)
        await self._commitments.add(connection, made)

    async def _settle(
        self, connection: Connection, draft: Draft, by: str, made: Sequence[Commitment]
    ) -> list[Commitment]:
        """The promises that this follow-up tells of are kept where it says what became known.

        Where it can only name another time they stay open until then, and that new promise is no
        second one: what is left of `made` comes back. One that does neither changes nothing.
        """
        due = await self._commitments.open_in_thread(
            connection, draft.brand_id, draft.thread_id, follow_up=draft.id
        )
        again = min(made, key=lambda promise: promise.due_at, default=None)
        carried = False
        for promise in due:
            if await self._is_told(connection, promise, draft):
                await self._keep(connection, promise, draft, by)
            elif again is not None:
                await self._move(connection, promise, again, draft, by)
                carried = True
        return [promise for promise in made if not (carried and promise is again)]

    async def _is_told(self, connection: Connection, promise: Commitment, draft: Draft) -> bool:
        known = await self._threads.progress(
            connection, promise.brand_id, promise.thread_id, since=promise.created_at
        )
        content = draft.content
        if content is None or content.reply is None or known is None or known.private:
            return False
        return tells(content.reply, known.text, language=content.language)

    async def _keep(
        self, connection: Connection, promise: Commitment, draft: Draft, by: str
    ) -> Commitment:
        now = self._now()
        note = f"told where it stands by {draft.id}"
        closed = {"closed_by": by, "closed_at": now, "note": note, "wakes_at": None}
        kept = promise.model_copy(update={"status": CommitmentStatus.KEPT, **closed})
        await self._ledger.change(
            connection, kept, "kept", by=by, now=now, due_before=promise.due_at
        )
        return kept

    async def _move(
        self,
        connection: Connection,
        promise: Commitment,
        again: Commitment,
        draft: Draft,
        by: str,
    ) -> None:
        now = self._now()
        note = f"nothing was known yet: moved by the follow-up {draft.id}"
        later = moved(promise, again.due_at, now)
        later = later.model_copy(update={"note": note, "what": again.what, "owner": again.owner})
        await self._ledger.change(
            connection, later, "moved", by=by, now=now, due_before=promise.due_at
        )

    async def _close(self, connection: Connection, draft: Draft, by: str) -> None:
        """It was said in public that all of it is solved, so what was promised is kept too."""
        state = await self._resolutions.state(connection, draft.brand_id, draft.thread_id)
        if state.resolved_at is None or state.closed_at is not None:
            return
        for promise in await self._open_to_customer(connection, draft):
            kept = await self._keep(connection, promise, draft, by)
            if promise.follow_up_draft_id != draft.id:  # else it would end what is being approved
                await end_follow_up(connection, promise, kept, "kept", self._now())
        now = self._now()
        await self._resolutions.close(connection, draft.brand_id, draft.thread_id, now)
        await self._outbox.add(
            connection,
            brand_id=draft.brand_id,
            topic="thread.closed",
            payload={"thread_id": draft.thread_id, "draft_id": draft.id},
            now=now,
        )
        await self._audit.add(
            connection,
            at=now,
            actor=by,
            action="thread.closed",
            subject=draft.thread_id,
            brand_id=draft.brand_id,
        )

    async def _open_to_customer(self, connection: Connection, draft: Draft) -> list[Commitment]:
        """The thread's open promises to whom this draft answers: others were told nothing."""
        told = (await self._drafts.case(connection, draft.id)).complaint.customer
        open_ones = await self._commitments.open_in_thread(
            connection, draft.brand_id, draft.thread_id
        )
        return [
            promise
            for promise in open_ones
            if same_customer(await self._promised_to(connection, promise), told)
        ]

    async def _promised_to(self, connection: Connection, promise: Commitment) -> Identity:
        return (await self._drafts.case(connection, promise.draft_id)).complaint.customer


def _promises(
    draft: Draft, asked: DecisionRequest, brand: Brand, now: datetime
) -> list[Commitment]:
    """The dated promises of a reply, counted from its approval, each with somebody who keeps it;
    InvalidInput without, and where a time is over."""
    content = draft.content
    if content is None or content.reply is None:
        return []
    planned = promised_from(
        now, content.commitments, content.reply, made_at=draft.updated_at, calendar=brand.calendar
    )
    _require_ahead(planned, brand, now)
    return [
        Commitment(
            id=new_id("com"),
            brand_id=draft.brand_id,
            draft_id=draft.id,
            thread_id=draft.thread_id,
            what=promise.what,
            owner=_owner(promise, asked, brand),
            due_at=promise.due_at,
            created_at=now,
            promised_at=now,
            wakes_at=reminder_at(made_at=now, due_at=promise.due_at),
        )
        for promise in planned
        if promise.due_at is not None
    ]


def _require_ahead(planned: Sequence[PlannedCommitment], brand: Brand, now: datetime) -> None:
    """Nobody can keep what was due before the customer reads it."""
    past = [one.due_at for one in planned if one.due_at is not None and one.due_at <= now]
    if past:
        when = f"{min(past).astimezone(brand.zone):%Y-%m-%d %H:%M}"
        raise InvalidInput(
            f"text: the reply promises something by {when}, which is over: name a time to come"
        )


def _owner(promise: PlannedCommitment, asked: DecisionRequest, brand: Brand) -> str:
    named = asked.owner or promise.owner
    if named is not None:
        return require_owner(brand, named)
    if brand.promise_owner != "approver":
        raise InvalidInput(
            "owner: the reply promises something and nobody owns it; name who keeps it "
            "(`owner` in the decision, or `amends decide DRAFT approve --owner NAME`)"
        )
    # Any name may approve, so whoever did is held to no list: only to being there still.
    return require_there(brand, asked.by)
