"""Cases for the drafting suite out of what reviewers changed or turned down, for people to confirm.

A file of candidates is also the memory of what was harvested: a row that was confirmed or dropped
leaves its id and its source there, so that it does not come back.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from evals.brands import brand_ids
from evals.drafting.cases import (
    BRANDS,
    CASES,
    HARVESTED,
    CaseIssue,
    EvalCase,
    Provenance,
    read_cases,
)
from evals.drafting.items import Item, row_faults
from evals.errors import EvalError
from service.domain.base import Frozen, Lenient
from service.domain.draft import DraftContent, DraftStatus
from service.domain.edits import kinds_of
from service.domain.review import DecidedDraft
from service.domain.thread import Case
from service.domain.triage import Kind, MoveKind
from service.review.masking import Masking
from service.review.rules import edits_made

SOURCE = "harvest:"
TO_SAY = "say under `must` what a good reply does, and under `reference` one that you would sign"
_BY_KIND = {
    Kind.COMPLIMENT: "compliment",
    Kind.QUESTION: "question",
    Kind.MIXED: "abuse_with_complaint",
    Kind.ABUSE: "abuse_only",
}
_ISSUES = ("plain", "plain", "two_issues", "three_issues")


class Settled(Lenient):
    """What is left of a candidate that a person confirmed or dropped."""

    id: str
    status: Literal["confirmed", "dropped"]
    provenance: Provenance


class Candidate(Frozen):
    """A row of the drafting suite as far as a decision can fill it; a person adds the rest."""

    id: str
    status: Literal["candidate"] = "candidate"
    case: Case
    language: str
    kind: Kind
    move: MoveKind
    traits: tuple[str, ...] = ()
    issues: tuple[CaseIssue, ...] = ()
    policy: tuple[str, ...] = ()
    must: tuple[Item, ...] = ()
    must_not: tuple[Item, ...] = ()
    reference: str = ""
    note: str = ""
    provenance: Provenance

    @property
    def is_ready(self) -> bool:
        """Whether a person said what every case of a suite says."""
        return bool(self.must and self.reference)


Row = Candidate | Settled


def candidate_of(decided: DecidedDraft) -> Candidate | None:
    """The row of a decision; None where the reply was signed as the machine wrote it."""
    content = decided.draft.content or decided.proposed
    signed = decided.draft.status is DraftStatus.APPROVED
    if signed and content.reply == decided.proposed.reply:
        return None
    snapshot, draft = decided.snapshot, decided.draft
    masking = Masking(snapshot.case, snapshot.brand)
    case_id = f"{draft.brand_id}-h-{draft.id.removeprefix('drf_')[:8]}"
    case = masking.masked_case()
    return Candidate(
        id=case_id,
        case=case,
        language=content.language,
        kind=content.triage.kind,
        move=content.move.kind,
        traits=_traits(case, content),
        issues=tuple(_issues(masking, case, content)),
        policy=tuple(dict.fromkeys(passage.id for passage in content.evidence.policy)),
        reference=masking.text(content.reply or "") if signed else "",
        note=_note(decided, content, masking),
        provenance=Provenance(
            author=decided.decision.by,
            written=decided.decision.decided_at.date().isoformat(),
            source=f"{SOURCE}{draft.id}",
        ),
    )


def _note(decided: DecidedDraft, content: DraftContent, masking: Masking) -> str:
    """What was changed from first to last, or why it was turned down."""
    if decided.draft.status is DraftStatus.REJECTED:
        return f"rejected: {masking.text(decided.decision.reason or '')}".strip()
    made = edits_made(content.reply or "", content.checks, decided.proposed, decided.snapshot)
    return f"edited: {', '.join(kinds_of(made)) or 'written anew'}"


def _issues(masking: Masking, case: Case, content: DraftContent) -> Iterator[CaseIssue]:
    for number, issue in enumerate(content.triage.issues, start=1):
        quote = masking.text(issue.text)
        if quote in case.complaint.text:
            yield CaseIssue(id=f"issue-{number}", quote=quote, point="")


def _traits(case: Case, content: DraftContent) -> tuple[str, ...]:
    """What can be told without reading; a person adds the subtle ones."""
    triage = content.triage
    found = {
        _BY_KIND.get(triage.kind, _ISSUES[min(len(triage.issues), 3)]): True,
        "injection": triage.injection_suspected,
        "closing": content.move.kind is MoveKind.CLOSING_UPDATE,
        "no_policy": not content.evidence.policy,
        "private_channel": not case.is_public,
        "known_fact": bool(case.known),
        **{sensitivity.value: True for sensitivity in triage.sensitivities},
    }
    return tuple(trait for trait, holds in found.items() if holds)


def read_rows(path: Path) -> list[Row]:
    """The rows of a file of candidates; none where there is no file yet."""
    if not path.exists():
        return []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise EvalError(f"{path.name} can't be read: {type(exc).__name__}") from exc
    return [_row(path.name, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _row(name: str, number: int, line: str) -> Row:
    try:
        fields = json.loads(line)
        waits = isinstance(fields, dict) and fields.get("status") == "candidate"
        return (Candidate if waits else Settled).model_validate(fields)
    except json.JSONDecodeError as exc:
        raise EvalError(f"{name}, line {number}: not JSON ({exc.msg})") from exc
    except ValidationError as exc:
        raise EvalError(f"{name}, line {number}: {row_faults(exc)}") from exc


def line_of(row: Row | EvalCase) -> str:
    """A row as a line; what is empty is left out of the case."""
    case = row.case.model_dump_json(exclude_defaults=True) if not isinstance(row, Settled) else ""
    whole = row.model_dump_json(exclude={"case"})
    return f'{whole[:-1]},"case":{case}}}\n' if case else f"{whole}\n"


def add(path: Path, found: Sequence[Candidate]) -> list[Candidate]:
    """Write the candidates that the file has not had yet at its end; gives those."""
    had = {row.provenance.source for row in read_rows(path)}
    new = [row for row in found if row.provenance.source not in had]
    _append(path, new)
    return new


def _append(path: Path, rows: Sequence[Row | EvalCase]) -> None:
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        with path.open("a", encoding="utf-8") as file:
            file.write("" if not before or before.endswith("\n") else "\n")
            file.writelines(line_of(row) for row in rows)
    except OSError as exc:
        raise EvalError(f"{path.name} can't be written: {type(exc).__name__}") from exc


@dataclass(frozen=True)
class Confirmed:
    """What a confirmation moved where, and what still lacks what only a person can say."""

    moved: tuple[str, ...]
    unready: tuple[str, ...]
    cases: Path

    @property
    def is_read(self) -> bool:
        """Whether suites read the file."""
        return self.cases == CASES / HARVESTED


def confirm(
    path: Path, cases: Path | None = None, *, by: str, only: Sequence[str] = ()
) -> Confirmed:
    """Move the rows that say what a good reply must do, and show one, into a file of cases, in a
    person's name; without a file into the one that the dev split reads."""
    if not path.exists():
        raise EvalError(f"there is no file {path.name}: `amends eval harvest` writes one")
    rows = read_rows(path)
    waiting = {row.id: row for row in rows if isinstance(row, Candidate)}
    chosen = [_named(waiting, row_id) for row_id in only] or list(waiting.values())
    ready = {row.id: _confirmed(row, by) for row in chosen if row.is_ready}
    unready = tuple(row.id for row in chosen if not row.is_ready)
    if only and unready:
        raise EvalError(f"{', '.join(unready)}: {TO_SAY}")
    target = cases or CASES / HARVESTED
    there = {row.id for row in read_cases(target)} if target.exists() else set()
    _append(target, [row for row in ready.values() if row.id not in there])
    _replace(path, [_settled(row) if row.id in ready else row for row in rows])
    return Confirmed(tuple(ready), unready, target)


