"""Threads as people read them: what was said, by whom, and when."""

from service.domain.thread import ThreadMessage, ThreadState
from service.errors import InvalidInput, NotFound
from service.store.brands import BrandRepository
from service.store.mentions import MentionRepository
from service.store.resolutions import ResolutionRepository
from service.store.session import Database
from service.store.thread_messages import ThreadMessageRepository


class Threads:
    """Shows threads; what its author took down is in none."""

    def __init__(
        self,
        *,
        database: Database,
        brands: BrandRepository,
        resolutions: ResolutionRepository,
    ) -> None:
        self._database = database
        self._brands = brands
        self._resolutions = resolutions
        self._messages = ThreadMessageRepository()
        self._posts = MentionRepository()

    async def read(self, brand_id: str, thread_id: str) -> tuple[ThreadState, list[ThreadMessage]]:
        """Where a thread stands and all its messages in order, or NotFound."""
        async with self._database.read() as connection:
            state = await self._resolutions.state(connection, brand_id, thread_id)
            return state, await self._messages.of_thread(connection, brand_id, thread_id)

    async def brand_of(self, thread_id: str) -> str:
        """The one brand that has a thread of this id; an id is its tool's own."""
        async with self._database.read() as connection:
            brands = [brand.id for brand in await self._brands.all(connection)]
            found = sorted(await self._posts.threads(connection, brands, [thread_id]))
        if not found:
            raise NotFound(f"no thread {thread_id!r}")
        if len(found) > 1:
            names = ", ".join(brand for brand, _ in found)
            raise InvalidInput(f"thread {thread_id!r}: {names} have one; say whose with --brand")
        return found[0][0]
