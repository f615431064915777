"""A reply in sections: the model's first sentence, quoted rules, a next step that people wrote."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from service.domain.draft import AttemptKind
from service.domain.knowledge import PolicyPassage
from service.domain.thread import Case, CaseOptions, Channel, KnownFact
from service.domain.triage import DeadlineClass, Kind, Move, MoveKind, Triage
from service.drafting.next_steps import next_steps, told_rule
from service.drafting.sections import first_clause, first_sentence
from service.guards.guard import Guard
from service.knowledge.formats.pages import plain_parts
from service.text.sentences import split_sentences
from tests.drafting.conftest import Opening
from tests.drafting.test_way import content_of, draft
from tests.factories import BROKEN, LAMPS, case
from tests.guards.factories import LAMPWICK, context

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)

SECTIONS = CaseOptions(prompt="draft_sections@v1", candidates=2)
SAID_BACK = CaseOptions(prompt="draft_sections@v2", candidates=2)
SORRY = "I'm sorry that your lamp arrived broken."


def sections(text: str = BROKEN) -> Case:
    return case(text).model_copy(update={"options": SECTIONS})


@pytest.mark.slow
async def test_the_model_writes_the_first_sentence_and_policy_speaks_for_itself(
    opened: Opening,
) -> None:
    async with opened([f"{SORRY} I'll make sure you get a new one."]) as (services, model):
        content = content_of(await draft(services, sections()))
        policy = {passage.id: passage.text for passage in content.evidence.policy}
    assert content.reply is not None
    assert not content.holding
    assert content.reply.startswith(SORRY)
    assert "make sure" not in content.reply
    told = [sentence.text for text in policy.values() for sentence in split_sentences(text)]
    assert any(sentence in content.reply for sentence in told)
    assert len(content.commitments) == 1
    assert content.citations
    assert len(model.requests) == 1
    assert next(a.kind for a in content.attempts) is AttemptKind.SECTION


PAGE = """## Broken on arrival

Tell us **within 14 days** of delivery and a lamp that arrives broken is replaced. See [the
terms](https://lampwick.example/help).

## How to claim

- Open the app
- Send a photo of the broken lamp
"""


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Back until\n31. January.", "Back until\n31. January."),
        ("1. Mai ist frei.", "1. Mai ist frei."),
        ("1. Open it\n2. **Send** it", "Open it\nSend it"),
    ],
)
def test_a_date_is_no_item_of_a_list(text: str, plain: str) -> None:
    assert plain_parts(text) == [plain]


@pytest.mark.slow
async def test_a_page_is_quoted_without_its_headings_and_marks(opened: Opening) -> None:
    rule = PolicyPassage(id="page", title="Broken lamps", text=PAGE)
    async with opened([SORRY]) as (services, _):
        await services.library.replace(LAMPS, policy=(rule,), actor="test")
        reply = content_of(await draft(services, sections())).reply or ""
    assert "within 14 days of delivery" in reply
    assert not set("#*[]").intersection(reply)
    assert "How to claim" not in reply


@pytest.mark.slow
async def test_what_an_agent_vouches_for_is_told_and_what_is_private_is_not(
    opened: Opening,
) -> None:
    known = (
        KnownFact(text="a forklift drove into the crate at our depot on Monday"),
        KnownFact(text="The driver has been spoken to.", private=True),
        KnownFact(text="Paczka została uszkodzona w magazynie w Warszawie."),
    )
    asked = sections().model_copy(update={"known": known, "channel": Channel.FACEBOOK})
    async with opened([SORRY]) as (services, _):
        content = content_of(await draft(services, asked))
    assert content.reply is not None
    assert "A forklift drove into the crate at our depot on Monday." in content.reply
    assert "driver" not in content.reply
    assert "Paczka" not in content.reply
    assert content.citations


@pytest.mark.slow
async def test_what_may_not_stand_in_public_is_left_out_though_it_is_vouched_for(
    opened: Opening,
) -> None:
    known = (KnownFact(text="Her phone number is +44 7700 900318."),)
    async with opened([SORRY]) as (services, _):
        asked = sections().model_copy(update={"known": known, "channel": Channel.FACEBOOK})
        content = content_of(await draft(services, asked))
    assert content.reply is not None
    assert not content.holding
    assert "900318" not in content.reply


@pytest.mark.slow
async def test_a_better_first_sentence_is_asked_for(opened: Opening) -> None:
    """A figure that the customer never named is somebody else's story."""
    invented = "I'm sorry that you waited three weeks for your lamp."
    async with opened([invented, SORRY]) as (services, model):
        content = content_of(await draft(services, sections()))
    assert content.reply is not None
    assert content.reply.startswith(SORRY)
    assert len(model.requests) == 2


@pytest.mark.slow
async def test_where_there_is_little_room_the_sorry_yields_to_the_rule(opened: Opening) -> None:
    long = f"{SORRY[:-1]}, and that nobody answered the phone when you rang about the lamp."
    narrow = sections().model_copy(
        update={"options": SECTIONS.model_copy(update={"max_chars": 280})}
    )
    async with opened([long]) as (services, _):
        content = content_of(await draft(services, narrow))
    assert content.reply is not None
    assert len(content.reply) <= 280
    assert content.citations
    assert content.reply.startswith(SORRY)


@pytest.mark.slow
async def test_a_first_sentence_that_stays_wrong_gives_a_holding_reply(opened: Opening) -> None:
    async with opened(["I'm sorry that your lamp broke, [Name]."]) as (services, _):
        content = content_of(await draft(services, sections()))
    assert content.holding


@pytest.mark.slow
async def test_the_customers_words_are_said_back_and_no_model_is_asked(opened: Opening) -> None:
    said_back = case(BROKEN).model_copy(update={"options": SAID_BACK})
    async with opened([SORRY]) as (services, model):
        content = content_of(await draft(services, said_back))
    assert content.reply is not None
    assert content.reply.startswith("Your new lamp arrived with the glass smashed")
    assert not content.holding
    assert not model.requests
    assert content.provenance is not None
    assert content.provenance.model == ""


@pytest.mark.slow
async def test_words_that_can_not_be_said_back_get_plain_ones(opened: Opening) -> None:
    ironic = "What a brilliant lamp, in four hundred pieces. Bravo, you useless lot!"
    said = case(ironic).model_copy(update={"options": SAID_BACK})
    async with opened([SORRY]) as (services, model):
        content = content_of(await draft(services, said))
    assert content.reply is not None
    assert "pieces" not in content.reply
    assert not model.requests


@pytest.mark.slow
async def test_thanks_for_praise_come_from_the_model(opened: Opening) -> None:
    praise = case("Ana at the desk found my ring in ten minutes, what a star!")
    thanks = "Thank you for telling us how Ana found your ring in ten minutes."
    async with opened([thanks]) as (services, model):
        content = content_of(
            await draft(services, praise.model_copy(update={"options": SAID_BACK}))
        )
    assert content.reply is not None
    assert content.reply.startswith(f"{thanks} ")
    assert len(split_sentences(content.reply)) == 2
    assert model.requests


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (f"{SORRY} And more.", SORRY),
        ("I'm sorry that it broke, and I'll send a new one.", "I'm sorry that it broke."),
        ("I'm sorry that it broke; thank you for your patience!", "I'm sorry that it broke."),
        ("Thank you, I'll tell Ana.", "Thank you, I'll tell Ana."),
        (
            "I'm sorry that you were told we'll call back and nobody did.",
            "I'm sorry that you were told we'll call back and nobody did.",
        ),
        ("", ""),
    ],
)
def test_a_sorry_ends_where_the_promising_begins(said: str, kept: str) -> None:
    assert first_sentence(said) == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("I'm sorry that it broke, and that nobody answered.", "I'm sorry that it broke."),
        ("I'm sorry for the dust and the noise.", "I'm sorry for the dust and the noise."),
        ("So sorry, and I mean it.", "So sorry, and I mean it."),
        (
            "I'm sorry about the cold food, late driver, and rude reply.",
            "I'm sorry about the cold food, late driver, and rude reply.",
        ),
    ],
)
def test_a_sorry_may_end_with_the_first_thing_that_went_wrong(said: str, kept: str) -> None:
    assert first_clause(said) == kept


