"""Feeds of posts: whose each is, what it starts, and that nothing of it happens twice."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from service.bootstrap import Services
from service.domain.brand import Brand
from service.domain.draft import Draft, DraftStatus
from service.domain.mention import Mention, MentionEvent, MentionTally
from service.domain.review import Caller, Role
from service.domain.thread import Case
from service.domain.triage import Kind, MoveKind
from service.errors import TransitionRefused
from service.followup.mention_lines import LONGEST_LINE, FeedLine, feed_lines
from service.store.answering import POST_DELETED
from service.store.drafts import THREAD_CHANGED
from service.store.staling import BRAND_ANSWERED
from service.store.staling import NEWER as NEWER_DRAFT
from tests.drafting.conftest import NOW, FixedClock, Opening
from tests.drafting.test_way import GOOD, answer
from tests.factories import ADMIN
from tests.followup.working import approve, content_of
from tests.working import a_worker

pytestmark = pytest.mark.slow

OWN = Caller(name="feed", role=Role.AGENT, brand_id="lampwick")
WICKED = Brand.model_validate(
    {"id": "quillon", "name": "Quillon", "voice": "Plain.", "mentions": {"handles": ["@quillon"]}}
)
BROKEN = "The lamp from Lampwick arrived smashed and the parcel was nine days late."

NEWER = "Lampwick sent me two lamps, both smashed."
OLDER = "Lampwick sent me a smashed lamp."


def post(external_id: str = "p1", text: str = BROKEN, **more: Any) -> dict[str, Any]:
    return {"external_id": external_id, "channel": "x", "text": text, **more}


async def lines(*rows: Mapping[str, Any] | bytes) -> AsyncIterator[FeedLine]:
    for number, row in enumerate(rows, start=1):
        yield FeedLine(number, row)


async def send(services: Services, *rows: Mapping[str, Any], **more: Any) -> MentionTally:
    return await services.mentions.take_in(lines(*rows), more.pop("caller", ADMIN), **more)


async def drafts_of(services: Services, brand: str = "lampwick") -> list[Draft]:
    found = await services.drafts.page(brand_id=brand, limit=100)
    return sorted(found, key=lambda draft: draft.case_id or "")


async def work(services: Services) -> None:
    """Let a worker do all that waits."""
    async with a_worker(services.drafts):
        for _ in range(200):
            await asyncio.sleep(0.05)
            if not await services.drafts.page(brand_id=None, status=DraftStatus.DRAFTING):
                break


async def thread(services: Services, thread_id: str, **author: str) -> list[str]:
    """The words of a thread as a prompt would be given them, in a case of this author."""
    from service.store.threads import ThreadRepository

    asked = Case.model_validate({"complaint": {"text": "x", **author}})
    async with services.database.read() as connection:
        whole = await ThreadRepository().complete(connection, "lampwick", thread_id, asked)
    return [message.text for message in whole.thread]


async def test_what_names_a_brand_waits_in_its_queue_once(opened: Opening) -> None:
    async with opened([answer(GOOD)]) as (services, model):
        await services.library.replace(WICKED, actor="test")
        both = post("p2", "@quillon is as bad: Lampwick sent me a smashed lamp, too.")
        rows = [post(), both, post("p3", "my lamp broke"), {"external_id": "p4", "text": " "}]
        first = await send(services, *rows)
        again = await send(services, *rows)
        assert not model.requests, "nothing waits for a model in the request"
        await work(services)
        ours, theirs = await drafts_of(services), await drafts_of(services, "quillon")
    assert first.model_dump(exclude={"bad"}) == {
        "received": 4, "ours": 2, "stored": 3, "repeated": 0, "edited": 0, "deleted": 0,
        "kept_aside": 0, "not_ours": 1, "bad_count": 1,
    }  # fmt: skip
    assert [(bad.line, bad.error) for bad in first.bad] == [
        (4, "text is empty: send the post's words")
    ]
    assert (again.stored, again.repeated) == (0, 3)
    assert [draft.case_id for draft in ours] == ["p1", "p2"]
    assert [draft.case_id for draft in theirs] == ["p2"]
    assert ours[0].status is DraftStatus.PENDING_REVIEW


async def test_another_customer_of_the_thread_is_a_bystander(opened: Opening) -> None:
    """Else one would be told of the other's troubles, and waited since the other's first post."""
    from service.store.threads import ThreadRepository

    ana, ben = {"author_name": "Ana"}, {"author_handle": "@ben", "author_name": "Ben"}
    async with opened() as (services, _):
        await send(
            services,
            post("a", NEWER, conversation_id="c1", **ana),
            post("b", "Lampwick charged me twice.", conversation_id="c1", **ben),
            post("c", "Anybody there, Lampwick?", conversation_id="c1", **ana),
        )
        (first,) = [draft for draft in await drafts_of(services) if draft.case_id == "b"]
        async with services.database.read() as connection:
            asked = Case.model_validate(post("b") | {"complaint": {"text": "x", **ben}})
            seen = await ThreadRepository().complete(connection, "lampwick", "c1", asked)
    assert first.thread_id == "c1"
    assert [message.author.value for message in seen.thread] == ["other", "customer", "other"]


async def test_an_approved_reply_stands_in_the_thread_that_the_next_draft_sees(
    opened: Opening, clock: FixedClock
) -> None:
    """Not every tool sends back what it posted; and what it sends back is there only once."""

    def at(minutes: int, **more: Any) -> dict[str, Any]:
        moment = NOW + timedelta(minutes=minutes)
        return {"conversation_id": "c1", "posted_at": moment.isoformat(), **more}

    async with opened([answer(GOOD), answer(GOOD)]) as (services, _):
        await send(services, post("a", **at(-30, author_name="Ana")))
        await work(services)
        (first,) = await drafts_of(services)
        reply = content_of(await approve(services, first.id)).reply or ""
        clock.time = NOW + timedelta(minutes=20)
        await send(services, post("b", "Still nothing, Lampwick.", **at(10, author_name="Ana")))
        await work(services)
        seen = await thread(services, "c1", author_name="Ana")
        triage = content_of((await drafts_of(services))[1]).triage
        await send(services, post("c", reply, author="brand", **at(1)))
        later = await thread(services, "c1", author_name="Ana")
    assert seen == [BROKEN, reply, "Still nothing, Lampwick."]
    assert not triage.chases, "it has been answered"
    assert later == seen


async def test_replies_find_their_thread_and_only_customers_are_answered(opened: Opening) -> None:
    async with opened() as (services, _):
        tally = await send(
            services,
            post("a", conversation_id="c1"),
            post("b", "still waiting here", conversation_id="c1"),
            post("c", "we are on it", in_reply_to="a", author="brand"),
            post("d", "same for me, by the way", in_reply_to="c", author="other"),
            post("e", "somebody else's talk", conversation_id="c2"),
            post("f", "and me!", brand="lampwick"),
        )
        drafts = await drafts_of(services)
        words = await thread(services, "c1")
    assert (tally.stored, tally.not_ours) == (5, 1)
    assert [draft.case_id for draft in drafts] == ["a", "b", "f"]
    assert words == [BROKEN, "still waiting here", "we are on it", "same for me, by the way"]


@pytest.mark.parametrize("named", [{}, {"conversation_id": "c1"}])
async def test_a_reply_that_comes_later_joins_the_thread_of_its_parent(
    opened: Opening, named: dict[str, str]
) -> None:
    """Else two drafts wait for one customer."""
    ana = {"author_name": "Ana"}
    async with opened([answer(GOOD), answer(GOOD)]) as (services, _):
        await send(services, post("g1", **ana, **named))
        await work(services)
        tally = await send(services, post("g2", "still nothing!", in_reply_to="g1", **ana))
        first, second = await drafts_of(services)
        await work(services)
        made = (await drafts_of(services))[1]
        words = await thread(services, first.thread_id, **ana)
    assert (tally.ours, tally.stored) == (1, 1)
    assert second.thread_id == first.thread_id
    assert (first.status, first.stale_reason) == (DraftStatus.SUPERSEDED, f"{NEWER_DRAFT}{made.id}")
    assert made.status is DraftStatus.PENDING_REVIEW
    assert words == [BROKEN, "still nothing!"]


async def test_replies_join_alike_alone_and_together(opened: Opening) -> None:
    """Whatever shares their request, and however far down the talk they stand."""
    async with opened() as (services, _):
        await send(services, post("a"), post("b", "still nothing!", in_reply_to="a"))
        await send(services, post("c", "hello?", in_reply_to="b"))
        await send(
            services,
            post("d", "anybody?", in_reply_to="a"),
            post("e", "and now?", in_reply_to="d"),
            post("f", NEWER),
        )
        drafts = await drafts_of(services)
        words = await thread(services, drafts[0].thread_id)
    assert [draft.case_id for draft in drafts] == ["a", "b", "c", "d", "e", "f"]
    assert len({draft.thread_id for draft in drafts[:5]}) == 1
    assert drafts[5].thread_id != drafts[0].thread_id
    assert words == [BROKEN, "still nothing!", "hello?", "anybody?", "and now?"]


async def test_a_reply_joins_no_thread_of_another_brand(opened: Opening) -> None:
    async with opened() as (services, _):
        await services.library.replace(WICKED, actor="test")
        await send(services, post("g1", "@quillon is late", brand="quillon"))
        await send(services, post("g2", NEWER, in_reply_to="g1"))
        (parent, copy) = await drafts_of(services, "quillon")
        (reply,) = await drafts_of(services)
    assert (copy.case_id, copy.thread_id) == ("g2", parent.thread_id)
    assert reply.case_id == "g2"
    assert reply.thread_id != parent.thread_id


async def test_an_edit_is_drafted_again_and_an_older_one_is_not(
    opened: Opening, clock: FixedClock
) -> None:
    def edit(text: str, minutes: int) -> dict[str, Any]:
        at = NOW + timedelta(minutes=minutes)
        return post("a", text, event="edited", revised_at=at.isoformat())

    async with opened([answer(GOOD)]) as (services, _):
        await send(services, post("a", conversation_id="c1", posted_at=NOW.isoformat()))
        await work(services)
        newer = await send(services, edit(NEWER, 9))
        older = await send(services, edit(OLDER, 5), edit(OLDER, 9))
        waiting = (await drafts_of(services))[0]
        await work(services)
        made = (await drafts_of(services))[0]
        snapshot = await services.drafts.snapshot(made.id)
        trail = [line["action"] for line in await services.review.trail(made.id)]
        words = await thread(services, "c1")
    assert (newer.edited, older.edited, older.repeated) == (1, 0, 2)
    assert (waiting.status, waiting.version) == (DraftStatus.DRAFTING, 2)
    assert (made.status, made.version) == (DraftStatus.PENDING_REVIEW, 2)
    assert snapshot is not None
    assert snapshot.case.complaint.text == NEWER
    assert words == [NEWER]
    assert trail == ["draft.requested", "draft.restarted"]


async def test_an_edit_takes_the_draft_from_who_works_on_the_old_words(opened: Opening) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        await send(services, post("a"))
        claim = await services.drafts.take()
        assert claim is not None
        await send(services, post("a", NEWER, event="edited"))
        await services.drafts.give_up(claim)
        begun = (await drafts_of(services))[0]
        again = await services.drafts.take()
    assert (begun.status, begun.version) == (DraftStatus.DRAFTING, 1)
    assert again is not None
    assert again.case.complaint.text == NEWER
    assert again.thread_revision == 2


async def test_a_feed_is_told_apart_and_the_complaint_comes_first(opened: Opening) -> None:
    """Spam waits for no reply, praise waits behind the complaint."""
    spam = (
        "Lampwick fans!! Earn 900 euros a day from home, DM us the word CASH, only 5 places left 💸"
    )
    praise = "Lampwick repaired my grandmother's lamp for free. You made her week, thank you!"
    async with opened([answer(GOOD)]) as (services, model):
        await send(services, post("spam", spam), post("praise", praise), post("smashed"))
        await work(services)
        drafts = {draft.case_id: draft for draft in await drafts_of(services)}
        queue = [draft.case_id for draft in await services.queue.page()]
    kinds = {key: draft.content.triage.kind for key, draft in drafts.items() if draft.content}
    assert kinds == {
        "spam": Kind.SPAM,
        "praise": Kind.COMPLIMENT,
        "smashed": Kind.COMPLAINT,
    }
    assert drafts["spam"].content is not None
    assert drafts["spam"].content.move.kind is MoveKind.NO_REPLY
    assert queue[0] == "smashed"
    assert not any("900 euros" in str(request) for request in model.requests)


FIRST = "Lampwick, my lamp came without a plug."
THEN = "And nobody at Lampwick picks up the phone."


ASKED_BY_MAX = Case.model_validate(
    {
        "channel": "x",
        "thread_id": "c1",
        "complaint": {
            "text": "Where is my shade?",
            "author_handle": "@max",
            "posted_at": "2026-11-20T18:20:00Z",
        },
    }
)


def jo_at(minute: int) -> dict[str, str]:
    """Of one conversation with one customer, written then."""
    when = f"2026-11-20T18:{minute:02}:00Z"
    return {"conversation_id": "c1", "author_handle": "@jo", "posted_at": when}


async def test_newest_first_gives_one_draft_that_has_read_all(opened: Opening) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        await send(services, post("b", THEN, **jo_at(30)), post("a", FIRST, **jo_at(10)))
        await work(services)
        late, newer = await drafts_of(services)
        snapshot = await services.drafts.snapshot(newer.id)
    assert (late.status, late.stale_reason) == (DraftStatus.SUPERSEDED, NEWER_DRAFT + newer.id)
    assert newer.status is DraftStatus.PENDING_REVIEW
    assert snapshot is not None
    assert [message.text for message in snapshot.case.thread] == [FIRST, THEN]


async def test_a_late_post_renews_the_draft_that_waits(opened: Opening) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        await send(services, post("b", THEN, **jo_at(30)))
        await work(services)
        await send(services, post("a", FIRST, **jo_at(10)))
        await work(services)
        late, newer = await drafts_of(services)
    assert late.status is DraftStatus.SUPERSEDED
    assert (newer.status, newer.version) == (DraftStatus.PENDING_REVIEW, 2)


async def test_a_late_post_waits_again_where_the_newer_one_is_deleted(opened: Opening) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        await send(services, post("b", THEN, **jo_at(30)), post("a", FIRST, **jo_at(10)))
        await send(services, {"external_id": "b", "event": "deleted"})
        late, newer = await drafts_of(services)
    assert (late.status, newer.status) == (DraftStatus.STALE, DraftStatus.SUPERSEDED)


async def test_a_late_post_is_answered_where_the_newer_one_was(opened: Opening) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        await send(services, post("b", THEN, **jo_at(30)))
        await work(services)
        await approve(services, (await drafts_of(services))[0].id)
        await send(services, post("a", FIRST, **jo_at(10)))
        late, answered = await drafts_of(services)
    assert (late.case_id, late.status) == ("a", DraftStatus.DRAFTING)
    assert answered.status is DraftStatus.APPROVED


async def test_a_late_post_changes_no_draft_of_another_customer(opened: Opening) -> None:
    """Nor one that a tool asked for without telling the post's id."""
    async with opened([answer(GOOD)]) as (services, _):
        other = await services.drafts.create(ASKED_BY_MAX, "lampwick", ADMIN)
        await services.drafts.finished(other)
        await send(services, post("a", FIRST, **jo_at(10)))
        claim = await services.drafts.take()
        job = await services.drafts.snapshot(other)
    assert claim is not None
    assert claim.case.complaint.text == FIRST
    assert job is not None
    assert job.case.complaint.text == ASKED_BY_MAX.complaint.text


