"""What edits have in common, and the line that would have spared them. Pure.

A sign sees a reply before and after; turned round, the same sign tells who undid it. The words of
a note are ours: of a reply only greetings from our own list and lengths ever enter one.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from statistics import median
from typing import Self
from zoneinfo import ZoneInfo

from service.domain.edits import EditFinding, EditKind
from service.domain.hours import Calendar
from service.domain.learning import EditedReply, StyleSign
from service.drafting.promises import find_promises
from service.review.edit_parts import Frame, framed, greeting_of, in_words
from service.review.edit_signs import short_forms, swapped
from service.text.folding import fold

_SHORTER, _LONGER = 0.85, 1.2
_MORE_SHORT_FORMS = 2
# Any moment will do: whether a promise names a time is all that is asked.
_THEN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
_CALENDAR = Calendar(ZoneInfo("UTC"))
_EXCLAMATION = re.compile("[!¡]")
_FIRST_WORD = re.compile(r"\W*([^\W\d_]+)")


@dataclass(frozen=True)
class Compared:
    """A reply before and after a person's edit, cut up once for all signs."""

    edit: EditedReply

    @property
    def turned(self) -> Self:
        """The same edit the other way round."""
        findings = tuple(_turned(finding) for finding in self.edit.findings)
        back = {"before": self.edit.after, "after": self.edit.before, "findings": findings}
        return type(self)(self.edit.model_copy(update=back))

    @cached_property
    def old(self) -> Frame:
        """The reply as the machine proposed it."""
        return framed(self.edit.before, self.edit.signature)

    @cached_property
    def new(self) -> Frame:
        """The reply as it went out."""
        return framed(self.edit.after, self.edit.signature)

    def of(self, kind: EditKind) -> list[EditFinding]:
        """What was found of one kind of edit."""
        return [finding for finding in self.edit.findings if finding.kind is kind]

    def came(self, key: str) -> bool:
        """Whether words of a list stand in the reply now, and none did."""
        return not _says(key, self.old.body) and _says(key, self.new.body)


@dataclass(frozen=True)
class Sign:
    """One thing that is done to replies, and the words that ask for it beforehand.

    `of_language`: the words hold for one language only, and so does the note.
    """

    kind: EditKind
    holds: Callable[[Compared], bool]
    words: Callable[[Sequence[EditedReply]], str]
    of_language: bool = False


def signs_of(compared: Compared) -> frozenset[StyleSign]:
    """Everything that was done to a reply; nothing where it is in another language now."""
    if compared.of(EditKind.LANGUAGE):
        return frozenset()
    return frozenset(name for name, sign in SIGNS.items() if sign.holds(compared))


def _turned(finding: EditFinding) -> EditFinding:
    return finding.model_copy(update={"before": finding.after, "after": finding.before})


def _says(key: str, text: str) -> bool:
    return bool(in_words(key).search(fold(text)))


def _apology_moved_first(compared: Compared) -> bool:
    def begins(frame: Frame) -> bool:
        return bool(frame.sentences) and _says("apology", frame.sentences[0].text)

    return begins(compared.new) and not begins(compared.old)


def _excuse_went(compared: Compared) -> bool:
    return bool(compared.of(EditKind.TONE)) and compared.turned.came("excuse")


def _calmer(compared: Compared) -> bool:
    edit = compared.edit
    return bool(_EXCLAMATION.search(edit.before)) and not _EXCLAMATION.search(edit.after)


def _length(compared: Compared) -> float:
    return len(compared.edit.after) / max(len(compared.edit.before), 1)


def _time_came(compared: Compared) -> bool:
    if not compared.of(EditKind.PROMISE):
        return False
    dated = [
        any(one.due_at for one in find_promises(text, now=_THEN, calendar=_CALENDAR))
        for text in (compared.edit.before, compared.edit.after)
    ]
    return dated == [False, True]


def _voice(gone: str, came: str) -> Callable[[Compared], bool]:
    def holds(compared: Compared) -> bool:
        language = compared.edit.language
        return any(
            swapped(language, one.before, one.after, gone, came)
            for one in compared.of(EditKind.VOICE)
        )

    return holds


def _drew_together(compared: Compared) -> bool:
    edit = compared.edit
    more = short_forms(edit.after) - short_forms(edit.before)
    return edit.language == "en" and more >= _MORE_SHORT_FORMS


def _greets_otherwise(compared: Compared) -> bool:
    old, new = (greeting_of(text) for text in (compared.edit.before, compared.edit.after))
    return bool(new) and fold(old) != fold(new)


