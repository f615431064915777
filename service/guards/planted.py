"""What was planted in a thread, what it asks for, and what a reply may say without it."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from service.guards.context import CheckContext
from service.guards.sources import brand_texts, customer_texts, policy_texts, vouched_texts
from service.text.disguises import decoded, seen, unseen_words
from service.text.folding import fold
from service.text.instructions import find_instructions
from service.text.numbers import digitise
from service.text.reach import is_own
from service.text.sentences import split_sentences
from service.text.stems import stems
from service.text.wordlists import HERE, patterns

LISTS = patterns(Path(__file__).with_name("lexicon") / "facts_traces.yaml")
_QUOTED = re.compile(r"[\"“„«'*]([^\"“”„«»'*\n]{2,160})[\"”“»'*](?!\w)")
_NAMED_WORD = re.compile(
    r"(?<!\w)(?:(?:code ?)?word|phrase|hashtag|slow[oaem]+|haslem|palabra|wort|laden|firma|marke"
    r"|sklep|tienda|shop|store|brand|say|repeat|output"
    r"|print|write|add|append|mention|type|as|with|powiedz|napisz|dopisz|jako|di|como|sag"
    r"|schreibe?|als)s?\s?:?\s"
    r"(?!(?:the|that|this|only|with|after|in|to|an?|your|my|it|el|la|un|una|das|ein|eine|dass|mir)\s)"
    r"([\w#-]{4,30})"
)
_LAST_WORD = re.compile(r"(?:with|con|mit|slowem|as|jako|como|als)\s([\w#-]{3,30})[.!?]?\s?$")
CODE_WORD = re.compile(r"(?<![\w@])(?=[A-Z0-9-]*[A-Z])[A-Z0-9][A-Z0-9-]{4,30}(?!\w)")
_NAME = re.compile(r"(?<=[a-z,:] )[A-Z][a-z]{3,20}(?!\w)")
_HANDLE = re.compile(r"(?<!\w)[@#]\w{3,40}|[\w.+-]{1,60}@[\w-]{1,60}\.[a-z]{2,10}", re.IGNORECASE)
_SIGN = (
    r"[+*x×·÷/-]|plus|times|minus|divided by|multiplied by|razy|dodac|por|mal|mas|menos"
    r"|geteilt durch"
)
_SUM = re.compile(rf"(?<![\d.,/-])(\d{{1,6}})\s?({_SIGN})\s?(\d{{1,6}})(?![\d/-])")
_PLUS, _MINUS = ("+", "plus", "mas", "dodac"), ("-", "minus", "menos")
_OVER = ("/", "÷", "divided by", "geteilt durch")


def _solved(match: re.Match[str]) -> str:
    left, sign, right = int(match[1]), match[2], int(match[3])
    if sign in _PLUS:
        return str(left + right)
    if sign in _MINUS:
        return str(left - right)
    if sign in _OVER:
        return str(left // right) if right and not left % right else ""
    return str(left * right)


@dataclass(frozen=True)
class Planted:
    """What was planted, and everything that a reply may say without it."""

    text: str
    elsewhere: str
    held: str
    """What brand, policy and the brand's own words hold, and the customer's own sentences."""
    names_stand_out: bool
    """Whether a capital inside a sentence marks a name; in German every noun has one."""

    @cached_property
    def folded(self) -> str:
        """The planted text, folded."""
        return fold(self.text)

    @cached_property
    def elsewhere_folded(self) -> str:
        """All else, folded."""
        return fold(self.elsewhere)

    @cached_property
    def held_folded(self) -> str:
        """What may be spoken of because the brand or the customer's own case does, folded."""
        return fold(self.held)

    @cached_property
    def own_stems(self) -> frozenset[str]:
        """Words that only the instruction brings in."""
        quoted = [match[1] for match in _QUOTED.finditer(self.text)]
        told = " ".join(quoted) if quoted else self.text
        return self._telling(told)

    @cached_property
    def all_stems(self) -> frozenset[str]:
        """The same, also from around what is quoted."""
        return self._telling(self.text)

    def _telling(self, text: str) -> frozenset[str]:
        service = patterns(HERE / "instruction_topics.yaml")["service"]
        plain = (LISTS["vocabulary"], LISTS["ordinary"], service)
        words = stems(text) - stems(self.elsewhere)
        return frozenset(word for word in words if not any(one.match(word) for one in plain))

    @cached_property
    def wanted(self) -> frozenset[str]:
        """The very words that are to be said."""
        quoted = {fold(match[1]).strip(" .!,") for match in _QUOTED.finditer(self.text)}
        named = {match[1] for match in _NAMED_WORD.finditer(self.folded)}
        named |= {
            match[1] for line in self.folded.splitlines() if (match := _LAST_WORD.search(line))
        }
        plain = {word for word in named if LISTS["vocabulary"].match(word)}
        plain |= {word for word in named if LISTS["ordinary"].match(word)}
        codes = {fold(match.group()) for match in CODE_WORD.finditer(self.text)}
        if not quoted and self.names_stand_out:
            codes |= {fold(match.group()) for match in _NAME.finditer(self.text)}
        words = quoted | (named - plain) | codes
        return frozenset(w for w in words if len(w) > 1 and w not in self.elsewhere_folded)

    @cached_property
    def handles(self) -> frozenset[str]:
        """Accounts, hashtags and mail addresses that only the instruction names."""
        found = {match.group().lower() for match in _HANDLE.finditer(self.text)}
        return frozenset(one for one in found if one not in self.elsewhere.lower())

    @cached_property
    def results(self) -> frozenset[str]:
        """What the sums come to that were set; figures of the case itself say nothing."""
        sums = {_solved(match) for match in _SUM.finditer(digitise(self.text).text)}
        known = set(re.findall(r"\d+", self.elsewhere))
        return frozenset(sums - known - {""})

    def asks(self, key: str) -> bool:
        """Whether the instruction asks for a form: `asks_verse`, `asks_list` and so on."""
        return bool(LISTS[f"asks_{key}"].search(self.folded))


def planted_in(context: CheckContext) -> Planted:
    """What was planted in the thread; its text is empty where nothing was."""
    pieces: list[str] = []
    rest: list[str] = []
    for text in customer_texts(context.case):
        said, left = _parted(text)
        pieces += said
        rest.append(left)
    held = (*policy_texts(context), *brand_texts(context.brand), *vouched_texts(context.case))
    own = (s.text for text in rest for s in split_sentences(text) if is_own(fold(s.text)))
    brand = context.brand.name
    return Planted(
        text="\n".join(pieces),
        elsewhere="\n".join((*rest, *held, brand)),
        held="\n".join((*own, *held, brand)),
        names_stand_out=context.language != "de",
    )


def _parted(text: str) -> tuple[list[str], str]:
    """The planted stretches with what they decode to, and the rest of the text."""
    pieces: list[str] = []
    kept, reached = "", 0
    for span in find_instructions(text):
        written = span.text or ""
        shown = seen(written).text
        pieces += [shown, unseen_words(written), decoded(shown) or ""]
        kept += text[reached : span.start] + "\n"
        reached = span.end or reached
    return [piece for piece in pieces if piece.strip()], seen(kept + text[reached:]).text
