"""To send nothing is rather a slip than a wish to have nothing. Pure."""

from collections.abc import Sized

from service.errors import InvalidInput


def refuse_emptying(brand_id: str, what: str, wanted: Sized | None, held: Sized) -> None:
    """InvalidInput where rows are to be replaced by none; None for `wanted` leaves them alone."""
    if wanted is None or len(wanted) or not len(held):
        return
    raise InvalidInput(
        f"items: none, and brand {brand_id} holds {len(held)} {what}: nothing was changed "
        "(`?allow_empty=true` removes them all)"
    )
