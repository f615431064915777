"""Style notes: proposed from what people change, counting once a lead has accepted them."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from service.domain.brand import Brand
from service.domain.learning import (
    NewStyleNote,
    NoteDecision,
    NoteDecisionKind,
    NotesProposed,
    StyleNote,
    StyleNoteStatus,
)
from service.errors import InvalidInput, TransitionRefused
from service.review.proposing import Proposal, counted, proposals, spoken_for, turned_down
from service.store.brands import BrandRepository
from service.store.dialect import hold
from service.store.edits import EditRepository
from service.store.idempotency import Idempotency, IdempotencyRepository
from service.store.records import AuditLog
from service.store.rows import new_id
from service.store.session import Connection, Database
from service.store.style_notes import StyleNoteRepository

LOOK_BACK = timedelta(days=90)
MOST_EDITS = 200
"""The newest edits speak for the style of today, and an approval does not wait for more."""
COUNTS_FOR, COUNTS_AT_MOST = timedelta(days=180), timedelta(days=365)

_STEPS = {
    NoteDecisionKind.ACCEPT: (StyleNoteStatus.PROPOSED, StyleNoteStatus.ACCEPTED),
    NoteDecisionKind.DECLINE: (StyleNoteStatus.PROPOSED, StyleNoteStatus.DECLINED),
    NoteDecisionKind.RETIRE: (StyleNoteStatus.ACCEPTED, StyleNoteStatus.RETIRED),
}
"""From where to where each decision leads."""


class StyleNotes:
    """What a brand's people teach about its style."""

    def __init__(
        self,
        *,
        database: Database,
        brands: BrandRepository,
        notes: StyleNoteRepository,
        keys: IdempotencyRepository,
        audit: AuditLog,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._brands = brands
        self._notes = notes
        self._edits = EditRepository()
        self._keys = keys
        self._audit = audit
        self._now = now

    async def propose(self, brand_id: str) -> NotesProposed:
        """Write down what people do again and again; a second time proposes nothing new."""
        now = self._now()
        async with self._database.read() as connection:
            brand = await self._brands.get(connection, brand_id)
            edits = await self._edits.approved(
                connection, brand, since=now - LOOK_BACK, limit=MOST_EDITS
            )
        found = await asyncio.to_thread(proposals, edits)
        made = await self._keep(brand, found) if found else []
        return NotesProposed(notes=tuple(made), edits=counted(edits))

    async def of_brand(
        self, brand_id: str, *, status: StyleNoteStatus | None = None
    ) -> list[StyleNote]:
        """A brand's notes, newest first."""
        async with self._database.read() as connection:
            await self._brands.get(connection, brand_id)
            return await self._notes.of_brand(connection, brand_id, status=status)

    async def counting(self, brand_id: str) -> list[StyleNote]:
        """The notes that prompts show at present: accepted, and not expired."""
        async with self._database.read() as connection:
            return await self._notes.counting(connection, brand_id, self._now())

    async def add(
        self, brand_id: str, asked: NewStyleNote, *, once: Idempotency | None = None
    ) -> StyleNote:
        """Keep a lead's own note, which counts at once."""
        now = self._now()
        note = StyleNote(
            id=new_id("note"),
            brand_id=brand_id,
            edit_kind=asked.edit_kind,
            text=_one_line(asked.text),
            language=asked.language,
            channel=asked.channel,
            kind=asked.kind,
            status=StyleNoteStatus.ACCEPTED,
            created_at=now,
            decided_by=asked.by,
            decided_at=now,
            expires_at=_expiry(asked.expires_at, now),
        )
        async with self._database.write() as connection:
            await self._brands.get(connection, brand_id)
            if known := await self._keys.recall(connection, once):
                return await self._notes.get(connection, brand_id, known)
            await self._notes.add(connection, note)
            await self._note(connection, note, "added", asked.by)
            await self._keys.remember(connection, once, note.id, self._now())
        return note

    async def decide(
        self, brand_id: str, note_id: str, asked: NoteDecision, *, once: Idempotency | None = None
    ) -> StyleNote:
        """Accept, decline or retire a note; of two who decide at once the second is refused."""
        was, after = _STEPS[asked.decision]
        async with self._database.write() as connection:
            if known := await self._keys.recall(connection, once):
                return await self._notes.get(connection, brand_id, known)
            note = await self._notes.get(connection, brand_id, note_id)
            decided = _decided(note, asked, after, self._now())
            if not await self._notes.change(connection, decided, was=was):
                raise TransitionRefused(
                    f"style note {note_id} is not {was.value} (any more): read it again"
                )
            await self._note(connection, decided, after.value, asked.by)
            await self._keys.remember(connection, once, note_id, self._now())
        return decided

    async def _keep(self, brand: Brand, found: Iterable[Proposal]) -> list[StyleNote]:
        """One worker at a time: two approvals at once propose the same note once."""
        async with self._database.write() as connection:
            await hold(connection, "style_notes", brand.id)
            known = await self._notes.of_brand(connection, brand.id)
            kept = [await self._place(connection, brand, one, known) for one in found]
        return [note for note in kept if note is not None]

    async def _place(
        self, connection: Connection, brand: Brand, proposal: Proposal, known: list[StyleNote]
    ) -> StyleNote | None:
        """A new note, or more evidence for one that waits; nothing where people have spoken."""
        now = self._now()
        standing = [note for note in known if spoken_for(proposal, note, now)]
        if standing:
            await self._strengthen(connection, proposal, standing)
            return None
        if any(turned_down(proposal, note, now) for note in known):
            return None
        note = StyleNote(
            id=new_id("note"),
            brand_id=brand.id,
            edit_kind=proposal.edit_kind,
            sign=proposal.sign,
            text=proposal.text,
            **dict(proposal.scope),
            drafts=proposal.drafts,
            created_at=now,
        )
        await self._notes.add(connection, note)
        await self._note(connection, note, "proposed", "amends")
        return note

    async def _strengthen(
        self, connection: Connection, proposal: Proposal, standing: Iterable[StyleNote]
    ) -> None:
        for note in standing:
            if note.status is StyleNoteStatus.PROPOSED and note.scope == proposal.scope:
                more = {"text": proposal.text, "drafts": proposal.drafts}
                await self._notes.change(
                    connection, note.model_copy(update=more), was=StyleNoteStatus.PROPOSED
                )

    async def _note(self, connection: Connection, note: StyleNote, what: str, actor: str) -> None:
        await self._audit.add(
            connection,
            at=self._now(),
            actor=actor,
            action=f"style_note.{what}",
            subject=note.id,
            brand_id=note.brand_id,
            details={"drafts": len(note.drafts)},
        )


def _decided(
    note: StyleNote, asked: NoteDecision, after: StyleNoteStatus, now: datetime
) -> StyleNote:
    accepts = after is StyleNoteStatus.ACCEPTED
    return note.model_copy(
        update={
            "status": after,
            "text": _one_line(asked.text) if asked.text else note.text,
            "decided_by": asked.by,
            "decided_at": now,
            "expires_at": _expiry(asked.expires_at, now) if accepts else note.expires_at,
        }
    )


def _expiry(wanted: datetime | None, now: datetime) -> datetime:
    """When a note stops counting: style moves on, and what nobody renews is not asked for ever."""
    if wanted is None:
        return now + COUNTS_FOR
    if not now < wanted <= now + COUNTS_AT_MOST:
        raise InvalidInput(
            f"expires_at: give a time to come, at most {COUNTS_AT_MOST.days} days from now"
        )
    return wanted


def _one_line(text: str) -> str:
    """A note is one line of the prompt."""
    line = " ".join(text.split())
    if not line:
        raise InvalidInput("text: say what the note asks for")
    return line