@pytest.mark.parametrize("answer_first", [True, False])
async def test_a_brands_answer_counts_whenever_it_comes(
    opened: Opening, *, answer_first: bool
) -> None:
    """For what was written before it, and only in the same conversation."""
    more = jo_at(40) | {"author_handle": "@lampwick", "in_reply_to": "a"}
    said = post("r", "A plug is on its way, Jo.", author="brand", brand="lampwick", **more)
    asked = [post("b", THEN, **jo_at(30)), post("a", FIRST, **jo_at(10))]
    later = post("c", "It came, and it is a British plug, Lampwick.", **jo_at(50))
    async with opened([answer(GOOD)]) as (services, _):
        await send(services, *([said, *asked] if answer_first else [*asked, said]), later)
        *answered, still = await drafts_of(services)
    assert {draft.status for draft in answered} == {DraftStatus.SUPERSEDED}
    assert answered[1].stale_reason == BRAND_ANSWERED
    assert still.status is DraftStatus.DRAFTING


async def test_a_deleted_post_is_never_answered(opened: Opening) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        await send(services, post("a", conversation_id="c1"), post("b", conversation_id="c2"))
        await work(services)
        later = post("a2", "and no answer so far", conversation_id="c1")
        await send(services, later)
        gone = [{"external_id": "a", "event": "deleted"}, {"external_id": "a2", "event": "deleted"}]
        tally = await send(services, *gone, *gone, post("a", NEWER, event="edited"))
        assert await services.drafts.take() is None
        drafts = {draft.case_id: draft for draft in await drafts_of(services)}
        with pytest.raises(TransitionRefused, match="deleted the post"):
            await services.drafts.redraft(drafts["a"].id, ADMIN)
        words = await thread(services, "c1")
    assert (tally.deleted, tally.repeated) == (2, 3)
    assert (drafts["a"].status, drafts["a"].stale_reason) == (DraftStatus.SUPERSEDED, POST_DELETED)
    assert (drafts["a2"].status, drafts["a2"].stale_reason) == (
        DraftStatus.SUPERSEDED,
        POST_DELETED,
    )
    assert drafts["b"].status is DraftStatus.PENDING_REVIEW
    assert words == []


