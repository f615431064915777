"""One guard per brand version: building one takes about 100 ms, so it is kept."""

import asyncio
from collections import OrderedDict

from service.domain.brand import Brand
from service.guards.guard import Guard
from service.guards.judging import Judge
from service.guards.reader import Reader

_KEPT = 64


class GuardPool:
    """Guards by brand; a changed brand gets a new one."""

    def __init__(self, reader: Reader | None = None, *, judge: Judge | None = None) -> None:
        self._reader = reader
        self._judge = judge
        self._guards: OrderedDict[str, Guard] = OrderedDict()

    async def of(self, brand: Brand) -> Guard:
        """The guard for this very version of the brand, built in a thread the first time."""
        key = brand.model_dump_json()
        if key not in self._guards:
            self._guards[key] = await asyncio.to_thread(
                Guard, brand, reader=self._reader, judge=self._judge
            )
        self._guards.move_to_end(key)
        while len(self._guards) > _KEPT:
            self._guards.popitem(last=False)
        return self._guards[key]
