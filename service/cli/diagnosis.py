"""What `amends doctor` looks at, one function each; an error of Amends counts as a failure."""

import asyncio
import platform
import shutil
import sys
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from service.domain.draft import ChatMessage
from service.errors import ConfigurationError, ModelError
from service.knowledge.reranking import Reranker, reranker_of
from service.knowledge.search_models import is_here, search_model
from service.llm.bundled_file import QWEN, installed_parts, verify
from service.llm.client import ChatModel, ChatRequest
from service.llm.endpoints import BUNDLED
from service.prompting.sound import require_sound_prompts
from service.prompting.template import all_refs, load_template
from service.settings import Settings
from service.store.session import Database, StoreFacts

if TYPE_CHECKING:
    from service.cli.opening import Opening

_GB = 1e9
_LOW_SPACE = 1.5 * _GB
State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Finding:
    """What was found, and what to do about it."""

    name: str
    state: State
    words: str
    do: str = ""

    def as_json(self) -> dict[str, str]:
        """For machines."""
        return asdict(self)


Check = Callable[[Settings], Awaitable[list[Finding]]]


def checks(opening: "Opening", *, ask: bool) -> Iterable[tuple[str, Check]]:
    """Every check by name, the quick ones first."""

    async def prompts(_: Settings) -> list[Finding]:
        return _prompts(opening)

    async def model(settings: Settings) -> list[Finding]:
        return await _model(opening, settings, ask=ask)

    async def embedding(settings: Settings) -> list[Finding]:
        return await _embedding(settings, ask=ask)

    async def reranker(settings: Settings) -> list[Finding]:
        return await _reranker(settings, ask=ask)

    return (
        ("python", _python),
        ("disk", _disk),
        ("prompts", prompts),
        ("database", _database),
        ("embedding", embedding),
        ("reranker", reranker),
        ("model file", _model_file),
        ("model", model),
    )


async def _python(_: Settings) -> list[Finding]:
    version = platform.python_version()
    if sys.version_info[:2] != (3, 11):
        return [Finding("python", "warn", version, "Amends is tested on Python 3.11")]
    return [Finding("python", "ok", f"{version} ({sys.executable})")]


async def _disk(settings: Settings) -> list[Finding]:
    return await asyncio.to_thread(
        lambda: [_space("data", settings.data_dir), _space("cache", settings.cache_dir)]
    )


def _space(name: str, folder: Path) -> Finding:
    there = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(there).free
    words = f"{free / _GB:.1f} GB free for {folder}"
    if free < _LOW_SPACE:
        return Finding(
            f"{name} folder", "warn", words, f"free some, or set AMENDS_{name.upper()}_DIR"
        )
    return Finding(f"{name} folder", "ok", words)


def _prompts(opening: "Opening") -> list[Finding]:
    """Released prompts never change, and every prompt there is can be read."""
    from service.cli.prompt import read_lock

    require_sound_prompts()
    here = {f"{name}@{version}": load_template(name, version) for name, version in all_refs()}
    lock = read_lock(opening.lock())
    wrong = sorted(r for r, sha256 in lock.items() if r not in here or here[r].sha256 != sha256)
    if wrong:
        do = "restore the released text, and put the change into a new version's file"
        return [Finding("prompts", "fail", f"changed since release: {', '.join(wrong)}", do)]
    return [Finding("prompts", "ok", f"{len(here)} prompts, {len(lock)} released and unchanged")]


async def _database(settings: Settings) -> list[Finding]:
    database = Database(settings.database_url)
    try:
        await database.migrate()
        facts = await database.facts()
    finally:
        await database.close()
    counts = ", ".join(f"{name.replace('_', ' ')} {n}" for name, n in facts.counts.items())
    words = f"{database.name}, revision {facts.revision}: {counts}"
    return [Finding("database", "ok", words), _indexed(settings, facts)]


def _indexed(settings: Settings, facts: StoreFacts) -> Finding:
    """Brands under another embedding model are searched with it, or by words alone."""
    name = search_model(settings.embedding, settings.llm).name
    old = sorted(brand for brand, model in facts.indexed if model != name)
    brands = sorted(brand for brand, model in facts.indexed if model == name)
    if old:
        words = f"indexed under another embedding model: {', '.join(old)}"
        others = {model for _, model in facts.indexed if model != name}
        if not all(is_here(model, settings.embedding) for model in others):
            words += "; it is not here any more, so they are searched by words alone"
        do = "`amends brand reindex`, or let `amends serve` do it in the background"
        return Finding("brands", "warn", words, do)
    if facts.counts["brands"] > len(brands):
        words = f"{len(brands)} of {facts.counts['brands']} brands have anything to search"
        return Finding(
            "brands", "warn", words, "give the others policies: `amends brand import DIR`"
        )
    if not brands:
        return Finding("brands", "warn", "none yet", "`amends brand import DIR`, or `amends demo`")
    return Finding("brands", "ok", f"{', '.join(brands)}: indexed under {name}")


