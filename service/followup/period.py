"""Which days a report is about, and when they begin and end where the brand lives."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from service.domain.brand import Brand
from service.domain.reports import Dimension, Period, ReportQuery
from service.errors import InvalidInput
from service.store.asked import Stretch
from service.store.brands import BrandRepository
from service.store.session import Connection

USUAL = timedelta(days=29)
"""Without dates a report is about the last 30 days."""
_EARLIEST, _LATEST = date(1970, 1, 2), date(9999, 12, 29)
_UTC = ZoneInfo("UTC")


class Periods:
    """Turns dates into stretches of time, each brand's days in its own time zone."""

    def __init__(self, *, brands: BrandRepository, now: Callable[[], datetime]) -> None:
        self._brands = brands
        self._now = now

    async def of(self, connection: Connection, asked: ReportQuery) -> tuple[Period, list[Stretch]]:
        """The period, and its stretches; of all brands where none is named."""
        if asked.brand_id is None:
            return self._of_all(asked, await self._brands.all(connection))
        brand = await self._brands.get(connection, asked.brand_id)
        period = _period(asked, brand.today(self._now()))
        return period, [Stretch((brand.id,), *period.within(brand.zone))]

    def _of_all(self, asked: ReportQuery, brands: Sequence[Brand]) -> tuple[Period, list[Stretch]]:
        """It ends with the day that begins first: else that brand's morning would be missing."""
        now = self._now()
        today = max((brand.today(now) for brand in brands), default=now.astimezone(_UTC).date())
        period = _period(asked, today)
        return period, _stretches(period, brands)


def _stretches(period: Period, brands: Sequence[Brand]) -> list[Stretch]:
    zones: dict[ZoneInfo, list[str]] = {}
    for brand in brands:
        zones.setdefault(brand.zone, []).append(brand.id)
    if len(zones) <= 1:
        return [Stretch(None, *period.within(next(iter(zones), _UTC)))]
    return [Stretch(tuple(ids), *period.within(zone)) for zone, ids in zones.items()]


def _period(asked: ReportQuery, today: date) -> Period:
    last = asked.last or today
    first = asked.first or max(last, _EARLIEST + USUAL) - USUAL
    if not _EARLIEST <= first <= last <= _LATEST:
        raise InvalidInput(
            f"a period from {first} to {last} cannot be: `from` comes first, and no date is "
            f"before {_EARLIEST} or after {_LATEST}"
        )
    return Period(first=first, last=last)


def dimensions(asked: ReportQuery, allowed: Sequence[Dimension]) -> tuple[Dimension, ...]:
    """What a report is divided by, each once; InvalidInput for what it does not know."""
    by = tuple(dict.fromkeys(asked.by)) or tuple(allowed[:1])
    require_known(by, allowed)
    return by


def require_known(by: Sequence[str], allowed: Sequence[Dimension]) -> None:
    """InvalidInput for words by which a report is not divided, with those by which it is."""
    if unknown := [word for word in by if word not in allowed]:
        raise InvalidInput(
            f"by: this report is not divided by {', '.join(unknown)}; it is by {', '.join(allowed)}"
        )
