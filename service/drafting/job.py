"""One drafting job: what it is made from, what is known on the way, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from service.domain.brand import Brand
from service.domain.checks import CheckReport, Severity
from service.domain.draft import DraftContent, DraftStatus, Snapshot
from service.domain.knowledge import Evidence, PolicyPassage
from service.domain.learning import Scope, ShownNote, StyleNote
from service.domain.review import Rejection
from service.domain.thread import Case
from service.domain.triage import Triage
from service.drafting.profile import Profile
from service.drafting.stages import Stopwatch
from service.drafting.turned_down import held_against
from service.drafting.writing import Written
from service.embedding.embedder import TextVectors
from service.guards.context import CheckContext
from service.guards.guard import Guard
from service.prompting.notes import notes_for


@dataclass(frozen=True, kw_only=True)
class Job:
    """What a draft is made from; recent replies are the brand's public ones, newest first."""

    case: Case
    brand: Brand
    recent_replies: tuple[str, ...] = ()
    recent_holding: tuple[str, ...] = ()
    notes: tuple[StyleNote, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    """What people turned down of this draft, newest first."""
    came_at: datetime | None = None
    """When it was asked for: however long it waited for a worker, deadlines count from then."""


@dataclass(frozen=True)
class Drafted:
    """What came of a job."""

    status: DraftStatus
    content: DraftContent
    snapshot: Snapshot


@dataclass
class Way:
    """One job on its way: what is known so far."""

    job: Job
    vectors: TextVectors
    watch: Stopwatch
    started: datetime
    profile: Profile
    triage: Triage
    language: str
    evidence: Evidence = field(default_factory=Evidence)
    superseded: tuple[PolicyPassage, ...] = ()

    @property
    def today(self) -> date:
        """The brand's own day, by which its policy is in force."""
        return self.job.brand.today(self.started)

    @property
    def notes(self) -> tuple[StyleNote, ...]:
        """The brand's style notes that this reply's prompt shows."""
        kind, channel = self.triage.kind, self.job.case.channel
        scope = Scope(language=self.language, channel=channel, kind=kind)
        return notes_for(self.profile.template, self.job.notes, scope)

    def snapshot(self, written: Written, notes: Sequence[StyleNote]) -> Snapshot:
        """What the draft was made from, for the checks of a later edit."""
        return Snapshot(
            brand=self.job.brand,
            case=self.job.case,
            evidence=self.evidence,
            messages=written.messages,
            recent_replies=self.job.recent_replies,
            superseded=self.superseded,
            notes=tuple(ShownNote(id=note.id, text=note.text) for note in notes),
            drafted_at=self.started,
        )


@dataclass(frozen=True)
class Check:
    """Checks a text as the reply of one job."""

    guard: Guard
    way: Way
    recent: tuple[str, ...]
    written_ahead: bool = False

    async def __call__(self, reply: str) -> CheckReport:
        """The report on this text; what was turned down before is no answer of a model's."""
        report = await self.guard.check(
            CheckContext(
                reply=reply,
                case=self.way.job.case,
                brand=self.way.job.brand,
                language=self.way.language,
                move=self.way.triage.move.kind,
                policy=self.way.evidence.policy,
                recent_replies=self.recent,
                superseded=self.way.superseded,
                kind=self.way.triage.kind,
                issues=self.way.triage.issues,
                sensitivities=self.way.triage.sensitivities,
                written_ahead=self.written_ahead,
            )
        )
        severity = Severity.WARN if self.written_ahead else Severity.BLOCK
        return held_against(report, reply, self.way.job.rejections, severity)
