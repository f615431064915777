"""Secrets that a brand's people never ask for, in no channel: PINs, one-time codes, passwords."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from service.guards.context import CheckContext, Hit
from service.guards.quotes import without_quotes
from service.text.folding import fold
from service.text.sentences import split_sentences
from service.text.wordlists import pattern_list

_LISTS = Path(__file__).with_name("lexicon") / "facts_secrets.yaml"


@cache
def _pattern(key: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(pattern_list(_LISTS, key))})\b")


def find_secrets_asked(context: CheckContext) -> Iterator[Hit]:
    """A sentence that asks for a secret; telling people never to give it away is no asking."""
    for sentence in split_sentences(without_quotes(context.reply)):
        folded = fold(sentence.text)
        secret = _pattern("secrets").search(folded)
        if secret and _pattern("asks").search(folded) and not _pattern("warns").search(folded):
            yield Hit(
                message="Asks for a secret that nobody at a company may ever ask for.",
                suggestion="Take this out; no PIN, password or one-time code, in private neither.",
                start=sentence.start + secret.start(),
                end=sentence.start + secret.end(),
            )
