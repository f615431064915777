"""The rules of a decision: who may take it, what it needs, what an edit makes. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from service.domain.brand import Brand
from service.domain.checks import CheckReport, Finding
from service.domain.draft import Draft, DraftContent, Snapshot
from service.domain.edits import EditFinding, kinds_of
from service.domain.hours import Calendar
from service.domain.review import Caller, Decision, DecisionKind, DecisionRequest, Override, Role
from service.domain.triage import MoveKind
from service.drafting.promises import find_promises
from service.errors import BlockedByChecks, Forbidden, InvalidInput, VersionConflict
from service.followup.changing import require_owner
from service.guards.context import CheckContext
from service.guards.fragments import names_given
from service.guards.guard import guard_versions
from service.guards.sources import customer_texts
from service.review.edit_kinds import find_edits
from service.review.edit_signs import Edit
from service.review.transitions import require_open
from service.text.sentences import split_sentences


@dataclass(frozen=True)
class CheckedEdit:
    """A human's text with what the checks say of it and what it changed."""

    text: str
    report: CheckReport
    edits: tuple[EditFinding, ...]


NEVER_OVERRIDDEN = frozenset(
    {
        "asks_private_data_publicly",
        "exposes_personal_data",
        "obeys_injection",
        "wrong_language",
        "unlisted_link",
    }
)
"""Privacy, injection, language and link findings stand: no reason makes them right."""


def require_role(asked: DecisionRequest, caller: Caller) -> None:
    """Agents edit, reviewers decide, leads override."""
    needed = Role.REVIEWER
    if asked.decision is DecisionKind.EDIT and not asked.approve:
        needed = Role.AGENT
    if asked.override:
        needed = Role.LEAD
    if not caller.role.may_act_as(needed):
        raise Forbidden(f"this needs the role {needed.value}; the key has {caller.role.value}")


def require_version(draft: Draft, asked: DecisionRequest) -> None:
    """Nobody decides on words that they have not read."""
    if asked.expected_version != draft.version:
        raise VersionConflict(
            f"draft {draft.id} is at version {draft.version}, not "
            f"{asked.expected_version}: read it again"
        )


def require_decidable(draft: Draft, asked: DecisionRequest, brand: Brand) -> None:
    """What can be refused by the draft alone, whatever the checks would say."""
    require_open(draft.id, draft.status, asked.decision)
    require_version(draft, asked)
    if asked.owner is not None:
        require_owner(brand, asked.owner)


def require_reason(draft: Draft, kind: DecisionKind, reason: str | None) -> None:
    """Ignoring somebody who was harmed, or rejecting a draft, is never done without a reason."""
    spam = draft.content is not None and draft.content.move.kind is MoveKind.NO_REPLY
    needed = kind is DecisionKind.REJECT or (kind is DecisionKind.IGNORE and not spam)
    if needed and not (reason or "").strip():
        raise InvalidInput(f"{kind.value} needs a reason")


def require_overridden(
    draft_id: str, content: DraftContent, override: tuple[Override, ...]
) -> None:
    """Every block is either mended or taken on with a reason."""
    checks = {finding.check for finding in content.checks.blocks}
    _require_found(draft_id, content, override)
    fixed = sorted(checks & NEVER_OVERRIDDEN)
    if fixed:
        raise BlockedByChecks(
            f"draft {draft_id} is blocked by {', '.join(fixed)}, which stands: edit the text",
            _told(content, fixed),
        )
    standing = sorted(checks - {taken.check for taken in override})
    if standing:
        raise BlockedByChecks(
            f"draft {draft_id} is blocked by {', '.join(standing)}: edit it, or override each "
            "with a reason",
            _told(content, standing),
        )


def _require_found(draft_id: str, content: DraftContent, override: tuple[Override, ...]) -> None:
    """A reason for what no check found is a slip: the name is wrong, or the text was mended."""
    found = {finding.check for finding in content.checks.findings}
    unfound = sorted({taken.check for taken in override} - found)
    if not unfound:
        return
    blocks = {finding.check for finding in content.checks.blocks}
    rest = "what blocks it stands: edit the text" if blocks else "no finding blocks it"
    if left := sorted(blocks - NEVER_OVERRIDDEN):
        rest = f"what can be overridden: {', '.join(left)}"
    raise InvalidInput(f"override: {', '.join(unfound)} found nothing in draft {draft_id}; {rest}")


def _told(content: DraftContent, checks: Collection[str]) -> list[str]:
    """What blocks, in words: the sentence, why it must not be posted, and what to do instead."""
    return [
        f"{found.check}: {_quoted(found, content.reply or '')}{found.message} {found.suggestion}"
        for found in content.checks.blocks
        if found.check in checks
    ]


def _quoted(finding: Finding, reply: str) -> str:
    """The sentence in which it was found; what is missing from a reply stands in none."""
    start = finding.span.start
    if start is None:
        return ""
    around = (one.text for one in split_sentences(reply) if one.start <= start < one.end)
    return f"“{next(around, finding.span.text)}” "


def context_of(text: str, content: DraftContent, snapshot: Snapshot) -> CheckContext:
    """What an edited text is checked against: what the draft itself saw."""
    return CheckContext(
        reply=text,
        case=snapshot.case,
        brand=snapshot.brand,
        language=content.language,
        move=content.move.kind,
        policy=snapshot.evidence.policy,
        recent_replies=snapshot.recent_replies,
        superseded=snapshot.superseded,
        kind=content.triage.kind,
        issues=content.triage.issues,
        sensitivities=content.triage.sensitivities,
    )


def edits_made(
    text: str, report: CheckReport, content: DraftContent, snapshot: Snapshot
) -> tuple[EditFinding, ...]:
    """What a text changed; nothing where there was no reply, or only one to hold the place."""
    if content.reply is None or content.holding:
        return ()
    edit = Edit(
        before=content.reply,
        after=text,
        checked_before=content.checks,
        checked_after=report,
        language=content.language,
        told=customer_texts(snapshot.case),
        issues=tuple(issue.text for issue in content.triage.issues),
        names=names_given(snapshot.case),
        signature=snapshot.brand.signature,
    )
    return find_edits(edit)


def edited_content(
    draft: Draft, edited: CheckedEdit, now: datetime, calendar: Calendar
) -> DraftContent:
    """The draft with a human's text in place of the model's."""
    if draft.content is None:
        raise InvalidInput(f"draft {draft.id} has nothing to edit yet")
    text, report = edited.text, edited.report
    provenance = draft.content.provenance.model_copy(update={"guards": guard_versions()})
    return draft.content.model_copy(
        update={
            "reply": text,
            "checks": report,
            "citations": report.citations,
            "commitments": find_promises(text, now=now, calendar=calendar),
            "holding": False,
            "holding_reason": None,
            "edits": edited.edits,
            "provenance": provenance,
        }
    )


def with_kinds(decision: Decision, edits: Mapping[int, tuple[EditFinding, ...]]) -> Decision:
    """The decision with the kinds of its edit, which made the next version of the draft."""
    if decision.decision is not DecisionKind.EDIT:
        return decision
    made = edits.get(decision.draft_version + 1, ())
    return decision.model_copy(update={"edit_kinds": kinds_of(made)})
