"""What a check is given, and what it gives back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from service.domain.brand import Brand
from service.domain.checks import Severity
from service.domain.knowledge import FoundPassage, PolicyPassage
from service.domain.thread import Case
from service.domain.triage import Issue, Kind, MoveKind, Sensitivity
from service.guards.reading import Reading, SentenceReading
from service.text.sentences import Sentence, split_sentences


@dataclass(frozen=True)
class CheckContext:
    """A reply with everything it may be judged by.

    `language` is the language the reply should be in; `policy` the active passages in play;
    `superseded` the brand's rules of old; `recent_replies` the brand's recent public replies,
    newest first. `kind` and `issues` are triage's; `reading` is the trained reader's, and the guard
    sees to it: without one the learned half of a check finds nothing. `written_ahead`: people wrote
    the reply before there was a complaint, as a holding reply; that it takes up none of its points
    is what it is for, and no judge need read it. `echoed`: passages of `policy`, as (id, version),
    that only the reply's own words led to: they show what is meant, and vouch for nothing.
    `sensitivities` are triage's too.
    """

    reply: str
    case: Case
    brand: Brand
    language: str
    move: MoveKind
    policy: tuple[FoundPassage, ...] = ()
    recent_replies: tuple[str, ...] = ()
    superseded: tuple[PolicyPassage, ...] = ()
    kind: Kind = Kind.COMPLAINT
    issues: tuple[Issue, ...] = ()
    reading: Reading | None = None
    written_ahead: bool = False
    echoed: frozenset[tuple[str, str]] = frozenset()
    sensitivities: tuple[Sensitivity, ...] = ()

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The reply's sentences with their places."""
        return split_sentences(self.reply)

    @property
    def read(self) -> tuple[SentenceReading, ...]:
        """What the reader says of each sentence; nothing where it hasn't read."""
        return self.reading.sentences if self.reading else ()

    def reading_at(self, place: int) -> SentenceReading | None:
        """The reading of the sentence that holds this place of the reply."""
        for reading in self.read:
            if (reading.span.start or 0) <= place < (reading.span.end or 0):
                return reading
        return None

    @property
    def is_public(self) -> bool:
        """Whether others will read the reply."""
        return self.case.is_public and self.move is not MoveKind.PRIVATE_REPLY

    def is_echoed(self, passage: FoundPassage) -> bool:
        """Whether nothing but the reply's own words led to the passage."""
        return (passage.id, passage.version) in self.echoed

    def option(self, check: str, name: str, default: Any) -> Any:
        """A brand's option for a check."""
        setting = self.brand.checks.get(check)
        return default if setting is None else setting.options.get(name, default)


@dataclass(frozen=True)
class Hit:
    """What a check saw: a place in the reply (None for what is missing) and why it matters.

    `severity` is set only where it differs from the check's default; `soft` asks the trained reader
    for its consent.
    """

    message: str
    suggestion: str
    start: int | None = None
    end: int | None = None
    severity: Severity | None = None
    evidence: str | None = None
    soft: bool = False


CheckFunction = Callable[[CheckContext], Iterable[Hit]]


@dataclass(frozen=True)
class Check:
    """A check as the registry lists it; `version` rises when its findings change, `reads` says that
    it looks at the trained reader's reading."""

    severity: Severity
    find: CheckFunction
    version: int = 1
    reads: bool = False
