"""Labelled rows as the contexts that production checks see, on the brands they were written for."""

from collections.abc import Iterable

from evals.brands import brand_of, policy_of
from evals.guards.corpus import LabelledClaims, LabelledReply
from service.domain.brand import Brand
from service.domain.knowledge import FoundPassage, PolicyPassage, Scores
from service.domain.thread import Author, Case, Complaint, Message, Visibility
from service.domain.triage import MoveKind
from service.guards.context import CheckContext
from service.knowledge.found import found_passage


def passages(brand_id: str, ids: Iterable[str]) -> tuple[FoundPassage, ...]:
    """Named passages that are in force, as the retriever would hand them over."""
    wanted = set(ids)
    return tuple(
        found_passage(p, 1.0, p.text, Scores())
        for p in policy_of(brand_id)
        if p.id in wanted and p.status.value == "active"
    )


def superseded(brand_id: str) -> tuple[PolicyPassage, ...]:
    """The brand's passages that no longer apply."""
    return tuple(p for p in policy_of(brand_id) if p.status.value != "active")


def case_of(row: LabelledReply | LabelledClaims) -> Case:
    """The case that a row describes."""
    asked = Message(author=Author.CUSTOMER, text=row.complaint)
    thread = row.thread if asked in row.thread else (*row.thread, asked)
    return Case(
        id=row.id,
        brand=row.brand,
        channel=row.channel,
        visibility=row.visibility,
        thread=thread,
        complaint=Complaint(text=row.complaint),
        known=row.known,
    )


def context_of(row: LabelledReply | LabelledClaims, reply: str) -> CheckContext:
    """What production would check this reply against."""
    private = row.visibility is Visibility.PRIVATE
    return CheckContext(
        reply=reply,
        case=case_of(row),
        brand=_brand_of(row),
        language=row.language,
        move=MoveKind.PRIVATE_REPLY if private else MoveKind.PUBLIC_REPLY,
        policy=passages(row.brand, row.policy_ids),
        recent_replies=row.recent_replies if isinstance(row, LabelledReply) else (),
    )


def _brand_of(row: LabelledReply | LabelledClaims) -> Brand:
    brand = brand_of(row.brand)
    if isinstance(row, LabelledClaims) and row.windows:
        return brand.model_copy(update={"follow_up_windows": row.windows})
    return brand
