"""The embedded database; the only place that knows SQL."""
