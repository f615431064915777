"""A draft as a reviewer reads it at a terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from service.cli.printing import plain
from service.cli.thread_view import before_and_since

if TYPE_CHECKING:
    from service.domain.checks import CheckReport, Finding
    from service.domain.draft import Draft, DraftContent
    from service.domain.review import Decision
    from service.domain.team import HandOver
    from service.domain.thread import Case, ThreadMessage

COLOURS = {
    "pass": "green",
    "info": "cyan",
    "warn": "yellow",
    "block": "red",
    "pending_review": "cyan",
    "approved": "green",
    "blocked": "red",
    "failed": "red",
    "escalated": "yellow",
}


def draft_view(
    draft: "Draft",
    case: "Case | None" = None,
    *,
    thread: "Sequence[ThreadMessage] | None" = None,
) -> RenderableType:
    """The complaint, the reply, and what a human needs to judge it; the thread around it, if
    given."""
    parts: list[RenderableType] = [_head(draft, case)]
    if case is not None and thread is not None:
        before, since = before_and_since(draft, case, thread)
        parts += [plain(f"thread {draft.thread_id}", "dim"), *before, _complaint(case), *since]
    elif case is not None:
        parts.append(_complaint(case))
    if draft.content is None:
        return Group(*parts, Text("There is no reply yet.", style="dim"))
    return Group(*parts, _reply(draft, draft.content), _facts(draft.content))


def report_view(report: "CheckReport") -> RenderableType:
    """A verdict with every finding in words."""
    return Group(_verdict(report), *(_finding(found) for found in report.findings))


def decisions_view(decisions: "list[Decision]") -> RenderableType:
    """What humans did with a draft, oldest first, with their reason or what an edit changed."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for taken in decisions:
        when = taken.decided_at.strftime("%Y-%m-%d %H:%M")
        table.add_row(
            Text(when, style="dim"),
            taken.decision.value,
            plain(f"by {taken.by}"),
            plain(taken.reason or ", ".join(kind.replace("_", " ") for kind in taken.edit_kinds)),
        )
    return table


