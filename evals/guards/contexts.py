"""Labelled rows as the contexts that production checks see, on the brands they were written for."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import yaml

from evals.guards.corpus import HERE, LabelledClaims, LabelledReply
from service.domain.brand import Brand
from service.domain.knowledge import FoundPassage, PolicyPassage, Scores
from service.domain.thread import Author, Case, Complaint, Message, Visibility
from service.domain.triage import MoveKind
from service.guards.context import CheckContext
from service.knowledge.retriever import found_passage

_SAMPLES = Path(__file__).parents[2] / "service" / "samples"


def folder_of(brand_id: str) -> Path:
    """Where an invented brand of the labelled rows lives."""
    own = HERE / "brands" / brand_id
    return own if own.exists() else _SAMPLES / brand_id


@cache
def brand_of(brand_id: str) -> Brand:
    """An invented brand of the labelled rows."""
    text = (folder_of(brand_id) / "brand.yaml").read_text(encoding="utf-8")
    return Brand.model_validate(yaml.safe_load(text))


@cache
def _policy(brand_id: str) -> tuple[PolicyPassage, ...]:
    lines = (folder_of(brand_id) / "policies.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(PolicyPassage.model_validate_json(line) for line in lines if line.strip())


def passages(brand_id: str, ids: Iterable[str]) -> tuple[FoundPassage, ...]:
    """Named passages that are in force, as the retriever would hand them over."""
    wanted = set(ids)
    return tuple(
        found_passage(p, 1.0, p.text, Scores())
        for p in _policy(brand_id)
        if p.id in wanted and p.status.value == "active"
    )


def superseded(brand_id: str) -> tuple[PolicyPassage, ...]:
    """The brand's passages that no longer apply."""
    return tuple(p for p in _policy(brand_id) if p.status.value != "active")


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
        brand=brand_of(row.brand),
        language=row.language,
        move=MoveKind.PRIVATE_REPLY if private else MoveKind.PUBLIC_REPLY,
        policy=passages(row.brand, row.policy_ids),
        recent_replies=row.recent_replies if isinstance(row, LabelledReply) else (),
    )
