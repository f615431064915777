"""Imports on the store: what stays, what becomes stale, what a kill or a second import leaves."""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pytest

from service.bootstrap import Services, utc_now
from service.domain.knowledge import PastReply, PolicyPassage
from service.embedding.embedder import Embedder, Side
from service.errors import ConfigurationError, ImportRefused
from service.knowledge.embedding_work import WorkDone
from service.knowledge.importer import BrandFolder
from service.knowledge.intake import Shelves
from service.knowledge.library import Library
from service.knowledge.query import Query
from service.knowledge.search_models import LocalModel
from service.settings import EmbeddingSettings
from service.store.brands import BrandRepository
from service.store.fulltext import FullTextSearch
from service.store.idempotency import IdempotencyRepository
from service.store.knowledge import KnowledgeRepository
from service.store.records import AuditLog, Outbox
from service.store.search_index import AT_ONCE, SearchIndex
from service.store.vectors import Vectors
from service.wiring.drafting import library
from tests.factories import LAMPS, POLICY

LONG = [
    PolicyPassage(id=f"rule-{n}", text=f"Rule {n}: " + "lamps come back. " * 40) for n in range(6)
]


class CountingEmbedder(Embedder):
    """Vectors from a hash of the text, at once; breaks after so many texts if told to."""

    def __init__(self, name: str = "counting", length: int = 8, breaks_after: int = 10**6) -> None:
        super().__init__(EmbeddingSettings(model=name))
        self.length = length
        self.breaks_after = breaks_after
        self.passages: list[str] = []

    def embed(self, texts: Sequence[str], side: Side) -> Vectors:
        if side is Side.PASSAGE:
            self.passages += texts
        if len(self.passages) > self.breaks_after:
            raise KeyboardInterrupt
        seeds = [int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) for text in texts]
        rows = np.stack([np.random.default_rng(seed).normal(size=self.length) for seed in seeds])
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def library_of(services: Services, embedder: Embedder, *, at_once: int = AT_ONCE) -> Library:
    """The library of the same store with another embedding model."""
    shelves = Shelves(
        brands=BrandRepository(),
        knowledge=KnowledgeRepository(),
        index=SearchIndex(FullTextSearch(), at_once=at_once),
        audit=AuditLog(),
        outbox=Outbox(),
        keys=IdempotencyRepository(),
    )
    return library(services.database, shelves, LocalModel(embedder), utc_now)


async def import_(library: Library, *policy: PolicyPassage, **more: Any) -> Any:
    return await library.import_read(BrandFolder(LAMPS, policy, ()), actor="me", **more)


async def indexed(services: Services) -> dict[tuple[str, str], int]:
    return (await services.database.facts()).indexed


async def test_a_new_version_supersedes_and_only_it_is_embedded(services: Services) -> None:
    embedder = CountingEmbedder()
    shelf = library_of(services, embedder)
    await import_(shelf, POLICY[0])
    newer = POLICY[0].model_copy(update={"version": "3", "text": "Replaced within 30 days."})
    done = await import_(shelf, newer)
    assert (done.policy, done.embedded, done.changed) == (2, 1, True)
    assert [str(row) for row in done.diff.policy.superseded] == ["broken-on-arrival@2"]
    again = await import_(shelf, newer)
    assert (again.changed, again.embedded, len(embedder.passages)) == (False, 0, 2)
    assert (await indexed(services)) == {("lampwick", "counting"): 1}


async def test_a_dry_run_says_what_would_happen_and_writes_nothing(services: Services) -> None:
    embedder = CountingEmbedder()
    shelf = library_of(services, embedder)
    told = await import_(shelf, *POLICY, dry_run=True)
    assert (told.dry_run, told.changed, told.embedded) == (True, True, 2)
    assert len(told.diff.policy.added) == 3
    assert (await shelf.all_brands(), embedder.passages) == ([], [])


async def test_a_version_with_the_same_words_is_not_embedded_again(services: Services) -> None:
    shelf = library_of(services, CountingEmbedder())
    await import_(shelf, POLICY[0])
    done = await import_(shelf, POLICY[0].model_copy(update={"version": "3"}))
    assert (done.changed, done.embedded) == (True, 0)


