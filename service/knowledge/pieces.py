"""What is searched: passages in pieces, the questions that lead to them, past complaints. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date

from service.domain.knowledge import PastReply, PolicyPassage, PolicyStatus
from service.knowledge.chunking import chunk
from service.store.index_plan import PAST_REPLY, POLICY, Piece

FIRST_ASK = 10_000
"""Questions count from here, so that a passage may grow without moving them."""


def passage_ref(passage: PolicyPassage) -> str:
    """What index entries call a passage."""
    return f"{passage.id}\n{passage.version}"


def pieces_of(
    policy: Sequence[PolicyPassage], past_replies: Sequence[PastReply], today: date
) -> Iterator[Piece]:
    """Every piece worth finding: what is over by now is not among them."""
    for passage in policy:
        over = passage.valid_to is not None and passage.valid_to < today
        if passage.status is PolicyStatus.ACTIVE and not over:
            yield from _of_passage(passage)
    for reply in past_replies:
        for ordinal, text in enumerate(chunk(reply.complaint)):
            yield Piece(PAST_REPLY, reply.id, ordinal, text)


def _of_passage(passage: PolicyPassage) -> Iterator[Piece]:
    ref = passage_ref(passage)
    headed = f"{passage.title}: " if passage.title else ""
    for ordinal, text in enumerate(chunk(passage.text)):
        yield Piece(POLICY, ref, ordinal, headed + text)
    for ordinal, ask in enumerate(passage.asks, start=FIRST_ASK):
        yield Piece(POLICY, ref, ordinal, ask)
