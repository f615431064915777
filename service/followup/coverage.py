"""Which customer messages were answered, and which were not."""

from collections.abc import Callable, Sequence
from datetime import datetime

from service.domain.reports import CoverageReport, Dimension, ReportQuery, Unanswered
from service.followup.period import Periods, dimensions
from service.store.asked import Stretch
from service.store.reports import ReportRepository
from service.store.session import Connection, Database
from service.store.unanswered import After, UnansweredRepository

COVERAGE_BY = (Dimension.KIND, Dimension.LANGUAGE, Dimension.CHANNEL, Dimension.BRAND)


class Coverage:
    """Reads coverage, with the list of what stayed without an answer."""

    def __init__(
        self,
        *,
        database: Database,
        periods: Periods,
        reports: ReportRepository,
        unanswered: UnansweredRepository,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._periods = periods
        self._reports = reports
        self._unanswered = unanswered
        self._now = now

    async def report(
        self, asked: ReportQuery, *, limit: int = 50, after: After | None = None
    ) -> CoverageReport:
        """Shares answered, and a page of what was not; `after` is the last of the one before.

        With a limit of 0 nothing is looked up for the list.
        """
        by = dimensions(asked, COVERAGE_BY)
        async with self._database.read() as connection:
            period, stretches = await self._periods.of(connection, asked)
            counted = await self._reports.coverage(connection, stretches, by)
            hate = await self._reports.hate(connection, stretches)
            listed = await self._listed(connection, stretches, limit, after)
        return CoverageReport(
            brand=asked.brand_id,
            first=period.first,
            last=period.last,
            by=by,
            rows=tuple(counted.groups),
            total=counted.total,
            hate=hate,
            unanswered=tuple(listed[:limit]),
            more=len(listed) > limit,
        )

    async def _listed(
        self,
        connection: Connection,
        stretches: Sequence[Stretch],
        limit: int,
        after: After | None,
    ) -> list[Unanswered]:
        """One more than asked for tells whether there is more."""
        if limit == 0:
            return []
        return await self._unanswered.page(
            connection, stretches, now=self._now(), limit=limit + 1, after=after
        )
