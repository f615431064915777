"""Drafts go from one person to another: taken, handed over, or moved when somebody leaves."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from service.domain.brand import Brand
from service.domain.draft import Draft, DraftStatus
from service.domain.review import Caller, Role
from service.domain.team import AssignmentRequest, HandOver
from service.errors import AlreadyTaken, Forbidden, InvalidInput, TransitionRefused
from service.followup.changing import stranger
from service.followup.handing import Handing
from service.followup.routing import Routing
from service.store.brands import BrandRepository
from service.store.drafts import DraftRepository
from service.store.hand_overs import HandOverRepository, HeldDraft
from service.store.idempotency import Idempotency, IdempotencyRepository
from service.store.records import AuditLog, Outbox
from service.store.session import Connection, Database
from service.store.threads import hold_thread

BATCH = 500
_OVER = frozenset(
    {DraftStatus.APPROVED, DraftStatus.REJECTED, DraftStatus.IGNORED, DraftStatus.SUPERSEDED}
)


@dataclass(frozen=True, kw_only=True)
class HandOverRecords:
    """What a hand-over reads and writes."""

    brands: BrandRepository
    drafts: DraftRepository
    hand_overs: HandOverRepository
    keys: IdempotencyRepository
    outbox: Outbox
    audit: AuditLog


@dataclass(frozen=True)
class Moved:
    """Where the drafts of a person went, and how many stayed since no rule names anybody.

    `unspoken` counts those that went to somebody who does not speak their language, by language.
    """

    to: Mapping[str, int]
    stayed: int
    unspoken: Mapping[str, int]


class HandOverService:
    """Gives drafts to people, and keeps who had them."""

    def __init__(
        self,
        *,
        database: Database,
        records: HandOverRecords,
        routing: Routing,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._records = records
        self._routing = routing
        self._handing = Handing(
            hand_overs=records.hand_overs, outbox=records.outbox, audit=records.audit
        )
        self._now = now

    async def assign(
        self,
        draft_id: str,
        asked: AssignmentRequest,
        caller: Caller,
        *,
        by: str | None = None,
        once: Idempotency | None = None,
    ) -> Draft:
        """Give a draft to a person; where they have it already, nothing happens."""
        async with self._database.write() as connection:
            draft = await self._records.drafts.get(connection, draft_id)
            if await self._records.keys.recall(connection, once) is None:
                brand = await self._records.brands.get(connection, draft.brand_id)
                require_allowed(draft, asked.to, caller)
                require_known(brand, asked.to)
                if draft.assignee != asked.to:
                    done = self._done(draft, asked.to, by or caller.name, asked.note)
                    await self._handing.carry_out(connection, brand.id, draft.thread_id, done)
                await self._records.keys.remember(connection, once, draft_id, self._now())
        async with self._database.read() as connection:
            return await self._records.drafts.get(connection, draft_id)

    async def move_all(
        self,
        person: str,
        caller: Caller,
        *,
        brand_id: str | None = None,
        to: str | None = None,
        by: str | None = None,
    ) -> Moved:
        """Move all that waits for a person: to the one named, else by the brands' rules."""
        if not caller.role.may_act_as(Role.LEAD):
            raise Forbidden(f"this needs the role lead; the key has {caller.role.value}")
        if person == to:
            raise InvalidInput(f"{person} has them already: name somebody else")
        went: Counter[str | None] = Counter()
        unspoken: Counter[str] = Counter()
        brands = await self._brands(brand_id)
        if to is not None:
            await self._require_known_to_holders(brands, person, to)
        for brand in brands:
            went += await self._move(brand, person, to, by or caller.name, unspoken)
        stayed = went.pop(None, 0)
        return Moved({name: count for name, count in went.items() if name}, stayed, unspoken)

    async def history(self, draft_id: str) -> list[HandOver]:
        """Every hand-over of a draft, oldest first."""
        async with self._database.read() as connection:
            return await self._records.hand_overs.of_draft(connection, draft_id)

    async def _brands(self, brand_id: str | None) -> list[Brand]:
        async with self._database.read() as connection:
            if brand_id is not None:
                return [await self._records.brands.get(connection, brand_id)]
            return await self._records.brands.all(connection)

    async def _require_known_to_holders(
        self, brands: Sequence[Brand], person: str, to: str
    ) -> None:
        """Before anything moves: else one brand is moved when another does not know them."""
        async with self._database.read() as connection:
            for brand in brands:
                if await self._records.hand_overs.held_by(
                    connection, brand.id, person, after="", limit=1
                ):
                    require_known(brand, to)

    async def _move(
        self, brand: Brand, person: str, to: str | None, by: str, unspoken: Counter[str]
    ) -> "Counter[str | None]":
        """One by one, so that nobody who writes waits long."""
        went: Counter[str | None] = Counter()
        last = ""
        while True:
            async with self._database.read() as connection:
                held = await self._records.hand_overs.held_by(
                    connection, brand.id, person, after=last, limit=BATCH
                )
            if held and to is not None:
                require_known(brand, to)
            for draft in held:
                async with self._database.write() as connection:
                    await hold_thread(connection, brand.id, draft.thread_id)
                    if not await self._records.hand_overs.has(connection, draft.id, person):
                        continue  # somebody has handed it over, or decided, meanwhile
                    went[await self._move_one(connection, brand, person, draft, to, by)] += 1
                    unspoken.update(_unspoken(brand, to, draft))
            if len(held) < BATCH:
                return went
            last = held[-1].id

    async def _move_one(
        self,
        connection: Connection,
        brand: Brand,
        person: str,
        draft: HeldDraft,
        to: str | None,
        by: str,
    ) -> str | None:
        found = to or await self._routing.by_rule(connection, brand, draft.traits, besides=person)
        if found is not None:
            done = HandOver(
                draft_id=draft.id, from_person=person, to_person=found, by=by, at=self._now()
            )
            await self._handing.carry_out(connection, brand.id, draft.thread_id, done)
        return found

    def _done(self, draft: Draft, to: str, by: str, note: str | None) -> HandOver:
        return HandOver(
            draft_id=draft.id,
            from_person=draft.assignee,
            to_person=to,
            by=by,
            note=note,
            at=self._now(),
        )


def _unspoken(brand: Brand, to: str | None, draft: HeldDraft) -> Counter[str]:
    """The draft's language where whoever was named does not speak it; rules never do that."""
    language = draft.traits.language
    if to is None or language is None or brand.person(to).speaks(language):
        return Counter()
    return Counter([language])


def require_allowed(draft: Draft, to: str, caller: Caller) -> None:
    """Everybody may take what nobody has; a lead hands anything to anybody."""
    if draft.status in _OVER:
        raise TransitionRefused(f"draft {draft.id} is {draft.status.value}: nobody waits for it")
    if caller.role.may_act_as(Role.LEAD):
        return
    if to != caller.name:
        raise Forbidden(
            f"this key takes drafts as {caller.name!r}; handing them to others needs the role lead"
        )
    if draft.assignee not in (None, to):
        raise AlreadyTaken(f"draft {draft.id} is somebody else's: a lead can hand it over")


def require_known(brand: Brand, name: str, *, field: str = "to") -> None:
    """Nothing goes to a stranger to the team, or to somebody who left."""
    if brand.person(name).left:
        raise InvalidInput(f"{field}: {name} has left {brand.id}; see `team` in its settings")
    known = {person.name for person in brand.team}
    owners = {rule.owner for rule in brand.escalation}
    if known and name not in known | owners:
        raise stranger(brand, name, field=field)
