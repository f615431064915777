"""Where a post holds a brand's marks and names; and, with the network, which names are meant."""

import pytest

from service.domain.brand import Brand
from service.domain.mention import Mention
from service.embedding.embedder import Embedder
from service.settings import EmbeddingSettings
from service.triage.brand_finder import BrandFinder
from service.triage.brand_names import Found, names_of, own_handles, read_post

HALO = Brand.model_validate(
    {
        "id": "halo",
        "name": "Halo",
        "voice": "Plain.",
        "mentions": {
            "names": ["Halo", "Halo Bank"],
            "handles": ["@halobank", "halo.help"],
            "hashtags": ["#halobank", "halo"],
            "domains": ["halo.example"],
            "about": "runs a bank in an app, with cards and accounts",
        },
    }
)
THORNQUIST = Brand.model_validate({"id": "thornquist", "name": "Thornquist", "voice": "Plain."})
ZABKOWA = Brand.model_validate({"id": "z", "name": "Żabkowa", "voice": "Plain."})


@pytest.mark.parametrize(
    "text",
    [
        "@halobank where is my card",
        "nobody answers (@halobank).",
        "@HaloBank. still waiting",
        "@halo.help!!",
        "#halobank is down",
        "down again #neverhalobankagain",
        "see halo.example/cards",
        "mailed help@halo.example twice",
        "https://app.halo.example/login?x=1 gives a 500",
        "HALO.EXAMPLE is down",
    ],
)
def test_what_is_the_brands_alone(text: str) -> None:
    assert names_of(HALO).marked(read_post(text))


@pytest.mark.parametrize(
    "text",
    [
        "@halobank_fan22 nice photo",
        "@halobanker hello",
        "@halo.help.me hello",
        "x@halobank hello",
        "halo-news.example has it",
        "see nothalo.example",
        "halo.example.org is somebody else's",
        "mail me at halobank@gmail.example",
        "#bankholiday",
    ],
)
def test_what_is_somebody_elses(text: str) -> None:
    assert not names_of(HALO).marked(read_post(text))


def test_a_tag_that_the_tool_names_counts() -> None:
    assert names_of(HALO).marked(read_post("where is it"), frozenset({"halobank"}))


@pytest.mark.parametrize(
    ("brand", "text", "found"),
    [
        (HALO, "halo took 40 quid twice", [Found.WHOLE]),
        (HALO, "Halo's app is down", [Found.INFLECTED]),
        (HALO, "i left halo bank and halobank left me", [Found.PHRASE] * 2),
        (HALO, "so #halo again", [Found.WHOLE]),
        (HALO, "halogen lamps, #shalom, $HALO, @halo_fan22, halo-news.example", []),
        (THORNQUIST, "nie kupię w Thornquiście ani u Thornquista", [Found.INFLECTED] * 2),
        (THORNQUIST, "Thornquists Bote", [Found.INFLECTED]),
        (THORNQUIST, "thornqist and Thornquisst", [Found.MISSPELT] * 2),
        (THORNQUIST, "Horn quest, Thornton", []),
        (THORNQUIST, "never again #thornquistfail", [Found.RUN_ON]),
        (THORNQUIST, "call Thornquist.Still waiting", [Found.WHOLE]),
        (ZABKOWA, "w zabkowej i z ŻABKOWĄ", [Found.WHOLE]),
    ],
    ids=lambda value: str(value)[:40],
)
def test_names_in_all_their_forms(brand: Brand, text: str, found: list[Found]) -> None:
    places = names_of(brand).places(read_post(text))
    assert [place.found for place in places] == found


def test_places_are_true_in_the_text() -> None:
    text = "Żółw! W Thornquiście 🐢 zimno"
    (place,) = names_of(THORNQUIST).places(read_post(text))
    assert text[place.start : place.end] == "Thornquiście"


def test_own_accounts_are_known_by_their_handles() -> None:
    assert own_handles(HALO, "@HaloBank")
    assert own_handles(HALO, "halo.help")
    assert not own_handles(HALO, "@halobank2")
    assert not own_handles(HALO, None)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("halo took 40 quid twice this month, app says nothing", True),
        ("Halo hat meine Karte gesperrt und keiner antwortet", True),
        ("the halo effect of that ad is unbearable", False),
        ("Halo Dental in Leeds cancelled my appointment twice", False),
    ],
)
async def test_a_common_word_is_told_by_its_use(text: str, ours: bool) -> None:
    finder = BrandFinder(Embedder(EmbeddingSettings()))
    post = Mention(external_id="p", text=text)
    found = await finder.named_in(post, [HALO], {"halo": HALO.mentions.about})
    assert found == (["halo"] if ours else [])
