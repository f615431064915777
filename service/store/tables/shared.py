"""What every table is made with."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    MetaData,
    String,
)

from service.store.columns import UtcDateTime

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=_NAMES)


def one_of(column: str, states: type[StrEnum]) -> CheckConstraint:
    """A state is one of these words."""
    listed = ", ".join(f"'{state.value}'" for state in states)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def own_id() -> Column[str]:
    """A row's own id."""
    return Column("id", String(64), primary_key=True)


def of_brand() -> Column[str]:
    """Whose the row is."""
    return Column("brand_id", String(64), ForeignKey("brands.id"), nullable=False)


def at_time(name: str = "created_at", *, nullable: bool = False) -> Column[datetime]:
    """When; in UTC."""
    return Column(name, UtcDateTime, nullable=nullable)