async def _embedding(settings: Settings, *, ask: bool) -> list[Finding]:
    """Without a provider's, searches go by words alone, but nothing can be imported."""
    model = search_model(settings.embedding, settings.llm)
    if trouble := await model.trouble():
        do = "mend it, or set AMENDS_EMBEDDING__MODEL=bundled"
        return [Finding("embedding", "fail", f"{model.name}: {trouble}", do)]
    if settings.embedding.provider_model is not None and not ask:
        return [Finding("embedding", "ok", f"{model.name}: configured (--ask asks it a question)")]
    vectors = await model.asked(["Where is my order?"])
    return [Finding("embedding", "ok", f"{model.name}, {vectors.shape[1]} numbers a text")]


async def _reranker(settings: Settings, *, ask: bool) -> list[Finding]:
    """Without it searches stand in their fused order, so its trouble is no failure."""
    reranker = reranker_of(settings.retrieval, settings.llm)
    if reranker is None:
        return []
    trouble = await reranker.trouble()
    if trouble is None and ask:
        trouble = await _no_order(reranker)
    if trouble is not None:
        do = "mend it, or unset AMENDS_RETRIEVAL__RERANKER; meanwhile the fused order stands"
        return [Finding("reranker", "warn", trouble, do)]
    asked = "" if ask or settings.retrieval.reranking_folder else " (--ask asks it a question)"
    return [Finding("reranker", "ok", f"{reranker.name}: reorders the policy found{asked}")]


async def _no_order(reranker: Reranker) -> str | None:
    try:
        await reranker.relevances("Where is my order?", ["Parcels take two days.", "Lamps."])
    except ModelError as exc:
        return str(exc)
    return None


async def _model_file(settings: Settings) -> list[Finding]:
    if not _asks_for_bundled(settings):
        return []
    if settings.llm.gguf is not None:
        return [Finding("model file", "ok", f"your own, {settings.llm.gguf}")]
    path = settings.cache_dir / "models" / QWEN.file_name
    return await asyncio.to_thread(lambda: [_file(path)])


def _file(path: Path) -> Finding:
    if not path.is_file():
        parts = len(installed_parts())
        words = f"{parts} parts are installed; the first start joins them"
        return Finding("model file", "ok", words)
    if not verify(path):
        return Finding("model file", "fail", f"{path} is damaged", "delete it: it is joined again")
    return Finding("model file", "ok", f"{path}, sha256 verified")


def _asks_for_bundled(settings: Settings) -> bool:
    return BUNDLED in (settings.llm.model, *settings.llm.fallbacks)


async def _model(opening: "Opening", settings: Settings, *, ask: bool) -> list[Finding]:
    """Opening it starts the bundled server; a provider is asked nothing unless told to."""
    async with opening.model(settings) as opened:
        await opened.ready(lambda _: None)
        chat = opened.chat
        if ask:
            return [await _answer(chat)]
        if words := await chat.ready():
            return [Finding("model", "fail", f"{chat.name}: {words}", "start it, or set another")]
        if wrong := _unset(chat, settings):
            return [Finding("model", "fail", f"{chat.name}: {wrong}", "set it, or another model")]
        kind = "starts and is ready" if _asks_for_bundled(settings) else "configured"
        return [Finding("model", "ok", f"{chat.name}: {kind} (--ask asks it a question)")]


def _unset(chat: ChatModel, settings: Settings) -> str | None:
    """What a provider's model still needs from the environment, in words."""
    from service.llm.litellm_client import LitellmChatModel, missing_keys

    llm = settings.llm
    given = llm.api_key is not None or llm.api_base is not None
    if given or _asks_for_bundled(settings) or not isinstance(chat, LitellmChatModel):
        return None
    try:
        missing = missing_keys(llm.model)
    except ConfigurationError as exc:
        return str(exc)
    return f"{' or '.join(missing)} is not set" if missing else None


async def _answer(chat: ChatModel) -> Finding:
    message = ChatMessage(role="user", content="Answer with one word: ready.")
    completion = await chat.complete(ChatRequest(messages=(message,), max_tokens=32))
    return Finding("model", "ok", f"{completion.model} answered in {completion.seconds:.1f} s")
