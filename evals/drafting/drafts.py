"""What a run keeps of each draft: enough to score it again without drafting it again."""

from collections.abc import Iterator
from typing import Self

from service.domain.base import Frozen
from service.domain.draft import Attempt, DraftContent, DraftStatus, Usage
from service.domain.triage import Kind, MoveKind
from service.drafting.stages import Stage


class EvalDraft(Frozen):
    """One case drafted; `error` says why there is none, `unanswered` that the model was down."""

    case_id: str
    reply: str | None = None
    holding: bool = False
    holding_reason: str | None = None
    status: DraftStatus = DraftStatus.FAILED
    language: str = ""
    kind: Kind = Kind.COMPLAINT
    move: MoveKind = MoveKind.PUBLIC_REPLY
    policy: tuple[str, ...] = ()
    past_replies: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    blocked_by: tuple[str, ...] = ()
    usage: Usage = Usage()
    seconds: float = 0.0
    model: str = ""
    prompt: str = ""
    unanswered: bool = False
    error: str | None = None

    @property
    def is_missing(self) -> bool:
        """Whether the model gave nothing to measure."""
        return self.unanswered or self.error is not None

    @classmethod
    def of(cls, case_id: str, status: DraftStatus, content: DraftContent, *, guarded: bool) -> Self:
        """The draft as it is sent; unguarded, the model's first text stands as it came."""
        attempts = content.attempts
        first = attempts[0].reply if attempts else None
        as_it_came = not guarded and first is not None
        usages = [attempt.usage for attempt in attempts]
        prompt = content.provenance.prompt
        return cls(
            case_id=case_id,
            reply=first if as_it_came else content.reply,
            holding=content.holding and not as_it_came,
            holding_reason=None if as_it_came else content.holding_reason,
            status=status,
            language=content.language,
            kind=content.triage.kind,
            move=content.move.kind,
            policy=tuple(passage.id for passage in content.evidence.policy),
            past_replies=tuple(reply.id for reply in content.evidence.past_replies),
            texts=tuple(attempt.reply for attempt in attempts if attempt.reply),
            blocked_by=tuple(_blocks(attempts[-1])) if content.holding and attempts else (),
            usage=Usage(
                prompt_tokens=sum(one.prompt_tokens for one in usages),
                completion_tokens=sum(one.completion_tokens for one in usages),
            ),
            seconds=round(_seconds(content), 3),
            model=content.provenance.model,
            prompt=str(prompt) if prompt else "",
            unanswered=_was_down(status, content),
        )


def _was_down(status: DraftStatus, content: DraftContent) -> bool:
    """Whether nothing of the model's could be sent, and it failed to answer when it was asked."""
    if not (content.holding or status in (DraftStatus.BLOCKED, DraftStatus.FAILED)):
        return False
    return any(one.error and not one.model for one in content.attempts)


def _seconds(content: DraftContent) -> float:
    """What the draft took, with the model's own time where its answer was kept from before."""
    asked = {Stage.COMPLETE.value, Stage.REVISE.value}
    ours = sum(timing.seconds for timing in content.timings if timing.stage not in asked)
    return ours + sum(attempt.seconds for attempt in content.attempts)


def _blocks(attempt: Attempt) -> Iterator[str]:
    """What kept an attempt from being sent, in words."""
    for finding in attempt.report.blocks if attempt.report else ():
        yield f"{finding.check}: {finding.span.text or finding.message}"
