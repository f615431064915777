"""Is the reply in the language it should be in, sentence by sentence?"""

from collections.abc import Iterable, Iterator

import regex

from service.domain.checks import Severity
from service.guards.context import CheckContext, Hit
from service.guards.quotes import without_quotes
from service.text.language import CLEAR_LEAD, detect, is_other_language
from service.text.sentences import Sentence

# A run of capitalised words inside a sentence is a name: a product, a street, a menu path.
_NAME_RUN = regex.compile(
    r"(?<=[\p{Ll}\d,:(\"„«“'>] )\p{Lu}[\p{L}\p{M}\d'’.+-]*(?:\s+\p{Lu}[\p{L}\p{M}\d'’.+-]*)+"
)
_CLAUSE_BREAK = regex.compile(r"[,;:–—()|/]\s+|\s[-–—]\s")
_FEWEST_WORDS_IN_A_CLAUSE = 4
_CLAUSE_LEAD = 4.0
"""A clause is short: it must be plainer than a sentence before it blocks."""

_ENGLISH_NAMES = {
    "en": "English", "pl": "Polish", "es": "Spanish", "de": "German", "fr": "French",
    "it": "Italian", "pt": "Portuguese", "nl": "Dutch", "cs": "Czech", "uk": "Ukrainian",
    "sv": "Swedish", "da": "Danish", "hu": "Hungarian", "ro": "Romanian", "tr": "Turkish",
    "ru": "Russian", "sk": "Slovak",
}  # fmt: skip


def _own_names(context: CheckContext) -> tuple[str, ...]:
    brand = context.brand
    names = (brand.name, *brand.mentions.names, *brand.mentions.handles, *brand.mentions.hashtags)
    return tuple(name for name in names if name)


def _readable(text: str, names: tuple[str, ...]) -> str:
    """The sentence without names: a product called in English is no English sentence."""
    for name in names:
        text = regex.sub(rf"(?i)(?<!\w){regex.escape(name)}(?!\w)", " ", text)
    return _NAME_RUN.sub(" ", text)


def _strays(text: str, context: CheckContext) -> bool:
    expected, preferred = context.language, context.brand.languages
    if is_other_language(text, expected, preferred, lead=CLEAR_LEAD):
        return True
    clauses = [part for part in _CLAUSE_BREAK.split(text) if part]
    return len(clauses) > 1 and any(
        len(clause.split()) >= _FEWEST_WORDS_IN_A_CLAUSE
        and is_other_language(clause, expected, preferred, lead=_CLAUSE_LEAD)
        for clause in clauses
    )


def _stray_sentences(context: CheckContext) -> Iterator[Sentence]:
    names = _own_names(context)
    plain = without_quotes(context.reply)
    for sentence in context.sentences:
        if _strays(_readable(plain[sentence.start : sentence.end], names), context):
            yield sentence


def _named(language: str) -> str:
    return _ENGLISH_NAMES.get(language, language)


def _unlisted(context: CheckContext) -> Iterator[Hit]:
    """A customer whose language the brand does not speak is answered in its first; worth a note."""
    listed, asked = context.brand.languages, context.case.complaint.text
    if context.language != listed[0] or not is_other_language(asked, listed[0], listed):
        return
    theirs = detect(asked, listed)
    if theirs not in listed:
        yield Hit(
            message=f"The customer writes {_named(theirs)}, which the brand does not list.",
            suggestion=f"Let somebody who speaks {_named(theirs)} answer, if there is one.",
            severity=Severity.INFO,
        )


def find_wrong_language(context: CheckContext) -> Iterable[Hit]:
    """The reply, or a whole phrase of it, in another language than the customer's."""
    known = tuple(dict.fromkeys((context.language, *context.brand.languages)))
    for sentence in _stray_sentences(context):
        found = detect(sentence.text, known)
        stray = found != context.language
        said = f"is in {_named(found)}" if stray else "slips into another language"
        yield Hit(
            message=f"This {said}, but the answer should be in {_named(context.language)}.",
            suggestion=f"Say the whole of it in {_named(context.language)}, as the customer does.",
            start=sentence.start,
            end=sentence.end,
        )
    yield from _unlisted(context)
