"""Read a post before anything is drafted: a trained reader, rules on top; no language model."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

import numpy as np

from service.domain.brand import Brand, EscalationRule
from service.domain.thread import READABLE_CHARS, Case
from service.domain.triage import DANGERS, Kind, Sensitivity, Span, Triage
from service.embedding.embedder import Embedder, Side, TextVectors, Vectors
from service.text.blanking import blank_details
from service.text.instructions import find_instructions
from service.text.language import detect
from service.text.sentences import Sentence
from service.triage.hate import EmbeddedPoints, Hostility, hostility_of, marked_post
from service.triage.issues import pick_issues, points_of
from service.triage.judging import holds, kind_of, sensitivities_of, sentiment_of
from service.triage.moves import (
    Reading,
    choose_move,
    deadline_at,
    deadline_class,
    escalation_by_sensitivity,
)
from service.triage.plain_words import plainly_said
from service.triage.post_reader import Mark, PostReader, PostReading
from service.triage.reproach import reproach_in
from service.triage.selling import sells
from service.triage.turns import answered_by, asked_before, open_before, unanswered_before

ESCALATION_COSINE = 0.86
"""Cosine above which a post is about an escalation rule's words (bundled embedding)."""
_MOST_WORDS = 0.5
_POSTS_BEFORE = 3


