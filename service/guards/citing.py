"""Which policy passage carries which sentence of a reply."""

import math
import re
from collections import Counter

from service.domain.checks import Citation
from service.domain.knowledge import FoundPassage
from service.guards.context import CheckContext
from service.guards.shares import shares_in
from service.text.folding import fold
from service.text.reading import SpecificKind
from service.text.specifics import find_specifics
from service.text.stems import stems

_VAGUE = {SpecificKind.COUNT, SpecificKind.NUMBER, SpecificKind.WEEKDAY}
_LEAST_WORDS = 3
# What the writer does next rests on nobody's policy, unless it names a value of it.
_OWN_STEP = re.compile(
    r"(?:i'm|i am|i'll|i will|you'll hear|sprawdzam|wyjasniam|odezwe|napisze|te escribo|voy a|"
    r"estoy|ich (?:melde|schreibe|prufe|klare|kummere))\b"
)
_LEAST_COVER = 0.4


def _values(text: str) -> frozenset[str]:
    telling = (one for one in find_specifics(text) if one.kind not in _VAGUE)
    return shares_in(text).union(*(one.grants for one in telling))


def _readings(text: str) -> list[frozenset[str]]:
    told = [one.readings for one in find_specifics(text) if one.kind not in _VAGUE]
    return [*told, *(frozenset({share}) for share in sorted(shares_in(text)))]


class _Passages:
    """The passages in play with the weight of each word among them."""

    def __init__(self, found: tuple[FoundPassage, ...]) -> None:
        self.found = found
        self.words = [stems(f"{one.title} {one.text}") for one in found]
        self.values = [_values(f"{one.title}. {one.text}") for one in found]
        counts = Counter(word for words in self.words for word in words)
        self.weight = {word: math.log(1 + len(found) / seen) for word, seen in counts.items()}
        self.top = max((one.score for one in found), default=0.0)

    def score(self, place: int, sentence: str, language: str) -> float:
        """How well a passage carries a sentence; 0 where it does not."""
        own = stems(sentence)
        shared = own & self.words[place]
        alike = [one for one in _readings(sentence) if one & self.values[place]]
        weight = sum(self.weight[word] for word in shared)
        if alike:
            signals = len(shared) + len(alike) - 1 + self._stands_out(place, alike, language)
            return 2 * len(alike) + weight if signals else 0.0
        if _OWN_STEP.match(fold(sentence)):
            return 0.0
        covers = len(shared) >= max(_LEAST_WORDS, math.ceil(_LEAST_COVER * len(own)))
        return weight if covers else 0.0

    def carriers(self, sentence: str, scores: list[float]) -> list[int]:
        """The passage that carries the sentence best, and those that alone hold a value of it."""
        best = max(range(len(scores)), key=scores.__getitem__)
        if scores[best] <= 0:
            return []
        carrying = [best]
        for one in _readings(sentence):
            if any(one & self.values[place] for place in carrying):
                continue
            holders = [place for place, held in enumerate(self.values) if one & held]
            if len(holders) == 1 or any(scores[place] > 0 for place in holders):
                carrying.append(max(holders, key=scores.__getitem__))
        return carrying

    def _stands_out(self, place: int, alike: list[frozenset[str]], language: str) -> bool:
        """Across languages no words meet: then the best found passage may carry its value alone."""
        passage = self.found[place]
        holders = sum(any(one & values for one in alike) for values in self.values)
        return passage.language != language and holders == 1 and passage.score >= self.top


def cite(context: CheckContext) -> tuple[Citation, ...]:
    """For each sentence that policy carries, the passage that carries it best."""
    if not context.policy:
        return ()
    passages = _Passages(context.policy)
    cited: list[Citation] = []
    for sentence in context.sentences:
        scores = [
            passages.score(place, sentence.text, context.language)
            for place in range(len(context.policy))
        ]
        cited += [
            Citation(
                sentence=sentence.text,
                policy_id=context.policy[place].id,
                policy_version=context.policy[place].version,
            )
            for place in passages.carriers(sentence.text, scores)
        ]
    return tuple(cited)
