"""What is followed up must hold on both databases."""

from tests.both import database  # noqa: F401 (the fixture)
