"""The invented brands of the labelled rows, and production's services with them in it."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from evals.errors import EvalError
from service.bootstrap import Services, open_services
from service.domain.brand import Brand
from service.domain.knowledge import PolicyPassage
from service.settings import Settings

_OWN = Path(__file__).parent / "guards" / "brands"
_SAMPLES = Path(__file__).parents[1] / "service" / "samples"
TRADES = Path(__file__).parent / "retrieval" / "train"
"""Brands made for training: their passages and complaints, and no brand.yaml."""


@cache
def brand_ids() -> tuple[str, ...]:
    """The invented brands that have a brand.yaml: those made for training have none."""
    files = (*_OWN.glob("*/brand.yaml"), *_SAMPLES.glob("*/brand.yaml"))
    return tuple(sorted(path.parent.name for path in files))


def fault_of_name(brand_id: str) -> str | None:
    """What is wrong with a brand's name in a row; None where there is such a brand."""
    if brand_id in brand_ids():
        return None
    return f"the evals have no brand {brand_id!r}: there are {', '.join(brand_ids())}"


def folder_of(brand_id: str) -> Path:
    """Where an invented brand lives."""
    own = _OWN / brand_id
    return own if own.exists() else _SAMPLES / brand_id


@cache
def brand_of(brand_id: str) -> Brand:
    """An invented brand; of one made for training nothing is known but its passages."""
    if _passages_of_trade(brand_id).exists():
        return Brand(id=brand_id, name=brand_id, voice="Plain and warm.")
    if fault := fault_of_name(brand_id):
        raise EvalError(fault)
    text = (folder_of(brand_id) / "brand.yaml").read_text(encoding="utf-8")
    return Brand.model_validate(yaml.safe_load(text))


@cache
def policy_of(brand_id: str) -> tuple[PolicyPassage, ...]:
    """Its passages, superseded ones too."""
    trade = _passages_of_trade(brand_id)
    return passages_in(trade if trade.exists() else folder_of(brand_id) / "policies.jsonl")


def _passages_of_trade(brand_id: str) -> Path:
    return TRADES / f"{brand_id}.policies.jsonl"


def passages_in(path: Path) -> tuple[PolicyPassage, ...]:
    """The passages of a file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(PolicyPassage.model_validate_json(line) for line in lines if line.strip())


@asynccontextmanager
async def services_for(brands: Iterable[str]) -> AsyncIterator[Services]:
    """Production's services on an empty database with these invented brands in it."""
    with TemporaryDirectory() as folder:
        async with open_services(Settings().apart(Path(folder))) as services:
            await services.warm_up()
            for brand in brands:
                await services.library.import_folder(folder_of(brand), actor="evals")
            yield services
