"""Claims of a deed done, of a finding or of a cause, that nothing vouches for."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

from service.guards.context import CheckContext, Hit
from service.guards.quotes import without_quotes
from service.guards.sources import customer_texts, open_texts, policy_texts, vouched_openly
from service.text.folding import fold
from service.text.sentences import Sentence, split_sentences
from service.text.stems import stems
from service.text.wordlists import any_of, pattern_list, patterns, read_list

LEXICON = Path(__file__).with_name("lexicon")
_DEEDS = LEXICON / "facts_deeds.yaml"
_CAUSES = LEXICON / "facts_causes.yaml"
_WORDS = LEXICON / "facts_words.yaml"


def _before(key: str, *, reach: int) -> re.Pattern[str]:
    """One of the words shortly before the end of what is searched, in the same clause."""
    words = "|".join(pattern_list(_WORDS, key))
    return re.compile(rf"(?<!\w)(?:{words})\b[^.,;!?]{{0,{reach}}}$")


_HYPOTHESIS = _before("hypothesis", reach=60)
_DENIED = _before("denied", reach=25)
_REGRET = patterns(_WORDS)["regret"]
_OPEN = re.compile(patterns(_WORDS)["open"].pattern + r"\b|\?")
_CONDITION = patterns(_WORDS)["condition"]
_PRESENT = re.compile(
    r"(?:is|it's|queda|esta)\b(?! (?:now|just|already|also|since|been|today|ya)\b)"
)
_EVENT = re.compile(r"there|we\b|our|the\b|doszlo|wystap|m[ia]|hubo|tuv|hemos|suf|es gab|gab|wir")
_OWN = re.compile(r"(?:i|we)\b")
_WORD = re.compile(r"\w+")
_RUN = 4
_MOST = 0.6


@cache
def _claims() -> dict[str, re.Pattern[str]]:
    """For each family of deeds the ways to say in four languages that it was done."""
    listed = read_list(_DEEDS)
    return {family: any_of(_forms(family)) for family in listed["participles"]}


def _lines(block: object) -> list[str]:
    return [line.strip() for line in str(block).splitlines() if line.strip()]


def _forms(family: str) -> list[str]:
    listed = read_list(_DEEDS)
    forms = "\n".join(_lines(listed["frames"]))
    for language, block in listed["participles"][family].items():
        forms = forms.replace(f"%{language}%", "|".join(_lines(block)))
    own = [*_lines(listed["polish"].get(family, "")), *_lines(listed["plain"].get(family, ""))]
    return [*_lines(forms), *own]


@cache
def _deed_stems() -> dict[str, re.Pattern[str]]:
    return {
        family: re.compile(rf"(?<!\w)(?:{listed})")
        for family, listed in read_list(_DEEDS)["stems"].items()
    }


def _is_statement(folded: str, start: int) -> bool:
    before = folded[:start]
    return not (
        folded.rstrip().endswith("?") or _HYPOTHESIS.search(before) or _DENIED.search(before)
    )


def _sentences(texts: tuple[str, ...]) -> Iterator[str]:
    for text in texts:
        yield from (fold(sentence.text) for sentence in split_sentences(text))


def _vouched_for(family: str, sentence: str, context: CheckContext) -> bool:
    """Whether a source states the same deed as done; a wish for it states nothing."""
    stem = _deed_stems().get(family)
    if stem is None:
        facts = (*vouched_openly(context), *policy_texts(context))
        return any(len(stems(sentence) & stems(fact)) >= 2 for fact in facts)
    if family == "fix" and context.case.resolved:
        return True
    said = chain(_sentences(vouched_openly(context)), _sentences(customer_texts(context.case)))
    return any(stem.search(one) and not _OPEN.search(one) for one in said)


def _recites_policy(folded: str, context: CheckContext) -> bool:
    """Whether most of the sentence stands word for word in a passage: a rule told, no deed."""
    words = _WORD.findall(folded)
    runs = [" ".join(words[n : n + _RUN]) for n in range(len(words) - _RUN + 1)]
    told = [" ".join(_WORD.findall(fold(text))) for text in policy_texts(context)]
    return any(sum(run in text for run in runs) >= _MOST * len(runs) > 0 for text in told)


def _tells_a_rule(family: str, match: re.Match[str], folded: str, context: CheckContext) -> bool:
    """ "If it was confirmed, the fee is refunded": what policy does in such a case."""
    stem = _deed_stems().get(family)
    if stem is None or not _PRESENT.match(match.group()) or not _CONDITION.search(folded):
        return False
    return any(stem.search(fold(text)) for text in policy_texts(context))


def _deed_in(sentence: Sentence, folded: str, context: CheckContext) -> Iterator[Hit]:
    for family, claim in _claims().items():
        match = claim.search(folded)
        if not match or not _is_statement(folded, match.start()):
            continue
        told = _REGRET.search(folded, 0, match.start()) and not _OWN.match(match.group())
        if told or _vouched_for(family, sentence.text, context):
            continue
        if _tells_a_rule(family, match, folded, context):
            continue
        if _recites_policy(folded, context):
            return
        yield Hit(
            message="Says that something was done or found, and nothing in the case says so.",
            suggestion="Say what happens next instead, or put the deed into `known` if it is true.",
            start=sentence.start + match.start(),
            end=sentence.start + match.end(),
        )
        return


@cache
def _cause_claim() -> re.Pattern[str]:
    leads = "|".join(pattern_list(_CAUSES, "leads"))
    return any_of([rf"(?:{leads})\b[^.!?;\n]{{0,50}}?(?<!\w)(?P<thing>{_things()})(?!\w)"])


def _things() -> str:
    return "|".join(pattern_list(_CAUSES, "things"))


def _cause_in(sentence: Sentence, folded: str, context: CheckContext) -> Iterator[Hit]:
    match = _cause_claim().search(folded)
    if not match or not _is_statement(folded, match.start()):
        return
    thing = match["thing"][:5]
    # A rule about outages vouches for no outage; it may say why parcels wait at the customs.
    general = () if _EVENT.match(match.group()) else policy_texts(context)
    if any(thing in fold(text) for text in (*open_texts(context), *general)):
        return
    yield Hit(
        message="Names a cause that neither the thread nor the known facts give.",
        suggestion="Say that you are finding out why, or put the cause into `known` if it is true.",
        start=sentence.start + match.start(),
        end=sentence.end,
    )


def find_claims(context: CheckContext) -> Iterator[Hit]:
    """Deeds, findings and causes that the reply states and nothing vouches for."""
    for sentence in split_sentences(without_quotes(context.reply)):
        folded = fold(sentence.text)
        yield from _deed_in(sentence, folded, context)
        yield from _cause_in(sentence, folded, context)
