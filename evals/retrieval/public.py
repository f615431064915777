"""Retrieval on text that strangers wrote, read from the folder in AMENDS_EVALDATA, never copied.

XQuAD (questions to Wikipedia passages, in and across languages; the cut-off is off) and IBM's
customer care conversations (a past reply with the same document, within a brand).
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from evals.brands import services_for
from evals.guards.figures import Share
from evals.guards.public import folder, rows
from evals.retrieval.figures import Figure, Judged, Mean, ndcg
from service.bootstrap import Services
from service.domain.brand import Brand
from service.domain.knowledge import PastReply, PolicyPassage
from service.knowledge.query import Query

XQUAD = (("en", "en"), ("es", "es"), ("es", "en"))
EVERY = 4
"""Every fourth question: all of them take ten minutes and say the same."""
_TODAY = date(2026, 1, 1)
_CHARS = 1000


def is_here() -> bool:
    """Whether somebody said where the public data lies."""
    return folder() is not None


async def public_figures() -> dict[str, Figure]:
    """All public figures by name."""
    found: dict[str, Figure] = {}
    async with services_for(()) as services:
        for corpus in sorted({passages for _, passages in XQUAD}):
            await _keep_corpus(services, corpus)
        for questions, passages in XQUAD:
            name = f"XQuAD {questions} -> {passages} nDCG@10"
            found[name] = await _xquad(services, questions, passages)
        found |= await _conversations(services)
    return found


def _brand(brand_id: str) -> Brand:
    return Brand(id=brand_id, name=brand_id, voice="Plain.", languages=("en", "es"))


async def _keep_corpus(services: Services, language: str) -> None:
    policy = [
        PolicyPassage(id=row["id"], title=row["title"].replace("_", " "), text=row["text"])
        for row in rows(f"xquad_corpus_{language}")
    ]
    await services.library.replace(_brand(f"xquad-{language}"), policy=policy, actor="evals")


async def _xquad(services: Services, questions: str, passages: str) -> Mean:
    values = []
    for row in list(rows(f"xquad_queries_{questions}"))[::EVERY]:
        query = _query(row["text"], questions, policy=10)
        found = await services.retriever.retrieve(_brand(f"xquad-{passages}"), query)
        ranked = tuple(passage.id for passage in found.policy)
        values.append(ndcg(Judged(questions, frozenset(row["relevant"]), frozenset(), ranked, ())))
    return Mean(tuple(values))


def _query(text: str, language: str, *, policy: int = 0, past_replies: int = 0) -> Query:
    return Query(
        points=(text,),
        language=language,
        today=_TODAY,
        cut_off=False,
        policy=policy,
        past_replies=past_replies,
    )


async def _conversations(services: Services) -> dict[str, Figure]:
    """The nearest other conversation of the brand that was answered from the same document."""
    by_brand: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows("ibm_cdp_conversations"):
        by_brand[row["brand"]].append(row)
    first = [hit for listed in by_brand.values() for hit in await _hits(services, listed)]
    return {"IBM conversations hit@1": Share(sum(first), len(first))}


async def _hits(services: Services, listed: Sequence[dict[str, Any]]) -> list[bool]:
    documents = {row["id"]: row["doc_id"] for row in listed}
    shared = {d for d in documents.values() if list(documents.values()).count(d) > 1}
    if not shared:
        return []
    brand = _brand(listed[0]["brand"].lower().replace("_", "-"))
    past = [
        PastReply(id=row["id"], complaint=_told(row), reply=row["reply_text"]) for row in listed
    ]
    await services.library.replace(brand, past_replies=past, actor="evals")
    hits = []
    for row in listed:
        if row["doc_id"] in shared:
            query = _query(_told(row), "en", past_replies=5)
            found = await services.retriever.retrieve(brand, query)
            others = [one.id for one in found.past_replies if one.id != row["id"]]
            hits.append(bool(others) and documents[others[0]] == row["doc_id"])
    return hits


def _told(row: dict[str, Any]) -> str:
    said = (turn["text"] for turn in row["dialog"] if turn["role"] == "customer")
    return " ".join(said)[:_CHARS]
