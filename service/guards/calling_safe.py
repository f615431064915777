"""A danger that the reply plays down, and nobody has looked."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

from service.domain.triage import DANGERS
from service.guards.context import CheckContext, Hit
from service.guards.quotes import without_quotes
from service.guards.sources import customer_texts, policy_texts, vouched_openly
from service.text.folding import fold
from service.text.sentences import split_sentences
from service.text.stems import stems
from service.text.wordlists import pattern_list, patterns

_FILE = Path(__file__).with_name("lexicon") / "facts_safety.yaml"
_REACH = 30


@cache
def _shortly_before(key: str) -> re.Pattern[str]:
    """One of the words shortly before the end of what is searched, in the same clause."""
    words = "|".join(pattern_list(_FILE, key))
    return re.compile(rf"(?<!\w)(?:{words})\b[^.,;:!?]{{0,{_REACH}}}$")


def _in_danger(context: CheckContext) -> bool:
    """Triage says so, or the customer's own words do."""
    if DANGERS.intersection(context.sensitivities):
        return True
    danger = patterns(_FILE)["danger"]
    return any(danger.search(fold(text)) for text in customer_texts(context.case))


def _calls_safe(sentence: str) -> re.Match[str] | None:
    """Where the sentence calls something safe; not where it denies, doubts, asks or reports it."""
    folded = fold(sentence)
    words = patterns(_FILE)
    if folded.rstrip().endswith("?"):
        return None
    for key in ("safe", "fine"):
        for match in words[key].finditer(folded):
            before = folded[: match.start()]
            turned = _shortly_before("denied").search(before) or words["told"].search(before)
            supposed = words["doubted"].match(before.lstrip()) if key == "fine" else None
            if not (turned or supposed or _shortly_before("doubted").search(before)):
                return match
    return None


def _vouched(sentence: str, context: CheckContext) -> bool:
    """Somebody who looked calls the same thing safe, or a rule does."""
    said = stems(sentence)
    for text in chain(vouched_openly(context), policy_texts(context)):
        if any(_calls_safe(one.text) and said & stems(one.text) for one in split_sentences(text)):
            return True
    return False


def find_called_safe(context: CheckContext) -> Iterator[Hit]:
    """Where somebody may come to harm, sentences that say it is nothing."""
    if not _in_danger(context):
        return
    for sentence in split_sentences(without_quotes(context.reply)):
        match = _calls_safe(sentence.text)
        if match and not _vouched(sentence.text, context):
            yield Hit(
                message="Calls it safe, and nobody has looked.",
                suggestion="Say what to do now to be out of danger and who looks at it; if "
                "somebody did look, put what they found into `known`.",
                start=sentence.start + match.start(),
                end=sentence.start + match.end(),
            )
