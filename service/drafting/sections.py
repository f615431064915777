"""Write a reply in sections, for models too small to write it whole.

The first sentence says sorry for what happened: in the customer's own words where they can be said
back, else the model writes it, and candidates are asked for until one is clean. What an agent
vouches for is told as it stands, the rule that applies is quoted from policy, and what happens next
is said in words that people wrote. Joined, the reply is checked like any other; where it has a
fault, it is tried with less.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, product

from service.domain.checks import CheckReport
from service.domain.draft import Attempt, AttemptKind, ReplyProposal
from service.domain.review import Rejection
from service.domain.triage import Kind
from service.drafting.next_steps import next_steps, told_facts, told_rule
from service.drafting.retelling import plainly_sorry, retold
from service.drafting.stages import Stage
from service.drafting.turned_down import is_again
from service.drafting.writing import MIN_SECONDS, Checked, Writer, Written
from service.llm.client import Completion
from service.prompting.rendering import RenderedPrompt, render
from service.text.sentences import split_sentences
from service.text.specifics import find_specifics, granted_by
from service.text.stems import stems

# What a part of a reply can't hold, its other parts do.
_OF_THE_WHOLE = frozenset(
    {"ignores_issue", "missing_apology", "missing_next_step", "missing_thanks"}
    | {"promise_without_date", "missing_boundary"}
)
# A sorry goes on well until it promises or thanks: those are for the sentences after it.
_TAIL = re.compile(
    r"(?:[,;:]\s+(?:(?:and|but|so),?\s+)?|\s+(?:and|but|so),?\s+)"
    r"(?:i'll|i will|we'll|we will|i'm going to|thank you|thanks|please)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_SECOND_CLAUSE = re.compile(
    r",\s+and\s+(?:that|for|you|nobody|no one|then|it|we|they)\b.*", re.DOTALL
)
_RETOLD = frozenset({Kind.COMPLAINT, Kind.MIXED})
_LEAST_CHARS = 18
_FOREIGN = 1
"""So many words that the customer never used are a paraphrase; more are somebody else's story."""


@dataclass(frozen=True)
class Opening:
    """A first sentence; `shorter` says as much in less room."""

    text: str
    shorter: str


@dataclass(frozen=True)
class FirstSentence:
    """A model's candidate with what the checks say of it."""

    text: str
    report: CheckReport
    missed: int
    invented: int
    foreign: int

    @property
    def rank(self) -> tuple[int, int, int, int, int]:
        """Smaller is better: faults, invented figures, the customer's points left out, invented
        words."""
        blocks, warnings = (
            sum(one.check not in _OF_THE_WHOLE for one in findings)
            for findings in (self.report.blocks, self.report.warnings)
        )
        foreign = max(0, self.foreign - _FOREIGN)
        return blocks, self.invented, warnings, self.missed, foreign


