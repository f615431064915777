"""What triage is measured on: end-to-end cases and single posts, with what it should read."""

from collections.abc import Sequence
from functools import cache
from typing import Literal

from pydantic import field_serializer

from evals.brands import brand_of
from evals.drafting.cases import CaseIssue, EvalCase, cases
from evals.triage.rows import LabelledPost, plain_posts, posts
from service.domain.base import Frozen
from service.domain.brand import Brand, EscalationRule
from service.domain.thread import Case
from service.domain.triage import Kind, MoveKind, Sensitivity, Sentiment
from service.triage.moves import Reading, choose_move, escalation_by_sensitivity
from service.triage.post_reader import Mark

Part = Literal["cases", "posts", "plain posts"]
PARTS: tuple[Part, ...] = ("cases", "posts", "plain posts")


class Due(Frozen):
    """A case with its labels; sentiment and marks are labelled on posts only."""

    id: str
    part: Part
    case: Case
    brand: Brand
    language: str
    kind: Kind
    move: MoveKind
    sensitivities: frozenset[Sensitivity]
    issues: tuple[CaseIssue, ...]
    sentiment: Sentiment | None = None
    marks: frozenset[Mark] | None = None

    @field_serializer("sensitivities", "marks")
    def _in_order(self, names: frozenset[str] | None) -> list[str] | None:
        """A set's order differs from process to process, and a run's fingerprint must not."""
        return None if names is None else sorted(names)

    @property
    def text(self) -> str:
        """The customer's words."""
        return self.case.complaint.text


def due(split: Literal["dev", "test"]) -> list[Due]:
    """Everything of a split: cases first."""
    return [
        *map(of_case, cases(split)),
        *map(of_post, posts(split)),
        *(of_post(row, "plain posts") for row in plain_posts(split)),
    ]


def of_case(row: EvalCase) -> Due:
    """A case; its traits name the sensitivities."""
    return Due(
        id=row.id,
        part="cases",
        case=row.case,
        brand=brand_of(row.brand),
        language=row.language,
        kind=row.kind,
        move=row.move,
        sensitivities=frozenset(row.sensitivities),
        issues=row.issues,
    )


def of_post(row: LabelledPost, part: Part = "posts") -> Due:
    """A post to a brand that hands every sensitivity to an owner; its move follows from its labels
    by production's own rules."""
    brand, case = _anybody(), _case(row)
    harmed = row.kind not in (Kind.COMPLIMENT, Kind.SPAM)
    reading = Reading(
        kind=row.kind,
        sensitivities=row.sensitivities,
        needs_personal_data=harmed and row.needs_personal_data,
        upset=row.upset,
        escalation=escalation_by_sensitivity(brand, row.sensitivities) if harmed else None,
    )
    return Due(
        id=row.id,
        part=part,
        case=case,
        brand=brand,
        language=row.language,
        kind=row.kind,
        move=choose_move(case, brand, reading).kind,
        sensitivities=frozenset(row.sensitivities),
        issues=_issues(row.issues or ()),
        sentiment=row.sentiment,
        marks=frozenset(mark for mark in Mark if getattr(row, mark.value)),
    )


def _issues(quotes: Sequence[str]) -> tuple[CaseIssue, ...]:
    return tuple(CaseIssue(id=str(n), quote=one, point=one) for n, one in enumerate(quotes, 1))


def _case(row: LabelledPost) -> Case:
    complaint = {"text": row.text, "author_followers": row.followers}
    return Case.model_validate({"brand": "anybody", "channel": row.channel, "complaint": complaint})


@cache
def _anybody() -> Brand:
    ways = dict.fromkeys(("x", "facebook", "instagram", "google_review", "app_review"), "DM us")
    return Brand.model_validate(
        {
            "id": "anybody",
            "name": "Anybody",
            "voice": "Plain.",
            "languages": ("en", "pl", "es", "de"),
            "contact": {"private_channel": ways},
            "escalation": [EscalationRule(sensitivity=s, owner="Lead") for s in Sensitivity],
        }
    )
