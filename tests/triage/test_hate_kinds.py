"""Hostile posts in the triage of whole complaints, over the real embedding model."""

from datetime import UTC, datetime

import pytest

from service.domain.triage import MoveKind, Sensitivity, Triage
from service.embedding.embedder import Embedder, TextVectors
from service.settings import EmbeddingSettings
from service.triage.post_reader import PostReader
from service.triage.triager import Triager
from tests.factories import LAMPS, case

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder(EmbeddingSettings())


@pytest.fixture(scope="module")
def triager(embedder: Embedder) -> Triager:
    return Triager(embedder=embedder, reader=PostReader(), now=lambda: datetime.now(UTC))


async def read(triager: Triager, embedder: Embedder, text: str) -> Triage:
    return await triager.triage(case(text), LAMPS, TextVectors(embedder))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Immigrants are vermin and should be deported.", "hate"),
        ("Nienawidzę Żydów, to pasożyty.", "hate"),
        ("Odio a los gitanos, son escoria.", "hate"),
        ("Flüchtlinge sind Ungeziefer.", "hate"),
        ("You are complete idiots.", "abuse"),
        ("Jesteście bandą debili.", "abuse"),
        ("You idiots, my order is two weeks late and nobody answers.", "mixed"),
        ("Muslims are vermin. And my parcel arrived broken, I want a refund.", "mixed"),
        (
            "Someone wrote that immigrants are vermin under your post, please remove it.",
            "complaint",
        ),
    ],
)
async def test_kind(triager: Triager, embedder: Embedder, text: str, kind: str) -> None:
    assert (await read(triager, embedder, text)).kind.value == kind


async def test_hate_around_a_complaint_is_still_discrimination(
    triager: Triager, embedder: Embedder
) -> None:
    found = await read(
        triager, embedder, "Muslims are vermin. My parcel arrived broken, I want a refund."
    )
    assert Sensitivity.DISCRIMINATION in found.sensitivities
    assert found.move.kind is MoveKind.BOUNDARY_STATEMENT


async def test_hostility_embeds_nothing_of_its_own(triager: Triager, embedder: Embedder) -> None:
    await read(triager, embedder, "warm up the head")
    before = embedder.texts_embedded
    await read(triager, embedder, "The shade is torn. Nobody answers the phone.")
    assert embedder.texts_embedded == before
    await read(triager, embedder, "The shade is torn. Women can't drive, your courier proves it.")
    assert embedder.texts_embedded <= before + 2
