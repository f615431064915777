"""Read a complaint before anything is drafted: rules where rules are enough, vectors beyond."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path

import numpy as np

from service.domain.brand import Brand, EscalationRule
from service.domain.thread import READABLE_CHARS, Case
from service.domain.triage import Kind, Sensitivity, Span, Triage
from service.embedding.embedder import BUNDLED_NAME, Embedder, Side, TextVectors, Vectors
from service.text.instructions import find_instructions
from service.text.language import detect
from service.text.sentences import Sentence
from service.triage.cues import has_cue, sensitivities_of
from service.triage.hate import EmbeddedPoints, Hostility, read_hostility
from service.triage.issues import pick_issues, split_points
from service.triage.kinds import ASIDE, KindHead, Shares, kind_of, load_head
from service.triage.mixed import has_real_complaint
from service.triage.moves import (
    Reading,
    choose_move,
    deadline_at,
    deadline_class,
    escalation_by_sensitivity,
)

ESCALATION_COSINE = 0.86
"""Cosine above which a complaint is about an escalation rule's words (bundled embedding)."""
_MOST_WORDS = 0.5


class Triager:
    """Makes a Triage of a case. Needs no language model."""

    def __init__(self, *, embedder: Embedder, cache: Path, now: Callable[[], datetime]) -> None:
        self._embedder = embedder
        self._cache = cache
        self._now = now
        self._rule_vectors: dict[str, Vectors] = {}

    def warm_up(self) -> None:
        """Load the head and the language models; takes seconds."""
        _ = self._head
        detect("Good morning, where is my order?", ("en",))

    async def triage(self, case: Case, brand: Brand, vectors: TextVectors) -> Triage:
        """What is known about the complaint before drafting."""
        text = case.complaint.text[:READABLE_CHARS]
        points = _own_words(text)
        language = case.options.language or _language_of(points, brand.languages)
        shares = await self._shares(points, vectors)
        weights = [self._weight(point, row) for point, row in zip(points, shares, strict=True)]
        issues = pick_issues(points, weights)
        hostility = await self._hostility(text, points, language, vectors)
        plain = [self._head.share(row, Kind.COMPLAINT) for row in shares]
        kind = _with_abuse(kind_of(points, shares, self._head), text, points, plain, hostility)
        reading = await self._reading(case, brand, kind, text, vectors, hate=hostility.hate)
        kind = reading.kind
        wanted = deadline_class(reading)
        return Triage(
            kind=kind,
            language=language,
            sensitivities=reading.sensitivities,
            issues=() if kind is Kind.SPAM else issues,
            injection_suspected=bool(find_instructions(text)),
            needs_personal_data=reading.needs_personal_data,
            move=choose_move(case, brand, reading),
            deadline_class=wanted,
            deadline_at=deadline_at(case, brand, wanted, self._now()),
        )

    @cached_property
    def _head(self) -> KindHead:
        return load_head(self._embedder, self._cache)

    async def _shares(self, points: Sequence[Sentence], vectors: TextVectors) -> Shares:
        embedded = await vectors.of(point.text for point in points)
        head = await asyncio.to_thread(lambda: self._head)
        return head.shares(embedded)

    async def _hostility(
        self, text: str, points: Sequence[Sentence], language: str, vectors: TextVectors
    ) -> Hostility:
        """Read off the vectors that the kind was read off: nothing is embedded twice."""
        bundled = self._embedder.name == BUNDLED_NAME
        embedded = await vectors.of(point.text for point in points) if bundled else None
        read = EmbeddedPoints(points, embedded) if embedded is not None else None
        return await asyncio.to_thread(read_hostility, text, language, read)

    def _weight(self, point: Sentence, row: Shares) -> float:
        """How surely a point is one to be answered: not an aside, or plainly negative."""
        weight = 1.0 - self._head.share(row, ASIDE)
        if has_cue("negative", point.text) or has_cue("request", point.text):
            weight += 0.25
        return weight

    async def _reading(
        self,
        case: Case,
        brand: Brand,
        kind: Kind,
        text: str,
        vectors: TextVectors,
        *,
        hate: bool,
    ) -> Reading:
        found = sensitivities_of(text, followers=case.complaint.author_followers)
        if hate and Sensitivity.DISCRIMINATION not in found:
            found = (*found, Sensitivity.DISCRIMINATION)
        if kind is Kind.QUESTION and found:
            kind = Kind.COMPLAINT  # "is it normal that it smokes?" is no plain question
        rule = escalation_by_sensitivity(brand, found)
        rule = rule or await self._escalation_by_meaning(brand, text, vectors)
        harmed = kind in (Kind.COMPLAINT, Kind.MIXED)
        return Reading(
            kind=kind,
            sensitivities=found,
            needs_personal_data=harmed and has_cue("personal_data_needed", text),
            upset=harmed and has_cue("strong_emotion", text),
            escalation=None if kind in (Kind.COMPLIMENT, Kind.SPAM) else rule,
        )

    async def _escalation_by_meaning(
        self, brand: Brand, text: str, vectors: TextVectors
    ) -> EscalationRule | None:
        worded = [rule for rule in brand.escalation if rule.words]
        if not worded:
            return None
        described = [await self._described(rule.words or "") for rule in worded]
        cosines = np.stack(described) @ (await vectors.of([text]))[0]
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
    everything = split_points(text) or (Sentence(0, len(text), text),)
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


def _with_abuse(
    best: Kind,
    text: str,
    points: Sequence[Sentence],
    plain: Sequence[float],
    hostility: Hostility,
) -> Kind:
    """Abuse with a real complaint inside is mixed, so that the complaint is still answered."""
    listed = has_cue("abuse", text) and not hostility.objects
    if not hostility and not listed:
        return best
    if has_real_complaint(points, plain, hostility):
        return Kind.MIXED
    return Kind.HATE if hostility.hate else Kind.ABUSE
