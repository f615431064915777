"""Speed, promises and the use of drafts, each counted over a period."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from service.domain.reports import (
    CommitmentsRow,
    Dimension,
    DraftsRow,
    Period,
    Report,
    ReportQuery,
    Row,
    SpeedRow,
)
from service.followup.period import Periods, dimensions
from service.store.grouping import Table
from service.store.reports import ReportRepository
from service.store.session import Database

R = TypeVar("R", bound=Row)
SPEED_BY = (
    Dimension.KIND,
    Dimension.BRAND,
    Dimension.LANGUAGE,
    Dimension.CHANNEL,
    Dimension.CLASS,
)
COMMITMENTS_BY = (Dimension.OWNER, Dimension.BRAND)
DRAFTS_BY = (
    Dimension.KIND,
    Dimension.BRAND,
    Dimension.LANGUAGE,
    Dimension.PROMPT,
    Dimension.MODEL,
)


class Reports:
    """Reads reports; each is divided by the first of its dimensions where none is named."""

    def __init__(
        self,
        *,
        database: Database,
        periods: Periods,
        reports: ReportRepository,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._periods = periods
        self._reports = reports
        self._now = now

    async def speed(self, asked: ReportQuery) -> Report[SpeedRow]:
        """How soon first answers came, against their targets."""
        by = dimensions(asked, SPEED_BY)
        async with self._database.read() as connection:
            period, stretches = await self._periods.of(connection, asked)
            counted = await self._reports.speed(connection, stretches, by, self._now())
        return _report(asked, period, by, counted)

    async def commitments(self, asked: ReportQuery) -> Report[CommitmentsRow]:
        """What became of the promises made in the period."""
        by = dimensions(asked, COMMITMENTS_BY)
        async with self._database.read() as connection:
            period, stretches = await self._periods.of(connection, asked)
            counted = await self._reports.commitments(connection, stretches, by, self._now())
        return _report(asked, period, by, counted)

    async def drafts(self, asked: ReportQuery) -> Report[DraftsRow]:
        """How drafts were used, and what people changed in them."""
        by = dimensions(asked, DRAFTS_BY)
        async with self._database.read() as connection:
            period, stretches = await self._periods.of(connection, asked)
            counted = await self._reports.drafts(connection, stretches, by)
        return _report(asked, period, by, counted)


def _report(
    asked: ReportQuery, period: Period, by: Sequence[Dimension], counted: Table[R]
) -> Report[R]:
    return Report(
        brand=asked.brand_id,
        first=period.first,
        last=period.last,
        by=tuple(by),
        rows=tuple(counted.groups),
        total=counted.total,
    )
