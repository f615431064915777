"""Who acts at the command line: any name is kept, and one that nobody has is told."""

from typing import TYPE_CHECKING

from service.cli.printing import say

if TYPE_CHECKING:
    from service.domain.brand import Brand


def tell_stranger(brand: "Brand", by: str) -> None:
    """Say that nobody of the team has this name; a slip would stay in the audit for good."""
    if not brand.knows(by):
        say(
            f"note: nobody in the team of {brand.id} is called {by!r}; "
            "the name is kept as it was given"
        )
