"""Style notes: what people change again and again, in one line, once a lead has said yes to it."""

from typing import Annotated

from fastapi import APIRouter, Body, Path, Query

from service.api import examples
from service.api.access import Lead, OnceKey, Opened, OwnBrand, once
from service.api.answers import body_problems, problems
from service.api.shapes import StyleNoteList
from service.domain.learning import NewStyleNote, NoteDecision, StyleNote, StyleNoteStatus

router = APIRouter(prefix="/v1/brands/{brand}/style-notes", tags=["learning"])


@router.get(
    "", response_model=StyleNoteList, responses=problems(404), summary="List a brand's style notes"
)
async def list_notes(
    brand: OwnBrand,
    services: Opened,
    status: Annotated[StyleNoteStatus | None, Query(description="only those")] = None,
) -> StyleNoteList:
    """Newest first. `drafts` are the edited drafts that speak for a note."""
    return StyleNoteList(items=tuple(await services.notes.of_brand(brand.id, status=status)))


@router.post(
    "",
    status_code=201,
    response_model=StyleNote,
    responses=body_problems(404, 409),
    summary="Write a style note",
)
async def add_note(
    brand: OwnBrand,
    asked: Annotated[NewStyleNote, Body(openapi_examples=examples.STYLE_NOTES)],
    caller: Lead,
    services: Opened,
    key: OnceKey = None,
) -> StyleNote:
    """A lead's own note counts at once: for 180 days, or until `expires_at` (365 at most)."""
    known = once(caller, f"style-notes:{brand.id}", key, asked.model_dump(mode="json"))
    return await services.notes.add(brand.id, asked, once=known)


@router.post(
    "/{note_id}/decisions",
    response_model=StyleNote,
    responses=body_problems(404, 409),
    summary="Accept, decline or retire a style note",
)
async def decide_note(
    brand: OwnBrand,
    note_id: Annotated[str, Path(description="the note's id")],
    asked: Annotated[NoteDecision, Body(openapi_examples=examples.NOTE_DECISIONS)],
    caller: Lead,
    services: Opened,
    key: OnceKey = None,
) -> StyleNote:
    """A proposed note is accepted, in other words if need be, or declined; an accepted one retired.

    Where another lead was quicker, the answer is 409.
    """
    known = once(caller, f"style-notes:{note_id}", key, asked.model_dump(mode="json"))
    return await services.notes.decide(brand.id, note_id, asked, once=known)
