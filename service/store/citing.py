"""Drafts that wait for a human and the passages that they cite."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.draft import DraftContent, DraftStatus
from service.store.drafts import OPEN
from service.store.tables import drafts


@dataclass(frozen=True)
class CitedPassage:
    """A passage as a draft saw it and cites it."""

    id: str
    version: str
    title: str
    text: str


@dataclass(frozen=True)
class CitingDraft:
    """A draft with the passages that its reply rests on."""

    draft_id: str
    cited: tuple[CitedPassage, ...]


class CitingDrafts:
    """Finds them, and makes them stale."""

    async def open(self, connection: AsyncConnection, brand_id: str) -> list[CitingDraft]:
        """A brand's drafts that wait for a human and cite anything."""
        content = drafts.c.content
        rows = await connection.execute(
            select(
                drafts.c.id,
                content["citations"].label("citations"),
                content["evidence"]["policy"].label("evidence"),
            ).where(drafts.c.brand_id == brand_id, drafts.c.status.in_(OPEN))
        )
        found = (CitingDraft(row.id, _cited(row.citations, row.evidence)) for row in rows.all())
        return [draft for draft in found if draft.cited]

    async def make_stale(
        self, connection: AsyncConnection, reasons: Mapping[str, str], now: datetime
    ) -> list[str]:
        """These drafts, each for its reason; gives the ids of those that nobody decided on yet."""
        made: list[str] = []
        for draft_id, reason in reasons.items():
            done = await connection.execute(
                update(drafts)
                .where(drafts.c.id == draft_id, drafts.c.status.in_(OPEN))
                .values(status=DraftStatus.STALE, stale_reason=reason, updated_at=now)
            )
            made += [draft_id] * done.rowcount
        return made


def cited_by(content: DraftContent) -> tuple[CitedPassage, ...]:
    """The passages that a reply cites, as it saw them."""
    cited = {(citation.policy_id, citation.policy_version) for citation in content.citations}
    return tuple(
        CitedPassage(seen.id, seen.version, seen.title, seen.text)
        for seen in content.evidence.policy
        if (seen.id, seen.version) in cited
    )


def _cited(citations: Any, evidence: Any) -> tuple[CitedPassage, ...]:
    """As `cited_by`, from the columns alone: a draft's whole content is a hundred times larger."""
    seen = {(row["id"], row["version"]): row for row in evidence or ()}
    keys = dict.fromkeys((row["policy_id"], row["policy_version"]) for row in citations or ())
    return tuple(
        CitedPassage(*key, seen[key]["title"], seen[key]["text"]) for key in keys if key in seen
    )
