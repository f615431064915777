"""The shipped weights on plain posts; how good they are is the suite's to say."""

import pytest

from service.domain.triage import Kind, Sensitivity
from service.triage.judging import sensitivities_of
from service.triage.post_reader import PostReader, PostReading, tokenised, weights_version

pytestmark = pytest.mark.slow


def read(*points: str) -> PostReading:
    return PostReader().read(points)


@pytest.mark.parametrize(
    ("text", "sensitivity"),
    [
        ("There were sparks from the plug and the kitchen filled with smoke", Sensitivity.SAFETY),
        ("I could see another customer's orders in my account", Sensitivity.DATA_BREACH),
    ],
)
def test_what_asks_for_careful_hands(text: str, sensitivity: Sensitivity) -> None:
    assert read(text).flags[sensitivity] > 0.5


@pytest.mark.parametrize(
    "text", ["I was shocked by the price", "Kolor lampy jest inny niż na zdjęciu", "El color no es"]
)
def test_what_only_sounds_like_it(text: str) -> None:
    assert max(read(text).flags[one] for one in Sensitivity) < 0.2


def test_a_long_post_is_read_to_its_end() -> None:
    long = ["The delivery was three hours late and nobody called."] * 60
    reading = read(*long, "And then the plug caught fire and burnt my hand.")
    assert len(reading.points) == 61
    found = sensitivities_of(reading, hate=False, followers=None)
    assert Sensitivity.SAFETY in found
    assert max(reading.kinds, key=lambda kind: reading.kinds[kind]) is Kind.COMPLAINT


def test_a_point_past_what_the_network_places_keeps_a_token() -> None:
    from service.embedding.e5_encoder import bundled_encoder

    encoder = bundled_encoder()
    post = tokenised(encoder, ["word " * 600, "the end"])
    assert len(post.ids) <= encoder.file.shape.positions
    assert all(start < end <= len(post.ids) for start, end in post.spans)


def test_the_weights_carry_a_version() -> None:
    assert len(set(weights_version().split("-"))) == 2


@pytest.mark.parametrize(
    "danger",
    [
        "And then the plug caught fire and burnt my hand.",
        "The brake pedal went to the floor on the way home.",
        "Aus der Steckdose schlugen Funken, und meine Hand ist verbrannt.",
    ],
)
def test_calm_sentences_hide_no_danger(danger: str) -> None:
    calm = ("We ordered it in March for the new house.", "The delivery was three hours late.")
    found = sensitivities_of(read(*calm, danger), hate=False, followers=None)
    assert Sensitivity.SAFETY in found
