"""A brand called thieves by somebody who wants back what is theirs: a complaint, put harshly.

`Thieves, give me my deposit back` is no insult to be met with house rules: it asks for something
that is owed. Where a person is insulted beside it, it is both.
"""

from dataclasses import dataclass
from pathlib import Path

from service.text.folding import fold
from service.text.wordlists import patterns
from service.triage.hate import Hostility

_FILE = Path(__file__).with_suffix(".yaml")


@dataclass(frozen=True)
class Reproach:
    """`demands`: something owed is asked for; `only`: dishonesty is all that is held against
    anybody, with no insult, threat or swearing beside it."""

    demands: bool = False
    only: bool = False


NO_REPROACH = Reproach()


def reproach_in(text: str, hostility: Hostility) -> Reproach:
    """What a text demands, and whether it says anything worse than `thieves`."""
    folded = fold(text)
    called = patterns(_FILE)["dishonest"].search(folded) is not None
    return Reproach(
        demands=patterns(_FILE)["demands"].search(folded) is not None,
        only=called and not _is_worse(hostility),
    )


def _is_worse(hostility: Hostility) -> bool:
    """The lexicon has thieves among the insults; whatever else it found is one."""
    if hostility.hate or hostility.threat or hostility.swears:
        return True
    called = (word for span in hostility.spans for word in fold(span.text).split())
    return not all(patterns(_FILE)["dishonest"].match(word) for word in called)
