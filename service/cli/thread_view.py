"""What was said in a thread, as a person reads it at a terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.padding import Padding

from service.cli.printing import plain

if TYPE_CHECKING:
    from service.domain.draft import Draft
    from service.domain.thread import Case, ThreadMessage, ThreadState

_AROUND = 10
"""How many messages are shown on each side of a draft's complaint."""


def thread_view(state: "ThreadState", messages: "Sequence[ThreadMessage]") -> RenderableType:
    """A whole thread, the oldest message first."""
    words = [state.channel.value.replace("_", " "), state.brand_id]
    if state.resolved_at is not None:
        words.append(f"solved {state.resolved_at:%d %b %Y %H:%M} UTC by {state.resolved_by or '?'}")
    if state.closed_at is not None:
        words.append(f"closed {state.closed_at:%d %b %Y %H:%M} UTC")
    head = plain(state.id, "bold")
    head.append_text(plain("".join(f" · {word}" for word in words), "dim"))
    return Group(head, *(_message(message) for message in messages))


def before_and_since(
    draft: "Draft", case: "Case", messages: "Sequence[ThreadMessage]"
) -> tuple[list[RenderableType], list[RenderableType]]:
    """What was said before the complaint that a draft answers, and what came behind it."""
    earlier, later = _around(draft, case, messages)
    before = [_message(one) for one in earlier[-_AROUND:]]
    since = [_message(one) for one in later[:_AROUND]]
    head = [plain("since then", "dim")] if since else []
    cut_before = _left_out(len(earlier) - len(before), "earlier", draft)
    cut_since = _left_out(len(later) - len(since), "later", draft)
    return [*cut_before, *before], [*head, *since, *cut_since]


def _around(
    draft: "Draft", case: "Case", messages: "Sequence[ThreadMessage]"
) -> "tuple[Sequence[ThreadMessage], Sequence[ThreadMessage]]":
    place = next((n for n, one in enumerate(messages) if case.is_complaint(one)), None)
    if place is not None:
        return messages[:place], messages[place + 1 :]
    # Its author took the complaint down or wrote it anew: what had come by then was before it.
    earlier = [one for one in messages if one.came_at <= draft.created_at]
    return earlier, [one for one in messages if one.came_at > draft.created_at]


def _message(message: "ThreadMessage") -> RenderableType:
    name = message.author_name or message.author_handle
    who = f"{name}, {message.author.value}" if name else message.author.value
    when = f"{message.posted_at or message.came_at:%d %b %Y %H:%M} UTC"
    approved = f" · approved here as {message.draft_id}" if message.draft_id else ""
    return Group(
        plain(f"{who} · {when}{approved}", "dim"),
        Padding(plain(message.text.strip()), (0, 0, 0, 2)),
    )


def _left_out(count: int, which: str, draft: "Draft") -> list[RenderableType]:
    if not count:
        return []
    words = f"{count} {which} {'message' if count == 1 else 'messages'}"
    command = f"amends threads show {draft.thread_id} --brand {draft.brand_id}"
    return [plain(f"{words}: {command}", "dim")]
