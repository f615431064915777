"""Phrase rules from `lexicon/<check>*.yaml`: load them once, find them in a reply.

Patterns stand one a line. In them a space stands for any white space, `~` for up to 60 characters
of the same sentence, and `%name%` for a list under `words`. Matching ignores case, and a pattern
begins and ends at the edge of a word. A rule that is `soft` was right on fewer than three of four
labelled rows: it counts only where the trained reader finds it thinkable.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import regex
import yaml
from pydantic import BaseModel, ConfigDict, Field

from service.domain.checks import Severity
from service.guards.context import CheckContext, Hit
from service.guards.quotes import without_quotes
from service.text.sentences import split_sentences

LEXICON = Path(__file__).with_name("lexicon")
_SIGNS = re.compile(r"\[[^\]]*\]| \??|~")
_MEANT = {" ": r"\s{1,40}", " ?": r"\s{0,40}", "~": r"[^.!?\n]{0,60}?"}
_STRAIGHT = str.maketrans("’‘ʼ`´\u00a0", "''''' ")
_ANY_LANGUAGE = "any"
_FALLBACK = "en"


class _RuleText(BaseModel):
    model_config = ConfigDict(extra="forbid")
    message: str
    suggestion: str
    severity: Severity | None = None
    not_for_questions: bool = False
    reads_quotes: bool = False
    soft: bool = False
    patterns: dict[str, str]
    unless: dict[str, str] = Field(default_factory=dict)


class _Lexicon(BaseModel):
    model_config = ConfigDict(extra="forbid")
    words: dict[str, dict[str, str]] = Field(default_factory=dict)
    rules: dict[str, _RuleText]


@dataclass(frozen=True)
class Rule:
    """One family of phrases with what a support lead says about it."""

    id: str
    message: str
    suggestion: str
    severity: Severity | None
    not_for_questions: bool
    reads_quotes: bool
    soft: bool
    patterns: Mapping[str, regex.Pattern[str]]
    unless: Mapping[str, regex.Pattern[str]]

    def in_language(self, language: str) -> Iterator[regex.Pattern[str]]:
        """The patterns that judge a reply in that language."""
        own = self.patterns.get(language)
        if own is None and language not in self.patterns:
            own = self.patterns.get(_FALLBACK)
        yield from (p for p in (own, self.patterns.get(_ANY_LANGUAGE)) if p is not None)

    def excused(self, sentence: str, language: str) -> bool:
        """Whether the sentence holds what makes the phrase harmless."""
        excuses = (self.unless.get(language), self.unless.get(_ANY_LANGUAGE))
        return any(excuse is not None and excuse.search(sentence) for excuse in excuses)


def _expanded(pattern: str, words: Mapping[str, str]) -> str:
    for name, listed in words.items():
        pattern = pattern.replace(f"%{name}%", f"(?:{listed})")
    return _SIGNS.sub(_spaced, pattern)


def _spaced(match: re.Match[str]) -> str:
    """A space stands for a stretch of them, not for a page of blanks; brackets are left alone."""
    return _MEANT.get(match.group(), match.group())


def compile_phrases(
    patterns: str, words: Mapping[str, str] = MappingProxyType({})
) -> regex.Pattern[str]:
    """One pattern for phrases that stand one a line."""
    lines = (line.strip() for line in patterns.splitlines())
    joined = "|".join(_expanded(line, words) for line in lines if line)
    return regex.compile(rf"(?<!\w)(?:{joined})(?!\w)", regex.IGNORECASE)


def _by_language(
    texts: Mapping[str, str], words: Mapping[str, Mapping[str, str]]
) -> dict[str, regex.Pattern[str]]:
    return {code: compile_phrases(listed, words.get(code, {})) for code, listed in texts.items()}


@cache
def rules_of(check: str) -> tuple[Rule, ...]:
    """The rules of a check, compiled once."""
    return tuple(rule for path in sorted(LEXICON.glob(f"{check}*.yaml")) for rule in _read(path))


def _read(path: Path) -> tuple[Rule, ...]:
    lexicon = _Lexicon.model_validate(yaml.safe_load(path.read_text("utf-8")))
    return tuple(
        Rule(
            id=name,
            message=rule.message,
            suggestion=rule.suggestion,
            severity=rule.severity,
            not_for_questions=rule.not_for_questions,
            reads_quotes=rule.reads_quotes,
            soft=rule.soft,
            patterns=_by_language(rule.patterns, lexicon.words),
            unless=_by_language(rule.unless, lexicon.words),
        )
        for name, rule in lexicon.rules.items()
    )


def straightened(text: str) -> str:
    """The text with plain apostrophes and spaces, every character at its old place."""
    return text.translate(_STRAIGHT)


def is_plain_question(text: str) -> bool:
    """Whether a customer mostly asks: a rule may then be the answer."""
    sentences = split_sentences(text)
    asked = sum(sentence.text.endswith("?") for sentence in sentences)
    return bool(sentences) and asked * 2 >= len(sentences) and "!" not in text


def _sentence_around(text: str, place: int) -> str:
    for sentence in split_sentences(text):
        if sentence.start <= place < sentence.end:
            return sentence.text
    return text


def _rule_hits(rule: Rule, text: str, language: str) -> Iterator[Hit]:
    for pattern in rule.in_language(language):
        for match in pattern.finditer(text):
            if not rule.excused(_sentence_around(text, match.start()), language):
                yield Hit(
                    message=rule.message,
                    suggestion=rule.suggestion,
                    start=match.start(),
                    end=match.end(),
                    severity=rule.severity,
                    soft=rule.soft,
                )


def without_overlaps(hits: Iterable[Hit]) -> list[Hit]:
    """One hit per place: of those that overlap, the one listed first."""
    kept: list[Hit] = []
    for hit in hits:
        start, end = hit.start or 0, hit.end or 0
        if all(end <= (other.start or 0) or start >= (other.end or 0) for other in kept):
            kept.append(hit)
    return kept


def find_phrases(
    context: CheckContext, check: str, *, rules: Container[str] | None = None
) -> list[Hit]:
    """Every place where the reply speaks as the check's lexicon describes; quotes left out."""
    raw = straightened(context.reply)
    text = without_quotes(raw)
    asked = is_plain_question(context.case.complaint.text)
    return without_overlaps(
        hit
        for rule in rules_of(check)
        if (rules is None or rule.id in rules) and not (asked and rule.not_for_questions)
        for hit in _rule_hits(rule, raw if rule.reads_quotes else text, context.language)
    )
