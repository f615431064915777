"""Suites, cases and benches; imports service, never the other way round."""
