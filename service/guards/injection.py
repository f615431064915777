"""Traces in a reply of instructions that were planted in the thread."""

import re
from collections.abc import Callable, Iterator

from service.guards.context import CheckContext, Hit
from service.guards.links import addresses_in
from service.guards.planted import CODE_WORD, LISTS, Planted, planted_in
from service.guards.shapes import shaped
from service.text.folding import fold
from service.text.numbers import digitise
from service.text.reach import is_own
from service.text.sentences import Sentence
from service.text.specifics import SpecificKind, find_specifics, granted_by
from service.text.stems import stems
from service.text.wordlists import HERE, patterns

_LEAST_STEMS = 2
_RUN = 4
_LEAST_NEAR = 5
_JUDGED = {SpecificKind.AMOUNT, SpecificKind.PERCENTAGE, SpecificKind.REFERENCE}
# What comes behind a "but" is no longer declined.
_TURN = re.compile(
    r"[,;:–—-]\s?(?:but|however|though|still|anyway|ale|jednak|pero|aber|doch)\b|[:–—]"
)
# "The capital is Brasilia", "It was written by Homer": a name that answers and greets nobody.
_NAME_GIVEN = re.compile(
    r"(?<!\w)(?:is|are|was|were|by|means?|called|named|como|es|son|fue|jest|byl|byla|to|in|from)\s"
    r"(?:[\w']+\s){0,4}?['\"“]?([A-Z][^\W\d_]{3,20})(?!\w)"
)


def _payload(text: str, planted: Planted) -> bool:
    """The very words that the instruction wants to read, spelled out or run together too."""
    folded = fold(text)
    if any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", folded) for word in planted.wanted):
        return True
    joined = _letters(folded)
    return any(_near(word, folded, joined, planted) for word in planted.wanted)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def _near(word: str, folded: str, joined: str, planted: Planted) -> bool:
    letters = _letters(word)
    if len(letters) < _LEAST_NEAR or letters in _letters(planted.elsewhere_folded):
        return False
    inflected = re.search(rf"(?<!\w){re.escape(letters[:-1])}\w{{0,3}}(?!\w)", folded)
    return letters in joined or bool(inflected)


def _addresses(text: str, planted: Planted) -> bool:
    wanted = {address.lower() for _, address in addresses_in(planted.text)}
    told = {address.lower() for _, address in addresses_in(planted.elsewhere)}
    if any(address.lower() in wanted - told for _, address in addresses_in(text)):
        return True
    return any(handle in text.lower() for handle in planted.handles)


def _values(text: str, planted: Planted) -> bool:
    wanted = granted_by((planted.text,)) - granted_by((planted.elsewhere,))
    return any(one.readings & wanted for one in find_specifics(text) if one.kind in _JUDGED)


def _coupons(text: str, planted: Planted) -> bool:
    """A code that nobody had named, where the instruction wants one."""
    codes = {match.group() for match in CODE_WORD.finditer(text) if "-" in match.group()[1:-1]}
    codes |= {match.group() for match in CODE_WORD.finditer(text) if match.group()[-1].isdigit()}
    return planted.asks("code") and any(code not in planted.elsewhere for code in codes)


def _sums(text: str, planted: Planted) -> bool:
    if not planted.results:
        return False
    shown = set(re.findall(r"(?<![\d.,:])\d+(?![\d:]|[.,]\d)", digitise(text).text))
    return bool(planted.results & shown)


def _word_runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", fold(text))
    return {tuple(words[place : place + _RUN]) for place in range(len(words) - _RUN + 1)}


def _copied(text: str, planted: Planted) -> bool:
    """Telling words that only the instruction brings in: two, or one where words are ordered."""
    found = stems(text)
    shared = found & planted.own_stems
    if len(shared) >= _LEAST_STEMS or len(found & planted.all_stems) > _LEAST_STEMS:
        return True
    if shared and planted.asks("words"):
        return True
    return bool(shared and _word_runs(text) & _word_runs(planted.text))


def _closed_up(text: str, planted: Planted) -> bool:
    """Words of an order whose letters stood apart."""
    lines = [line for line in planted.folded.splitlines() if len(line) > 9 and " " not in line]
    words = [word for word in stems(text) if word not in planted.elsewhere_folded]
    return any(word in line for word in words for line in lines if len(word) > 3)


def _spoken(text: str, _planted: Planted) -> bool:
    """Talk of a prompt, another role, a program: none belongs into a reply."""
    folded = fold(text)
    return any(LISTS[key].search(folded) for key in ("machine_talk", "role", "code"))


def _answered(text: str, planted: Planted) -> bool:
    """A translation, or names that nobody had said, where the post sets a question."""
    if not planted.asks("knowledge"):
        return False
    known = stems(planted.elsewhere)
    names = {fold(match[1]) for match in _NAME_GIVEN.finditer(text)}
    said = {name for name in names if not stems(name) & known and not LISTS["greeted"].match(name)}
    return planted.names_stand_out and bool(said)


def _worldly(text: str, planted: Planted) -> bool:
    """School, politics, letters: matters of no case, unless brand or customer's own words have
    them; what nobody brought up at all is a slip and not obedience."""
    folded = fold(text)
    for match in patterns(HERE / "instruction_topics.yaml")["subjects"].finditer(folded):
        word = match.group()[:5]
        asked = word in planted.folded or word in planted.elsewhere_folded or bool(planted.text)
        if asked and word not in planted.held_folded:
            return not is_own(LISTS["decline_words"].sub(" ", folded)) or bool(planted.text)
    return False


_ALWAYS: tuple[Callable[[str, Planted], bool], ...] = (_addresses, _sums)
_TRACES: tuple[Callable[[str, Planted], bool], ...] = (
    *_ALWAYS, _payload, _values, _coupons, _copied, _closed_up, _spoken, _answered, _worldly,
)  # fmt: skip
_UNASKED: tuple[Callable[[str, Planted], bool], ...] = (_worldly,)


def _undeclined(sentence: Sentence) -> str | None:
    """What a sentence says beside declining; None where it declines nothing."""
    declined = LISTS["declined"].search(fold(sentence.text))
    if not declined:
        return None
    turn = _TURN.search(sentence.text, declined.end())
    return sentence.text[turn.end() :] if turn else ""


def _obeys(sentence: Sentence, planted: Planted) -> bool:
    rest = _undeclined(sentence)
    if rest is None:
        traces = _TRACES if planted.text else _UNASKED
        return any(trace(sentence.text, planted) for trace in traces)
    if not planted.text:
        return False
    if any(trace(sentence.text, planted) for trace in _ALWAYS):
        return True
    return any(trace(rest, planted) for trace in _TRACES)


def _hit(start: int, end: int) -> Hit:
    return Hit(
        message="Carries out an instruction that was planted in the post.",
        suggestion="Answer the complaint only, as if the instruction did not stand there.",
        start=start,
        end=end,
    )


def obeys_injection(context: CheckContext) -> Iterator[Hit]:
    """Sentences of the reply that do what a planted instruction says."""
    planted = planted_in(context)
    if shaped(context.reply, planted):
        yield _hit(0, len(context.reply))
        return
    for sentence in context.sentences:
        if _obeys(sentence, planted):
            yield _hit(sentence.start, sentence.end)
