"""Claims that nothing carries, as the trained reader weighs each sentence against its sources:
facts, promises, and what goes against a rule. Figures are judged by value in `grounding.py`."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from service.domain.checks import Severity
from service.domain.triage import Kind
from service.guards.context import CheckContext, Hit
from service.guards.reading import Label, SentenceReading, SourceKind, Stance
from service.guards.shares import rule_for_share
from service.text.folding import fold
from service.text.sentences import split_sentences
from service.text.specifics import TIMES, find_specifics
from service.text.wordlists import any_of, pattern_list

_UNCARRIED = (
    Stance.UNGROUNDED_SPECIFIC,
    Stance.UNGROUNDED_PROMISE,
    Stance.CONTRADICTS_POLICY,
)
_CLAIMED_AS = {
    Stance.UNGROUNDED_SPECIFIC: (Label.DEED, Label.CAUSE, Label.RULE),
    Stance.UNGROUNDED_PROMISE: (Label.PROMISE, Label.RULE, Label.DEED),
    Stance.CONTRADICTS_POLICY: (Label.RULE, Label.PROMISE, Label.DEED),
}
_CLAIM = 0.08
_LEAST_QUOTED, _LEAD_IN = 30, 45
_ENDS = " .!?…"
_LIKELY = 0.5
_SURELY = {
    Stance.UNGROUNDED_SPECIFIC: 0.93,
    Stance.UNGROUNDED_PROMISE: 0.93,
    # Half of what the reader takes for a contradiction is a rule told freely.
    Stance.CONTRADICTS_POLICY: 0.985,
}
_PROMISE = 0.5
_WORDS = Path(__file__).with_name("lexicon") / "facts_promises.yaml"
_MESSAGES = {
    Stance.UNGROUNDED_SPECIFIC: (
        "States something that neither policy, thread nor known facts say.",
        "Leave it out, say that you are finding out, or put it into `known` if it is true.",
    ),
    Stance.UNGROUNDED_PROMISE: (
        "Promises something that no rule grants.",
        "Promise only what a rule entitles to or your own next message, with a time you may give.",
    ),
    Stance.CONTRADICTS_POLICY: (
        "This isn't what the rule says.",
        "Tell the rule with its figures and its conditions, or leave it out.",
    ),
}


def uncarried(reading: SentenceReading) -> float:
    """How surely the sentence claims what nothing carries."""
    return sum(reading.stance(stance) for stance in _UNCARRIED)


def leading_stance(reading: SentenceReading) -> Stance | None:
    """Of the ways of claiming too much the likeliest; None where no claim was judged."""
    return max(_UNCARRIED, key=reading.stance) if reading.stances else None


def stance_of(reading: SentenceReading, at: float = _LIKELY) -> Stance | None:
    """The way in which the sentence claims too much; None where it doesn't, or claims nothing."""
    stance = leading_stance(reading)
    if stance is None or uncarried(reading) < at:
        return None
    claims = max(reading.share(label) for label in _CLAIMED_AS[stance])
    return stance if claims >= _CLAIM and not is_small_act(reading) else None


@cache
def _small_acts() -> re.Pattern[str]:
    return any_of(pattern_list(_WORDS, "small_acts"))


def is_small_act(reading: SentenceReading) -> bool:
    """The writer passes something on, looks, or is there: promised by nobody's leave."""
    return bool(_small_acts().search(fold(reading.text)))


def is_vouched(sentence: str, context: CheckContext) -> bool:
    """The sentence is one that an agent vouches for, alone or behind a few words and a colon.

    A person's own words need no other source, however the reader takes them.
    """
    said = fold(sentence).rstrip(_ENDS)
    for fact in context.case.facts:
        if fact.private and context.is_public:
            continue
        for told in (fold(one.text).rstrip(_ENDS) for one in split_sentences(fact.text)):
            lead = said.removesuffix(told).rstrip() if told and said.endswith(told) else None
            if lead == "" or (lead and lead.endswith(":") and len(lead) <= _LEAD_IN):
                return True
    return False


def is_quoted(reading: SentenceReading, context: CheckContext) -> bool:
    """The sentence is one of policy's own, at most with a few words that lead to it."""
    said = fold(reading.text).strip()
    for rule in (s.text for found in context.policy for s in split_sentences(found.text)):
        told = fold(rule).strip()
        short_way = len(said) - len(told) <= _LEAD_IN
        if len(told) >= _LEAST_QUOTED and short_way and said.endswith(told):
            return True
    return False


def find_uncarried(context: CheckContext, stance: Stance) -> Iterator[Hit]:
    """Sentences that claim too much in this way; a warning where the reader isn't sure.

    Words written ahead tell nothing of a case: held against one, they only look strange.
    """
    if context.written_ahead:
        return
    message, suggestion = _MESSAGES[stance]
    for reading in context.read:
        claimed = stance_of(reading, context.option(stance.value, "at", _LIKELY))
        told = is_quoted(reading, context) or is_vouched(reading.text, context)
        if claimed is stance and not told:
            hit = Hit(
                message=message,
                suggestion=suggestion,
                start=reading.span.start,
                end=reading.span.end,
                severity=None if uncarried(reading) >= _SURELY[stance] else Severity.WARN,
                evidence=_nearest_rule(reading),
            )
            yield _granted_share(hit, reading, context) or hit


def _granted_share(hit: Hit, reading: SentenceReading, context: CheckContext) -> Hit | None:
    """A share that a rule in play grants is no invention: whether the case meets the rule's
    conditions is for a person to see."""
    promised = leading_stance(reading) is Stance.UNGROUNDED_PROMISE
    rule = rule_for_share(reading.text, context) if promised else None
    if rule is None:
        return None
    return replace(
        hit,
        message=f"{rule.id} grants this share; the reply doesn't say that its conditions are met.",
        suggestion="Make sure that they are, and say in half a sentence why it is due.",
        severity=Severity.WARN,
        evidence=f"{rule.id} {rule.version}: {rule.text[:200]}",
    )


def _nearest_rule(reading: SentenceReading) -> str | None:
    for source in reading.sources:
        if source.kind is SourceKind.POLICY and source.passage:
            return f"{source.passage[0]} {source.passage[1]}: {source.text}"
    return None


@cache
def _soon() -> re.Pattern[str]:
    return any_of([rf"(?:{'|'.join(pattern_list(_WORDS, 'soon'))})\b"])


def _names_a_time(text: str) -> bool:
    times = any(one.kind in TIMES for one in find_specifics(text))
    return times or bool(_soon().search(fold(text)))


def _is_promise(reading: SentenceReading) -> bool:
    """What a rule entitles to has its times in the rule."""
    return reading.share(Label.PROMISE) >= _PROMISE and reading.share(Label.RULE) < _PROMISE


def find_promise_without_date(context: CheckContext) -> Iterator[Hit]:
    """The brand promises to come back or to act, and no sentence says by when."""
    promises = [one for one in context.read if _is_promise(one)]
    if context.kind is Kind.COMPLIMENT:  # who passes praise on owes no time
        promises = [one for one in promises if not is_small_act(one)]
    if any(_names_a_time(one.text) for one in promises):
        return
    for reading in promises:
        if stance_of(reading) is None and not reading.text.rstrip().endswith("?"):
            yield Hit(
                message="A promise without a time: nobody can keep it or ask for it.",
                suggestion="Say by when, within the times the brand lets you promise.",
                start=reading.span.start,
                end=reading.span.end,
            )
