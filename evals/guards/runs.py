"""Run production's checks over the labelled rows and tally what they find."""

from collections.abc import Callable
from dataclasses import dataclass, field

from evals.brands import brand_of, services_for
from evals.guards.contexts import case_of, context_of
from evals.guards.corpus import (
    LabelledClaims,
    LabelledReply,
    LabelledSentence,
    Split,
    claims,
    replies,
    sentences,
)
from evals.guards.figures import Confusion, Share, Tallies
from service.bootstrap import Services
from service.domain.checks import CheckReport, Finding, Severity, Verdict
from service.domain.thread import Case, Complaint, ReplyToCheck
from service.domain.triage import MoveKind
from service.guards.context import CheckContext
from service.guards.reading import Label
from service.guards.registry import CHECKS

LEARNED = tuple(label.value for label in Label if label.value in CHECKS and label != "canned")
"""Checks that are measured on single sentences; `canned` is a matter of a whole reply."""
GROUNDING = ("ungrounded_specific", "ungrounded_promise", "contradicts_policy")
_BRAND = "tidewell"
_COMPLAINTS = {
    "en": "It went wrong again today and nobody has told me why.",
    "pl": "Znowu coś poszło nie tak i nikt mi nie powiedział dlaczego.",
    "es": "Hoy ha vuelto a fallar y nadie me ha dicho por qué.",
    "de": "Heute ging es wieder schief und niemand hat mir gesagt, warum.",
}
Tick = Callable[[], None]


@dataclass
class Measured:
    """What a run over one split found."""

    sentences: Tallies = field(default_factory=Tallies)
    claims: Tallies = field(default_factory=Tallies)
    replies: Tallies = field(default_factory=Tallies)
    good: int = 0
    good_blocked: list[Confusion] = field(default_factory=list)
    bad: int = 0
    bad_passed: list[Confusion] = field(default_factory=list)

    @property
    def false_block(self) -> Share:
        """Good replies that came out as `block`."""
        return Share(len({row.row for row in self.good_blocked}), self.good)

    @property
    def missed_block(self) -> Share:
        """Replies with a blocking fault that came out as `pass`."""
        return Share(len(self.bad_passed), self.bad)


def rows_in(split: Split) -> int:
    """How many rows a run over the split goes through."""
    return len(sentences(split)) + len(claims(split)) + len(replies(split))


async def measure(split: Split, tick: Tick = lambda: None) -> Measured:
    """All labelled rows of a split through production's checks."""
    measured = Measured()
    brands = {row.brand for row in (*replies(split), *claims(split))} | {_BRAND}
    async with services_for(sorted(brands)) as services:
        for sentence in sentences(split):
            await _sentence(measured, sentence, services)
            tick()
        for case in claims(split):
            await _claims(measured, case, services)
            tick()
        for reply in replies(split):
            await _reply(measured, reply, services)
            tick()
    return measured


def _raised(report: CheckReport, check: str) -> list[Finding]:
    return [finding for finding in report.findings if finding.check == check]


async def _sentence(measured: Measured, row: LabelledSentence, services: Services) -> None:
    """A sentence as a whole reply to a plain complaint: only the checks of its words count."""
    complaint = row.complaint or _COMPLAINTS[row.language]
    context = CheckContext(
        reply=row.text,
        case=Case(complaint=Complaint(text=complaint)),
        brand=brand_of(_BRAND),
        language=row.language,
        move=MoveKind.PUBLIC_REPLY,
    )
    report = await (await services.guards.of(context.brand)).check(context)
    for check in LEARNED:
        measured.sentences.add(
            Confusion(check, row.language, row.id, "", row.text),
            marked=check in row.labels,
            raised=bool(_raised(report, check)),
        )


async def _claims(measured: Measured, row: LabelledClaims, services: Services) -> None:
    """Each sentence alone as the reply: which way of claiming too much is found in it."""
    guard = await services.guards.of(brand_of(row.brand))
    for number, claim in enumerate(row.sentences, start=1):
        report = await guard.check(context_of(row, claim.text))
        for check in GROUNDING:
            measured.claims.add(
                Confusion(check, row.language, f"{row.id}/{number}", "", claim.text, claim.why),
                marked=claim.stance.value == check,
                raised=bool(_raised(report, check)),
            )
        measured.claims.add(
            Confusion("any of the three", row.language, f"{row.id}/{number}", "", claim.text),
            marked=claim.stance.value in GROUNDING,
            raised=any(_raised(report, check) for check in GROUNDING),
        )


async def _reply(measured: Measured, row: LabelledReply, services: Services) -> None:
    """A whole reply, triage and all, as `amends check` would judge it."""
    asked = ReplyToCheck.model_validate(
        {
            **case_of(row).model_dump(),
            "reply": row.reply,
            "policy_ids": row.policy_ids,
            "recent_replies": row.recent_replies,
        }
    )
    report = await services.checker.check(asked, brand_of(row.brand))
    for check in CHECKS:
        marked = [finding for finding in row.findings if finding.check == check]
        raised = _raised(report, check)
        why = "; ".join(f.why for f in marked) or "; ".join(f.span.text or "-" for f in raised)
        measured.replies.add(
            Confusion(check, row.language, row.id, "", row.reply, why),
            marked=bool(marked),
            raised=bool(raised),
        )
    _verdict(measured, row, report)


def _verdict(measured: Measured, row: LabelledReply, report: CheckReport) -> None:
    blocking = [f for f in row.findings if CHECKS[f.check].severity is Severity.BLOCK]
    serious = [f for f in row.findings if CHECKS[f.check].severity is not Severity.INFO]
    if blocking:
        measured.bad += 1
        if report.verdict is Verdict.PASS:
            why = "; ".join(f"{f.check}: {f.why}" for f in blocking)
            measured.bad_passed.append(
                Confusion("verdict", row.language, row.id, "missed", row.reply, why)
            )
    if not serious:
        measured.good += 1
        measured.good_blocked += [
            Confusion(f.check, row.language, row.id, "raised", row.reply, f.span.text or "-")
            for f in report.blocks
        ]