async def test_other_drafts_of_a_thread_are_stale_when_a_post_goes(opened: Opening) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        await send(services, post("a", conversation_id="c1"))
        await send(services, post("b", "mine is broken, too", conversation_id="c1"))
        await work(services)
        await send(services, {"external_id": "a", "event": "deleted", "brand": "lampwick"})
        drafts = await drafts_of(services)
    assert [draft.stale_reason for draft in drafts] == [POST_DELETED, THREAD_CHANGED]


async def test_what_comes_before_its_post_counts_when_the_post_comes(opened: Opening) -> None:
    async with opened() as (services, _):
        early = await send(
            services,
            {"external_id": "a", "event": "deleted"},
            {"external_id": "b", "event": "deleted", "brand": "lampwick"},
            post("c", NEWER, event="edited", revised_at="2026-11-20T10:00Z"),
        )
        late = await send(
            services,
            post("a", conversation_id="c1"),
            post("b", conversation_id="c1"),
            post("c", OLDER, posted_at="2026-11-20T09:00Z"),
            post("c", OLDER, event="edited", revised_at="2026-11-20T09:30Z"),
        )
        drafts = await drafts_of(services)
        words = await thread(services, "c1")
        case = await services.drafts.take()
    assert (early.kept_aside, early.stored) == (2, 1)
    assert (late.stored, late.repeated) == (2, 2)
    assert [draft.case_id for draft in drafts] == ["c"]
    assert words == []
    assert case is not None
    assert case.case.complaint.text == NEWER