def hand_overs_view(hand_overs: "list[HandOver]") -> RenderableType:
    """Who had a draft, oldest first, with what they were told."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for done in hand_overs:
        table.add_row(
            Text(f"{done.at:%Y-%m-%d %H:%M}", style="dim"),
            plain(f"{done.from_person or 'nobody'} to {done.to_person}"),
            plain(f"by {done.by}"),
            plain(done.note or ""),
        )
    return table


def coloured(word: str) -> Text:
    """A status or a verdict in its colour."""
    return Text().append(word.replace("_", " "), style=COLOURS.get(word, "default"))


def _head(draft: "Draft", case: "Case | None") -> Text:
    head = Text().append(draft.id, style="bold")
    head.append("  ").append_text(coloured(draft.status.value))
    words: list[str | None] = []
    if case is not None:
        author = case.complaint.author_name or case.complaint.author_handle
        words += [case.channel.value.replace("_", " "), author]
    if draft.version > 1:
        words.append(f"version {draft.version}")
    if draft.deadline_at is not None:
        words.append(f"due {draft.deadline_at.strftime('%d %b %H:%M')} UTC")
    if draft.assignee is not None:
        words.append(f"with {draft.assignee}")
    for word in filter(None, words):
        head.append(" · ", style="dim").append_text(plain(word, "dim"))
    if line := _way_on(draft):
        head.append_text(plain(f"\n{line}", "yellow"))
    return head


def _way_on(draft: "Draft") -> str | None:
    """Why nothing can be decided on it, and what can be done."""
    from service.domain.draft import REDRAFTED

    if draft.status.value == "superseded":
        return draft.stale_reason
    why = draft.stale_reason or f"it was {draft.status.value}"
    again = draft.status in REDRAFTED
    return f"{why}: amends redraft {draft.id}" if again else None


def _complaint(case: "Case") -> RenderableType:
    return Padding(plain(case.complaint.text.strip(), "italic"), (1, 2))


def _reply(draft: "Draft", content: "DraftContent") -> RenderableType:
    if content.reply is None:
        return Padding(Text("No reply is due here: confirm with `ignore`.", style="dim"), (1, 0))
    title = "holding reply" if content.holding else "reply"
    by = f", edited by {draft.edited_by}" if draft.edited_by else ""
    return Panel(
        plain(content.reply),
        title=plain(title + by),
        title_align="left",
        border_style=COLOURS[content.checks.verdict.value],
        padding=(0, 2),
    )


def _facts(content: "DraftContent") -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 1))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, words in _rows(content):
        table.add_row(name, words)
    return Padding(table, (0, 0, 1, 0))


def _rows(content: "DraftContent") -> list[tuple[str, RenderableType]]:
    move = plain(content.move.kind.value.replace("_", " "), "bold")
    move.append_text(plain(f": {content.move.reason}"))
    if content.move.owner:
        move.append_text(plain(f" ({content.move.owner})"))
    rows: list[tuple[str, RenderableType]] = [("move", move)]
    if content.holding_reason:
        rows.append(("held because", plain(content.holding_reason)))
    rows.append(("policy", _policy(content)))
    rows.append(("checks", report_view(content.checks)))
    for promise in content.commitments:
        due = f" (due {promise.due_at:%Y-%m-%d %H:%M} UTC)" if promise.due_at else ""
        rows.append(("promise", plain(promise.what + due)))
    rows += [("find out", plain(fact)) for fact in content.missing_facts]
    rows += [("time", _times(content)), ("model", plain(_model(content)))]
    return rows


def _policy(content: "DraftContent") -> RenderableType:
    titles = {(p.id, p.version): p.title for p in content.evidence.policy}
    cited: list[RenderableType] = []
    for citation in content.citations:
        ref = (citation.policy_id, citation.policy_version)
        line = plain(f"“{citation.sentence}”", "italic").append(" → ", style="dim")
        line.append_text(plain(f"{'@'.join(ref)} ", "bold"))
        cited.append(line.append_text(plain(titles.get(ref, ""))))
    if cited:
        return Group(*cited)
    seen = ", ".join(f"{p.id}@{p.version}" for p in content.evidence.policy)
    return plain(f"none cited; seen: {seen}" if seen else "none was found", "dim")


def _verdict(report: "CheckReport") -> Text:
    line = coloured(report.verdict.value)
    found = len(report.findings)
    words = "no findings" if not found else f"{found} finding{'' if found == 1 else 's'}"
    return line.append(f", {words} in {len(report.checks_run)} checks", style="dim")


def _finding(finding: "Finding") -> RenderableType:
    line = coloured(finding.severity.value).append(f" {finding.check} ", style="bold")
    if finding.span.text:
        line.append_text(plain(f"“{finding.span.text}” ", "italic"))
    line.append_text(plain(finding.message))
    return line.append_text(plain(f" {finding.suggestion}", "dim"))


def _times(content: "DraftContent") -> Text:
    total = sum(timing.seconds for timing in content.timings)
    parts = ", ".join(f"{timing.stage} {timing.seconds:.1f}" for timing in content.timings)
    return Text(f"{total:.1f} s").append(f" ({parts})" if parts else "", style="dim")


def _model(content: "DraftContent") -> str:
    """What was asked, how often, and for how many tokens."""
    tried = content.attempts
    asked = sum(attempt.usage.prompt_tokens for attempt in tried)
    written = sum(attempt.usage.completion_tokens for attempt in tried)
    prompt = content.provenance.prompt
    if not any(attempt.model for attempt in tried):
        return "not asked"
    times = "1 attempt" if len(tried) == 1 else f"{len(tried)} attempts"
    return f"{content.provenance.model}, {prompt}, {times}, {asked} tokens read, {written} written"