def _named(waiting: dict[str, Candidate], row_id: str) -> Candidate:
    if row_id not in waiting:
        raise EvalError(f"no candidate {row_id!r}; there are {', '.join(waiting) or 'none'}")
    return waiting[row_id]


def unknown_brands(brands: Iterable[str | None]) -> list[str]:
    """Those that the evals don't have: no row of theirs can be confirmed."""
    return sorted({name for name in brands if name and name not in brand_ids()})


def _confirmed(row: Candidate, by: str) -> EvalCase:
    if not row.case.brand or unknown_brands([row.case.brand]):
        raise EvalError(
            f"{row.id}: the evals have no brand {row.case.brand!r} to run it on; put its "
            "brand.yaml and policies.jsonl into evals/guards/brands first"
        )
    if row.case.brand in BRANDS["test"]:
        raise EvalError(
            f"{row.id}: {row.case.brand} is a brand of the test split, which no new case may join; "
            "set its `status` to `dropped`"
        )
    source = f"{row.provenance.source}, confirmed by {by}"
    provenance = row.provenance.model_copy(update={"source": source})
    fields = row.model_dump(exclude={"status", "provenance"})
    try:
        return EvalCase.model_validate({**fields, "provenance": provenance.model_dump()})
    except ValidationError as exc:
        raise EvalError(f"{row.id}: {row_faults(exc)}") from exc


def _settled(row: Row) -> Settled:
    return Settled(id=row.id, status="confirmed", provenance=row.provenance)


def _replace(path: Path, rows: Sequence[Row]) -> None:
    """All at once: a killed run leaves the old file or the new one."""
    written = path.with_suffix(f"{path.suffix}.new")
    try:
        written.write_text("".join(line_of(row) for row in rows), encoding="utf-8")
        written.replace(path)
    except OSError as exc:
        raise EvalError(f"{path.name} can't be written: {type(exc).__name__}") from exc
