"""Who has spoken in the thread, and what of it is still unanswered. Pure."""

from datetime import datetime

from service.domain.thread import Author, Case, Message


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


def waiting_since(case: Case) -> datetime | None:
    """When the customer first wrote what the brand has not answered yet, as far as is known."""
    since = [case.complaint.posted_at]
    for message in reversed(case.thread[: _place(case)]):
        if message.author is Author.BRAND:
            break
        if message.author is Author.CUSTOMER:
            since.append(message.posted_at)
    return min((moment for moment in since if moment is not None), default=None)


def _since(case: Case) -> tuple[Message, ...]:
    return case.thread[_place(case) + 1 :]


def _place(case: Case) -> int:
    """Where the thread holds the message; after its end where it does not."""
    places = [n for n, message in enumerate(case.thread) if case.is_complaint(message)]
    return places[-1] if places else len(case.thread)
