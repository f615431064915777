"""The trained reader on real text with its real weights."""

import pytest

from service.embedding.embedder import Embedder
from service.guards.guard import Guard
from service.guards.reader import Reader, weights_version
from service.guards.reading import Label, SourceKind, Stance
from service.settings import EmbeddingSettings
from tests.guards.factories import LAMPWICK, context, passage

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(Embedder(EmbeddingSettings()))


def test_the_weights_have_a_version() -> None:
    assert len(weights_version()) == 25


def test_every_sentence_is_read_at_its_place(reader: Reader) -> None:
    reply = "I'm sorry the lamp came broken. I'll write to you here by Friday."
    read = reader.read(context(reply)).sentences
    assert [reply[one.span.start : one.span.end] for one in read] == [one.text for one in read]
    assert read[0].share(Label.APOLOGY) > 0.5
    assert read[1].share(Label.PROMISE) > 0.5


@pytest.mark.parametrize(
    ("label", "reply"),
    [
        (Label.NON_APOLOGY, "We're sorry if you feel that our service fell short."),
        (Label.NON_APOLOGY, "Przykro nam, że tak Pan to odebrał."),
        (Label.ADMITS_LEGAL_LIABILITY, "Wir haften für den entstandenen Schaden in voller Höhe."),
        (Label.CANNED, "Tu opinión es muy importante para nosotros."),
        (Label.AI_TELL, "As an AI assistant, I completely understand your frustration."),
        (Label.APOLOGY, "Es tut mir leid, dass die Lampe kaputt ankam."),
    ],
)
def test_plain_cases_are_seen_in_four_languages(reader: Reader, label: Label, reply: str) -> None:
    language = {"P": "pl", "W": "de", "E": "de", "T": "es"}.get(reply[0], "en")
    (read,) = reader.read(context(reply, language=language)).sentences
    assert read.share(label) > 0.5


def test_a_claim_is_held_against_its_nearest_rule(reader: Reader) -> None:
    rule = passage(
        "Lamps can be returned within 30 days with the receipt.", passage_id="returns", title=""
    )
    asked = context("You can return the lamp within 30 days, with the receipt.", policy=[rule])
    (read,) = reader.read(asked).sentences
    assert read.sources[0].kind is SourceKind.POLICY
    assert read.sources[0].passage == ("returns", "1")
    assert read.stances
    assert sum(read.stances.values()) == pytest.approx(1, abs=1e-3)


def test_what_the_customer_said_is_not_held_against_the_reply(reader: Reader) -> None:
    said = "that is not our fault and you should have checked"
    complaint = f"Your agent told me '{said}'. Unbelievable."
    reply = f'I\'m sorry that you were told "{said}" when your lamp was broken.'
    (read,) = reader.read(context(reply, complaint=complaint)).sentences
    assert said not in read.text
    assert len(read.text) == len(reply)


@pytest.mark.parametrize("reply", ["😡😡😡", "...", "12:30", "​​"])
def test_a_reply_without_words_has_nothing_to_read(reader: Reader, reply: str) -> None:
    assert reader.read(context(reply)).sentences == ()


async def test_the_guard_lets_the_reader_read(reader: Reader) -> None:
    guard = Guard(LAMPWICK, reader=reader)
    report = await guard.check(context("We're sorry if you feel that way about the lamp."))
    assert "non_apology" in {finding.check for finding in report.findings}


async def test_a_reader_that_fails_blocks_by_name() -> None:
    class Broken:
        def read(self, _: object) -> None:
            raise RuntimeError("the weights are gone")

    guard = Guard(LAMPWICK, reader=Broken())  # type: ignore[arg-type]
    report = await guard.check(context("I'm sorry the lamp came broken."))
    crashed = {finding.check for finding in report.blocks}
    assert {"defensive", "ungrounded_specific", "missing_apology"} <= crashed
    assert "unlisted_link" not in crashed


def test_stances_are_those_of_the_contract() -> None:
    assert {stance.value for stance in Stance} >= {
        "ungrounded_specific",
        "ungrounded_promise",
        "contradicts_policy",
    }
