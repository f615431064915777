"""Facts in a reply that nothing vouches for."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from service.domain.checks import Severity
from service.domain.knowledge import PolicyPassage
from service.guards.calling_safe import find_called_safe
from service.guards.claims import find_uncarried, is_vouched, leading_stance, uncarried
from service.guards.context import CheckContext, Hit
from service.guards.deeds import find_claims
from service.guards.phrases import without_overlaps
from service.guards.promised_money import find_promised_money
from service.guards.reading import Stance
from service.guards.secrets import find_secrets_asked
from service.guards.sources import (
    brand_texts,
    customer_texts,
    granted_values,
    open_texts,
    policy_texts,
)
from service.guards.sums import is_sum
from service.text.folding import fold
from service.text.phones import phones_in
from service.text.references import plain_reference
from service.text.specifics import TIMES, Specific, SpecificKind, find_specifics, granted_by
from service.text.wordlists import patterns

_JUDGED = {
    SpecificKind.AMOUNT: "amount",
    SpecificKind.PERCENTAGE: "percentage",
    SpecificKind.DURATION: "length of time",
    SpecificKind.DATE: "date",
    SpecificKind.WEEKDAY: "day",
    SpecificKind.CLOCK: "time of day",
    SpecificKind.REFERENCE: "number",
    SpecificKind.YEAR: "year",
}
_RELATIVE_DAYS = {"today", "tomorrow", "yesterday"}
_OWN_FOLLOW_UP = patterns(Path(__file__).with_name("lexicon") / "facts_words.yaml")["follow_up"]
_DAYS_OFF = 4 * 1440
_CARRIED, _DOUBTED = 0.15, 0.8
_NUMBER = re.compile(r"(?<![\w.,])\d{1,6}(?![\w])")


def _is_granted(specific: Specific, context: CheckContext, granted: frozenset[str]) -> bool:
    if specific.readings & granted:
        return True
    if specific.kind is SpecificKind.REFERENCE:
        told = (*open_texts(context), *policy_texts(context), *brand_texts(context.brand))
        value = plain_reference(specific.text)
        return any(value in plain_reference(text) for text in told)
    if specific.kind in (SpecificKind.AMOUNT, SpecificKind.CLOCK):
        return _said_barely(specific, context)
    if specific.kind is SpecificKind.WEEKDAY:
        return specific.value in _RELATIVE_DAYS
    return False


def _said_barely(specific: Specific, context: CheckContext) -> bool:
    """Customers write `I paid 50` and `at 6`: the same figure without its unit."""
    bare = {one.group() for text in customer_texts(context.case) for one in _NUMBER.finditer(text)}
    if specific.kind is SpecificKind.AMOUNT:
        return specific.value in bare
    hour, minute = (int(part) for part in specific.value.split(":"))
    spoken = {str(hour), str(hour % 12)} if not minute else {f"{hour}{minute:02}"}
    return bool(bare & (spoken | {f"{hour % 12 or 12}{minute:02}"}))


def _minutes(specific: Specific) -> Decimal:
    high = Decimal(specific.value.rsplit("-", 1)[-1])
    factors = {"minute": 1, "working_day": 1440, "working_hour": 60, "month": 43200}
    return high * factors.get(specific.unit, 1)


def _window(text: str) -> Decimal:
    """How long a follow-up window is; `the next working day` can lie behind days off."""
    durations = [one for one in find_specifics(text) if one.kind is SpecificKind.DURATION]
    if not durations:
        return Decimal(_DAYS_OFF)
    worked = any(one.unit == "working_day" for one in durations)
    return max(_minutes(one) for one in durations) + (_DAYS_OFF if worked else 0)


def _is_own_follow_up(specific: Specific, context: CheckContext) -> bool:
    """A time for one's own next message, within the windows, is a promise and no fact."""
    if specific.kind not in TIMES or not context.brand.follow_up_windows:
        return False
    around = [s.text for s in context.sentences if s.start <= specific.start < s.end]
    if not around or not _OWN_FOLLOW_UP.search(fold(around[0])):
        return False
    is_duration = specific.kind is SpecificKind.DURATION
    return not is_duration or _minutes(specific) <= max(
        map(_window, context.brand.follow_up_windows)
    )


def _nearest(specific: Specific, context: CheckContext) -> tuple[str, str] | None:
    """What policy says of that kind, the same unit first."""
    found = [
        (one.unit != specific.unit, one.text, passage.id)
        for passage in context.policy
        for one in find_specifics(passage.text)
        if one.kind is specific.kind
    ]
    return min(found, key=lambda one: one[0])[1:] if found else None


def _hit(specific: Specific, context: CheckContext) -> Hit:
    noun = _JUDGED[specific.kind]
    nearest = _nearest(specific, context)
    suggestion = f"Leave the {noun} out, or put it into `known` if you are sure of it."
    if nearest:
        suggestion = (
            f"Policy {nearest[1]} says “{nearest[0]}”: use that if it is meant, else leave it out."
        )
    return Hit(
        message=f"“{specific.text}”: no rule, message or setting in play gives this {noun}.",
        suggestion=suggestion,
        start=specific.start,
        end=specific.end,
        evidence=f"{nearest[1]}: {nearest[0]}" if nearest else None,
    )


