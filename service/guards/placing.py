"""Who speaks: a reply must not take the customer's place."""

import re
from collections.abc import Iterator
from pathlib import Path

from service.guards.context import CheckContext, Hit
from service.guards.quotes import without_quotes
from service.text.belongings import brand_things
from service.text.folding import fold
from service.text.sentences import Sentence, split_sentences
from service.text.stems import stems
from service.text.wordlists import patterns

_LISTS = patterns(Path(__file__).with_name("lexicon") / "facts_placing.yaml")
_FIRST_PERSON = re.compile(_LISTS["first_person"].pattern + r"(?!\w)")
_WORD = re.compile(r"[\w']+")
# `My Hero` inside a sentence is a name.
_TITLE = re.compile(r"\s(?:My|Our|Me|Mein|Mi)\s[A-Z]")
_RUN = 4


def _word_runs(text: str) -> Iterator[tuple[str, int, int]]:
    words = list(_WORD.finditer(text))
    for place in range(len(words) - _RUN + 1):
        run = words[place : place + _RUN]
        yield " ".join(word.group() for word in run), run[0].start(), run[-1].end()


def _copied_voice(sentence: Sentence, said: frozenset[str]) -> tuple[int, int] | None:
    """Words that the customer said of themselves, in a row, with no sign of quoting."""
    for run, start, end in _word_runs(fold(sentence.text)):
        spoken = run in said and _FIRST_PERSON.search(run) and stems(run)
        if spoken and not _TITLE.search(sentence.text[start:end]):
            return start, end
    return None


def _place(sentence: Sentence, said: frozenset[str]) -> tuple[int, int] | None:
    folded = fold(sentence.text)
    if _LISTS["excused"].search(folded):
        return None
    match = _LISTS["customer_voice"].search(folded)
    return match.span() if match else _copied_voice(sentence, said)


def _misplaced(sentence: Sentence, theirs: frozenset[str]) -> tuple[int, int] | None:
    """`Your van` for the van that the customer called `your van`: it is ours."""
    found = ((start, end) for start, end, thing in brand_things(sentence.text) if thing in theirs)
    return next(found, None)


def speaks_as_customer(context: CheckContext) -> Iterator[Hit]:
    """Sentences in which the reply complains itself, as if it were the customer."""
    said = frozenset(run for run, _, _ in _word_runs(fold(context.case.complaint.text)))
    theirs = frozenset(thing for _, _, thing in brand_things(context.case.complaint.text))
    for sentence in split_sentences(without_quotes(context.reply)):
        if place := _place(sentence, said) or _misplaced(sentence, theirs):
            yield Hit(
                message="Speaks as if the brand were the customer.",
                suggestion="Say it from the brand's side: what happened to the customer.",
                start=sentence.start + place[0],
                end=sentence.start + place[1],
            )
