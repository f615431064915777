"""Notes from real edits, decided by leads, and shown to the model; on both databases."""

import asyncio
from datetime import timedelta

import pytest

from service.bootstrap import Services
from service.domain.edits import EditKind
from service.domain.learning import (
    NewStyleNote,
    NoteDecision,
    StyleNote,
    StyleNoteStatus,
    StyleSign,
)
from service.domain.thread import Case
from service.errors import AmendsError, InvalidInput, NotFound, TransitionRefused
from service.review.edit_share import edit_share
from service.review.proposing import proposals
from service.store.idempotency import idempotency
from service.store.style_notes import StyleNoteRepository
from tests.drafting.conftest import FixedClock, Opening
from tests.drafting.test_way import GOOD, answer, draft
from tests.factories import ADMIN, BROKEN, LAMPS, case, decision

pytestmark = pytest.mark.slow

LATER = GOOD.replace("18:00 the next working day", "12:00 tomorrow")
UNTHANKFUL = GOOD.replace(" Thank you for telling me.", "")
NAMED = {"author_name": "Harriet Blount", "text": BROKEN}
POORER = LATER.replace(", and €10 for the delay", "")
BRAND = LAMPS.id


async def edited(services: Services, text: str, *, thread: str) -> str:
    """A draft approved after an edit."""
    made = await draft(services, private(thread))
    asked = decision("edit", text=text, approve=True)
    await services.review.decide(made.id, asked, ADMIN)
    return made.id


def private(thread: str) -> Case:
    """Nobody sees two threads of this kind side by side, so that equal replies are no copies."""
    return case(thread_id=thread, complaint=NAMED, visibility="private")


def asked(kind: str, **more: object) -> NoteDecision:
    return NoteDecision.model_validate({"decision": kind, "by": "zofia", **more})


async def test_the_third_like_edit_proposes_a_note_which_then_reaches_the_model(
    opened: Opening, clock: FixedClock
) -> None:
    async with opened([answer(UNTHANKFUL)]) as (services, model):
        ids = []
        for n in range(3):
            assert await services.notes.of_brand(BRAND) == []
            ids.append(await edited(services, GOOD, thread=f"t{n}"))
            clock.time += timedelta(minutes=1)
        (note,) = await services.notes.of_brand(BRAND)
        assert (note.sign, note.edit_kind) == (StyleSign.THANK, EditKind.TONE)
        assert (note.language, note.channel, note.kind) == ("en", "x", "complaint")
        assert note.drafts == tuple(ids)
        assert not {"Harriet", "Blount", "glass"} & set(note.text.split())
        ids.append(await edited(services, GOOD, thread="t3"))
        (stronger,) = await services.notes.of_brand(BRAND)
        assert (stronger.id, stronger.drafts) == (note.id, tuple(ids))

        waiting = await draft(services, private("t4"))
        assert note.text not in model.requests[-1].messages[0].content
        await services.notes.decide(BRAND, note.id, asked("accept", text="Say\n thank you."))
        shown = await draft(services, private("t5"))
        assert "- Say thank you." in model.requests[-1].messages[0].content
        snapshot = await services.drafts.snapshot(shown.id)
        assert snapshot is not None
        assert [(one.id, one.text) for one in snapshot.notes] == [(note.id, "Say thank you.")]
        assert waiting.content is not None
        assert shown.content is not None
        before, after = waiting.content.provenance, shown.content.provenance
        assert (before.notes, after.notes) == ((), (note.id,))
        assert before.fingerprint != after.fingerprint

        clock.time += timedelta(days=181)
        await draft(services, private("t6"))
        assert "Say thank you." not in model.requests[-1].messages[0].content


async def test_a_declined_note_stays_away_until_five_newer_edits(
    opened: Opening, clock: FixedClock
) -> None:
    async with opened([answer(UNTHANKFUL)]) as (services, _):
        for n in range(3):
            await edited(services, GOOD, thread=f"t{n}")
        (note,) = await services.notes.of_brand(BRAND)
        clock.time += timedelta(hours=1)
        await services.notes.decide(BRAND, note.id, asked("decline"))
        clock.time += timedelta(hours=1)
        for n in range(3, 7):
            await edited(services, GOOD, thread=f"t{n}")
        again = await services.notes.propose(BRAND)
        assert again.notes == ()
        assert again.edits[EditKind.TONE] == 7
        await edited(services, GOOD, thread="t8")
        newest = await services.notes.of_brand(BRAND, status=StyleNoteStatus.PROPOSED)
        assert [one.sign for one in newest] == [StyleSign.THANK]


async def test_facts_propose_nothing_and_are_counted(opened: Opening) -> None:
    async with opened([answer(LATER)]) as (services, _):
        for n in range(3):
            await edited(services, POORER, thread=f"t{n}")
        found = await services.notes.propose(BRAND)
    assert found.notes == ()
    assert found.edits[EditKind.FACT] == 3


