"""Who has spoken in the thread, and what of it is still unanswered. Pure."""

from collections.abc import Iterator
from datetime import datetime

from service.domain.thread import Author, Case, Message
from service.triage.answering import answers, chases, left_open, settles


def answered_by(case: Case) -> Author | None:
    """Who else has answered this message since: the brand, or anybody beside the customer."""
    since = _since(case)
    return next((m.author for m in reversed(since) if m.author is not Author.CUSTOMER), None)


def asked_before(case: Case) -> bool:
    """Whether the customer wrote before and the brand has not answered since."""
    before = case.thread[: _place(case)]
    turns = [message.author for message in before if message.author is not Author.OTHER]
    return bool(turns) and turns[-1] is Author.CUSTOMER


def unanswered_before(case: Case) -> tuple[str, ...]:
    """What the customer wrote before and the brand has not answered, oldest first."""
    said: list[str] = []
    last = Author.CUSTOMER
    for message in case.thread[: _place(case)]:
        # What the brand says right behind somebody else may be said to them.
        if message.author is Author.BRAND and last is not Author.OTHER:
            said.clear()
        elif message.author is Author.CUSTOMER:
            said.append(message.text)
        last = message.author
    return tuple(said)


def open_before(case: Case) -> tuple[str, ...]:
    """What the customer told before that may be open still, oldest first: a danger is not over
    because somebody said that they are sorry.

    It is closed where the brand gave a real answer and the customer then goes on about something
    else, or where the customer says that it is settled. Who chases ("hello?", "nobody has rung")
    keeps it open, for then the answer came to nothing.
    """
    told: list[str] = []
    answered, last = False, Author.CUSTOMER
    for author, text in _turns_to(case):
        if author is Author.CUSTOMER:
            if not chases(text) and (answered or settles(text)):
                told.clear()
            answered = False
            told.append(left_open(text))
        # As above: right behind somebody else it may be said to them.
        elif author is Author.BRAND and last is not Author.OTHER:
            answered = answered or answers(text)
        last = author
    return tuple(text for text in told[:-1] if text)


def waiting_since(case: Case) -> datetime | None:
    """When the customer first wrote what the brand has not answered yet, as far as is known."""
    since = [case.complaint.posted_at]
    for message in reversed(case.thread[: _place(case)]):
        if message.author is Author.BRAND:
            break
        if message.author is Author.CUSTOMER:
            since.append(message.posted_at)
    return min((moment for moment in since if moment is not None), default=None)


def _turns_to(case: Case) -> Iterator[tuple[Author, str]]:
    """Who wrote what, up to the message that is answered and with it."""
    yield from ((message.author, message.text) for message in case.thread[: _place(case)])
    yield Author.CUSTOMER, case.complaint.text


def _since(case: Case) -> tuple[Message, ...]:
    return case.thread[_place(case) + 1 :]


def _place(case: Case) -> int:
    """Where the thread holds the message; after its end where it does not."""
    places = [n for n, message in enumerate(case.thread) if case.is_complaint(message)]
    return places[-1] if places else len(case.thread)
