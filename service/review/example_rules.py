"""The rules of examples: what can be one, what is left of it, and whether it is news. Pure."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import ValidationError

from service.domain.brand import Brand
from service.domain.draft import Draft, DraftStatus, Snapshot
from service.domain.knowledge import PastReply
from service.domain.learning import (
    ExampleDecision,
    ExampleDecisionKind,
    ExampleMark,
    ExampleStatus,
)
from service.domain.team import same_name
from service.domain.thread import READABLE_CHARS
from service.errors import Conflict, FourEyes, InvalidInput, TransitionRefused
from service.guards.canned import alike
from service.review.edit_parts import squashed
from service.review.masking import Masking

TWIN = 0.5
"""Share of common shingles from which two replies are twins. Of 1,062 replies to different cases,
each beside up to 59 others of its brand and language, none reaches .48; of 84 replies before and
after an edit, 73% reach .50."""


def example_of(draft: Draft, snapshot: Snapshot | None) -> PastReply:
    """What is left of a draft once nobody in it can be told any more."""
    content = draft.content
    if draft.status is not DraftStatus.APPROVED or content is None or snapshot is None:
        raise TransitionRefused(
            f"draft {draft.id} is {draft.status.value}: only an approved reply can be an example"
        )
    if content.holding:
        raise TransitionRefused(
            f"draft {draft.id} is a holding reply: it answers nothing that could be learnt from"
        )
    if content.checks.blocks:
        checks = ", ".join(sorted({finding.check for finding in content.checks.blocks}))
        raise TransitionRefused(
            f"draft {draft.id} was approved against {checks}: an exception is no example"
        )
    case = snapshot.case
    if len(case.complaint.text) > READABLE_CHARS:
        raise InvalidInput(
            f"draft {draft.id}: more than {READABLE_CHARS:,} characters of complaint teach nothing"
        )
    masking = Masking(case, snapshot.brand)
    return _past_reply(
        id=draft.id,
        complaint=masking.text(case.complaint.text).strip(),
        reply=masking.example(content.reply or ""),
        language=content.language,
        channel=case.channel,
        kind=content.triage.kind,
    )


def _past_reply(**fields: object) -> PastReply:
    try:
        return PastReply.model_validate(fields)
    except ValidationError as exc:
        raise InvalidInput("nothing is left of it without personal data: no example") from exc


def decided_mark(
    mark: ExampleMark, asked: ExampleDecision, masking: Masking, now: datetime
) -> ExampleMark:
    """The mark as the decision wants it; what was written anew is masked like the rest."""
    example = mark.example
    words = {
        "complaint": masking.text(asked.complaint) if asked.complaint else example.complaint,
        "reply": masking.example(asked.reply) if asked.reply else example.reply,
    }
    accepts = asked.decision is ExampleDecisionKind.ACCEPT
    return mark.model_copy(
        update={
            "status": ExampleStatus.ACCEPTED if accepts else ExampleStatus.DECLINED,
            "example": _past_reply(**{**dict(example), **words}),
            "decided_by": asked.by,
            "decided_at": now,
        }
    )


def require_second(mark: ExampleMark, asked: ExampleDecision, brand: Brand) -> None:
    """With four eyes nobody accepts what they marked."""
    if brand.four_eyes and same_name(mark.marked_by, asked.by):
        raise FourEyes(f"{brand.id} asks for four eyes: somebody else accepts what you marked")


def same_end(there: ExampleMark, decided: ExampleMark) -> bool:
    """Whether it ended so already, in the same words."""
    return there.status is decided.status and there.example == decided.example


def not_declined(mark: ExampleMark) -> ExampleMark:
    """The mark, unless somebody declined it: it stays declined."""
    if mark.status is ExampleStatus.DECLINED:
        raise TransitionRefused(
            f"the example from draft {mark.draft_id} was declined by {mark.decided_by}: that stands"
        )
    return mark


def twin_among(example: PastReply, there: Sequence[PastReply]) -> str | None:
    """The past reply that is nearly the same; Conflict where one is the same."""
    for one in there:
        if squashed(one.reply) == squashed(example.reply):
            raise Conflict(
                f"past reply {one.id} says the same already: two copies would teach to copy"
            )
    beside = [one for one in there if one.language == example.language]
    if not beside:
        return None
    shares = alike(example.reply, tuple(one.reply for one in beside))
    nearest = int(shares.argmax())
    return beside[nearest].id if shares[nearest] >= TWIN else None