async def test_two_approvals_at_once_propose_a_note_once(opened: Opening) -> None:
    async with opened([answer(UNTHANKFUL)]) as (services, _):
        for n in range(2):
            await edited(services, GOOD, thread=f"t{n}")
        made = [await draft(services, private(f"u{n}")) for n in range(3)]
        edit = decision("edit", text=GOOD, approve=True)
        await asyncio.gather(*(services.review.decide(one.id, edit, ADMIN) for one in made))
        assert len(await services.notes.of_brand(BRAND)) == 1


async def test_a_decision_stands_where_no_note_can_be_proposed(opened: Opening) -> None:
    async with opened([answer(UNTHANKFUL)]) as (services, _):
        for n in range(2):
            await edited(services, GOOD, thread=f"t{n}")
        made = await draft(services, private("t2"))
        async with services.database.write() as connection:
            await connection.exec_driver_sql("ALTER TABLE style_notes RENAME TO gone")
        edit = decision("edit", text=GOOD, approve=True)
        decided = await services.review.decide(made.id, edit, ADMIN)
    assert decided.status.value == "approved"


async def test_of_two_leads_the_second_is_refused(opened: Opening) -> None:
    async with opened() as (services, _):
        note = await _proposed(services)
        both = await asyncio.gather(
            services.notes.decide(BRAND, note.id, asked("accept")),
            services.notes.decide(BRAND, note.id, asked("decline")),
            return_exceptions=True,
        )
        (refused,) = [one for one in both if isinstance(one, AmendsError)]
        assert isinstance(refused, TransitionRefused)
        once = idempotency(ADMIN, "notes", "k1", {})
        own = NewStyleNote(text="Be brief.", by="zofia")
        first = await services.notes.add(BRAND, own, once=once)
        assert await services.notes.add(BRAND, own, once=once) == first
        retired = await services.notes.decide(BRAND, first.id, asked("retire"))
        assert retired.status is StyleNoteStatus.RETIRED
        with pytest.raises(TransitionRefused, match="not accepted"):
            await services.notes.decide(BRAND, first.id, asked("retire"))
        with pytest.raises(NotFound):
            await services.notes.decide("brindle", first.id, asked("retire"))


async def test_a_note_counts_for_a_year_at_most(opened: Opening, clock: FixedClock) -> None:
    async with opened() as (services, _):
        note = await services.notes.add(BRAND, NewStyleNote(text="Be brief.", by="zofia"))
        assert note.expires_at == clock.time + timedelta(days=180)
        for days in (-1, 366):
            late = clock.time + timedelta(days=days)
            own = NewStyleNote(text="Be brief.", by="zofia", expires_at=late)
            with pytest.raises(InvalidInput, match="365 days"):
                await services.notes.add(BRAND, own)
        with pytest.raises(InvalidInput, match="say what"):
            await services.notes.add(BRAND, NewStyleNote(text="  ", by="zofia"))


@pytest.mark.parametrize(
    ("edits", "share"),
    [((), 0.0), ((POORER,), edit_share(GOOD, POORER)), ((POORER, GOOD), 0.0)],
    ids=["used as it was", "edited", "and edited back"],
)
async def test_how_much_of_the_proposal_was_changed_is_kept(
    opened: Opening, edits: tuple[str, ...], share: float
) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        made = await draft(services, case())
        for version, text in enumerate(edits, start=1):
            edit = decision("edit", version=version, text=text)
            await services.review.decide(made.id, edit, ADMIN)
        await services.review.decide(made.id, decision("approve", version=1 + len(edits)), ADMIN)
        async with services.database.read() as connection:
            kept = (await connection.exec_driver_sql("SELECT edit_share FROM drafts")).scalar()
    assert kept == share


@pytest.mark.parametrize(
    ("proposed", "signed", "share"),
    [
        ("Sorry about that.", "Sorry about that.", 0.0),
        ("Sorry about that!", "Sorry about that.", 0.25),
        ("We are sorry.", "I am sorry.", 0.5),
        ("Nothing of it", "was kept here", 1.0),
        (None, "Written anew", 1.0),
    ],
)
def test_a_share_is_counted_in_words_and_signs(
    proposed: str | None, signed: str, share: float
) -> None:
    assert edit_share(proposed, signed) == share


async def _proposed(services: Services) -> StyleNote:
    note = StyleNote.model_validate(
        {
            "id": "note_1",
            "brand_id": BRAND,
            "edit_kind": "voice",
            "sign": "one_person",
            "text": "I, not we.",
            "created_at": services.now(),
        }
    )
    async with services.database.write() as connection:
        await StyleNoteRepository().add(connection, note)
    return note


def test_no_edits_propose_nothing() -> None:
    assert proposals([]) == []
