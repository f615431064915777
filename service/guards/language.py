"""Is the reply in the language it should be in, sentence by sentence?"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import regex

from service.domain.checks import Severity
from service.guards.context import CheckContext, Hit
from service.guards.phrases import without_overlaps
from service.guards.quotes import without_quotes
from service.guards.sources import customer_texts
from service.text.folding import fold
from service.text.language import CLEAR_LEAD, detect, is_other_language
from service.text.sentences import Sentence
from service.text.wordlists import patterns

# A run of capitalised words inside a sentence is a name: a product, a street, a menu path.
_NAME_RUN = regex.compile(
    r"(?<=[\p{Ll}\d,:(\"„«“'>] )\p{Lu}[\p{L}\p{M}\d'’.+-]*(?:\s+\p{Lu}[\p{L}\p{M}\d'’.+-]*)+"
)
# A capitalised word behind another word: a name in every language but German.
_NAME = regex.compile(r"(?<=[\p{Ll}\d,:] )\p{Lu}[\p{L}\p{M}\d'’.+-]*")
_FEW_WORDS = 7
_STRANGE_SCRIPT = regex.compile(
    r"[\p{Cyrillic}\p{Greek}\p{Arabic}\p{Hebrew}\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}"
    r"\p{Devanagari}\p{Georgian}\p{Armenian}]{3,}"
)
_LATIN = frozenset(("en", "pl", "es", "de", "fr", "it", "pt", "nl", "cs", "sv"))
_OPENING = r"(?:^|(?<=[.!?,;:\n(–—-])|(?<=[.!?,;:(–—-]\s))"
_CLOSING = r"(?=[ \t]{0,2}(?:$|[.!?,;:)\n–—-]))"
_GREETINGS = {
    code: regex.compile(rf"{_OPENING}({listed.pattern}){_CLOSING}")
    for code, listed in patterns(
        Path(__file__).with_name("lexicon") / "facts_greetings.yaml"
    ).items()
}
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


# Letters that a neighbouring language does not have: few words, but surely our own.
_OWN_LETTERS = {"pl": (frozenset("ąęłżźśćń"), frozenset({"cs", "sk", "hu", "ro"}))}


def _is_own_after_all(text: str, context: CheckContext) -> bool:
    letters, neighbours = _OWN_LETTERS.get(context.language, (frozenset[str](), frozenset[str]()))
    if not letters & set(text.lower()):
        return False
    known = tuple(dict.fromkeys((context.language, *context.brand.languages)))
    return detect(text, known) in neighbours


def _strays(text: str, context: CheckContext) -> bool:
    expected, preferred = context.language, context.brand.languages
    if expected != "de" and len(text.split()) <= _FEW_WORDS:
        text = _NAME.sub(" ", text)
    if is_other_language(text, expected, preferred, lead=CLEAR_LEAD):
        return not _is_own_after_all(text, context)
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


def _slips(context: CheckContext) -> Iterator[tuple[int, int, str]]:
    """Set phrases of other languages, and other alphabets, with the language where it is known."""
    plain = without_quotes(context.reply)
    folded, own = fold(plain), _GREETINGS.get(context.language)
    told = " ".join(fold(text) for text in customer_texts(context.case))
    for code, pattern in _GREETINGS.items():
        for match in pattern.finditer(folded) if code != context.language else ():
            phrase = match.group(1)
            ours = own is not None and own.fullmatch(phrase)
            if not ours and phrase not in told:
                yield match.start(1), match.end(1), code
    if context.language in _LATIN:
        for match in _STRANGE_SCRIPT.finditer(plain):
            yield match.start(), match.end(), ""


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


def _hit(start: int, end: int, said: str, context: CheckContext) -> Hit:
    return Hit(
        message=f"This {said}, but the answer should be in {_named(context.language)}.",
        suggestion=f"Say the whole of it in {_named(context.language)}, as the customer does.",
        start=start,
        end=end,
    )


def _all_strays(context: CheckContext) -> Iterator[Hit]:
    known = tuple(dict.fromkeys((context.language, *context.brand.languages)))
    for sentence in _stray_sentences(context):
        found = detect(sentence.text, known)
        other = found != context.language
        said = f"is in {_named(found)}" if other else "slips into another language"
        yield _hit(sentence.start, sentence.end, said, context)
    for start, end, code in _slips(context):
        said = f"is in {_named(code)}" if code else "is in another alphabet"
        yield _hit(start, end, said, context)


def find_wrong_language(context: CheckContext) -> Iterable[Hit]:
    """The reply, or a whole phrase of it, in another language than the customer's."""
    yield from without_overlaps(_all_strays(context))
    yield from _unlisted(context)