def ungranted(context: CheckContext) -> Iterator[Specific]:
    """Figures that nothing in the case vouches for, in order."""
    phones = list(phones_in(context.reply))
    judged = [
        one
        for one in find_specifics(context.reply)
        if one.kind in _JUDGED and not any(low <= one.start < high for low, high in phones)
    ]
    granted = granted_values(context) if judged else frozenset()
    for specific in judged:
        if _is_granted(specific, context, granted) or _is_own_follow_up(specific, context):
            continue
        yield specific


def _old_rule(specific: Specific, context: CheckContext) -> PolicyPassage | None:
    """The superseded passage that says so, if any."""
    for passage in context.superseded:
        if specific.readings & granted_by((passage.text,)):
            return passage
    return None


def _leading(specific: Specific, context: CheckContext) -> Stance:
    """In which way a figure claims too much: as the reader takes the sentence it stands in."""
    reading = context.reading_at(specific.start)
    leading = (reading and leading_stance(reading)) or Stance.UNGROUNDED_SPECIFIC
    against_nothing = leading is Stance.CONTRADICTS_POLICY and not context.policy
    return Stance.UNGROUNDED_SPECIFIC if against_nothing else leading


def _figures(context: CheckContext, stance: Stance) -> Iterator[Hit]:
    """Figures that nothing vouches for and that claim too much in this way."""
    for one in ungranted(context):
        if old := _old_rule(one, context):
            if stance is Stance.CONTRADICTS_POLICY:
                yield _old_hit(one, old)
        elif _leading(one, context) is stance and not _echoed(one, context):
            yield from _weighed(one, context)


def _echoes(context: CheckContext, stance: Stance) -> Iterator[Hit]:
    """Figures of rules that the reply speaks of and that the complaint doesn't lead to.

    They stand behind all else: where the reader blocks the sentence, its figure is no excuse.
    """
    for one in ungranted(context):
        if _leading(one, context) is stance and (hit := _echoed(one, context)):
            yield hit


def _weighed(specific: Specific, context: CheckContext) -> Iterator[Hit]:
    """A figure that nothing vouches for, as grave as it is.

    A wrong amount of money is wrong in any language, whatever the reader makes of its sentence;
    only of sums does it know more than the figures tell.
    """
    weight = _weight(specific.start, context)
    if specific.kind is SpecificKind.AMOUNT and weight is not Severity.BLOCK:
        reading = context.reading_at(specific.start)
        vouched = reading is not None and is_vouched(reading.text, context)
        weight = weight if vouched or is_sum(specific, context) else Severity.BLOCK
    if weight:
        yield replace(_hit(specific, context), severity=weight)


def _echoed(specific: Specific, context: CheckContext) -> Hit | None:
    """A warning where only a rule that the reply alone led to says this figure."""
    for found in context.policy:
        held = (one for one in find_specifics(found.text) if specific.readings & one.grants)
        if context.is_echoed(found) and (one := next(held, None)):
            return Hit(
                message=f"“{specific.text}” stands in {found.id}, and nothing that the customer "
                "wrote led to this rule.",
                suggestion="Make sure that this is the rule for their case, and that it is met.",
                start=specific.start,
                end=specific.end,
                severity=Severity.WARN,
                evidence=f"{found.id}: {one.text}",
            )
    return None


def _weight(place: int, context: CheckContext) -> Severity | None:
    """How grave what a list or a figure raises is, after what the reader says of its sentence:
    nothing where it finds the sentence carried, a warning where it doubts."""
    reading = context.reading_at(place)
    if reading is None:
        return Severity.BLOCK
    if is_vouched(reading.text, context):
        return None
    doubt = uncarried(reading)
    if doubt < _CARRIED:
        return None
    return Severity.BLOCK if doubt >= _DOUBTED else Severity.WARN


def _old_hit(specific: Specific, old: PolicyPassage) -> Hit:
    return Hit(
        message=f"“{specific.text}” comes from a rule that no longer applies.",
        suggestion="Use the rule as it is today.",
        start=specific.start,
        end=specific.end,
        evidence=f"{old.id} {old.version} (superseded)",
    )


def find_ungrounded_specifics(context: CheckContext) -> Iterator[Hit]:
    """Figures, deeds, findings, causes and records that nothing in the case vouches for."""
    stance = Stance.UNGROUNDED_SPECIFIC
    listed = [
        replace(hit, severity=weight)
        for hit in find_claims(context)
        if (weight := _weight(hit.start or 0, context))
    ]
    claims = (*listed, *find_uncarried(context, stance))
    found = (*find_called_safe(context), *_figures(context, stance))
    yield from without_overlaps([*found, *claims, *_echoes(context, stance)])


def find_ungrounded_promises(context: CheckContext) -> Iterator[Hit]:
    """Outcomes, dates and favours that no passage grants."""
    stance = Stance.UNGROUNDED_PROMISE
    claims = (*_figures(context, stance), *find_uncarried(context, stance))
    yield from without_overlaps([*find_promised_money(context), *claims, *_echoes(context, stance)])


def find_contradictions(context: CheckContext) -> Iterator[Hit]:
    """What goes against a rule: an old figure, another figure, a condition left out."""
    stance = Stance.CONTRADICTS_POLICY
    claims = (*find_secrets_asked(context), *find_uncarried(context, stance))
    found = (*_figures(context, stance), *claims)
    yield from without_overlaps([*found, *_echoes(context, stance)])
