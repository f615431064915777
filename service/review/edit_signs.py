"""The signs of each kind of edit: one small finder a kind, over a reply before and after. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from service.domain.checks import CheckReport, Finding, Severity
from service.domain.edits import EditFinding, EditKind
from service.domain.triage import Span
from service.drafting.promises import promising_sentences
from service.review.edit_parts import Change, Frame, changes, framed, in_words, of_language
from service.text.folding import fold
from service.text.personal_data import find_personal_data
from service.text.sentences import Sentence, split_sentences
from service.text.specifics import TIMES, Specific, SpecificKind, find_specifics, granted_by
from service.text.stems import stems

_SHORTER = 0.85
# A length of time may be a rule's; a moment that is to come is somebody's word.
_MOMENTS = frozenset({SpecificKind.WEEKDAY, SpecificKind.CLOCK, SpecificKind.DATE})
_VAGUE = frozenset({SpecificKind.COUNT, SpecificKind.NUMBER})
_CLAUSE = re.compile(r"[,;:–—]\s+|\s(?:and|but|und|aber|oraz|i|ale|y|pero)\s")
_FORMAL_GERMAN = re.compile(r"(?<=[\w,;:-] )(?:Sie|Ihnen|Ihr(?:e[mnrs]?)?)(?!\w)")
_SHORT_FORMS = re.compile(r"(?<=\w)'(?:m|ve|ll|re|s|d)(?!\w)|n't(?!\w)")


@dataclass(frozen=True, kw_only=True)
class Edit:
    """A reply before and after, with what the checks said of each and what the customer wrote."""

    before: str
    after: str
    checked_before: CheckReport
    checked_after: CheckReport
    language: str
    told: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    signature: str = ""

    @cached_property
    def old(self) -> Frame:
        """The reply as it was."""
        return framed(self.before, self.signature)

    @cached_property
    def new(self) -> Frame:
        """The reply as it is now."""
        return framed(self.after, self.signature)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What is not as it was, sentence by sentence."""
        return changes(self.old.sentences, self.new.sentences)

    @property
    def only_shorter(self) -> bool:
        """Whether no sentence came that was not there, and a good part went."""
        share = len(self.new.body) / max(len(self.old.body), 1)
        return share <= _SHORTER and all(change.old for change in self.changes)


def frames_changed(edit: Edit) -> Iterator[EditFinding]:
    """Another greeting or another signature, or none."""
    kind = EditKind.GREETING_OR_SIGNATURE
    for old, new, start in (
        (edit.old.greeting, edit.new.greeting, 0),
        (edit.old.signature, edit.new.signature, edit.after.rfind(edit.new.signature)),
    ):
        if fold(old) != fold(new):
            yield EditFinding(kind=kind, before=old, after=new, span=_place(start, new))


def facts_changed(edit: Edit) -> Iterator[EditFinding]:
    """Figures that came or went, but for those that the customer gave and those of promises."""
    told = granted_by(edit.told)
    old, new = _facts(edit.old, told), _facts(edit.new, told)
    yield from (_gone(EditKind.FACT, one.text) for one in _without(old, new))
    yield from (_come(EditKind.FACT, edit, one.text) for one in _without(new, old))


def promises_changed(edit: Edit) -> Iterator[EditFinding]:
    """A promise that came, went, or has another time."""
    old, new = _promises(edit.old.body), _promises(edit.new.body)
    yield from (_gone(EditKind.PROMISE, old[by]) for by in old.keys() - new.keys())
    yield from (_come(EditKind.PROMISE, edit, new[by]) for by in new.keys() - old.keys())


def private_data_changed(edit: Edit) -> Iterator[EditFinding]:
    """Personal data that was taken out, or put in."""
    old = {one.plain: one for one in find_personal_data(edit.before, edit.names)}
    new = {one.plain: one for one in find_personal_data(edit.after, edit.names)}
    kind = EditKind.PRIVATE_DATA
    yield from (_gone(kind, old[plain].text) for plain in old.keys() - new.keys())
    for plain in new.keys() - old.keys():
        one = new[plain]
        yield EditFinding(kind=kind, after=one.text, span=_place(one.start, one.text))


def issues_answered(edit: Edit) -> Iterator[EditFinding]:
    """Points of the customer's of which not a word stood there, and now one does."""
    before = stems(edit.before)
    for change in edit.changes:
        came = stems(change.after) - before
        for clause in _clauses(edit.issues or edit.told):
            if clause & came and not clause & before:
                yield _changed(EditKind.MISSED_ISSUE, change)
                break


def tone_changed(edit: Edit) -> Iterator[EditFinding]:
    """An apology or thanks that came or went, or an excuse that went."""
    old, new = fold(edit.old.body), fold(edit.new.body)
    for key in ("apology", "thanks"):
        if bool(in_words(key).search(old)) != bool(in_words(key).search(new)):
            yield from _where(EditKind.TONE, edit, key)
    if in_words("excuse").search(old) and not in_words("excuse").search(new):
        yield from _where(EditKind.TONE, edit, "excuse")


def voice_changed(edit: Edit) -> Iterator[EditFinding]:
    """We became I, the formal became familiar, or the other way round; or words drew together."""
    old, new = (" ".join(texts) for texts in zip(*_texts(edit.changes), strict=True))
    if any(swapped(edit.language, old, new, *pair) for pair in _PAIRS):
        yield EditFinding(kind=EditKind.VOICE, before=old, after=new)
    for change in edit.changes:
        if change.old and change.new and _drew_together(change.before, change.after):
            yield _changed(EditKind.VOICE, change)