@dataclass(frozen=True, kw_only=True)
class SectionWriter(Writer):
    """A writer that asks the model for a first sentence only; `rule` is quoted from policy.

    `rejections`: what people turned down of this draft; it does not begin so again.
    """

    rule: str | None
    rejections: tuple[Rejection, ...] = ()

    async def write(self, *, revisions: int) -> Written:
        """A first sentence, then the whole; candidates take the place of `revisions`."""
        written = Written()
        for opening in self._said_back():
            written = await self._with_wholes(opening, written)
            if written.best is not None and not written.best.report.blocks:
                return written
        first, written = await self._by_model(written)
        if first is None:
            return written
        return await self._with_wholes(Opening(first.text, first_clause(first.text)), written)

    def _said_back(self) -> Iterator[Opening]:
        """The customer's own words, the fullest first, then plain ones; none for praise."""
        triage, said = self.given.triage, self.given.case.complaint.text
        if not self.profile.template.says_back or triage.kind not in _RETOLD:
            return
        language = self.given.language
        two, one = (retold(triage.issues, said, language=language, most=most) for most in (2, 1))
        plain = plainly_sorry(said, language=language)
        for text in dict.fromkeys((two, one, plain)):
            if text and not is_again(text, self.rejections):
                yield Opening(text, shorter=one or text)

    async def _with_wholes(self, opening: Opening, written: Written) -> Written:
        for reply in self._wholes(opening):
            written = written.with_attempt(await self._whole(reply, written))
            if self._is_clean(written):
                break
        return written

    async def _by_model(self, written: Written) -> tuple[FirstSentence | None, Written]:
        """The best of the model's candidates."""
        await self._model_ready()
        with self.watch.at(Stage.RENDER):
            prompt = render(self.profile.template, self.given)
        written = replace(written, messages=prompt.messages)
        best: FirstSentence | None = None
        for number in range(self.profile.sampling.candidates):
            if self._seconds_left() < MIN_SECONDS:
                break
            made = await self._attempt(prompt, AttemptKind.SECTION, number)
            attempt = made if isinstance(made, Attempt) else made.attempt
            written = replace(written, attempts=(*written.attempts, attempt), error=attempt.error)
            if isinstance(made, Attempt):
                continue
            sentence = self._read(made)
            if best is None or sentence.rank < best.rank:
                best = sentence
            if not any(best.rank):
                break
        return best, written

    def _proposal(self, prompt: RenderedPrompt, completion: Completion) -> ReplyProposal:
        whole = super()._proposal(prompt, completion)
        # Praise is answered by nothing else, so what the model adds to its thanks may stay.
        if self.given.triage.kind is Kind.COMPLIMENT:
            return whole
        return whole.model_copy(update={"reply": first_sentence(whole.reply)})

    def _read(self, made: Checked) -> FirstSentence:
        text = made.proposal.reply
        return FirstSentence(
            text,
            made.report,
            missed=made.missed,
            invented=sum(not one.readings & granted_by(self._told) for one in find_specifics(text)),
            foreign=len(stems(text) - stems(" ".join(self._told))),
        )

    @property
    def _told(self) -> tuple[str, ...]:
        """All that a first sentence may speak of."""
        case = self.given.case
        resolved = (case.resolved.text,) if case.resolved else ()
        said = (message.text for message in case.others)
        return (case.complaint.text, *said, *(fact.text for fact in case.known), *resolved)

    def _wholes(self, opening: Opening) -> Iterator[str]:
        """From the fullest reply to the barest, each within the channel's length."""
        given, most = self.given, self.given.max_chars
        facts = told_facts(given.brand, given.case, language=given.language)
        told = told_rule(self.rule, given.case, language=given.language) if self.rule else None
        # What the customer gets is worth more than half of the sorry and the words before the rule.
        ruled = ((opening.text, told), (opening.shorter, self.rule)) if told else ()
        for known, (first, rule) in product(
            dict.fromkeys((facts, None)), (*ruled, (opening.text, None))
        ):
            lasts = self._lasts(first, ruled=bool(known or rule))
            wholes = (" ".join(filter(None, (first, known, rule, last))) for last in lasts)
            yield from islice((whole for whole in wholes if len(whole) <= most), 1)

    def _lasts(self, first: str, *, ruled: bool) -> list[str]:
        """The ways to end it; praise is thanked for in one sentence or in the model's several."""
        given = self.given
        if given.triage.kind is Kind.COMPLIMENT and len(split_sentences(first)) > 1:
            return [""]
        return next_steps(
            given.brand,
            given.case,
            given.triage,
            language=given.language,
            ruled=ruled,
            now=self.now(),
        ) or [""]

    async def _whole(self, reply: str, written: Written) -> Checked:
        with self.watch.at(Stage.CHECK):
            report = await self.check(reply)
        asked = next((one.model for one in written.attempts if one.model), "")
        attempt = Attempt(kind=AttemptKind.CANDIDATE, reply=reply, report=report, model=asked)
        return Checked(ReplyProposal(reply=reply), report, attempt, self._missed(reply))


def first_sentence(text: str) -> str:
    """The first sentence, without the promise or the thanks that a small model hangs on it."""
    sentences = split_sentences(text)
    whole = sentences[0].text if sentences else text
    cut = _TAIL.sub("", whole).rstrip(" ,;:")
    if cut == whole or len(cut) < _LEAST_CHARS:
        return whole
    return cut if cut.endswith((".", "!", "?")) else f"{cut}."


def first_clause(sentence: str) -> str:
    """The sentence up to its first ", and that": what went wrong first. No list is cut."""
    cut = _SECOND_CLAUSE.sub("", sentence)
    whole = cut == sentence or "," in cut or len(cut) < _LEAST_CHARS
    return sentence if whole else f"{cut}."
