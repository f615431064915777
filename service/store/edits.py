"""What people changed in replies, as kept with the versions that their edits made."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Select, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.brand import Brand
from service.domain.draft import DraftStatus
from service.domain.edits import EditFinding
from service.domain.learning import EditedReply
from service.store.drafts import same_thread
from service.store.tables import draft_versions, drafts, threads

_FINDINGS = TypeAdapter(tuple[EditFinding, ...])


class EditRepository:
    """Reads the edits of a draft."""

    async def of_draft(
        self, connection: AsyncConnection, draft_id: str
    ) -> dict[int, tuple[EditFinding, ...]]:
        """What each version changed; versions kept before edits were told apart have none."""
        found = draft_versions.c.content["edits"].label("edits")
        query = select(draft_versions.c.version, found).where(draft_versions.c.draft_id == draft_id)
        rows = await connection.execute(query)
        return {row.version: _FINDINGS.validate_python(row.edits or []) for row in rows}

    async def approved(
        self, connection: AsyncConnection, brand: Brand, *, since: datetime, limit: int
    ) -> list[EditedReply]:
        """A brand's newest replies that were approved after an edit; holding replies are none."""
        rows = (await connection.execute(_versions(brand.id, since, limit))).mappings().all()
        by_draft = groupby(rows, key=lambda row: row["id"])
        found = (_edited(list(versions), brand.signature) for _, versions in by_draft)
        return [one for one in found if one is not None]


def _versions(brand_id: str, since: datetime, limit: int) -> Select[Any]:
    """Each version of the newest edited drafts; of their content only what is asked for."""
    newest = (
        select(drafts.c.id)
        .where(drafts.c.brand_id == brand_id, drafts.c.decided_at >= since)
        .where(drafts.c.status == DraftStatus.APPROVED, drafts.c.edited_by.is_not(None))
        .order_by(drafts.c.decided_at.desc())
        .limit(limit)
    )
    content, complaint = draft_versions.c.content, drafts.c.request["complaint"]
    return (
        select(
            drafts.c.id,
            drafts.c.thread_id,
            drafts.c.decided_at,
            threads.c.channel,
            complaint["author_name"].as_string().label("customer"),
            draft_versions.c.created_by,
            content["reply"].as_string().label("reply"),
            content["language"].as_string().label("language"),
            content["triage"]["kind"].as_string().label("kind"),
            content["holding"].as_boolean().label("holding"),
            content["edits"].label("edits"),
        )
        .join(threads, same_thread())
        .join(draft_versions, draft_versions.c.draft_id == drafts.c.id)
        .where(drafts.c.id.in_(newest))
        .order_by(drafts.c.id, draft_versions.c.version)
    )


def _edited(versions: list[RowMapping], signature: str) -> EditedReply | None:
    """From the machine's last version to the one that went out, with all edits in between."""
    made = max(n for n, row in enumerate(versions) if row["created_by"] == "amends")
    first, *edits = versions[made:]
    if not edits or not first["reply"] or first["holding"]:
        return None
    last = edits[-1]
    return EditedReply(
        draft_id=last["id"],
        thread_id=last["thread_id"],
        language=last["language"],
        channel=last["channel"],
        kind=last["kind"],
        decided_at=last["decided_at"],
        before=first["reply"],
        after=last["reply"],
        findings=tuple(_findings(edits)),
        customer=last["customer"],
        signature=signature,
    )


def _findings(edits: Iterable[RowMapping]) -> Iterator[EditFinding]:
    for row in edits:
        yield from _FINDINGS.validate_python(row["edits"] or [])
