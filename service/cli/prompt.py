"""`amends prompt`: look at prompts, see what a model will see, release them for good."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.cli.asking import BrandOption, JsonOption, run
from service.cli.lines import Answer
from service.cli.opening import Opening, opening_of
from service.cli.printing import page, plain, write_json
from service.cli.prompt_diff import diff, read_case
from service.cli.root import new_group

if TYPE_CHECKING:
    from pathlib import Path

    from service.domain.thread import Case
    from service.llm.client import ChatRequest
    from service.prompting.template import PromptTemplate

app = new_group("Look at prompts, compare them, render them, release them.")
app.command("diff")(diff)

REF = "name@version, or a name for its newest version."
RefArgument = Annotated[str, typer.Argument(metavar="REF", help=REF)]
CHARS_PER_TOKEN = 4
"""Rough, for English; other languages take more tokens for the same text."""


@app.command("list")
def list_(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """List every prompt with its version, its hash and whether it is released.

    [dim]amends prompt list[/dim]
    """
    from service.prompting.template import all_refs, load_template

    lock = read_lock(opening_of(ctx).lock())
    rows = [_row(load_template(name, version), lock) for name, version in all_refs()]
    if as_json:
        write_json(rows)
        return
    from rich.table import Table

    table = Table("prompt", "sha256", "released", "description", box=None)
    for row in rows:
        table.add_row(row["ref"], row["sha256"][:12], row["state"], plain(row["description"]))
    page().print(table)


@app.command("show")
def show(ctx: typer.Context, ref: RefArgument, as_json: JsonOption = False) -> None:
    """Show a prompt as it is written, with its variables still open.

    [dim]amends prompt show draft_reply@v1[/dim]
    """
    from service.prompting.template import find_template

    template = find_template(ref)
    row = _row(template, read_lock(opening_of(ctx).lock()))
    if as_json:
        write_json({**template.model_dump(mode="json"), **row})
        return
    import yaml

    console = page()
    console.print(plain(f"{row['ref']}  released: {row['state']}  {row['sha256']}", "bold"))
    whole = template.model_dump(mode="json", exclude={"name", "version", "sha256"})
    for name, part in whole.items():
        console.print(plain(f"\n{name}", "dim"))
        words = part if isinstance(part, str) else yaml.safe_dump(part, allow_unicode=True)
        console.print(plain(words.rstrip("\n")))


@app.command()
def render(
    ctx: typer.Context,
    ref: RefArgument,
    source: Annotated[
        str, typer.Option("--input", "-i", metavar="FILE", help="A case as JSON; - is stdin.")
    ],
    brand: BrandOption = None,
    model: Annotated[
        str | None, typer.Option(help="Render as for this model; it is not asked.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show just what the model will see for a case, after the same triage and retrieval.

    [dim]amends prompt render draft_reply --brand tidewell --input case.json[/dim]
    """
    from service.prompting.template import find_template

    case = _case(source, str(find_template(ref).ref), brand, model)
    rendered = run(_render(opening_of(ctx), case))
    if as_json:
        write_json(rendered)
        return
    console = page()
    for message in rendered["messages"]:
        console.print(plain(f"── {message['role']} ", "dim"))
        console.print(plain(message["content"] + "\n"))
    tokens = f"about {rendered['tokens']} tokens in {len(rendered['messages'])} messages"
    console.print(plain(f"{rendered['prompt']}: {tokens}", "bold"))


@app.command()
def release(ctx: typer.Context, ref: RefArgument, as_json: JsonOption = False) -> None:
    """Write a prompt's hash into released.lock: from then on it never changes.

    [dim]amends prompt release draft_reply@v1[/dim]
    """
    from service.prompting.template import find_template

    template = find_template(ref)
    added = add_to_lock(opening_of(ctx).lock(), template)
    if as_json:
        write_json({"ref": str(template.ref), "sha256": template.sha256, "added": added})
        return
    page().print(f"{template.ref} {'is released' if added else 'was released before, unchanged'}.")


def read_lock(lock: "Path") -> dict[str, str]:
    """The sha256 of every released prompt by `name@version`."""
    from service.prompting import template

    return template.read_lock(lock)


def add_to_lock(lock: "Path", template: "PromptTemplate") -> bool:
    """Release a prompt; False when it was already, Conflict when it was with another text."""
    from service.errors import Conflict

    ref = str(template.ref)
    known = read_lock(lock).get(ref)
    if known == template.sha256:
        return False
    if known is not None:
        raise Conflict(
            f"{ref} was released with another text: restore it, and put the change into a new "
            "version's file"
        )
    before = lock.read_text(encoding="utf-8") if lock.is_file() else ""
    end = "" if not before or before.endswith("\n") else "\n"
    lock.write_text(f"{before}{end}{template.sha256} {ref}\n", encoding="utf-8")
    return True


def _row(template: "PromptTemplate", lock: dict[str, str]) -> dict[str, Any]:
    ref = str(template.ref)
    known = lock.get(ref)
    state = "no" if known is None else "yes" if known == template.sha256 else "CHANGED SINCE"
    return {
        "ref": ref,
        "name": template.name,
        "version": template.version,
        "sha256": template.sha256,
        "released": known is not None,
        "state": state,
        "description": template.description,
    }


async def _render(opening: Opening, case: "Case") -> Answer:
    """Run the production drafter with a model that only listens: no copy of its way can drift."""
    from service.bootstrap import open_services
    from service.cli.opening import keep_logs_off_stdout
    from service.drafting.job import Job
    from service.drafting.stages import ignore_stages
    from service.errors import ModelUnavailable
    from service.llm.scripted import ScriptedChatModel

    settings = opening.settings()
    keep_logs_off_stdout(settings)
    listener = ScriptedChatModel([ModelUnavailable("only listening")], repeat_last=True)
    async with open_services(settings, model=listener) as services:
        brand = await services.library.brand(case.brand or "")
        job = Job(case=case, brand=brand, notes=tuple(await services.notes.counting(brand.id)))
        drafted = await services.drafter.draft(job, ignore_stages)
    if not listener.requests:
        content = drafted.content
        raise _not_asked(content.holding_reason or f"no reply is due ({content.move.reason})")
    return _shown(str(case.options.prompt), listener.requests[0])


def _not_asked(reason: str) -> Exception:
    from service.errors import InvalidInput

    return InvalidInput(f"the model would not be asked: {reason}; --model NAME renders for another")


def _case(source: str, ref: str, brand: str | None, model: str | None) -> "Case":
    case = read_case(source, brand)
    options = {"prompt": ref, "candidates": 1, "model": model or case.options.model}
    return case.model_copy(update={"options": case.options.model_copy(update=options)})


def _shown(ref: str, request: "ChatRequest") -> Answer:
    messages = [message.model_dump(mode="json") for message in request.messages]
    chars = sum(len(message["content"]) for message in messages)
    return {
        "prompt": ref,
        "messages": messages,
        "tokens": round(chars / CHARS_PER_TOKEN),
        "temperature": request.temperature,
        "max_tokens": request.max_tokens,
        "stop": list(request.stop),
        "schema": request.schema,
    }