async def test_a_folder_without_policy_does_not_empty_a_brand_by_accident(
    services: Services,
) -> None:
    shelf = library_of(services, CountingEmbedder())
    await import_(shelf, *POLICY)
    with pytest.raises(ImportRefused, match="lampwick holds 3 passages"):
        await import_(shelf)
    emptied = await import_(shelf, allow_empty=True)
    assert (emptied.policy, len(emptied.diff.policy.removed)) == (0, 3)
    assert await indexed(services) == {}


async def test_what_is_out_of_its_dates_is_not_searched(services: Services) -> None:
    shelf = library_of(services, CountingEmbedder())
    over = PolicyPassage(id="summer", text="Free bulbs.", valid_to=date(2026, 8, 31))
    later = PolicyPassage(id="winter", text="Free candles.", valid_from=date(2099, 1, 1))
    done = await import_(shelf, over, later)
    assert done.embedded == 1
    query = Query(points=("free candles",), language="en", today=date(2026, 11, 21), cut_off=False)
    found = await services.retriever.retrieve(LAMPS, query)
    assert found.policy == ()


async def test_a_killed_import_leaves_nothing_visible_and_goes_on(services: Services) -> None:
    broken = CountingEmbedder(breaks_after=4)
    with pytest.raises(KeyboardInterrupt):
        await import_(library_of(services, broken), *LONG)
    assert await indexed(services) == {}
    assert await services.library.all_brands() == []
    embedder = CountingEmbedder()
    done = await import_(library_of(services, embedder), *LONG)
    assert set(embedder.passages).isdisjoint(broken.passages[:4])
    assert len(embedder.passages) + 4 == sum((await indexed(services)).values())
    assert done.policy == len(LONG)


async def test_two_imports_at_once_are_never_mixed(services: Services) -> None:
    first = [p.model_copy(update={"title": "first"}) for p in LONG]
    second = [p.model_copy(update={"title": "second"}) for p in LONG]
    shelf = library_of(services, CountingEmbedder())
    await asyncio.gather(import_(shelf, *first), import_(shelf, *second))
    held = await shelf.policy("lampwick")
    assert len({passage.title for passage in held}) == 1
    again = await import_(shelf, *(first if held[0].title == "first" else second))
    assert not again.changed


async def test_how_long_it_takes_comes_from_the_pace_so_far(services: Services) -> None:
    told: list[WorkDone] = []
    await import_(library_of(services, CountingEmbedder()), *LONG, progress=told.append)
    assert [done.texts for done in told] == sorted(done.texts for done in told)
    assert told[-1].texts == told[-1].of
    assert told[0].seconds_left is not None
    assert told[-1].seconds_left == 0


async def test_another_model_under_the_same_name_is_refused(services: Services) -> None:
    await import_(library_of(services, CountingEmbedder(length=8)), *POLICY)
    shelf = library_of(services, CountingEmbedder(length=12))
    added = PolicyPassage(id="bulbs", text="Bulbs are covered for two years.")
    with pytest.raises(ConfigurationError, match=r"8 and 12 numbers.*reindex --brand lampwick"):
        await import_(shelf, *POLICY, added)
    assert len(await shelf.policy("lampwick")) == 3


@pytest.mark.slow
async def test_questions_lead_to_a_passage_and_are_never_cited(services: Services) -> None:
    asks = ("Gdzie jest moja paczka?", "why is my parcel stuck at the depot since last week")
    passage = POLICY[1].model_copy(update={"asks": asks})
    reply = PastReply(id="pr", complaint="Gdzie jest moja paczka", reply="Przykro mi.")
    done = await services.library.replace(LAMPS, policy=[passage], past_replies=[reply], actor="me")
    assert done.embedded == 4
    query = Query(points=("gdzie jest moja paczka",), language="pl", today=date(2026, 11, 21))
    (found,) = (await services.retriever.retrieve(LAMPS, query)).policy
    assert (found.id, found.scores.source) == ("late-parcel", "asks")
    assert found.excerpt == passage.text
    assert (await services.library.policy("lampwick"))[0].asks == asks
