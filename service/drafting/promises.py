"""Promises in a reply: what is promised, and by when. Without a time there is no commitment."""

from collections.abc import Iterator
from datetime import datetime

from service.domain.commitment import PlannedCommitment
from service.drafting.promising import I_WILL, promise_start
from service.guards.quotes import without_quotes
from service.text.folding import fold
from service.text.sentences import Sentence, split_sentences
from service.text.windows import Window, find_window


def find_promises(reply: str, *, now: datetime, zone: str) -> tuple[PlannedCommitment, ...]:
    """Every dated promise in the reply, in order, without what the customer is asked to do."""
    return tuple(
        PlannedCommitment(what=sentence.text[promise_start(said) :], due_at=window.due(now, zone))
        for sentence, said, window in _promising(reply)
    )


def promising_sentences(reply: str) -> frozenset[str]:
    """The sentences that hold a dated promise, whole."""
    return frozenset(sentence.text for sentence, _, _ in _promising(reply))


def _promising(reply: str) -> Iterator[tuple[Sentence, str, Window]]:
    own = without_quotes(reply)  # an earlier promise that is quoted is not made again
    for sentence in split_sentences(reply):
        said = own[sentence.start : sentence.end]
        window = find_window(said)
        if window is not None and I_WILL.search(fold(said)):
            yield sentence, said, window
