"""What the trained reader adds to the lists of phrases: whole sentences that are of a kind."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from service.domain.checks import Severity
from service.guards.context import CheckContext, Hit
from service.guards.phrases import is_plain_question, without_overlaps
from service.guards.reading import Label, SentenceReading

LEXICON = Path(__file__).with_name("lexicon") / "learned.yaml"
_ANSWERS_A_QUESTION = {Label.DEFENSIVE, Label.BLAMES_CUSTOMER}
_RULE_SHARE = 0.5
_THINKABLE = 0.1


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    at: float
    surely: float
    message: str
    suggestion: str


@cache
def words_of(label: Label) -> _Words:
    """Threshold, reason and suggestion of a label that is a check by itself."""
    listed = yaml.safe_load(LEXICON.read_text("utf-8"))
    return _Words.model_validate(listed[label.value])


def sentences_that_are(context: CheckContext, label: Label, at: float) -> Iterator[SentenceReading]:
    """The reply's sentences that carry the label at least that surely."""
    for reading in context.read:
        if reading.share(label) >= at:
            yield reading


def find_learned(context: CheckContext, label: Label) -> Iterator[Hit]:
    """The sentences that are of the kind that a check looks for."""
    words = words_of(label)
    asked = label in _ANSWERS_A_QUESTION and is_plain_question(context.case.complaint.text)
    for reading in sentences_that_are(context, label, words.at):
        # A rule told to somebody who asked for it argues with nobody.
        if asked and reading.share(Label.RULE) >= _RULE_SHARE:
            continue
        yield Hit(
            message=words.message,
            suggestion=words.suggestion,
            start=reading.span.start,
            end=reading.span.end,
            severity=None if _is_sure(reading, label, words.surely) else Severity.WARN,
        )


def _is_sure(reading: SentenceReading, label: Label, surely: float) -> bool:
    """A question may be a plain diagnostic one: a person decides."""
    asks = label is Label.BLAMES_CUSTOMER and reading.text.rstrip().endswith("?")
    return reading.share(label) >= surely and not asks


def with_learned(hits: Iterable[Hit], context: CheckContext, label: Label) -> list[Hit]:
    """Phrases first, for they point at fewer words; then what only the reader saw.

    A soft phrase needs the reader's consent: "you couldn't have known" blames nobody.
    """
    held = [h for h in hits if not h.soft or _share_around(h, context, label) >= _THINKABLE]
    return without_overlaps([*held, *find_learned(context, label)])


def _share_around(hit: Hit, context: CheckContext, label: Label) -> float:
    """The label's share of the sentence that a hit lies in; 1 where nothing was read."""
    reading = context.reading_at(hit.start or 0)
    return 1.0 if reading is None else reading.share(label)
