from tests.drafting.conftest import clock, opened

__all__ = ["clock", "opened"]
