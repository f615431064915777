"""What a brand has rules about, for posts that may be about it."""

from service.domain.knowledge import PolicyPassage
from service.store.knowledge import KnowledgeRepository
from service.store.mentions import MentionRepository
from service.store.session import Database
from tests.store.shelves import save_brands


def _passages(*titles: str) -> list[PolicyPassage]:
    return [
        PolicyPassage(id=f"p{number}", version="1", title=title, text="words")
        for number, title in enumerate(titles)
    ]


async def test_twelve_titles_a_brand_by_the_alphabet_each_once(db: Database) -> None:
    await save_brands(db, "few", "many", "none", "other")
    many = [f"Title {letter}" for letter in "ponmlkjihgfedcba"]
    async with db.write() as connection:
        knowledge = KnowledgeRepository()
        await knowledge.replace_policy(connection, "few", _passages("Refunds", "", "Late", "Late"))
        await knowledge.replace_policy(connection, "many", _passages(*many, *many))
        await knowledge.replace_policy(connection, "other", _passages("Not asked for"))
    async with db.read() as connection:
        posts = MentionRepository()
        found = await posts.policy_titles(connection, ["few", "many", "none"])
        assert await posts.policy_titles(connection, []) == {}
    assert found == {
        "few": "Late; Refunds",
        "many": "; ".join(f"Title {letter}" for letter in "abcdefghijkl"),
    }
