"""A brand of any size moves to another embedding model in short transactions, beside searches."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sqlalchemy import func, select

from service.bootstrap import Services
from service.domain.knowledge import PolicyPassage
from service.store.tables import brands, search_entries
from tests.factories import LAMPS
from tests.knowledge.test_import import CountingEmbedder, import_, library_of

OLD, NEW = "old", "new"
MANY = [PolicyPassage(id=f"rule-{n}", text=f"Lamp {n} comes with {n} bulbs.") for n in range(40)]
State = tuple[int, int, str | None]


async def state(services: Services) -> State:
    """Rows of the old model and of the new one, and under which one searches."""
    columns = search_entries.c
    query = select(columns.embedding_model, func.count()).group_by(columns.embedding_model)
    async with services.database.read() as connection:
        counted = {row[0]: int(row[1]) for row in await connection.execute(query)}
        under = await connection.scalar(select(brands.c.indexed_under))
    return counted.get(OLD, 0), counted.get(NEW, 0), under


async def filled(services: Services, *policy: PolicyPassage) -> int:
    """The brand under the old model; gives how many rows it has."""
    await import_(library_of(services, CountingEmbedder(OLD)), *(policy or MANY))
    return (await state(services))[0]


def moving(services: Services, *, at_once: int = 1) -> "asyncio.Task[Any]":
    shelf = library_of(services, CountingEmbedder(NEW), at_once=at_once)
    return asyncio.create_task(shelf.reindex("lampwick", actor="me"))


async def killed_when(
    services: Services, task: "asyncio.Task[Any]", reached: Callable[[State], bool]
) -> State:
    while not reached(now := await state(services)):
        assert not task.done(), now
        await asyncio.sleep(0)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    return await state(services)


async def test_rows_come_and_go_a_few_at_a_time(services: Services) -> None:
    rows = await filled(services)
    task = moving(services)
    seen = []
    while not task.done():
        seen.append(await state(services))
        await asyncio.sleep(0)
    done = await task
    assert (done.changed, done.embedded) == (True, rows)
    assert await state(services) == (0, rows, NEW)
    coming = {new for old, new, under in seen if under == OLD}
    going = {old for old, new, under in seen if under == NEW}
    assert len(coming - {0, rows}) >= 2
    assert len(going - {0, rows}) >= 2
    assert rows == len(MANY)
    assert all(old == rows for old, _, under in seen if under == OLD)
    assert all(new == rows for _, new, under in seen if under == NEW)


async def test_one_that_is_killed_before_the_switch_goes_on_where_it_was(
    services: Services,
) -> None:
    rows = await filled(services)
    left = await killed_when(services, moving(services), lambda now: now[1] >= 3)
    assert left[0] == rows
    assert left[2] == OLD
    embedder = CountingEmbedder(NEW)
    await library_of(services, embedder).reindex("lampwick", actor="me")
    assert embedder.passages == []
    assert await state(services) == (0, rows, NEW)


async def test_what_one_that_was_killed_after_the_switch_left_lying_goes_later(
    services: Services,
) -> None:
    rows = await filled(services)
    left = await killed_when(services, moving(services), lambda now: now[2] == NEW)
    assert left[0] > 0
    shelf = library_of(services, CountingEmbedder(NEW))
    assert await shelf.to_reindex() == ["lampwick"]
    assert not (await shelf.reindex("lampwick", actor="me")).changed
    assert await state(services) == (0, rows, NEW)
    assert await shelf.to_reindex() == []


async def test_two_that_move_the_same_brand_leave_no_twins(services: Services) -> None:
    rows = await filled(services)
    done = await asyncio.gather(moving(services, at_once=2), moving(services, at_once=3))
    assert sorted(one.changed for one in done) == [False, True]
    assert await state(services) == (0, rows, NEW)


async def test_an_import_meanwhile_is_part_of_what_moves(services: Services) -> None:
    await filled(services)
    await killed_when(services, moving(services), lambda now: now[1] >= 3)
    await import_(library_of(services, CountingEmbedder(OLD)), *MANY[1:], LATE)
    assert (await state(services))[2] == OLD
    shelf = library_of(services, CountingEmbedder(NEW), at_once=1)
    assert (await shelf.reindex("lampwick", actor="me")).changed
    old, _, under = await state(services)
    assert (old, under) == (0, NEW)
    assert not (await shelf.reindex("lampwick", actor="me")).changed
    async with services.database.read() as connection:
        refs = set(await connection.scalars(select(search_entries.c.ref)))
    assert refs == {f"{p.id}\n1" for p in (*MANY[1:], LATE)}


async def test_an_import_under_another_model_changes_and_moves_at_once(services: Services) -> None:
    await filled(services)
    shelf = library_of(services, CountingEmbedder(NEW), at_once=2)
    done = await import_(shelf, *MANY[2:], LATE)
    assert (done.changed, len(done.diff.policy.removed)) == (True, 2)
    old, new, under = await state(services)
    assert (old, under) == (0, NEW)
    again = await shelf.replace(LAMPS, policy=[*MANY[2:], LATE], actor="me")
    assert (again.changed, new) == (False, (await state(services))[1])


LATE = PolicyPassage(id="late", text="A parcel that is late is traced.")