@pytest.mark.parametrize("together", [True, False])
async def test_a_reply_that_came_before_its_post_is_joined(
    opened: Opening, *, together: bool
) -> None:
    """Also where the feed names no conversations: the brand's answer counts, and who chases has
    one draft."""
    jo, max_ = {"author_handle": "@jo"}, {"author_handle": "@max"}
    said = {"author": "brand", "brand": "lampwick"}
    rows = [
        post(
            "r", "A plug is on its way.", in_reply_to="a", posted_at=jo_at(20)["posted_at"], **said
        ),
        post("k", "Hello, Lampwick?", in_reply_to="b", posted_at=jo_at(30)["posted_at"], **jo),
        post("a", FIRST, posted_at=jo_at(10)["posted_at"], **max_),
        post("b", FIRST, posted_at=jo_at(5)["posted_at"], **jo),
    ]
    async with opened() as (services, _):
        for batch in [rows] if together else [[row] for row in rows]:
            await send(services, *batch)
        answered, first, chasing = await drafts_of(services)
    assert (answered.case_id, answered.stale_reason) == ("a", BRAND_ANSWERED)
    assert (first.case_id, first.status) == ("b", DraftStatus.SUPERSEDED)
    assert chasing.status is DraftStatus.DRAFTING
    assert first.thread_id == chasing.thread_id