class Triager:
    """Makes a Triage of a case. Needs no language model."""

    def __init__(
        self, *, embedder: Embedder, reader: PostReader, now: Callable[[], datetime]
    ) -> None:
        self._embedder = embedder
        self._reader = reader
        self._now = now
        self._rule_vectors: dict[str, Vectors] = {}

    def warm_up(self) -> None:
        """Load the reader and the language models; takes seconds."""
        self._reader.warm_up()
        detect("Good morning, where is my order?", ("en",))

    async def triage(
        self, case: Case, brand: Brand, vectors: TextVectors, *, came_at: datetime | None = None
    ) -> Triage:
        """What is known about the post before drafting; it came in now unless `came_at` says when.

        Where the post does not say when it was written, its deadline counts from there.
        """
        text = case.complaint.text[:READABLE_CHARS]
        points = _own_words(text)
        language = case.options.language or _language_of(points, brand.languages)
        read = await asyncio.to_thread(self._read, text, points)
        hostility = await self._hostility(text, points, language, vectors)
        reading = await self._reading(case, brand, read, hostility, vectors)
        kind = reading.kind
        wanted = deadline_class(reading)
        return Triage(
            kind=kind,
            language=language,
            sensitivities=reading.sensitivities,
            issues=() if kind is Kind.SPAM else pick_issues(points, read.points),
            sentiment=sentiment_of(read),
            upset=reading.upset,
            chases=holds(read, Mark.CHASES) or asked_before(case),
            answered_by=answered_by(case),
            injection_suspected=bool(find_instructions(text)),
            needs_personal_data=reading.needs_personal_data,
            move=choose_move(case, brand, reading),
            deadline_class=wanted,
            deadline_at=deadline_at(case, brand, wanted, self._now(), came_at=came_at),
        )

    async def _hostility(
        self, text: str, points: Sequence[Sentence], language: str, vectors: TextVectors
    ) -> Hostility:
        """Only where people are named for what they are does the sense of a sentence matter."""
        post = await asyncio.to_thread(marked_post, text, language)
        sense = None
        if post.names_target:
            embedded = await vectors.of(point.text for point in points)
            sense = EmbeddedPoints(points, embedded)
        return hostility_of(post, sense)

    async def _reading(
        self,
        case: Case,
        brand: Brand,
        read: PostReading,
        hostility: Hostility,
        vectors: TextVectors,
    ) -> Reading:
        text = case.complaint.text
        reproach = reproach_in(text[:READABLE_CHARS], hostility)
        kind = kind_of(read, hostility, sells=sells(text), reproach=reproach)
        plain = plainly_said(text)
        said = sensitivities_of(read, hate=False, followers=None, plain=plain)
        if kind is Kind.COMPLIMENT and (plain or Sensitivity.SAFETY in said):
            kind = Kind.COMPLAINT  # nobody praises with a solicitor or a burnt hand
        harmed = kind not in (Kind.COMPLIMENT, Kind.SPAM)
        hate = kind is Kind.HATE or (hostility.hate and kind is Kind.MIXED)
        followers = case.complaint.author_followers
        found = set[Sensitivity]()
        if kind is not Kind.SPAM:
            found |= sensitivities_of(read, hate=hate, followers=followers, plain=plain)
        if harmed and case.resolved is None:
            found |= await self._still_open(case)
        sensitivities = tuple(one for one in Sensitivity if one in found)
        rule = escalation_by_sensitivity(brand, sensitivities)
        rule = rule or await self._escalation_by_meaning(brand, case.complaint.text, vectors)
        return Reading(
            kind=kind,
            sensitivities=sensitivities,
            needs_personal_data=harmed and holds(read, Mark.NEEDS_PERSONAL_DATA),
            upset=harmed and holds(read, Mark.UPSET),
            escalation=rule if harmed else None,
        )

    async def _still_open(self, case: Case) -> set[Sensitivity]:
        """What asked for careful hands in the customer's posts that nobody has answered: a
        "Hello?" after a fall is about the fall. Dangers also where the answer was none.

        Of many posts the first, which the others ask after, and the newest are read.
        """
        found = set[Sensitivity]()
        unanswered, told = unanswered_before(case), open_before(case)
        for text in dict.fromkeys((*told[:1], *told[1:][1 - _POSTS_BEFORE :])):
            own = _own_words(text[:READABLE_CHARS])
            read = await asyncio.to_thread(self._read, text[:READABLE_CHARS], own)
            said = sensitivities_of(read, hate=False, followers=None, plain=plainly_said(text))
            found |= said if text in unanswered else said & DANGERS
        return found

    def _read(self, text: str, points: Sequence[Sentence]) -> PostReading:
        """A reading of what is said; a tail of names and numbers would thin it out."""
        return self._reader.read(blank_details(text, points))

    async def _escalation_by_meaning(
        self, brand: Brand, text: str, vectors: TextVectors
    ) -> EscalationRule | None:
        worded = [rule for rule in brand.escalation if rule.words]
        if not worded:
            return None
        described = [await self._described(rule.words or "") for rule in worded]
        cosines = np.stack(described) @ (await vectors.of([text[:READABLE_CHARS]]))[0]
        best = int(cosines.argmax())
        return worded[best] if cosines[best] >= ESCALATION_COSINE else None

    async def _described(self, words: str) -> Vectors:
        """A rule's words as a vector, embedded once per process and not once per complaint."""
        if words not in self._rule_vectors:
            made = await asyncio.to_thread(self._embedder.embed, [words], Side.QUERY)
            self._rule_vectors[words] = made[0]
        return self._rule_vectors[words]


def _own_words(text: str) -> tuple[Sentence, ...]:
    """The points that the customer makes; orders planted for a machine raise none."""
    everything = points_of(text)
    orders = find_instructions(text)
    own = tuple(point for point in everything if not _within(point, orders))
    return own or everything


def _language_of(points: Sequence[Sentence], preferred: tuple[str, ...]) -> str:
    """The language that most of their words are in: a planted sentence in another changes nothing.

    The text as a whole decides where its sentences, short as they are, don't agree.
    """
    letters = Counter[str]()
    for point in points:
        letters[detect(point.text, preferred)] += sum(map(str.isalpha, point.text))
    most, count = letters.most_common(1)[0]
    if count > _MOST_WORDS * letters.total():
        return most
    return detect(" ".join(point.text for point in points), preferred)


def _within(point: Sentence, orders: Sequence[Span]) -> bool:
    middle = (point.start + point.end) / 2
    return any((order.start or 0) <= middle <= (order.end or 0) for order in orders)
