"""The words of the product as frozen types: pydantic and the standard library only, no I/O."""
