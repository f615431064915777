"""A worker beside a test, which has let go of the database when the test goes on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from service.drafting.service import DraftService


@asynccontextmanager
async def a_worker(drafts: DraftService) -> AsyncIterator[None]:
    """Drafts are taken and written for as long as the block lasts.

    The worker is waited for: one that is only told to end may still be opening a connection when
    the database closes, and leaves it behind.
    """
    working = asyncio.create_task(drafts.work())
    try:
        yield
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