async def test_a_deletion_that_came_while_its_post_was_stored_counts(
    opened: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is matched before the other import has written, and written after it."""
    async with opened() as (services, _):
        matched = services.mentions._owners

        async def meanwhile(event: Mention, *rest: Any) -> list[str]:
            owners = await matched(event, *rest)
            if event.event is MentionEvent.DELETED:
                await send(services, post("a"))
            return owners

        monkeypatch.setattr(services.mentions, "_owners", meanwhile)
        tally = await send(services, {"external_id": "a", "event": "deleted"})
        (draft,) = await drafts_of(services)
    assert (tally.ours, tally.deleted, tally.kept_aside) == (1, 1, 0)
    assert (draft.status, draft.stale_reason) == (DraftStatus.SUPERSEDED, POST_DELETED)


async def test_an_answer_that_the_brand_takes_down_answers_nothing(opened: Opening) -> None:
    said = {"author": "brand", "brand": "lampwick"}
    async with opened([answer(GOOD)]) as (services, _):
        await send(services, post("a", FIRST, **jo_at(10)))
        wrong = post("r", "Wrong thread, sorry.", **jo_at(20), **said)
        thanks = post("s", "Have you seen our page?", **jo_at(5), **said)
        await send(services, wrong, thanks)
        (answered,) = await drafts_of(services)
        await send(services, {"external_id": "r", "event": "deleted"})
        await send(services, {"external_id": "r", "event": "deleted"})
        (waiting,) = await drafts_of(services)
        topics = [event["topic"] for event in await services.review.waiting_events()]
    assert answered.status is DraftStatus.SUPERSEDED
    assert waiting.status is DraftStatus.STALE
    assert topics == ["draft.superseded", "draft.stale"]


async def test_two_imports_at_once_store_each_post_once(opened: Opening) -> None:
    rows = [post(f"p{n}", conversation_id=f"c{n % 7}") for n in range(250)]
    async with opened() as (services, _):
        tallies = await asyncio.gather(send(services, *rows), send(services, *reversed(rows)))
        drafts = await services.drafts.page(brand_id="lampwick", limit=1000)
    assert sum(tally.stored for tally in tallies) == 250
    assert sum(tally.repeated for tally in tallies) == 250
    assert len({draft.case_id for draft in drafts}) == len(drafts) == 250


async def test_a_feed_that_breaks_off_leaves_whole_batches_and_is_sent_again(
    opened: Opening,
) -> None:
    rows = [post(f"p{n}") for n in range(150)]

    async def broken() -> AsyncIterator[FeedLine]:
        async for line in lines(*rows):
            yield line
            if line.number == 130:
                raise ConnectionError

    async with opened() as (services, _):
        with pytest.raises(ConnectionError):
            await services.mentions.take_in(broken(), ADMIN)
        left = len(await services.drafts.page(brand_id="lampwick", limit=1000))
        tally = await send(services, *rows)
    assert left == 100
    assert (tally.stored, tally.repeated) == (50, 100)


async def test_a_key_of_one_brand_feeds_no_other(opened: Opening) -> None:
    async with opened() as (services, _):
        await services.library.replace(WICKED, actor="test")
        tally = await send(
            services,
            post("a", "@quillon where is it"),
            post("b", brand="quillon"),
            post("c", brand="nobody"),
            {"external_id": "x", "event": "deleted"},
            caller=OWN,
        )
        await send(services, post("x", "@quillon hello"))
        theirs = await drafts_of(services, "quillon")
    assert (tally.not_ours, tally.bad_count, tally.kept_aside) == (1, 2, 1)
    assert [draft.case_id for draft in theirs] == ["x"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (b"\xff", "not UTF-8 (byte 1 of the line)"),
        (b"{", "not JSON"),
        (b"[]", "not a JSON object"),
        (None, f"longer than {LONGEST_LINE:,} bytes"),
        ({"text": "hi"}, "external_id: Field required"),
        ({"external_id": "a", "text": "hi", "event": "liked"}, "event: it can be 'posted'"),
        ({"external_id": "", "text": "hi"}, "external_id: "),
    ],
    ids=str,
)
def test_a_bad_line_says_what_is_wrong_without_its_words(row: Any, words: str) -> None:
    from service.errors import InvalidInput

    with pytest.raises(InvalidInput) as refused:
        FeedLine(1, row).mention()
    assert str(refused.value).startswith(words)


@pytest.mark.parametrize("size", [1, 7, 10_000])
async def test_lines_are_cut_wherever_the_body_is(size: int) -> None:
    body = b'\xef\xbb\xbf{"a": 1}\r\n\n{"b": "\xc4\x85"}\n' + b"x" * (LONGEST_LINE + 1) + b"\n{}"
    if size == 1:
        body = body.replace(b"x" * (LONGEST_LINE + 1), b"x")

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(body), size):
            yield body[start : start + size]

    found: Sequence[FeedLine] = [line async for line in feed_lines(chunks())]
    assert [line.number for line in found] == [1, 3, 4, 5]
    assert json.loads(found[0].value or b"") == {"a": 1}  # type: ignore[arg-type]
    assert found[2].value == (b"x" if size == 1 else None)
