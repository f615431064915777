"""Labelled rows that a judge is held against: with the failure and without, all of the dev split.

Chosen by the hash of their ids: first whole replies that have the failure, then single sentences or
claims; without it, half near-misses where there are so many. The labels are those of evals/guards.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from evals.brands import brand_of
from evals.guards.contexts import context_of, superseded
from evals.guards.corpus import LabelledClaims, LabelledReply, claims, replies, sentences
from service.domain.thread import Case, Complaint
from service.domain.triage import MoveKind
from service.guards.context import CheckContext
from service.guards.reading import Label, Stance

OF_EACH = 40
"""So many rows with the failure, where there are so many, and so many without."""
_BRAND = "tidewell"
_COMPLAINTS = {
    "en": "It went wrong again today and nobody has told me why.",
    "pl": "Znowu coś poszło nie tak i nikt mi nie powiedział dlaczego.",
    "es": "Hoy ha vuelto a fallar y nadie me ha dicho por qué.",
    "de": "Heute ging es wieder schief und niemand hat mir gesagt, warum.",
}
_INNOCENT = (Stance.GROUNDED, Stance.FREE)


@dataclass(frozen=True)
class JudgedRow:
    """A labelled row as a judge sees it; `near`: a careless reader would see the failure in it."""

    id: str
    marked: bool
    near: bool
    whole: bool
    context: CheckContext


def rows_for(failure: str) -> tuple[JudgedRow, ...]:
    """The rows to measure a failure's judge on, those with it first."""
    pool = sorted(_pool(failure), key=lambda row: _place(failure, row))
    marked = sorted((row for row in pool if row.marked), key=lambda row: not row.whole)
    clean = [row for row in pool if not row.marked]
    near = [row for row in clean if row.near][: OF_EACH // 2]
    plain = [row for row in clean if not row.near][: OF_EACH - len(near)]
    return (*marked[:OF_EACH], *near, *plain)


def _place(failure: str, row: JudgedRow) -> str:
    return hashlib.sha256(f"{failure} {row.id}".encode()).hexdigest()


def _pool(failure: str) -> Iterator[JudgedRow]:
    yield from _replies(failure)
    if failure in list(Label):
        yield from _sentences(failure)
    if failure in list(Stance):
        yield from _claims(failure)


def _replies(failure: str) -> Iterator[JudgedRow]:
    for row in replies("dev"):
        marked = any(finding.check == failure for finding in row.findings)
        near = failure in row.near
        yield JudgedRow(row.id, marked, near, whole=True, context=_in_case(row, row.reply))


def _sentences(failure: str) -> Iterator[JudgedRow]:
    for row in sentences("dev"):
        complaint = row.complaint or _COMPLAINTS[row.language]
        context = CheckContext(
            reply=row.text,
            case=Case(complaint=Complaint(text=complaint)),
            brand=brand_of(_BRAND),
            language=row.language,
            move=MoveKind.PUBLIC_REPLY,
        )
        marked = failure in row.labels
        yield JudgedRow(row.id, marked, row.near == failure, whole=False, context=context)


def _claims(failure: str) -> Iterator[JudgedRow]:
    """A claim has one stance, though a false figure may be an ungrounded one too: those of the
    sibling failures say neither yes nor no."""
    for row in claims("dev"):
        for number, claim in enumerate(row.sentences, start=1):
            marked = claim.stance == failure
            if marked or claim.stance in _INNOCENT:
                near = claim.stance is Stance.GROUNDED
                context = _in_case(row, claim.text)
                yield JudgedRow(f"{row.id}/{number}", marked, near, whole=False, context=context)


def _in_case(row: LabelledReply | LabelledClaims, reply: str) -> CheckContext:
    return replace(context_of(row, reply), superseded=superseded(row.brand))


def texts_of(rows: Sequence[JudgedRow]) -> list[tuple[str, bool, str]]:
    """What a measurement depends on besides model and prompt."""
    return [(row.id, row.marked, row.context.reply) for row in rows]
