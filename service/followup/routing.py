"""Who gets a draft: by the brand's rules, and by how much waits for each already."""

from collections.abc import Iterable, Mapping

from service.domain.brand import Brand
from service.domain.draft import DraftContent
from service.domain.team import Traits
from service.domain.thread import Channel
from service.domain.triage import MoveKind
from service.store.hand_overs import HandOverRepository
from service.store.queue import QueueRepository
from service.store.session import Connection


class Routing:
    """Finds a person for a draft, inside the transaction that finishes it."""

    def __init__(self, *, queue: QueueRepository, hand_overs: HandOverRepository) -> None:
        self._queue = queue
        self._hand_overs = hand_overs

    async def assignee(
        self, connection: Connection, brand: Brand, *, draft_id: str, thread_id: str, traits: Traits
    ) -> str | None:
        """Whoever has it; else its owner, whoever had the thread last, or whom a rule names."""
        held = await self._hand_overs.assignee(connection, draft_id)
        before = await self._hand_overs.last_in_thread(
            connection, brand.id, thread_id, besides=draft_id
        )
        for name in (held, traits.owner, before):
            if name is not None and not brand.person(name).left:
                return name
        return await self.by_rule(connection, brand, traits)

    async def by_rule(
        self, connection: Connection, brand: Brand, traits: Traits, *, besides: str | None = None
    ) -> str | None:
        """Of the people whom the brand's rules name, the one for whom the least waits."""
        able = able_people(brand, traits, besides=besides)
        if len(able) < 2:
            return able[0] if able else None
        return least_busy(able, await self._queue.loads(connection, brand.id, able))


def traits_of(content: DraftContent, channel: Channel) -> Traits:
    """What of a finished draft decides who gets it."""
    escalated = content.move.kind is MoveKind.ESCALATE
    return Traits(
        channel=channel,
        language=content.language,
        kind=content.triage.kind,
        sensitivities=content.triage.sensitivities,
        owner=content.move.owner if escalated else None,
    )


def able_people(brand: Brand, traits: Traits, *, besides: str | None = None) -> list[str]:
    """Whom the first fitting rule names, as far as they are there and speak the language.

    A rule of which nobody is left is passed over: a draft that nobody has is the worse surprise.
    """
    for rule in brand.routing:
        able = [name for name in dict.fromkeys(rule.to) if _can_take(brand, name, traits)]
        if traits.fit(rule) and (found := [name for name in able if name != besides]):
            return found
    return []


def least_busy(names: Iterable[str], loads: Mapping[str, int]) -> str:
    """The one with the fewest waiting drafts; of equals, the first by name."""
    return min(names, key=lambda name: (loads.get(name, 0), name))


def _can_take(brand: Brand, name: str, traits: Traits) -> bool:
    person = brand.person(name)
    return not person.left and (traits.language is None or person.speaks(traits.language))