def _begins_with_name(compared: Compared) -> bool:
    name = fold((compared.edit.customer or "").partition(" ")[0])
    firsts = [_FIRST_WORD.match(fold(text)) for text in (compared.edit.before, compared.edit.after)]
    old, new = (match.group(1) if match else "" for match in firsts)
    return bool(name) and new == name != old


def _greeting_words(edits: Sequence[EditedReply]) -> str:
    """The greeting that most of them begin with, where most agree."""
    said = Counter(greeting_of(edit.after).capitalize() for edit in edits)
    word, times = said.most_common(1)[0]
    return f'Begin with "{word}".' if 2 * times > len(edits) else "Begin with a greeting."


def _near(words: str) -> Callable[[Sequence[EditedReply]], str]:
    def near(edits: Sequence[EditedReply]) -> str:
        return words.format(10 * round(median(len(edit.after) for edit in edits) / 10))

    return near


_FAMILIAR = {"de": "Say du, not Sie.", "es": "Say tú, not usted.", "pl": "Say Ty, not Pan or Pani."}
_FORMAL = {"de": "Say Sie, not du.", "es": "Say usted, not tú.", "pl": "Say Pan or Pani, not Ty."}


def _address(words: dict[str, str]) -> Callable[[Sequence[EditedReply]], str]:
    return lambda edits: words[edits[0].language]


def _always(words: str) -> Callable[[Sequence[EditedReply]], str]:
    return lambda _: words


SIGNS: dict[StyleSign, Sign] = {
    StyleSign.THANK: Sign(
        EditKind.TONE,
        lambda one: one.came("thanks"),
        _always("Thank the customer for telling, in words that fit the case."),
    ),
    StyleSign.APOLOGY_FIRST: Sign(
        EditKind.TONE,
        _apology_moved_first,
        _always("Begin with the apology, before anything else."),
    ),
    StyleSign.NO_EXCUSE: Sign(
        EditKind.TONE,
        _excuse_went,
        _always('Leave excuses out: no "unfortunately", no "however", no rule read out.'),
    ),
    StyleSign.NO_EXCLAMATION: Sign(EditKind.TONE, _calmer, _always("No exclamation marks.")),
    StyleSign.SHORTER: Sign(
        EditKind.LENGTH,
        lambda one: bool(one.of(EditKind.LENGTH)) and _length(one) <= _SHORTER,
        _near("Keep it short: near {} characters."),
    ),
    StyleSign.LONGER: Sign(
        EditKind.LENGTH,
        lambda one: bool(one.of(EditKind.LENGTH)) and _length(one) >= _LONGER,
        _near("Take more room: near {} characters."),
    ),
    StyleSign.SAY_BY_WHEN: Sign(
        EditKind.PROMISE,
        _time_came,
        _always("Where you promise to come back, say by when."),
    ),
    StyleSign.ONE_PERSON: Sign(
        EditKind.VOICE, _voice("we", "i"), _always("Write as one person: I, not we.")
    ),
    StyleSign.FAMILIAR: Sign(
        EditKind.VOICE, _voice("formal", "familiar"), _address(_FAMILIAR), of_language=True
    ),
    StyleSign.FORMAL: Sign(
        EditKind.VOICE, _voice("familiar", "formal"), _address(_FORMAL), of_language=True
    ),
    StyleSign.SHORT_FORMS: Sign(
        EditKind.VOICE,
        _drew_together,
        _always("Use short forms: I'm, it's, don't."),
        of_language=True,
    ),
    StyleSign.GREET: Sign(
        EditKind.GREETING_OR_SIGNATURE, _greets_otherwise, _greeting_words, of_language=True
    ),
    StyleSign.NAME_FIRST: Sign(
        EditKind.GREETING_OR_SIGNATURE,
        _begins_with_name,
        _always("Begin with the customer's first name."),
    ),
    StyleSign.NO_GREETING: Sign(
        EditKind.GREETING_OR_SIGNATURE,
        lambda one: bool(one.old.greeting and not one.new.greeting) and not _begins_with_name(one),
        _always("No greeting: begin with the matter."),
    ),
    StyleSign.SIGN: Sign(
        EditKind.GREETING_OR_SIGNATURE,
        lambda one: bool(one.new.signature) and not one.old.signature,
        _always("End with the signature."),
    ),
    StyleSign.NO_SIGNATURE: Sign(
        EditKind.GREETING_OR_SIGNATURE,
        lambda one: bool(one.old.signature) and not one.new.signature,
        _always("No signature."),
    ),
}
"""Every sign. A kind of edit without one (facts, private data, language ...) proposes nothing."""