def triage(kind: Kind = Kind.COMPLAINT, move: MoveKind = MoveKind.PUBLIC_REPLY) -> Triage:
    return Triage(
        kind=kind,
        language="en",
        move=Move(kind=move, reason=""),
        deadline_class=DeadlineClass.NORMAL,
    )


@pytest.mark.parametrize("channel", [Channel.FACEBOOK, Channel.EMAIL])
@pytest.mark.parametrize("move", [MoveKind.PUBLIC_REPLY, MoveKind.PUBLIC_THEN_PRIVATE])
async def test_every_next_step_passes_our_own_checks(channel: Channel, move: MoveKind) -> None:
    guard = Guard(LAMPWICK)
    asked = case("My lamp came broken.").model_copy(update={"channel": channel})
    found = next_steps(LAMPWICK, asked, triage(move=move), language="en", ruled=True, now=NOW)
    assert len(found) >= 4
    for last in found:
        report = await guard.check(context(f"{SORRY} {last}", channel=channel.value))
        assert {finding.check for finding in report.findings} <= {"canned"}, last


def steps(asked: Case, found: Triage) -> list[str]:
    return next_steps(LAMPWICK, asked, found, language="en", ruled=False, now=NOW)


def test_neighbours_end_in_other_words_and_a_rerun_in_the_same() -> None:
    firsts = {
        next_steps(
            LAMPWICK, case(f"Lamp {n} broke."), triage(), language="en", ruled=False, now=NOW
        )[0]
        for n in range(20)
    }
    assert len(firsts) >= 4
    again = [steps(case("Lamp broke."), triage()) for _ in range(2)]
    assert again[0] == again[1]


def test_nothing_happens_next_after_a_closing() -> None:
    assert steps(case("Thanks!"), triage(move=MoveKind.CLOSING_UPDATE)) == []


async def test_praise_is_passed_on_and_that_is_no_promise_for_a_day() -> None:
    found = steps(case("Ana was lovely."), triage(Kind.COMPLIMENT))
    assert len(found) >= 3
    for last in found:
        told = context(f"Thank you for telling me about Ana. {last}", complaint="Ana was lovely.")
        report = await Guard(LAMPWICK).check(replace(told, kind=Kind.COMPLIMENT))
        assert not report.findings, last


def test_in_a_language_nobody_wrote_for_nothing_is_said() -> None:
    assert next_steps(LAMPWICK, case("x"), triage(), language="pl", ruled=False, now=NOW) == []
    assert told_rule("Reguła.", case("x"), language="pl") is None
