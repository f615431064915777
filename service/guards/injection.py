"""Traces in a reply of instructions that were planted in the thread."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from service.guards.context import CheckContext, Hit
from service.guards.links import addresses_in
from service.guards.sources import brand_texts, customer_texts, policy_texts, vouched_texts
from service.text.folding import fold
from service.text.instructions import decoded, find_instructions
from service.text.sentences import Sentence
from service.text.specifics import SpecificKind, find_specifics, granted_by
from service.text.stems import stems
from service.text.wordlists import patterns

_LISTS = patterns(Path(__file__).with_name("lexicon") / "facts_traces.yaml")
_QUOTED = re.compile(r"[\"“„«']([^\"“”„«»'\n]{2,120})[\"”“»'](?!\w)")
_NAMED_WORD = re.compile(
    r"(?:(?:code ?)?word|phrase|hashtag|slow[oa]|palabra|wort|say|repeat|output|print|powiedz"
    r"|napisz|di|sag)s?\s?:?\s(?!(?:the|that|this|only|with|after|in|to|a)\s)([\w#-]{4,30})"
)
_CODE_WORD = re.compile(r"(?<![\w@])(?=[A-Z0-9-]*[A-Z])[A-Z0-9][A-Z0-9-]{4,30}(?!\w)")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,20}(?!\w)")
_SIGN = r"[+*x×·-]|plus|times|minus|razy|por|mal|mas"
_SUM = re.compile(rf"(?<![\d.,/-])(\d{{1,6}})\s?({_SIGN})\s?(\d{{1,6}})(?![\d/-])")
_ONE_WORD = re.compile(
    r"one word|single word|only (?:with )?(?:the word )?[\"']?(?:yes|no|ok)\b|jednym slowem"
    r"|una sola palabra|einem wort"
)
_CAPITALS = re.compile(
    r"all caps|capital letters|uppercase|wielkimi literami|mayusculas|gro(?:ss|ß)buchstaben"
)
_LEAST_STEMS = 2
_RUN = 4
_JUDGED = {SpecificKind.AMOUNT, SpecificKind.PERCENTAGE, SpecificKind.REFERENCE}


@dataclass(frozen=True)
class _Planted:
    """What was planted, and everything that a reply may say without it."""

    text: str
    elsewhere: str
    names_stand_out: bool
    """Whether a capital inside a sentence marks a name; in German every noun has one."""

    @cached_property
    def folded(self) -> str:
        return fold(self.text)

    @cached_property
    def own_stems(self) -> frozenset[str]:
        """Words that only the instruction brings in."""
        quoted = [match[1] for match in _QUOTED.finditer(self.text)]
        told = " ".join(quoted) if quoted else self.text
        words = stems(told) - stems(self.elsewhere)
        return frozenset(word for word in words if not _LISTS["vocabulary"].match(word))


def _planted(context: CheckContext) -> _Planted | None:
    pieces: list[str] = []
    rest: list[str] = []
    for text in customer_texts(context.case):
        spans = find_instructions(text)
        pieces += [span.text or "" for span in spans]
        pieces += [plain for span in spans if (plain := decoded(span.text or ""))]
        reached = 0
        for span in spans:
            rest.append(text[reached : span.start or 0])
            reached = span.end or 0
        rest.append(text[reached:])
    if not pieces:
        return None
    held = (*policy_texts(context), *brand_texts(context.brand), *vouched_texts(context.case))
    return _Planted(
        "\n".join(pieces), "\n".join((*rest, *held, context.brand.name)), context.language != "de"
    )


def _wanted_words(planted: _Planted) -> set[str]:
    quoted = {fold(match[1]).strip(" .!,") for match in _QUOTED.finditer(planted.text)}
    named = {match[1] for match in _NAMED_WORD.finditer(planted.folded)}
    codes = {fold(match.group()) for match in _CODE_WORD.finditer(planted.text)}
    if not quoted and planted.names_stand_out:
        codes |= {fold(match.group()) for match in _NAME.finditer(planted.text)}
    elsewhere = fold(planted.elsewhere)
    return {word for word in quoted | named | codes if len(word) > 1 and word not in elsewhere}


def _payload(sentence: Sentence, planted: _Planted) -> bool:
    """The very words that the instruction wants to read."""
    folded = fold(sentence.text)
    return any(
        re.search(rf"(?<!\w){re.escape(word)}(?!\w)", folded) for word in _wanted_words(planted)
    )


def _addresses(sentence: Sentence, planted: _Planted) -> bool:
    wanted = {address.lower() for _, address in addresses_in(planted.text)}
    return any(address.lower() in wanted for _, address in addresses_in(sentence.text))


def _values(sentence: Sentence, planted: _Planted) -> bool:
    wanted = granted_by((planted.text,)) - granted_by((planted.elsewhere,))
    return any(
        one.readings & wanted for one in find_specifics(sentence.text) if one.kind in _JUDGED
    )


def _solved(match: re.Match[str]) -> str:
    left, sign, right = int(match[1]), match[2], int(match[3])
    if sign in ("+", "plus", "mas"):
        return str(left + right)
    return str(left - right if sign in ("-", "minus") else left * right)


def _sums(sentence: Sentence, planted: _Planted) -> bool:
    """The result of a sum that the post sets; figures of the case itself say nothing."""
    results = {_solved(match) for match in _SUM.finditer(planted.folded)}
    shown = set(re.findall(r"(?<![\d.,])\d+(?![\d.,]\d)", sentence.text))
    return bool(results & shown)


def _word_runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", fold(text))
    return {tuple(words[place : place + _RUN]) for place in range(len(words) - _RUN + 1)}


def _copied(sentence: Sentence, planted: _Planted) -> bool:
    """Four words in a row, or two telling words, that only the instruction brings in."""
    shared = stems(sentence.text) & planted.own_stems
    runs = _word_runs(sentence.text) & _word_runs(planted.text)
    return len(shared) >= _LEAST_STEMS or bool(shared and runs)


def _spoken(sentence: Sentence, _planted: _Planted) -> bool:
    """Talk of a prompt, another role, a program: none belongs into a reply."""
    folded = fold(sentence.text)
    return any(_LISTS[key].search(folded) for key in ("machine_talk", "role", "code"))


_TRACES: tuple[Callable[[Sentence, _Planted], bool], ...] = (
    _payload,
    _addresses,
    _values,
    _sums,
    _copied,
    _spoken,
)


def _shaped(reply: str, planted: _Planted) -> bool:
    """The whole reply takes the form that was ordered."""
    letters = [char for char in reply if char.isalpha()]
    if _ONE_WORD.search(planted.folded) and len(reply.split()) <= 3:
        return True
    return bool(letters) and bool(_CAPITALS.search(planted.folded)) and reply.upper() == reply


def _hit(start: int, end: int) -> Hit:
    return Hit(
        message="Carries out an instruction that was planted in the post.",
        suggestion="Answer the complaint only, as if the instruction did not stand there.",
        start=start,
        end=end,
    )


def obeys_injection(context: CheckContext) -> Iterator[Hit]:
    """Sentences of the reply that do what a planted instruction says."""
    planted = _planted(context)
    if planted is None:
        return
    if _shaped(context.reply, planted):
        yield _hit(0, len(context.reply))
        return
    for sentence in context.sentences:
        if _LISTS["declined"].search(fold(sentence.text)):
            continue
        if any(trace(sentence, planted) for trace in _TRACES):
            yield _hit(sentence.start, sentence.end)
