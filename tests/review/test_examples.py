"""From an approved reply to a past reply, with a second look; on both databases."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from service.bootstrap import Services
from service.domain.learning import ExampleDecision, ExampleMark, ExampleStatus
from service.errors import Conflict, FourEyes, NotFound, TransitionRefused
from service.review.masking import Masking
from service.store.idempotency import idempotency
from tests.drafting.conftest import FixedClock, Opening
from tests.drafting.test_way import GOOD, answer, draft
from tests.factories import ADMIN, LAMPS, PAST, POLICY, case, decision
from tests.review.test_decisions import RUDE

pytestmark = pytest.mark.slow

TOLD = {
    "text": "I'm Harriet Blount, @hattie_b. My new lamp arrived with the glass smashed and the "
    "parcel was nine days late, order LW-448120, call me on 07700 900142. Not happy.",
    "author_name": "Harriet Blount",
    "author_handle": "@hattie_b",
}
SECRETS = ("Harriet", "Blount", "hattie", "448120", "900142")
SIGNED = f"Harriet, {GOOD[0].lower()}{GOOD[1:]}\n– Ines, Lampwick"


def asked(kind: str, by: str = "zofia", **more: object) -> ExampleDecision:
    return ExampleDecision.model_validate({"decision": kind, "by": by, **more})


async def approved(services: Services, reply: str = GOOD, **more: Any) -> str:
    made = await draft(services, case(complaint=TOLD, visibility="private", **more))
    one = decision("edit", text=reply, approve=True) if reply != GOOD else decision("approve")
    await services.review.decide(made.id, one, ADMIN)
    return made.id


async def decide(services: Services, draft_id: str, one: ExampleDecision) -> ExampleMark:
    brand = await services.library.brand(LAMPS.id)
    return await services.examples.decide(brand, draft_id, one, ADMIN)


async def test_an_accepted_example_joins_the_past_replies_and_stays(opened: Opening) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        draft_id = await approved(services, SIGNED)
        mark = await services.examples.mark(draft_id, "marta")
        assert (mark.status, mark.twin_of) == (ExampleStatus.PROPOSED, None)
        assert not [word for word in SECRETS if word in mark.model_dump_json()]
        assert mark.example.reply == GOOD
        assert (mark.example.kind, mark.example.channel) == ("complaint", "x")
        assert await services.examples.mark(draft_id, "jan") == mark
        assert len(await services.library.past_replies(LAMPS.id)) == 1

        embedded = services.embedder.texts_embedded
        accepted = await decide(services, draft_id, asked("accept"))
        assert services.embedder.texts_embedded == embedded + 1
        assert accepted.status is ExampleStatus.ACCEPTED
        assert await decide(services, draft_id, asked("accept")) == accepted
        kept = {one.id: one for one in await services.library.past_replies(LAMPS.id)}
        assert kept == {PAST[0].id: PAST[0], draft_id: accepted.example}
        with pytest.raises(TransitionRefused, match="accepted by zofia"):
            await decide(services, draft_id, asked("decline"))


async def test_an_import_of_the_folder_keeps_examples_and_a_replacement_does_not(
    opened: Opening,
) -> None:
    from service.knowledge.importer import BrandFolder

    async with opened([answer(GOOD)]) as (services, _):
        draft_id = await approved(services)
        await services.examples.mark(draft_id, "marta")
        await decide(services, draft_id, asked("accept"))
        folder = BrandFolder(LAMPS, POLICY, PAST)
        again = await services.library.import_read(folder, actor="test")
        assert not again.diff.past_replies.any
        assert again.past_replies == 2
        await services.library.update(LAMPS.id, past_replies=PAST, actor="test")
        assert await services.library.past_replies(LAMPS.id) == list(PAST)
        await decide(services, draft_id, asked("accept"))
        assert len(await services.library.past_replies(LAMPS.id)) == 2


async def test_a_second_person_may_write_it_better_and_is_needed_with_four_eyes(
    opened: Opening,
) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        careful = LAMPS.model_copy(update={"four_eyes": True})
        draft_id = await approved(services)
        await services.library.replace(careful, actor="test")
        await services.examples.mark(draft_id, "marta")
        with pytest.raises(FourEyes):
            await decide(services, draft_id, asked("accept", by="marta"))
        better = asked("accept", reply="Harriet, that's no start for a lamp. Sorry!\n– Ines")
        done = await decide(services, draft_id, better)
        assert done.example.reply == "That's no start for a lamp. Sorry!"
        assert done.example.complaint
        with pytest.raises(TransitionRefused):
            await decide(services, draft_id, asked("accept", by="jan", reply="Another."))


async def test_what_was_told_earlier_in_the_thread_is_masked_at_the_second_look_too(
    opened: Opening, clock: FixedClock
) -> None:
    told = "My name is Quillan Farrow and my new lamp came smashed, I live at 12 Merrow Lane."
    async with opened([answer(GOOD)]) as (services, _):
        await draft(services, case(told, thread_id="t", visibility="private"))
        clock.time += timedelta(minutes=1)
        more = case("It was nine days late, too.", thread_id="t", visibility="private")
        made = await draft(services, more)
        await services.review.decide(made.id, decision("approve"), ADMIN)
        await services.examples.mark(made.id, "marta")
        ours = "I'm sorry, Mr Farrow. The lamp goes to Merrow Lane again, free of charge."
        done = await decide(services, made.id, asked("accept", reply=ours, complaint=told))
        kept = [one.model_dump_json() for one in await services.library.past_replies(LAMPS.id)]
    assert done.status is ExampleStatus.ACCEPTED
    assert not [word for word in ("Quillan", "Farrow", "Merrow") if word in "".join(kept)]


async def test_two_leads_at_once_make_one_past_reply(opened: Opening) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        draft_id = await approved(services)
        await services.examples.mark(draft_id, "marta")
        words = ("A lamp in pieces, sorry.", "Broken glass on day one, sorry.")
        both = await asyncio.gather(
            *(decide(services, draft_id, asked("accept", reply=one)) for one in words),
            return_exceptions=True,
        )
        (won,) = [one for one in both if isinstance(one, ExampleMark)]
        (lost,) = [one for one in both if isinstance(one, TransitionRefused)]
        kept = {one.id: one for one in await services.library.past_replies(LAMPS.id)}
        assert kept[draft_id] == won.example
        assert "that stands" in str(lost)


async def test_what_is_no_example(opened: Opening) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        waiting = await draft(services, case(thread_id="w", visibility="private"))
        with pytest.raises(TransitionRefused, match="only an approved"):
            await services.examples.mark(waiting.id, "marta")
        draft_id = await approved(services, thread_id="a")
        await services.examples.mark(draft_id, "marta")
        await decide(services, draft_id, asked("decline"))
        again = await decide(services, draft_id, asked("decline"))
        assert again.status is ExampleStatus.DECLINED
        for late in (
            services.examples.mark(draft_id, "marta"),
            decide(services, draft_id, asked("accept")),
        ):
            with pytest.raises(TransitionRefused, match="declined by zofia"):
                await late
        made = await draft(services, case(thread_id="b", visibility="private"))
        rude = await services.review.decide(made.id, decision("edit", text=RUDE), ADMIN)
        assert rude.content is not None
        blocks = {finding.check for finding in rude.content.checks.blocks}
        override = [{"check": check, "reason": "I did it myself"} for check in blocks]
        over = decision("approve", version=2, override=override)
        await services.review.decide(made.id, over, ADMIN)
        with pytest.raises(TransitionRefused, match="exception"):
            await services.examples.mark(made.id, "marta")
        with pytest.raises(NotFound):
            await services.examples.get("brindle", draft_id)


async def test_a_holding_reply_is_no_example(opened: Opening) -> None:
    async with opened([answer("Your fault. You get €75.")]) as (services, _):
        made = await draft(services, case())
        await services.review.decide(made.id, decision("approve"), ADMIN)
        with pytest.raises(TransitionRefused, match="holding"):
            await services.examples.mark(made.id, "marta")


async def test_a_twin_is_named_and_a_copy_refused(opened: Opening) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        there = PAST[0].model_copy(update={"reply": GOOD.replace("rotten", "poor")})
        await services.library.update(LAMPS.id, past_replies=[there], actor="test")
        draft_id = await approved(services, thread_id="a")
        once = idempotency(ADMIN, "example", "k1", {})
        mark = await services.examples.mark(draft_id, "marta", once=once)
        assert mark.twin_of == there.id
        copy = there.model_copy(update={"reply": GOOD.upper()})
        await services.library.update(LAMPS.id, past_replies=[copy], actor="test")
        with pytest.raises(Conflict, match="pr-1"):
            await decide(services, draft_id, asked("accept"))
        other = await approved(services, thread_id="b")
        with pytest.raises(Conflict, match="pr-1"):
            await services.examples.mark(other, "marta")
        assert [m.draft_id for m in await services.examples.page(LAMPS.id)] == [draft_id]


@pytest.mark.parametrize(
    ("name", "reply", "left"),
    [
        (
            "Declan Moore",
            "Declan, I'm sorry. I've found order LW-448120. Thank you, Declan.\n– Ines, Lampwick",
            "I'm sorry. I've found order …. Thank you.",
        ),
        (None, "Hi Dana,\nThanks, I needed to know.", "Hi,\nThanks, I needed to know."),
        (
            "Anna Kowalska",
            "Dzień dobry Anno, przepraszam. Dziękuję.\nPozdrawiam, Ola",
            "Dzień dobry, przepraszam. Dziękuję.",
        ),
        ("Jürgen Brandt", "Jürgen, das tut mir leid. Gut, Jürgen.", "Das tut mir leid. Gut."),
        ("Lucía Gómez", "Hola Lucía, lo siento. Un saludo, Marta", "Hola, lo siento."),
        ("Jo", "Sorry, Jo! See https://lampwick.example/help.", None),
        (None, "Sorry. See https://track.example/88.", "Sorry. See …"),
    ],
)
def test_nobody_is_left_in_an_example(name: str | None, reply: str, left: str | None) -> None:
    asked = case(complaint={"text": "My lamp broke.", "author_name": name})
    wanted = left or "Sorry! See https://lampwick.example/help."
    assert Masking(asked, LAMPS).example(reply) == wanted
