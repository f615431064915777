"""A proposed reply with its evidence, its checks, its attempts and its provenance."""

from enum import StrEnum

from pydantic import Field

from service.domain.base import Frozen, Lenient, Text, UtcTime
from service.domain.brand import Brand
from service.domain.checks import CheckReport, Citation, Verdict
from service.domain.commitment import PlannedCommitment
from service.domain.edits import EditFinding
from service.domain.knowledge import Evidence, PolicyPassage
from service.domain.learning import ShownNote
from service.domain.thread import Case
from service.domain.triage import Move, Triage

SNAPSHOT_VERSION = 3
"""1: as first released; 2: evidence also names what was cut; 3: the style notes shown. Older ones
are read as they are: what is new has a default that says it is not known."""


class DraftStatus(StrEnum):
    """Where a draft stands; only a human decision leaves `pending_review` or `blocked`.

    `escalated` waits for another person; `superseded` is over, since nothing is left to answer.
    """

    DRAFTING = "drafting"
    PENDING_REVIEW = "pending_review"
    BLOCKED = "blocked"
    FAILED = "failed"
    APPROVED = "approved"
    REJECTED = "rejected"
    ESCALATED = "escalated"
    IGNORED = "ignored"
    STALE = "stale"
    SUPERSEDED = "superseded"


OVERTAKEN = frozenset({DraftStatus.STALE, DraftStatus.FAILED})
"""Holds no reply that could be sent, and waits until redrafted, ignored or superseded."""
REDRAFTED = OVERTAKEN | {DraftStatus.REJECTED}
"""May be drafted again, as a new version."""


class ProposedCitation(Lenient):
    """A sentence and the passage that the model says it rests on."""

    sentence: Text = ""
    policy_id: str = ""


class ReplyProposal(Lenient):
    """What a model proposes; always validated again and never trusted."""

    reply: Text = Field(min_length=1, max_length=20_000)
    citations: tuple[ProposedCitation, ...] = ()
    commitments: tuple[PlannedCommitment, ...] = ()
    missing_facts: tuple[Text, ...] = ()


class Usage(Frozen):
    """Tokens of one model call."""

    prompt_tokens: int = 0
    completion_tokens: int = 0


class ChatMessage(Frozen):
    """One message to a chat model."""

    role: str = Field(pattern="^(system|user|assistant)$")
    content: str


class AttemptKind(StrEnum):
    """Why an attempt was made."""

    CANDIDATE = "candidate"
    REVISION = "revision"
    SECTION = "section"


class Attempt(Frozen):
    """One text for this draft, with what the checks said; or why none came.

    `model` is empty where no model was asked: the customer's own words were said back.
    """

    kind: AttemptKind
    reply: str | None = None
    report: CheckReport | None = None
    error: str | None = None
    model: str = ""
    usage: Usage = Usage()
    seconds: float = 0.0


class PromptRef(Frozen):
    """Which prompt, exactly."""

    name: str
    version: str
    sha256: str

    def __str__(self) -> str:
        return f"{self.name}@{self.version}"


class Sampling(Frozen):
    """How a model is asked to choose its words."""

    temperature: float
    max_tokens: int
    candidates: int
    seed: int | None = None


class Provenance(Frozen):
    """What made a draft, hashed into one fingerprint: the same fingerprint, the same machine."""

    prompt: PromptRef | None
    model: str
    sampling: Sampling | None
    retrieval: dict[str, str | float | int]
    guards: str
    embedding: str
    notes: tuple[str, ...] = ()
    """The style notes that the prompt showed, by id; the words of an accepted one never change."""
    brand_sha256: str
    service: str
    fingerprint: str


class Timing(Frozen):
    """Seconds spent in each station of the way."""

    stage: str
    seconds: float


class DraftContent(Frozen):
    """All that drafting made; what a draft holds beside its state."""

    reply: str | None
    language: str
    move: Move
    triage: Triage
    evidence: Evidence = Evidence()
    citations: tuple[Citation, ...] = ()
    commitments: tuple[PlannedCommitment, ...] = ()
    checks: CheckReport = CheckReport(verdict=Verdict.PASS)
    missing_facts: tuple[str, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    holding: bool = False
    holding_reason: str | None = None
    provenance: Provenance
    timings: tuple[Timing, ...] = ()
    edits: tuple[EditFinding, ...] = ()
    """What the person changed who wrote this version; empty where the machine did."""


class Snapshot(Frozen):
    """Everything a draft saw, so that it can be replayed."""

    schema_version: int = SNAPSHOT_VERSION
    brand: Brand
    case: Case
    evidence: Evidence
    messages: tuple[ChatMessage, ...]
    recent_replies: tuple[str, ...]
    superseded: tuple[PolicyPassage, ...] = ()
    notes: tuple[ShownNote, ...] = ()
    drafted_at: UtcTime


class Draft(Frozen):
    """A draft as every edge shows it."""

    id: str
    case_id: str | None = None
    brand_id: str
    thread_id: str
    status: DraftStatus
    version: int
    created_at: UtcTime
    updated_at: UtcTime
    asked_at: UtcTime | None = None
    """When the customer wrote, as far as is known."""
    deadline_at: UtcTime | None = None
    rank: int = 2
    """Whom a good lead answers first, from 0 on; see Triage.rank."""
    assignee: str | None = None
    content: DraftContent | None = None
    edited_by: str | None = None
    decided_by: str | None = None
    stale_reason: str | None = None

    @property
    def is_touched(self) -> bool:
        """Whether a person has edited it or handed it up: then no machine writes over it."""
        return self.edited_by is not None or self.status is DraftStatus.ESCALATED
