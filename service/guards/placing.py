"""Who speaks: a reply must not take the customer's place."""

import re
from collections.abc import Iterator
from pathlib import Path

from service.guards.context import CheckContext, Hit
from service.guards.learned import with_learned
from service.guards.quotes import without_quotes
from service.guards.reading import Label
from service.text.belongings import brand_things
from service.text.folding import fold
from service.text.sentences import Sentence, split_sentences
from service.text.stems import stems
from service.text.wordlists import any_of, patterns, read_list

_FILE = Path(__file__).with_name("lexicon") / "facts_placing.yaml"
_LISTS = patterns(_FILE)
# By language: the Polish `i` is an `and`.
_FIRST_PERSON = {
    code: re.compile(any_of([listed]).pattern + r"(?!\w)")
    for code, listed in read_list(_FILE)["first_person"].items()
}
_WORD = re.compile(r"[\w']+")
# `My Hero` inside a sentence is a name.
_TITLE = re.compile(r"\s(?:My|Our|Me|Mein|Mi)\s[A-Z]")
_RUN = 4


def _word_runs(text: str) -> Iterator[tuple[str, int, int]]:
    words = list(_WORD.finditer(text))
    for place in range(len(words) - _RUN + 1):
        run = words[place : place + _RUN]
        yield " ".join(word.group() for word in run), run[0].start(), run[-1].end()


def _copied_voice(
    sentence: Sentence, said: frozenset[str], language: str
) -> tuple[int, int] | None:
    """Words that the customer said of themselves, in a row, with no sign of quoting."""
    own = _FIRST_PERSON.get(language, _FIRST_PERSON["en"])
    for run, start, end in _word_runs(fold(sentence.text)):
        spoken = run in said and own.search(run) and stems(run)
        if spoken and not _TITLE.search(sentence.text[start:end]):
            return start, end
    return None


def _place(sentence: Sentence, said: frozenset[str], language: str) -> tuple[int, int] | None:
    folded = fold(sentence.text)
    if _LISTS["excused"].search(folded):
        return None
    match = (
        _LISTS["customer_voice"].search(folded)
        or _LISTS["complaint"].search(folded)
        or _LISTS["pleading"].search(folded)
        or _LISTS["written"].search(sentence.text.lower())
    )
    return match.span() if match else _copied_voice(sentence, said, language)


def _misplaced(sentence: Sentence, theirs: frozenset[str]) -> tuple[int, int] | None:
    """`Your van` for the van that the customer called `your van`: it is ours."""
    found = ((start, end) for start, end, thing in brand_things(sentence.text) if thing in theirs)
    return next(found, None)


def speaks_as_customer(context: CheckContext) -> Iterator[Hit]:
    """Sentences in which the reply complains itself, as if it were the customer."""
    yield from with_learned(_misplaced_voices(context), context, Label.SPEAKS_AS_CUSTOMER)


def _misplaced_voices(context: CheckContext) -> Iterator[Hit]:
    said = frozenset(run for run, _, _ in _word_runs(fold(context.case.complaint.text)))
    theirs = frozenset(thing for _, _, thing in brand_things(context.case.complaint.text))
    for sentence in split_sentences(without_quotes(context.reply)):
        if place := _place(sentence, said, context.language) or _misplaced(sentence, theirs):
            yield Hit(
                message="Speaks as if the brand were the customer.",
                suggestion="Say it from the brand's side: what happened to the customer.",
                start=sentence.start + place[0],
                end=sentence.start + place[1],
            )