def _texts(changed: Iterable[Change]) -> Iterator[tuple[str, str]]:
    yield "", ""
    yield from ((change.before, change.after) for change in changed)


_PAIRS = (("we", "i"), ("i", "we"), ("formal", "familiar"), ("familiar", "formal"))


def swapped(language: str, old: str, new: str, gone: str, came: str) -> bool:
    """Whether words of one list stood there and none does now, and one of the other list does."""
    was, still = _uses(gone, language, old), _uses(gone, language, new)
    return was and not still and _uses(came, language, new)


def _uses(key: str, language: str, text: str) -> bool:
    if key == "formal" and language == "de":
        # `sie` begins a sentence as `they` too.
        return bool(_FORMAL_GERMAN.search(text))
    listed = of_language(key, language)
    return bool(listed and listed.search(fold(text)))


def short_forms(text: str) -> int:
    """How many of `I'm`, `it's`, `don't` there are."""
    return len(_SHORT_FORMS.findall(fold(text)))


def _drew_together(old: str, new: str) -> bool:
    """`I am sorry that it is` became `I'm sorry that it's`."""
    counts = [short_forms(text) for text in (old, new)]
    whole = [_SHORT_FORMS.sub("", fold(text)) for text in (old, new)]
    return counts[0] != counts[1] and abs(len(whole[0].split()) - len(whole[1].split())) >= 1


def findings_changed(
    edit: Edit, kinds: dict[str, EditKind], either_way: frozenset[str]
) -> Iterator[EditFinding]:
    """What the checks found before and find no more; for some checks also what they find now."""
    for finding in _no_more(edit.checked_before, edit.checked_after, edit.after):
        kind = kinds.get(finding.check)
        # What only might be a fault, and went together with all else that could go, was too long.
        trimmed = edit.only_shorter and finding.severity is not Severity.BLOCK
        if kind and not (kind is EditKind.TONE and trimmed):
            yield _gone(kind, finding.span.text or "")
    for finding in _no_more(edit.checked_after, edit.checked_before, edit.before):
        if finding.check in either_way:
            yield EditFinding(
                kind=kinds[finding.check], after=finding.span.text or "", span=finding.span
            )


def _no_more(report: CheckReport, other: CheckReport, text: str) -> Iterator[Finding]:
    """Findings of checks that find less in the other text, about words that are not in it."""
    for finding in report.findings:
        fewer = _count(other, finding.check) < _count(report, finding.check)
        said = fold(finding.span.text or "")
        if fewer and not (said and said in fold(text)):
            yield finding


def _count(report: CheckReport, check: str) -> int:
    return sum(finding.check == check for finding in report.findings)


def _facts(frame: Frame, told: frozenset[str]) -> list[Specific]:
    promised = set(_promises(frame.body).values())
    sentences = split_sentences(frame.body)
    return [
        one
        for sentence in sentences
        for one in find_specifics(sentence.text)
        if not (one.kind in TIMES and sentence.text in promised)
        and one.kind is not SpecificKind.REFERENCE
        and not (one.kind in _VAGUE and not one.text[:1].isdigit())
        and not one.readings & told
    ]


def _without(ones: Iterable[Specific], others: Iterable[Specific]) -> Iterator[Specific]:
    known = frozenset().union(*(one.readings for one in others))
    return (one for one in ones if not one.readings & known)


def _promises(body: str) -> dict[frozenset[str], str]:
    """The sentence of each dated promise by the time it names."""
    known = promising_sentences(body)
    found: dict[frozenset[str], str] = {}
    for sentence in split_sentences(body):
        kinds = TIMES if sentence.text in known else _MOMENTS
        named = [one.readings for one in find_specifics(sentence.text) if one.kind in kinds]
        if named and (kinds is TIMES or in_words("coming").search(fold(sentence.text))):
            found[frozenset().union(*named)] = sentence.text
    return found


def _clauses(texts: Iterable[str]) -> Iterator[frozenset[str]]:
    for text in texts:
        for sentence in split_sentences(text):
            yield from (stems(clause) for clause in _CLAUSE.split(sentence.text))


def _where(kind: EditKind, edit: Edit, key: str) -> Iterator[EditFinding]:
    """The changes in which words of a list came or went."""
    for change in edit.changes:
        counts = [len(in_words(key).findall(fold(text))) for text in (change.before, change.after)]
        if counts[0] != counts[1]:
            yield _changed(kind, change)


def _changed(kind: EditKind, change: Change) -> EditFinding:
    span = _span(change.new) if change.new else _NOWHERE
    return EditFinding(kind=kind, before=change.before, after=change.after, span=span)


_NOWHERE = Span(start=None, end=None, text=None)


def _span(sentence: Sentence) -> Span:
    return Span(start=sentence.start, end=sentence.end, text=sentence.text)


def _gone(kind: EditKind, words: str) -> EditFinding:
    return EditFinding(kind=kind, before=words)


def _come(kind: EditKind, edit: Edit, words: str) -> EditFinding:
    return EditFinding(kind=kind, after=words, span=_place(edit.after.find(words), words))


def _place(start: int, words: str) -> Span:
    if start < 0 or not words:
        return _NOWHERE
    return Span(start=start, end=start + len(words), text=words)
