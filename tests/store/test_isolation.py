"""No brand sees another's rows, whatever is asked: two brands hold rows of the very same names."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import insert, update

from service.domain.draft import DraftStatus
from service.domain.knowledge import PastReply, PolicyPassage
from service.domain.queue import QueueFilter
from service.domain.review import Role
from service.errors import IdempotencyConflict
from service.store.brands import BrandRepository
from service.store.draft_lists import DraftLists
from service.store.drafts import DraftRepository
from service.store.fulltext import FullTextSearch
from service.store.idempotency import Idempotency, IdempotencyRepository
from service.store.knowledge import KnowledgeRepository
from service.store.queue import QueueRepository
from service.store.records import KeyRepository
from service.store.session import Connection, Database
from service.store.tables import drafts
from service.store.threads import ThreadRepository
from service.wiring.drafting import vector_search
from tests.factories import case
from tests.store.shelves import MODEL, NOON, directions, save_brands, shelve

MINE, THEIRS = "mine", "theirs"
NOBODY = ("nobody", "", "%", "mine' OR '1'='1", "mine\ntheirs", "MINE")
SECRET = "the other brand's own words about lamps"
TODAY = date(2026, 11, 22)


@pytest.fixture
async def two(db: Database) -> Database:
    await save_brands(db, MINE, THEIRS)
    async with db.write() as connection:
        for brand_id, words in ((MINE, "my own words about lamps"), (THEIRS, SECRET)):
            await _know(connection, brand_id, words)
            await _draft(connection, brand_id, words)
    return db


async def _know(connection: Connection, brand_id: str, words: str) -> None:
    knowledge = KnowledgeRepository()
    passages = [
        PolicyPassage(id="p", version="1", text=words),
        PolicyPassage(id="p", version="0", text=words, status="superseded"),
    ]
    await knowledge.replace_policy(connection, brand_id, passages)
    reply = PastReply(id="r", complaint=words, reply=words, language="en", channel="email")
    await knowledge.replace_past_replies(connection, brand_id, [reply])
    for source in ("policy", "past_reply"):
        await shelve(connection, brand_id, [words] * 3, directions(3), source=source)


async def _draft(connection: Connection, brand_id: str, words: str) -> str:
    asked = case(words, thread_id="t1")
    thread = await ThreadRepository().add_case(connection, brand_id, asked, NOON)
    draft_id = await DraftRepository().begin(
        connection,
        brand_id=brand_id,
        thread_id=thread.id,
        thread_revision=thread.revision,
        case=asked,
        now=NOON,
    )
    waiting = update(drafts).where(drafts.c.id == draft_id)
    await connection.execute(waiting.values(status=DraftStatus.PENDING_REVIEW))
    return draft_id


@pytest.mark.parametrize("source", ["policy", "past_reply"])
async def test_neither_search_leaves_the_brand(two: Database, source: str) -> None:
    near, words = vector_search(two), FullTextSearch()
    for brand_id in (MINE, *NOBODY):
        async with two.read() as connection:
            by_meaning = await near.search(
                connection,
                brand_id=brand_id,
                source=source,
                model=MODEL,
                revision=0,
                queries=directions(3),
                limit=100,
            )
            by_words = await words.search(
                connection, brand_id=brand_id, source=source, terms=("lamps", "words"), limit=100
            )
        texts = {hit.text for hits in (*by_meaning, by_words) for hit in hits}
        assert texts == ({"my own words about lamps"} if brand_id == MINE else set())


@pytest.mark.parametrize(
    "term", ["lamps", "other", "%", "lamps' OR '1'='1", "lamps* OR theirs", '"']
)
async def test_no_query_breaks_out_of_the_words(two: Database, term: str) -> None:
    async with two.read() as connection:
        found = await FullTextSearch().search(
            connection, brand_id=MINE, source="policy", terms=(term,), limit=100
        )
    assert SECRET not in {hit.text for hit in found}


async def test_knowledge_stays_with_its_brand(two: Database) -> None:
    knowledge = KnowledgeRepository()
    for brand_id in (MINE, *NOBODY):
        async with two.read() as connection:
            found = [
                *(p.text for p in await knowledge.policy(connection, brand_id)),
                *(p.text for p in await knowledge.superseded(connection, brand_id, TODAY, limit=9)),
                *(r.reply for r in await knowledge.past_replies(connection, brand_id)),
                *(
                    p.text
                    for p in (
                        await knowledge.passages_by_ref(connection, brand_id, [("p", "1")])
                    ).values()
                ),
                *(
                    r.reply
                    for r in (await knowledge.replies_by_id(connection, brand_id, ["r"])).values()
                ),
            ]
        assert set(found) == ({"my own words about lamps"} if brand_id == MINE else set())


async def test_replacing_a_brands_knowledge_leaves_the_others(two: Database) -> None:
    knowledge = KnowledgeRepository()
    async with two.write() as connection:
        await knowledge.replace_policy(connection, MINE, [])
        await knowledge.replace_past_replies(connection, MINE, [])
        await BrandRepository().raise_knowledge_revision(connection, MINE)
    async with two.read() as connection:
        assert len(await knowledge.policy(connection, THEIRS)) == 2
        assert len(await knowledge.past_replies(connection, THEIRS)) == 1
        assert await BrandRepository().knowledge_revision(connection, THEIRS) == 0


async def test_threads_of_one_name_are_two_threads(two: Database) -> None:
    threads = ThreadRepository()
    async with two.write() as connection:
        seen = await threads.complete(connection, MINE, "t1", case("x"))
        more = await threads.add_case(connection, MINE, case("More.", thread_id="t1"), NOON)
        stale = await DraftRepository().make_stale(connection, MINE, "t1", NOON)
    assert SECRET not in seen.model_dump_json()
    assert more.revision == 2
    assert len(stale) == 1
    async with two.read() as connection:
        assert await threads.revision(connection, THEIRS, "t1") == 1
        waiting = await QueueRepository().page(
            connection, QueueFilter(brand_id=THEIRS), now=NOON, limit=9
        )
    assert [draft.status for draft in waiting] == [DraftStatus.PENDING_REVIEW]


async def test_lists_of_drafts_stay_with_their_brand(two: Database) -> None:
    lists = DraftLists()
    async with two.read() as connection:
        page = await lists.page(connection, brand_id=MINE, status=None, limit=9, after=None)
        mine = QueueFilter(brand_id=MINE)
        queue = await QueueRepository().page(connection, mine, now=NOON, limit=9)
    assert {draft.brand_id for draft in (*page, *queue)} == {MINE}


async def test_replies_are_compared_within_the_brand(two: Database) -> None:
    async with two.write() as connection:
        for brand_id, words in ((MINE, "my reply"), (THEIRS, SECRET)):
            held = {
                "id": f"drf_{brand_id}",
                "brand_id": brand_id,
                "thread_id": "t1",
                "status": DraftStatus.APPROVED,
                "version": 1,
                "thread_revision": 1,
                "request": {},
                "content": {"reply": words, "holding": False},
                "fence": 0,
                "claims": 0,
                "created_at": NOON,
                "updated_at": NOON,
            }
            await connection.execute(insert(drafts).values(**held))
    async with two.read() as connection:
        assert await DraftLists().recent_replies(connection, MINE, limit=9) == ["my reply"]


async def test_keys_belong_to_one_brand_and_one_scope(two: Database) -> None:
    keys, once = KeyRepository(), IdempotencyRepository()
    async with two.write() as connection:
        await keys.add(
            connection, name="a", role=Role.AGENT, brand_id=MINE, key_hash="h1", now=NOON
        )
        await once.remember(
            connection, Idempotency(scope=THEIRS, key="k", body_hash="b"), "drf_theirs", NOON
        )
        caller = await keys.caller(connection, "h1")
        assert caller is not None
        assert caller.brand_id == MINE
        assert (
            await once.recall(connection, Idempotency(scope=MINE, key="k", body_hash="b")) is None
        )


async def test_a_scope_of_any_length_is_its_own(two: Database) -> None:
    once = IdempotencyRepository()
    long = f"{MINE}:{'n' * 200}:policies"
    async with two.write() as connection:
        for scope, subject in ((long, "imp_1"), (f"{long}:{MINE}", "imp_2")):
            await once.remember(
                connection, Idempotency(scope=scope, key="k", body_hash="b"), subject, NOON
            )
    async with two.read() as connection:
        asked = Idempotency(scope=long, key="k", body_hash="b")
        assert await once.recall(connection, asked) == "imp_1"
        with pytest.raises(IdempotencyConflict):
            await once.recall(connection, replace(asked, body_hash="other"))
