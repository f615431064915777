from tests.both import database

__all__ = ["database"]
