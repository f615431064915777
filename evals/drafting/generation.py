"""Draft the cases of a suite with production's own drafter, each kept as soon as it is done."""

import asyncio
import hashlib
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from evals.brands import brand_of, folder_of
from evals.drafting.cache import CachedChatModel, digest, where, write_whole
from evals.drafting.cases import EvalCase
from evals.drafting.drafts import EvalDraft
from evals.drafting.judges import START_S
from evals.drafting.reference import ReferenceModel, answering
from evals.drafting.scene import NOW
from evals.drafting.suite import REFERENCE, Variant
from evals.errors import EvalError
from service.bootstrap import Services, chat_model, open_services, start_bundled
from service.drafting.job import Job
from service.drafting.profile import profile_for
from service.drafting.stages import ignore_stages
from service.errors import AmendsError
from service.llm.client import ChatModel
from service.settings import Settings

_ROOT = Path(__file__).parents[2]
_EDGES = {"api", "cli", "samples"}
Tick = Callable[[], None]


@cache
def code_hash() -> str:
    """A hash of all that shapes a draft: code, word lists, weights and prompts.

    The edges (`api`, `cli`) shape none, and the sample brand is counted with the brands.
    """
    return _hash_of("service", "prompts")


@cache
def scoring_hash() -> str:
    """A hash of all that scores a draft: the rule, the scorers, and the checks that they ask."""
    checks = ("guards", "text", "drafting", "embedding", "knowledge", "domain")
    return _hash_of("evals/drafting", *(f"service/{folder}" for folder in checks))


def _hash_of(*folders: str) -> str:
    whole = hashlib.sha256()
    for top in folders:
        for path in sorted((_ROOT / top).rglob("*")):
            inside = path.relative_to(_ROOT / top).parts
            if path.suffix in {".py", ".yaml", ".npz"} and inside[0] not in _EDGES:
                whole.update(str(inside).encode() + path.read_bytes())
    return whole.hexdigest()[:16]


@cache
def brand_hash(brand_id: str) -> str:
    """A hash of what a brand is and knows."""
    whole = hashlib.sha256()
    for path in sorted(folder_of(brand_id).rglob("*")):
        if path.is_file():
            whole.update(path.name.encode() + path.read_bytes())
    return whole.hexdigest()[:16]


def draft_key(row: EvalCase, variant: Variant, settings: Settings) -> str:
    """What a draft depends on: equal keys, equal drafts."""
    chosen, case = variant.settings(settings), variant.case(row.case)
    template = profile_for(chosen, case, brand_of(row.brand)).template.ref
    given = shaping(chosen)
    asked = case.model_dump(mode="json")
    if variant.model == REFERENCE:
        asked["reference"] = row.reference
    return digest(
        code_hash(), brand_hash(row.brand), str(template.sha256), variant.model_dump(), given, asked
    )


def shaping(settings: Settings) -> dict[str, object]:
    """The settings that shape a draft."""
    parts = {"llm", "drafting", "retrieval", "checks", "embedding"}
    return settings.model_dump(mode="json", include=parts)


class Generation:
    """Drafts cases by one variant; what was drafted before comes from the folder."""

    def __init__(self, services: Services, variant: Variant, settings: Settings, folder: Path):
        self._services = services
        self._variant = variant
        self._settings = settings
        self._folder = folder

    async def drafts(
        self, rows: Sequence[EvalCase], *, concurrency: int, tick: Tick
    ) -> list[EvalDraft]:
        """All drafts, in the order of the cases; `tick` is called after each."""
        gate = asyncio.Semaphore(concurrency)

        async def one(row: EvalCase) -> EvalDraft:
            async with gate:
                draft = await self._draft(row)
            tick()
            return draft

        return list(await asyncio.gather(*(one(row) for row in rows)))

    async def _draft(self, row: EvalCase) -> EvalDraft:
        key = draft_key(row, self._variant, self._settings)
        path = self._folder / key[:2] / f"{key}.json"
        if (kept := _read(path)) is not None:
            return kept.model_copy(update={"case_id": row.id})  # a row may have been renamed
        try:
            draft = await self._new(row)
        except AmendsError as exc:
            return EvalDraft(case_id=row.id, error=str(exc))
        if not draft.unanswered:  # that says nothing about the variant: it is asked again
            write_whole(path, draft.model_dump_json())
        return draft

    async def _new(self, row: EvalCase) -> EvalDraft:
        job = Job(case=self._variant.case(row.case), brand=brand_of(row.brand))
        answering.set(row)
        drafted = await self._services.drafter.draft(job, ignore_stages)
        guarded = self._variant.guarded
        return EvalDraft.of(row.id, drafted.status, drafted.content, guarded=guarded)


def _read(path: Path) -> EvalDraft | None:
    try:
        return EvalDraft.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None


async def _until_ready(model: ChatModel) -> None:
    """By a real clock: that of the cases stands still, so a draft would wait for ever."""
    until = time.monotonic() + START_S
    while words := await model.ready():
        if time.monotonic() > until:
            raise EvalError(f"{model.name} can't draft: {words}")
        await asyncio.sleep(0.25)


@asynccontextmanager
async def drafting_services(
    variant: Variant, settings: Settings, *, brands: Sequence[str], per_minute: int | None
) -> AsyncIterator[Services]:
    """Production's services with the brands in an empty database and the cache before the model."""
    chosen = variant.settings(settings)
    server = None if variant.model == REFERENCE else start_bundled(chosen)
    try:
        model: ChatModel = ReferenceModel()
        if variant.model != REFERENCE:
            kept = settings.data_dir / "evals" / "answers"
            behind = chat_model(chosen, server)
            model = CachedChatModel(behind, kept, scope=where(chosen.llm), per_minute=per_minute)
            await _until_ready(model)
        with TemporaryDirectory() as folder:
            inside = chosen.apart(Path(folder))
            async with open_services(inside, model=model, now=lambda: NOW) as services:
                await services.warm_up()
                for brand in sorted(set(brands)):
                    await services.library.import_folder(folder_of(brand), actor="evals")
                yield services
    finally:
        if server is not None:
            server.stop()
