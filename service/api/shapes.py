"""What goes in and out beside the domain's own models, flattened for the edge."""

from collections.abc import Iterable
from functools import partial
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, Field, model_validator

from service.domain.base import Frozen
from service.domain.brand import Brand
from service.domain.changes import ImportResult, KnowledgeDiff
from service.domain.checks import CheckReport, Citation, Finding, Verdict
from service.domain.knowledge import Evidence, PastReply, PolicyPassage
from service.domain.learning import ExampleMark, StyleNote
from service.domain.slips import slips
from service.domain.triage import Triage
from service.drafting.shape import DraftShape, WaitingShape

LONGEST_WAIT_S = 300


class DraftPage(Frozen):
    """Some drafts, newest first and without their attempts; `next_cursor` is null at the end."""

    items: tuple[DraftShape, ...]
    next_cursor: str | None


class Queue(Frozen):
    """What waits for a human, in the order to work in; `next_cursor` is null at the end."""

    items: tuple[WaitingShape, ...]
    next_cursor: str | None
    drafting: int
    """How many drafts more are being written, whatever the filter."""


class RedraftRequest(Frozen):
    """How long a redraft may be waited for."""

    wait_s: float = Field(default=30.0, ge=0, le=LONGEST_WAIT_S)


class ReportShape(Frozen):
    """What the checks say about a reply; `id` is the one that was sent."""

    id: str | None
    verdict: Verdict
    findings: tuple[Finding, ...]
    checks_run: tuple[str, ...]
    citations: tuple[Citation, ...]

    @classmethod
    def of(cls, case_id: str | None, report: CheckReport) -> Self:
        """The report with the id of what was checked."""
        return cls(
            id=case_id,
            verdict=report.verdict,
            findings=report.findings,
            checks_run=report.checks_run,
            citations=report.citations,
        )


class TriageShape(Triage):
    """What is known about a complaint; `id` is the one that was sent."""

    id: str | None

    @classmethod
    def of(cls, case_id: str | None, triage: Triage) -> Self:
        """The triage with the id of its case."""
        fields = {name: getattr(triage, name) for name in Triage.model_fields}
        return cls(id=case_id, **fields)


class BrandShape(Frozen):
    """A brand in one line; all of it is under /settings."""

    id: str
    name: str
    languages: tuple[str, ...]
    timezone: str
    four_eyes: bool

    @classmethod
    def of(cls, brand: Brand) -> Self:
        """The line about this brand."""
        return cls(
            id=brand.id,
            name=brand.name,
            languages=brand.languages,
            timezone=brand.timezone,
            four_eyes=brand.four_eyes,
        )


class Brands(Frozen):
    """The brands that a key may touch."""

    items: tuple[BrandShape, ...]


class PolicyPage(Frozen):
    """Passages by id and version; `next_cursor` is null at the end."""

    items: tuple[PolicyPassage, ...]
    next_cursor: str | None = None


class PastReplyPage(Frozen):
    """Past replies by id; `next_cursor` is null at the end."""

    items: tuple[PastReply, ...]
    next_cursor: str | None = None


_WHOLE = Field(default=None, description="null, as on the last page: one page is not the whole")


def _without_slips(model: type[BaseModel], row: object) -> object:
    if isinstance(row, dict) and (found := "; ".join(slips(model, row))):
        raise ValueError(found)
    return row


class Policies(Frozen):
    """Every version of every passage of a brand's policy."""

    items: tuple[
        Annotated[PolicyPassage, BeforeValidator(partial(_without_slips, PolicyPassage))], ...
    ]
    next_cursor: None = _WHOLE

    @model_validator(mode="after")
    def _no_twins(self) -> Self:
        _refuse_twins(((p.id, p.version) for p in self.items), "id and version")
        return self


class PastReplies(Frozen):
    """Every past reply of a brand."""

    items: tuple[Annotated[PastReply, BeforeValidator(partial(_without_slips, PastReply))], ...]
    next_cursor: None = _WHOLE

    @model_validator(mode="after")
    def _no_twins(self) -> Self:
        _refuse_twins((reply.id for reply in self.items), "id")
        return self


class Replaced(Frozen):
    """What a PUT did, or with `dry_run` would do.

    `policy` and `past_replies` count what the brand holds afterwards, `embedded` the texts that
    were new, `stale_drafts` the waiting drafts that cited what changed; `diff` names every row.
    """

    brand: str
    policy: int
    past_replies: int
    embedded: int
    changed: bool
    dry_run: bool
    stale_drafts: int
    diff: KnowledgeDiff

    @classmethod
    def of(cls, done: ImportResult) -> Self:
        """The result under the name that bodies give the brand."""
        fields = {name: getattr(done, name) for name in cls.model_fields if name != "brand"}
        return cls(brand=done.brand_id, **fields)


class StyleNoteList(Frozen):
    """A brand's style notes, newest first."""

    items: tuple[StyleNote, ...]


class MarkRequest(Frozen):
    """Who calls a reply a good example."""

    by: str = Field(min_length=1, max_length=200)


class ExamplePage(Frozen):
    """Some good examples, newest first; `next_cursor` is null at the end."""

    items: tuple[ExampleMark, ...]
    next_cursor: str | None


class Found(Evidence):
    """What a search found, best first; policy and past replies stay apart."""


class Health(Frozen):
    """The process serves."""

    status: str = "ok"


class Ready(Frozen):
    """Whether drafts can be made; `missing` says in words what is not there yet.

    `warnings` names what works, and less well than it could.
    """

    ready: bool
    missing: dict[str, str] | None = None
    warnings: dict[str, str] | None = None


def _refuse_twins(keys: Iterable[object], what: str) -> None:
    places: dict[object, list[str]] = {}
    for place, key in enumerate(keys):
        places.setdefault(key, []).append(f"items.{place}")
    twins = [" and ".join(found) for found in places.values() if len(found) > 1]
    if twins:
        raise ValueError(f"the same {what}: {'; '.join(twins)}")
