"""A case without what points to a person, found by what the guards themselves look with."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from service.domain.brand import Brand
from service.domain.thread import (
    Case,
    CaseOptions,
    Complaint,
    DuePromise,
    KnownFact,
    Message,
)
from service.guards.fragments import names_given, numbers_shown, streets_shown, surnames_shown
from service.review.edit_parts import framed
from service.text.blanking import BLANK
from service.text.folding import fold
from service.text.gazetteer import ordinary_words
from service.text.masking import names_called
from service.text.personal_data import PersonalKind, find_personal_data
from service.text.urls import links_in

_SLOTS: Mapping[PersonalKind, str] = {
    PersonalKind.EMAIL: "[e-mail]",
    PersonalKind.PHONE: "[phone]",
    PersonalKind.IBAN: "[account]",
    PersonalKind.CARD: "[card]",
    PersonalKind.ADDRESS: "[address]",
    PersonalKind.POSTCODE: "[postcode]",
    PersonalKind.REFERENCE: "[number]",
    PersonalKind.NATIONAL_ID: "[identity number]",
    PersonalKind.NAME: "[name]",
}
_HANDLE = re.compile(r"(?<![\w@])@\w[\w.]{0,38}\w")
_WORD = re.compile(r"[^\W\d_]{2,}")
_TWICE = re.compile(r"(\[name\])(?: \[name\])+")
_WHO = r"\[(?:name|handle)\]"
_CALLED_FIRST = re.compile(rf"^{_WHO}[,!:]?\s+")
_CALLED = re.compile(rf",?\s*{_WHO}(?=[,.!?:;\n])|\s*{_WHO}$")
_SLOT = re.compile("|".join(map(re.escape, {*_SLOTS.values(), "[handle]", "[link]"})))
_Slot = tuple[int, int, str]


@dataclass(frozen=True)
class Masking:
    """Masks every text that belongs to one case."""

    case: Case
    brand: Brand

    def text(self, text: str) -> str:
        """The text with a word in brackets in the place of each piece of personal data."""
        pieces, reached = [], 0
        for start, end, slot in sorted(self._slots(text), key=lambda one: (one[0], -one[1])):
            if start >= reached:
                pieces += [text[reached:start], slot]
            reached = max(reached, end)
        return _TWICE.sub(r"\1", "".join([*pieces, text[reached:]]))

    def example(self, reply: str) -> str:
        """A reply as an example to write by: unsigned, nobody named, a gap for all else."""
        frame = framed(reply, self.brand.signature)
        masked = self.text(reply[: frame.start + len(frame.body)].strip())
        uncalled = _CALLED.sub("", _CALLED_FIRST.sub("", masked))
        return _SLOT.sub(BLANK, uncalled[:1].upper() + uncalled[1:])

    def masked_case(self) -> Case:
        """The case with all its texts masked, and without names, handles, links and foreign ids."""
        case = self.case
        complaint = Complaint(
            text=self.text(case.complaint.text),
            author_followers=case.complaint.author_followers,
            posted_at=case.complaint.posted_at,
        )
        thread = tuple(
            Message(author=one.author, text=self.text(one.text), posted_at=one.posted_at)
            for one in case.thread
        )
        return Case(
            brand=self.brand.id,
            channel=case.channel,
            visibility=case.visibility,
            thread=thread,
            complaint=complaint,
            known=tuple(self._fact(fact) for fact in case.known),
            resolved=self._fact(case.resolved) if case.resolved else None,
            due=self._due(case.due) if case.due else None,
            options=self._options(case.options),
        )

    def _due(self, due: DuePromise) -> DuePromise:
        progress = self._fact(due.progress) if due.progress else None
        return due.model_copy(update={"what": self.text(due.what), "progress": progress})

    def _options(self, options: CaseOptions) -> CaseOptions:
        """What was asked of the reply; which model and prompt write it is said anew each time."""
        asked = self.text(options.instruction) if options.instruction else None
        return CaseOptions(
            language=options.language, max_chars=options.max_chars, instruction=asked
        )

    def _fact(self, fact: KnownFact) -> KnownFact:
        return KnownFact(text=self.text(fact.text), private=fact.private)

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return names_given(self.case)

    @cached_property
    def _own_words(self) -> frozenset[str]:
        """Each word of the names of people in the case, first names too."""
        said = (fold(word) for name in self._names for word in _WORD.findall(name))
        return frozenset(said) - ordinary_words()

    def _slots(self, text: str) -> Iterator[_Slot]:
        for one in find_personal_data(text, self._names):
            yield one.start, one.end, _SLOTS[one.kind]
        yield from self._called(text)
        yield from self._links(text)
        for start, end in surnames_shown(text, self.case):
            yield start, end, "[name]"
        for start, end in streets_shown(text, self.case):
            yield start, end, "[address]"
        for start, end in numbers_shown(text, self.case):
            yield start, end, "[number]"
        yield from self._handles(text)
        for match in _WORD.finditer(text):
            if fold(match.group()) in self._own_words:
                yield *match.span(), "[name]"

    def _called(self, text: str) -> Iterator[_Slot]:
        ours = {fold(one) for one in (self.brand.name, *self.brand.mentions.names)}
        for start, end in names_called(text):
            if fold(text[start:end]) not in ordinary_words() | ours:
                yield start, end, "[name]"

    def _links(self, text: str) -> Iterator[_Slot]:
        for start, end in links_in(text):
            if text[start:end].rstrip(".,;:!?)") not in self.brand.contact.allowed_links:
                yield start, end, "[link]"

    def _handles(self, text: str) -> Iterator[_Slot]:
        ours = {fold(handle).lstrip("@") for handle in self.brand.mentions.handles}
        for match in _HANDLE.finditer(text):
            if fold(match.group()).lstrip("@") not in ours:
                yield *match.span(), "[handle]"
        own = (self.case.complaint.author_handle or "").lstrip("@")
        for match in re.finditer(re.escape(own), text, re.IGNORECASE) if own else ():
            yield *match.span(), "[handle]"
