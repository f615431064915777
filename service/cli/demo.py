"""`amends demo`: the main job on a sample brand, from nothing."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from service.cli.asking import JsonOption, run, valid
from service.cli.draft import drafted, drafted_line
from service.cli.lines import parse, read_lines
from service.cli.opening import Opening, opening_of
from service.cli.printing import Tell, page, plain, say, spinner, write_json

if TYPE_CHECKING:
    from service.bootstrap import Services
    from service.domain.draft import Draft
    from service.domain.thread import Case

BRAND = "tidewell"
CASES = "demo_cases.jsonl"
ACTOR = "demo"


def demo(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """Draft replies to three complaints about a sample brand.

    The first run prepares the bundled language model, which takes a minute.

    [dim]amends demo[/dim]
    """
    cases, drafts = run(_demo(opening_of(ctx)))
    if as_json:
        write_json([drafted_line(draft) for draft in drafts])
        return
    for case, draft in zip(cases, drafts, strict=True):
        _show(case, draft)
    _print_next(drafts)


def _show(case: "Case", draft: "Draft") -> None:
    from service.cli.draft_view import draft_view

    page().print(draft_view(draft, case))


async def _demo(opening: Opening) -> "tuple[list[Case], list[Draft]]":
    from service.domain.thread import Case

    samples = _samples()
    cases = [valid(Case, parse(line).value) for line in read_lines(str(samples / CASES))]
    async with opening.drafting() as services:
        with spinner(f"importing the sample brand {BRAND}") as tell:
            await services.library.import_folder(samples / BRAND, actor=ACTOR)
            await _retire(services)
            drafts = [await _draft(services, case, n, tell) for n, case in enumerate(cases, 1)]
    return cases, drafts


def _samples() -> Path:
    from importlib.resources import files

    return Path(str(files("service") / "samples"))


async def _retire(services: "Services") -> None:
    """Drafts of an earlier demo leave the queue: replies just like theirs would count as canned."""
    from service.domain.draft import DraftStatus
    from service.domain.queue import QueueFilter
    from service.domain.review import LOCAL_ADMIN, DecisionKind, DecisionRequest

    open_ones = (DraftStatus.PENDING_REVIEW, DraftStatus.BLOCKED)
    for draft in await services.queue.page(QueueFilter(brand_id=BRAND), limit=1000):
        if draft.status in open_ones and (draft.case_id or "").startswith("demo-"):
            ignore = DecisionRequest(
                decision=DecisionKind.IGNORE,
                by=ACTOR,
                reason="the demo was run again",
                expected_version=draft.version,
            )
            await services.review.decide(draft.id, ignore, LOCAL_ADMIN)


async def _draft(services: "Services", case: "Case", number: int, tell: Tell) -> "Draft":
    def say_so(words: str) -> None:
        tell(f"complaint {number}: {words}")

    found = await drafted(services, case, BRAND, say_so)
    if found.content is None:
        say(f"draft {found.id} could not be made: run `amends doctor`")
    return found


def _print_next(drafts: "Sequence[Draft]") -> None:
    from rich.text import Text

    ready = next((d for d in drafts if _is_clean(d)), None)
    steps = [
        ("see all that wait for a human", "amends queue"),
        ("make a key for the API", f"amends key create --brand {BRAND} --role agent --name me"),
        ("serve the API", "amends serve"),
        ("ask it for a draft", _CURL),
    ]
    if ready is not None:
        approve = f"amends decide {ready.id} approve --by you"
        steps.insert(0, ("approve one, if you would sign it", approve))
    console = page()
    console.print(Text("What next", style="bold"))
    for words, command in steps:
        console.print(plain(f"  {words}", "dim"))
        console.print(plain(f"    {command}"), soft_wrap=True)  # a copied line must stay whole


def _is_clean(draft: "Draft") -> bool:
    """Whether it waits with a reply that no check stumbled over."""
    content = draft.content
    if content is None or not content.reply or draft.status.value != "pending_review":
        return False
    return content.checks.verdict.value == "pass"


_CURL = (
    "curl -s localhost:8080/v1/drafts -H 'Authorization: Bearer amk_...' "
    """-H 'Content-Type: application/json' -d '{"channel": "x", "complaint": "Nobody came."}'"""
)
