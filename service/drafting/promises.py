"""Promises in a reply: what is promised, and by when. Without a time there is no commitment."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from service.domain.commitment import PlannedCommitment
from service.domain.hours import Calendar
from service.drafting.promising import I_WILL, promise_start
from service.guards.quotes import without_quotes
from service.text.folding import fold
from service.text.sentences import Sentence, split_sentences
from service.text.windows import Window, promised_time

_HALF_A_YEAR = timedelta(days=183)


def find_promises(
    reply: str, *, now: datetime, calendar: Calendar
) -> tuple[PlannedCommitment, ...]:
    """Every dated promise in the reply, in order, without what the customer is asked to do.

    A time of today that is over is still promised; a date that is over tells what was.
    """
    timed = ((*found, found[2].due(now, calendar)) for found in _promising(reply))
    return tuple(
        PlannedCommitment(what=sentence.text[promise_start(said) :], due_at=due_at)
        for sentence, said, window, due_at in timed
        if _is_ahead(window, due_at, now)
    )


def _is_ahead(window: Window, due_at: datetime, now: datetime) -> bool:
    """A day tells what was where it is over, or, without a "by", most of a year away."""
    if window.on is None:
        return True
    return now < due_at and (window.on.is_deadline or due_at - now < _HALF_A_YEAR)


def promised_from(
    now: datetime,
    planned: Sequence[PlannedCommitment],
    reply: str,
    *,
    made_at: datetime,
    calendar: Calendar,
) -> tuple[PlannedCommitment, ...]:
    """The planned promises as the customer will read them: "tomorrow" is the day after `now`.

    A date that is over by now stays what it was. One that we can't read in the text has as long
    from now as it had when it was made.
    """
    read = {one.what: one.due_at for one in find_promises(reply, now=now, calendar=calendar)}
    before = {one.what for one in find_promises(reply, now=made_at, calendar=calendar)}

    def due(promise: PlannedCommitment) -> datetime | None:
        if promise.what in before and promise.what not in read:
            return promise.due_at
        return read.get(promise.what) or (promise.due_at and promise.due_at + (now - made_at))

    return tuple(promise.model_copy(update={"due_at": due(promise)}) for promise in planned)


def promising_sentences(reply: str) -> frozenset[str]:
    """The sentences that hold a dated promise, whole."""
    return frozenset(sentence.text for sentence, _, _ in _promising(reply))


def _promising(reply: str) -> Iterator[tuple[Sentence, str, Window]]:
    own = without_quotes(reply)  # an earlier promise that is quoted is not made again
    for sentence in split_sentences(reply):
        said = own[sentence.start : sentence.end]
        if I_WILL.search(fold(said)) and (window := promised_time(said, I_WILL)):
            yield sentence, said, window
