"""What reports count and how they say it. Every share stands beside the counts it is made of."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from pydantic import Field, computed_field

from service.domain.base import Frozen, UtcTime
from service.domain.checks import Verdict
from service.domain.draft import DraftContent
from service.domain.edits import EditKind
from service.domain.triage import Kind, MoveKind

NEGATIVE_KINDS = (Kind.COMPLAINT, Kind.MIXED, Kind.ABUSE)
"""What is negative whatever its tone; a question is where its sentiment says so."""
_HOUR_S = 3600


class CameAs(StrEnum):
    """How a draft came out of the machine, before any person touched it."""

    REPLY = "reply"
    HOLDING = "holding"
    BLOCKED = "blocked"
    NO_REPLY = "no_reply"


def came_as(content: DraftContent) -> CameAs:
    """How this one came."""
    if content.move.kind is MoveKind.NO_REPLY:
        return CameAs.NO_REPLY
    if content.holding:
        return CameAs.HOLDING
    return CameAs.BLOCKED if content.checks.verdict is Verdict.BLOCK else CameAs.REPLY


class Dimension(StrEnum):
    """What a report can be divided by."""

    BRAND = "brand"
    KIND = "kind"
    LANGUAGE = "language"
    CHANNEL = "channel"
    CLASS = "class"
    OWNER = "owner"
    PROMPT = "prompt"
    MODEL = "model"


class Period(Frozen):
    """Whole days, the first and the last one included."""

    first: date
    last: date

    def within(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Where it begins and where it has ended, for people who live in that zone."""
        after = self.last + timedelta(days=1)
        return (
            datetime.combine(self.first, time.min, zone).astimezone(UTC),
            datetime.combine(after, time.min, zone).astimezone(UTC),
        )


def share(part: int, whole: int) -> float | None:
    """How much of it; of nothing there is no share."""
    return round(part / whole, 4) if whole else None


class ReportQuery(Frozen):
    """What a report is asked about: all brands where none is named, the last 30 days without dates.

    `by` may name several dimensions; a report has its own where none is named.
    """

    brand_id: str | None = None
    first: date | None = None
    last: date | None = None
    by: tuple[Dimension, ...] = ()


class Row(Frozen):
    """One line of a report. `group` says of whom; a part that is not known is null."""

    group: Mapping[Dimension, str | None] = {}


class CoverageRow(Row):
    """Messages that asked for an answer, and how many got one."""

    asked: int
    answered: int
    negative: int
    negative_answered: int

    @computed_field  # type: ignore[prop-decorator]  # pydantic's documented way
    @property
    def share_answered(self) -> float | None:
        """Of all that was asked."""
        return share(self.answered, self.asked)

    @computed_field  # type: ignore[prop-decorator]  # pydantic's documented way
    @property
    def share_negative_answered(self) -> float | None:
        """Of what was negative."""
        return share(self.negative_answered, self.negative)


class SpeedRow(Row):
    """How soon the first answer came. Minutes are those of a clock, also at night."""

    asked: int
    answered: int
    within_target: int
    late: int
    missed: int
    """Unanswered, and past the deadline."""
    not_due: int
    """Unanswered, and still in time."""
    without_target: int
    median_minutes: float | None
    p90_minutes: float | None

    @computed_field  # type: ignore[prop-decorator]  # pydantic's documented way
    @property
    def share_within_target(self) -> float | None:
        """Of all whose deadline has come or was met: who still waits past it is a miss."""
        return share(self.within_target, self.within_target + self.late + self.missed)


class CommitmentsRow(Row):
    """What became of promises."""

    made: int
    open: int
    overdue: int
    kept_in_time: int
    kept_late: int
    broken: int
    withdrawn: int

    @computed_field  # type: ignore[prop-decorator]  # pydantic's documented way
    @property
    def share_kept_in_time(self) -> float | None:
        """Of all that are settled or overdue; withdrawn ones bind nobody."""
        due = self.kept_in_time + self.kept_late + self.broken + self.overdue
        return share(self.kept_in_time, due)


class DraftsRow(Row):
    """What became of drafts, and how much people changed in those that went out.

    `rejected` are also those that were drafted again since, so they may count once more elsewhere.
    """

    drafts: int
    waiting: int
    used_as_they_were: int
    edited: int
    rejected: int
    ignored: int
    escalated: int
    failed: int
    stale: int
    superseded: int
    holding: int
    blocked: int
    edited_up_to_25: int
    edited_up_to_50: int
    edited_up_to_75: int
    edited_up_to_100: int
    median_edit_share: float | None
    edit_kinds: Mapping[EditKind, int] = {}
    """In how many drafts people changed what; one draft may count under several."""

    @computed_field  # type: ignore[prop-decorator]  # pydantic's documented way
    @property
    def share_used(self) -> float | None:
        """Went out, as they were or edited, of those that a person sent or threw away.

        What is escalated still waits, for its owner.
        """
        used = self.used_as_they_were + self.edited
        return share(used, used + self.rejected + self.ignored)

    @computed_field  # type: ignore[prop-decorator]  # pydantic's documented way
    @property
    def share_unchanged(self) -> float | None:
        """Needed no edit, of those that went out."""
        return share(self.used_as_they_were, self.used_as_they_were + self.edited)


R_co = TypeVar("R_co", bound=Row, covariant=True)


class Report(Frozen, Generic[R_co]):
    """Rows by group, and the one over all of them."""

    brand: str | None
    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")
    by: tuple[Dimension, ...]
    rows: tuple[R_co, ...]
    total: R_co


class Place(StrEnum):
    """Where an unanswered message stands; the first is what looks worst."""

    BETWEEN_PRAISE = "between_praise"
    ALONE = "alone"
    HATE = "hate"


class Ended(StrEnum):
    """How it came that a message has no answer."""

    WAITING = "waiting"
    IGNORED = "ignored"
    NO_REPLY = "no_reply"
    REJECTED = "rejected"
    ESCALATED = "escalated"
    FAILED = "failed"
    STALE = "stale"
    SUPERSEDED = "superseded"


class Unanswered(Frozen):
    """A negative message, or hate, that nobody answered."""

    draft_id: str
    brand: str
    thread_id: str
    channel: str
    kind: Kind | None
    language: str | None
    place: Place
    asked_at: UtcTime
    deadline_at: UtcTime | None
    hours_open: float
    """Until now; where somebody chose to ignore it, until then."""
    ended: Ended
    reason: str | None
    assignee: str | None


def hours_between(begin: datetime, end: datetime) -> float:
    """Never below zero, whatever a clock says."""
    return round(max((end - begin).total_seconds(), 0) / _HOUR_S, 1)


class CoverageReport(Report[CoverageRow]):
    """Shares answered, hate apart, and some of what was not answered."""

    hate: CoverageRow
    unanswered: tuple[Unanswered, ...]
    more: bool
    """Whether there is more unanswered than is listed here."""
