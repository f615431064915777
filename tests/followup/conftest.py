"""What is followed up must hold on both databases."""

from tests.both import database
from tests.drafting.conftest import clock, opened

__all__ = ["clock", "database", "opened"]
