"""The four ways a draft can end, each as a status and its content. Pure."""

from datetime import datetime

from service.domain.checks import CheckReport, Citation, Verdict
from service.domain.commitment import PlannedCommitment
from service.domain.draft import DraftContent, DraftStatus
from service.domain.hours import Calendar
from service.domain.knowledge import Evidence
from service.domain.triage import Kind, Triage
from service.drafting.holding import HoldingReply
from service.drafting.promises import find_promises
from service.drafting.provenance import NOT_YET
from service.drafting.writing import Checked, Written

Outcome = tuple[DraftStatus, DraftContent]


def drafted(
    triage: Triage,
    language: str,
    best: Checked,
    *,
    calendar: Calendar,
    now: datetime,
    evidence: Evidence,
) -> Outcome:
    """The model's reply stands and waits for a human."""
    proposal = best.proposal
    content = DraftContent(
        reply=proposal.reply,
        language=language,
        move=triage.move,
        triage=triage,
        citations=_citations(best, evidence),
        commitments=_commitments(best, calendar, now),
        checks=best.report,
        missing_facts=(*proposal.missing_facts, *_uncovered(triage, evidence)),
        provenance=NOT_YET,
    )
    return DraftStatus.PENDING_REVIEW, content


def held(
    triage: Triage, language: str, holding: HoldingReply, report: CheckReport, *, reason: str
) -> Outcome:
    """A holding reply stands in for the draft that could not be made."""
    content = DraftContent(
        reply=holding.text,
        language=language,
        move=triage.move,
        triage=triage,
        commitments=holding.commitments,
        checks=report,
        missing_facts=tuple(f"an answer to: {issue.text}" for issue in triage.issues),
        holding=True,
        holding_reason=reason,
        provenance=NOT_YET,
    )
    return DraftStatus.PENDING_REVIEW, content


def unasked(
    triage: Triage, language: str, reply: HoldingReply, report: CheckReport, *, reason: str
) -> Outcome:
    """A follow-up or a closing update in our own words: no stand-in, it is the reply."""
    status, content = held(triage, language, reply, report, reason=reason)
    waits = ("where the promise stands: put it into `known`",) if reply.commitments else ()
    return status, content.model_copy(update={"holding": False, "missing_facts": waits})


def blocked(triage: Triage, language: str, written: Written, reason: str) -> Outcome:
    """Not even a holding reply fits: a human sees the best attempt and what is wrong with it."""
    best = written.best
    content = DraftContent(
        reply=best.proposal.reply if best else None,
        language=language,
        move=triage.move,
        triage=triage,
        checks=best.report if best else CheckReport(verdict=Verdict.BLOCK),
        holding_reason=reason,
        provenance=NOT_YET,
    )
    return DraftStatus.BLOCKED, content


def nothing_to_send(triage: Triage, language: str) -> Outcome:
    """Spam: no reply is due, and a human confirms that with `ignore`."""
    content = DraftContent(
        reply=None,
        language=language,
        move=triage.move,
        triage=triage,
        provenance=NOT_YET,
    )
    return DraftStatus.PENDING_REVIEW, content


def _citations(best: Checked, evidence: Evidence) -> tuple[Citation, ...]:
    """What the checks traced, and what the model names beside it, if such a passage was shown."""
    traced = best.report.citations
    versions = {passage.id: passage.version for passage in evidence.policy}
    known = {(citation.sentence, citation.policy_id) for citation in traced}
    named = (
        Citation(sentence=c.sentence, policy_id=c.policy_id, policy_version=versions[c.policy_id])
        for c in best.proposal.citations
        if c.policy_id in versions and c.sentence in best.proposal.reply
    )
    return (*traced, *(c for c in named if (c.sentence, c.policy_id) not in known))


def _commitments(best: Checked, calendar: Calendar, now: datetime) -> tuple[PlannedCommitment, ...]:
    """Promises found in the text; the model's own list counts only where the text holds none."""
    found = find_promises(best.proposal.reply, now=now, calendar=calendar)
    return found or tuple(c for c in best.proposal.commitments if c.due_at and c.due_at > now)


def _uncovered(triage: Triage, evidence: Evidence) -> tuple[str, ...]:
    """With no policy in hand the agent has to find out what applies."""
    if evidence.policy or triage.kind is Kind.COMPLIMENT:
        return ()
    return tuple(f"no policy covers: {issue.text}" for issue in triage.issues)
