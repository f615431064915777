"""Money promised back where nothing that the reply may rest on speaks of money back."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from service.guards.context import CheckContext, Hit
from service.guards.quotes import without_quotes
from service.guards.reading import Label
from service.guards.sources import policy_texts, vouched_openly
from service.text.folding import fold
from service.text.sentences import split_sentences
from service.text.wordlists import patterns

_WORDS = patterns(Path(__file__).with_name("lexicon") / "facts_promises.yaml")
_GRANTING = 0.5


def find_promised_money(context: CheckContext) -> Iterator[Hit]:
    """Sentences that promise money back; whether a rule grants it where one speaks of money is for
    the reader of claims."""
    sources = chain(policy_texts(context), vouched_openly(context))
    if any(_WORDS["money_named"].search(fold(text)) for text in sources):
        return
    for sentence in split_sentences(without_quotes(context.reply)):
        folded = fold(sentence.text)
        match = _WORDS["money_back"].search(folded)
        if match is None or folded.rstrip().endswith("?"):
            continue
        reading = context.reading_at(sentence.start + match.start())
        if reading is None or _WORDS["money_left_open"].search(folded):
            continue
        if max(reading.share(Label.PROMISE), reading.share(Label.RULE)) >= _GRANTING:
            yield Hit(
                message="Promises money back, and neither policy nor a known fact speaks of it.",
                suggestion="Say that you are finding out what is due, or put the rule into policy.",
                start=sentence.start,
                end=sentence.end,
            )
