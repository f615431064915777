"""A promise that is due, in the words in which a prompt tells of it. Pure."""

from zoneinfo import ZoneInfo

from service.domain.thread import DuePromise
from service.text.fences import escape

_LATE = "That time has passed: own the delay first, in one sentence and without an excuse."
_NOTHING_NEW = (
    "Nothing is known about it yet: say that it is still being looked into, and give a new time."
)


def promised(due: DuePromise, *, overdue: bool, zone: str) -> str:
    """What was promised, whether it is late, and what became known since."""
    when = due.due_at.astimezone(ZoneInfo(zone))
    told = due.progress is not None and not due.progress.private
    words = (
        f"You promised this customer: “{escape(due.what)}”, due on {when:%A %d %B at %H:%M}.",
        _LATE if overdue else "",
        f"Known since then: {escape(due.progress.text)}" if due.progress and told else _NOTHING_NEW,
    )
    return " ".join(filter(None, words))
