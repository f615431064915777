"""Hostile posts in the triage of whole complaints, over the real embedding model."""

from datetime import UTC, datetime

import pytest

from service.domain.triage import MoveKind, Sensitivity, Triage
from service.embedding.embedder import Embedder, TextVectors
from service.settings import EmbeddingSettings
from service.triage.post_reader import PostReader
from service.triage.sent_home import sent_home
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


@pytest.mark.parametrize(
    ("text", "hate"),
    [
        ("your call centre monkeys should go back to their country, bill is wrong AGAIN", True),
        ("tell your waiter to go back where he came from", True),
        ("niech wasi kurierzy wracają do swojego kraju, paczki dalej nie ma", True),
        ("que vuestros repartidores se vuelvan a su país, otra vez sin paquete", True),
        ("eure Fahrer sollen dahin zurück, wo sie herkommen. Paket wieder weg", True),
        ("The manager told me to go back to my country. In front of my kids.", False),
        ("I want to go back to my country on the 14th, can I change my ticket?", False),
        ("When do the crew go back to their country?", False),
        ("Send the parcel back to your depot, I'm not paying customs.", False),
        ("Go back where you came from", True),
        ("I had to pay to send the shoes back to their country.", False),
        ("Tell your driver to put it back where he came from.", False),
        ("My mum could not fly back to her country because you cancelled her flight.", False),
        ("Tengo que devolver el móvil a su país de origen y pagar yo el porte.", False),
        ("Quiero que lo devuelvan a su país.", False),
    ],
)
async def test_who_is_sent_back_where_they_come_from_is_hated(
    triager: Triager, embedder: Embedder, text: str, hate: bool
) -> None:
    kind = (await read(triager, embedder, text)).kind.value
    assert (kind in ("hate", "mixed")) is hate


@pytest.mark.parametrize(
    "text",
    [
        "Meine Frau muss zurück in ihr Land und ihr storniert den Flug.",
        "Trzeba odesłać towar do ich kraju.",
        "He couldn't get back to his country because you lost his passport.",
        "Better put them back where they came from.",
    ],
)
def test_goods_and_travellers_are_not_sent_home(text: str) -> None:
    assert not list(sent_home(text))
