"""What kind of edit a person made, without a language model: by the signs that words leave.

Measured on labelled pairs by `python -m evals.edits`.
"""

from collections.abc import Iterable, Iterator

from service.domain.edits import EditFinding, EditKind, kinds_of
from service.domain.triage import Span
from service.review.edit_parts import squashed
from service.review.edit_signs import (
    Edit,
    facts_changed,
    findings_changed,
    frames_changed,
    issues_answered,
    private_data_changed,
    promises_changed,
    tone_changed,
    voice_changed,
)
from service.review.edit_spelling import only_spelling
from service.text.language import DEFAULT_LANGUAGES, detect, is_other_language

KINDS = {
    "defensive": EditKind.TONE,
    "blames_customer": EditKind.TONE,
    "non_apology": EditKind.TONE,
    "sarcasm_or_emotional": EditKind.TONE,
    "hate_or_profanity": EditKind.TONE,
    "mentions_deletion": EditKind.TONE,
    "missing_boundary": EditKind.TONE,
    "missing_apology": EditKind.TONE,
    "missing_thanks": EditKind.TONE,
    "ungrounded_specific": EditKind.FACT,
    "contradicts_policy": EditKind.FACT,
    "admits_legal_liability": EditKind.FACT,
    "ignores_issue": EditKind.MISSED_ISSUE,
    "too_long": EditKind.LENGTH,
    "wrong_language": EditKind.LANGUAGE,
    "ungrounded_promise": EditKind.PROMISE,
    "promise_without_date": EditKind.PROMISE,
    "missing_next_step": EditKind.PROMISE,
    "asks_private_data_publicly": EditKind.PRIVATE_DATA,
    "exposes_personal_data": EditKind.PRIVATE_DATA,
    "ai_tell": EditKind.VOICE,
    "canned": EditKind.VOICE,
    "corporate_we": EditKind.VOICE,
    "speaks_as_customer": EditKind.VOICE,
}
"""What an edit mended that a check had found; a check that is not here says nothing of its kind."""

_EITHER_WAY = frozenset({"ungrounded_specific", "ungrounded_promise"})
"""What a person adds from their own knowledge looks ungrounded: it is news all the same."""

_LONGER = 1.2
_BESIDE_LENGTH = {EditKind.FACT, EditKind.GREETING_OR_SIGNATURE}


def classify(edit: Edit) -> tuple[EditKind, ...]:
    """The kinds of an edit, each once; none where the reply is as it was."""
    return kinds_of(find_edits(edit))


def find_edits(edit: Edit) -> tuple[EditFinding, ...]:
    """Every change that tells a kind, with its words; `other` where none does."""
    if edit.before.strip() == edit.after.strip():
        return ()
    if changed_language(edit):
        return (_whole(EditKind.LANGUAGE, edit),)
    frames = tuple(frames_changed(edit))
    if not edit.changes and frames:
        return (*frames, *private_data_changed(edit))
    if _is_typo(edit):
        return (*frames, _whole(EditKind.TYPO, edit))
    found = tuple(_without_private_facts(dict.fromkeys((*frames, *_signs(edit)))))
    length = tuple(_length(edit, {finding.kind for finding in found}))
    return (*found, *length) or (_whole(EditKind.OTHER, edit),)


def changed_language(edit: Edit) -> bool:
    """Whether the reply is in another language now."""
    now = detect(edit.after, DEFAULT_LANGUAGES)
    return is_other_language(edit.before, now, DEFAULT_LANGUAGES)


def _is_typo(edit: Edit) -> bool:
    same = squashed(edit.old.body) == squashed(edit.new.body)
    return same or all(only_spelling(change) for change in edit.changes)


def _signs(edit: Edit) -> Iterator[EditFinding]:
    yield from findings_changed(edit, KINDS, _EITHER_WAY)
    for find in (
        facts_changed,
        promises_changed,
        private_data_changed,
        issues_answered,
        tone_changed,
        voice_changed,
    ):
        yield from find(edit)


def _without_private_facts(found: Iterable[EditFinding]) -> Iterator[EditFinding]:
    """A phone number that went is personal data, and no figure besides."""
    private = [_digits(one) for one in found if one.kind is EditKind.PRIVATE_DATA]
    for one in found:
        figure = one.kind is EditKind.FACT and _digits(one)
        if not (figure and any(figure in number for number in private)):
            yield one


def _digits(finding: EditFinding) -> str:
    return "".join(char for char in finding.before + finding.after if char.isdigit())


def _length(edit: Edit, found: set[EditKind]) -> Iterator[EditFinding]:
    """Shorter and nothing of weight came; or longer and nothing else was found."""
    longer = len(edit.new.body) >= _LONGER * max(len(edit.old.body), 1)
    if EditKind.LENGTH in found or found - _BESIDE_LENGTH:
        return
    if edit.only_shorter or (longer and not found):
        yield _whole(EditKind.LENGTH, edit)


def _whole(kind: EditKind, edit: Edit) -> EditFinding:
    span = Span(start=0, end=len(edit.after), text=edit.after)
    return EditFinding(kind=kind, before=edit.before, after=edit.after, span=span)
