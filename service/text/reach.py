"""How far a planted order goes: what follows is its task, up to the customer's own words."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from service.text.folding import fold
from service.text.sentences import Sentence, split_sentences
from service.text.wordlists import HERE, patterns

_AFTER_CHARS = 300
_REACH_SENTENCES = 4
_REACH_CHARS = 500
_GAP = 3
_SENTENCE_END = re.compile(r"[.!?…](?=[\s\"')]|$)|\n")
_COURTESY = (
    r"and|please|pls|now|just|then|also|so|but|first|finally|next|kindly|instead|ok|okay|hey|hi"
    r"|(?:can|could|would|will) (?:you|u|someone|whoever replies)|(?:i )?(?:want|need|ask) you to"
    r"|i'd like you to|go ahead and|make sure (?:to|you)|be sure to|remember to|you must|you should"
    r"|by the way|btw|ps|p\.s\.|one (?:last|more) thing|(?:before|when) you (?:reply|answer)"
    r"|prosze|teraz|oraz|i|a|czy mozesz|mozesz|bitte|jetzt|und|dann|auch|kannst du|konnten sie"
    r"|por favor|ahora|y|luego|puedes|podrias"
)
_OPENED = re.compile(
    rf"(?:^|[.!?:;,…\n\"'|)(\]>*-]\s{{0,3}}|\W\s)(?:(?:{_COURTESY}),?:?\s){{1,3}}$"
    r"|(?:^|[.!?:;,…\n\"'|)(\]>*-]\s{0,3})$"
)
_BEFORE_CHARS = 48
# Words that only a customer with a case of their own says.
_OWN = re.compile(
    r"(?<!\w)(?:i|i'm|i've|i'd|i'll|me|my|mine|we've|our|us|your(?!self)|@\w+"
    r"|ja|mam|mi|mnie|moj\w*|moi\w*|nasz\w*|wasz\w*|nam|wam|jestem"
    r"|yo|mi|mis|me|nos|nuestr\w+|vuestr\w+|llevo|tengo|quiero"
    r"|ich|mir|mich|mein\w*|uns|unser\w*|euer|eure\w*|wir)(?!\w)"
)


def sentence_end(text: str, start: int) -> int:
    """Where the sentence ends that goes on at this place, at most a few lines later."""
    limit = min(len(text), start + _AFTER_CHARS)
    match = _SENTENCE_END.search(text, start, limit)
    return match.end() if match else limit


def starts_order(text: str, folded: str, start: int) -> bool:
    """Whether a sentence opens here, or a capital breaks into one; in a shout no capital does."""
    if text[start].isupper() and not text[start + 1 : start + 2].isupper():
        return True
    return bool(_OPENED.search(folded[max(0, start - _BEFORE_CHARS) : start]))


def is_own(folded: str) -> bool:
    """Whether a sentence belongs to the customer's case and not to a planted task."""
    return bool(_OWN.search(folded)) or bool(
        patterns(HERE / "instruction_topics.yaml")["service"].search(folded)
    )


def _is_task(folded: str) -> bool:
    """Whether a sentence behind an order goes on with it."""
    ordered = patterns(HERE / "instructions.yaml")["order_verbs"].match(folded)
    return bool(ordered) or not is_own(folded)


@dataclass(frozen=True)
class Reach:
    """A text with its sentences, and how far an order in it goes."""

    text: str
    folded: str

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The text's sentences in order."""
        return split_sentences(self.text)

    def onward(self, place: int) -> int:
        """The end of the order that reaches this place: its sentence and the task behind it."""
        reached = sentence_end(self.text, place)
        limit = place + _REACH_CHARS
        for sentence in self._behind(reached):
            if sentence.end > limit or not _is_task(fold(sentence.text)):
                break
            reached = sentence.end
        return reached

    @cached_property
    def _ends(self) -> list[int]:
        return [sentence.end for sentence in self.sentences]

    def _behind(self, place: int) -> Iterator[Sentence]:
        """The next sentences; one that an order runs into counts from where the order ends."""
        first = bisect_right(self._ends, place)
        for sentence in self.sentences[first : first + _REACH_SENTENCES]:
            start = max(sentence.start, place)
            yield Sentence(start, sentence.end, self.text[start : sentence.end].strip())

    def back(self, place: int) -> int:
        """Where an order begins whose question stands right before "ignore the above"."""
        behind = bisect_right(self._ends, place)
        before = self.sentences[behind - 1] if behind else None
        if before is None or place - before.end > _GAP or not before.text.endswith("?"):
            return place
        return place if is_own(fold(before.text)) else before.start
