"""Shares of a price that a reply grants (`a quarter of a day's hire`), and the rule for them."""

import re
from functools import cache
from pathlib import Path

from service.domain.knowledge import FoundPassage
from service.guards.context import CheckContext
from service.guards.sources import open_texts
from service.text.folding import fold
from service.text.sentences import split_sentences
from service.text.stems import stems
from service.text.wordlists import any_of, pattern_list, patterns

_WORDS = Path(__file__).with_name("lexicon") / "facts_shares.yaml"
_MONEY = "money"


@cache
def _no_topic() -> re.Pattern[str]:
    """Stems that say how much or that it is paid, and not what for."""
    return any_of(line for key in patterns(_WORDS) for line in pattern_list(_WORDS, key))


def shares_in(text: str) -> frozenset[str]:
    """The shares that a text names, as `share:quarter`."""
    folded = fold(text)
    named = {name for name, pattern in patterns(_WORDS).items() if pattern.search(folded)}
    return frozenset(f"share:{name}" for name in named - {_MONEY})


def _topic(text: str) -> frozenset[str]:
    return frozenset(stem for stem in stems(text) if not _no_topic().match(stem))


def rule_for_share(sentence: str, context: CheckContext) -> FoundPassage | None:
    """The passage in play that pays back this very share of this very thing.

    A passage that only the reply's words led to has no say where one that the case led to speaks of
    shares too.
    """
    named = shares_in(sentence)
    if not named or not patterns(_WORDS)[_MONEY].search(fold(sentence)):
        return None  # half off the next hire is a favour, whatever is paid back by half
    firm = [found for found in context.policy if not context.is_echoed(found)]
    settled = any(shares_in(found.text) for found in firm)
    for found in firm if settled else context.policy:
        if _grants(found, named, sentence, context):
            return found
    return None


def _grants(
    found: FoundPassage, named: frozenset[str], sentence: str, context: CheckContext
) -> bool:
    """Whether a rule names the share, and the sentence's words are the rule's or the case's; in
    another language than the rule's none can meet."""
    topic = _topic(sentence)
    told = frozenset[str]().union(*(stems(text) for text in open_texts(context)))
    for rule in split_sentences(found.text):
        words = stems(f"{found.title} {rule.text}")
        meets = bool(topic & words) and topic <= words | told
        if named <= shares_in(rule.text) and (meets or found.language != context.language):
            return True
    return False
