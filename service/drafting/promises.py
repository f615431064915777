"""Promises in a reply: what is promised, and by when. Without a time there is no commitment."""

import re
from collections.abc import Iterator
from datetime import datetime

from service.domain.commitment import PlannedCommitment
from service.guards.quotes import without_quotes
from service.text.folding import fold
from service.text.sentences import split_sentences
from service.text.windows import find_window

# The writer speaks of what they will do; an instruction to the customer is no promise.
_I_WILL = re.compile(
    r"(?<!\w)(?:i'll|i will|i'm going to|i am going to|we'll|we will|you'll (?:hear|have|get)|"
    r"(?:and|,) will (?:write|reply|answer|be back|get back|come back|let you|update|call|ring|"
    r"confirm|tell|send|message)|a person will (?:write|answer)|"
    r"you will (?:hear|have|get)|i promise|expect (?:my|an|a)|my answer will|"
    r"odezwe sie|odpisze|odpowiem|wroce|napisze|dam znac|sprawdze|przekaze|zadzwonie|otrzymasz|"
    r"odezwiemy|damy znac|odpowiemy|"
    r"te (?:escribo|contesto|respondo|aviso|digo|llamo|escribire|respondere|contestare)|"
    r"le (?:escribo|respondo|escribire|respondere)|voy a|vamos a|vuelvo aqui|tendras|tendra|"
    r"ich (?:melde|schreibe|antworte|rufe|gebe|klare|kummere|sage|bin \w+ (?:wieder|zuruck))|"
    r"(?:melde|schreibe|antworte) (?:ich )?mich|(?:und|,) (?:melde|schreibe|antworte|bin)|"
    r"du horst|sie horen|meine antwort (?:kommt|steht)|"
    r"wir (?:melden|schreiben|antworten))"
)


def find_promises(reply: str, *, now: datetime, zone: str) -> tuple[PlannedCommitment, ...]:
    """Every dated promise in the reply, in order."""
    return tuple(_promises(reply, now, zone))


def _promises(reply: str, now: datetime, zone: str) -> Iterator[PlannedCommitment]:
    own = without_quotes(reply)  # an earlier promise that is quoted is not made again
    for sentence in split_sentences(reply):
        said = own[sentence.start : sentence.end]
        window = find_window(said)
        if window is not None and _I_WILL.search(fold(said)):
            yield PlannedCommitment(what=sentence.text, due_at=window.due(now, zone))
