"""An English sentence of a customer, turned round: what is "I" and "your" to them is "you" and
"our" to the brand. By words, not by grammar: "you" is told from its neighbours to be "we" or "us".
"""

import re
from functools import cache

from service.text.wordlists import HERE, read_list

_FILE = HERE / "persons.yaml"
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_ADDRESSED = frozenset({"you", "u", "ya"})
_I = "i"


@cache
def _turned(key: str) -> dict[str, str]:
    found: dict[str, str] = read_list(_FILE)[key]
    return found


@cache
def _listed(key: str) -> frozenset[str]:
    return frozenset(read_list(_FILE)[key].split())


def turned_round(sentence: str) -> str:
    """The sentence as the one who was spoken to would say it back."""
    text = sentence.replace("’", "'")
    words = list(_WORD.finditer(text))
    if not words:
        return text
    said, done = [text[: words[0].start()]], ""
    for word, after in zip(words, [*words[1:], None], strict=True):
        gap = text[word.end() : after.start() if after else len(text)]
        heard = word[0].lower()
        following = after[0].lower() if after and gap.isspace() else ""
        said += [_said(word[0], heard, done, following, first=word is words[0]), gap]
        done = heard if not gap.strip() else ""
    return "".join(said)


def _said(word: str, heard: str, before: str, after: str, *, first: bool) -> str:
    turned = _of(heard, before, after)
    if turned is None:
        return word
    return turned[0].upper() + turned[1:] if first else turned


def _of(heard: str, before: str, after: str) -> str | None:
    if heard in _ADDRESSED:
        listening = before in _listed("before_us") or (
            before and (not after or after in _listed("after_us"))
        )
        return "us" if listening else "we"
    if before == _I and heard in _turned("after_i"):
        return _turned("after_i")[heard]
    return _turned("turned").get(heard)
