"""What a reply to a complaint should hold and does not: an apology, a next step, thanks, a word on
each point the customer raised."""

from collections.abc import Iterator
from pathlib import Path

from service.domain.triage import Kind, MoveKind
from service.guards.context import CheckContext, Hit
from service.guards.phrases import find_phrases
from service.guards.reading import Label
from service.text.folding import fold
from service.text.stems import stems
from service.text.wordlists import patterns

_WORDS = Path(__file__).with_name("lexicon") / "facts_words.yaml"
_COMPLAINTS = {Kind.COMPLAINT, Kind.MIXED}
_AFTERWARDS = {MoveKind.CLOSING_UPDATE, MoveKind.FOLLOW_UP, MoveKind.NO_REPLY}
_TAKEN_UP, _LEAST_CHARS = 0.835, 30
_APOLOGY, _NON_APOLOGY, _STEP, _THANKS = 0.3, 0.5, 0.3, 0.3


def _highest(context: CheckContext, *labels: Label) -> float:
    shares = [one.share(label) for one in context.read for label in labels]
    return max(shares, default=0.0)


def _answers_a_harm(context: CheckContext) -> bool:
    read = bool(context.read)
    return read and context.kind in _COMPLAINTS and context.move not in _AFTERWARDS


def find_missing_apology(context: CheckContext) -> Iterator[Hit]:
    """A complaint with a harm, and no sorry for it; a false sorry is another check's."""
    if not _answers_a_harm(context) or _highest(context, Label.APOLOGY) >= _APOLOGY:
        return
    if _highest(context, Label.NON_APOLOGY) >= _NON_APOLOGY or find_phrases(context, "non_apology"):
        return
    if says_sorry(context.reply):
        return
    yield Hit(
        message="The customer was harmed and nobody says sorry for it.",
        suggestion="Say sorry for the exact thing that happened, in one short sentence.",
    )


def says_sorry(text: str) -> bool:
    """Whether the plain words of an apology stand in it, in any of four languages."""
    return bool(patterns(_WORDS)["sorry"].search(fold(text)))


def find_missing_next_step(context: CheckContext) -> Iterator[Hit]:
    """The customer is left without what happens now."""
    if not _answers_a_harm(context):
        return
    if _highest(context, Label.NEXT_STEP, Label.ASKS_PRIVATE) < _STEP:
        yield Hit(
            message="The reply leaves open what happens now.",
            suggestion="Say what you do next and by when, or how to reach a person.",
        )


def find_missing_thanks(context: CheckContext) -> Iterator[Hit]:
    """The report of a problem is not thanked for."""
    if context.written_ahead:
        return  # who is in danger, or threatens with a lawyer, is not thanked for it
    if _answers_a_harm(context) and _highest(context, Label.THANKS) < _THANKS:
        yield Hit(
            message="Nobody thanks the customer for telling.",
            suggestion="A short thank-you for the report does no harm.",
        )


def find_ignored_issues(context: CheckContext) -> Iterator[Hit]:
    """Points of the customer's that neither a word nor the sense of the reply comes back to."""
    if context.reading is None or context.kind not in (*_COMPLAINTS, Kind.QUESTION):
        return
    if context.written_ahead:
        return
    said = stems(context.reply)
    for one in context.reading.issues:
        words = stems(one.issue.text)
        told = len(one.issue.text) >= _LEAST_CHARS and words
        far = one.cosine < context.option("ignores_issue", "at", _TAKEN_UP)
        if told and far and not words & said:
            yield Hit(
                message=f"The reply passes over this point: “{one.issue.text[:120]}”",
                suggestion="Answer this point too, be it in half a sentence.",
                evidence=one.issue.text,
            )
