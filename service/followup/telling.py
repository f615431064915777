"""Whether a reply tells what became known since a promise was made. Pure."""

from service.text.folding import fold
from service.text.function_words import WORDS, function_word_share
from service.text.numbers import WORD
from service.text.specifics import granted_by
from service.text.stems import stems

_SHARED = 2


def tells(reply: str, known: str, *, language: str) -> bool:
    """Whether the reply takes up what is known: a figure of it, or two of its telling words.

    A fact that is plainly in another language than the reply can't be compared: there the person
    who approves is taken at their word.
    """
    if _is_foreign(known, language) or granted_by((reply,)) & granted_by((known,)):
        return True
    wanted = stems(known)
    return len(wanted & stems(reply)) >= min(_SHARED, len(wanted))


def _is_foreign(text: str, language: str) -> bool:
    words = [match.group() for match in WORD.finditer(text.lower())] or fold(text).split()
    own = function_word_share(words, language)
    return any(function_word_share(words, code) > 2 * own for code in WORDS if code != language)
