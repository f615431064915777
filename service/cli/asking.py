"""What a person or a file asks about: one text on the command line, or many lines."""

import asyncio
from collections.abc import Coroutine, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import typer

if TYPE_CHECKING:
    from pydantic import BaseModel

    from service.bootstrap import Services
    from service.domain.brand import Brand
    from service.domain.thread import Case

T = TypeVar("T")
M = TypeVar("M", bound="BaseModel")

ChannelName = Literal[
    "x",
    "facebook",
    "instagram",
    "google_review",
    "app_review",
    "helpdesk",
    "email",
    "chat",
    "other",
]
RoleName = Literal["agent", "reviewer", "lead", "admin"]
DecisionName = Literal["approve", "edit", "reject", "escalate", "ignore"]

BrandOption = Annotated[
    str | None,
    typer.Option("--brand", "-b", help="Brand id; without it each line's own `brand` counts."),
]
InputOption = Annotated[
    str | None,
    typer.Option("--input", "-i", metavar="FILE", help="JSONL to read; - is stdin."),
]
OutputOption = Annotated[
    str,
    typer.Option("--output", "-o", metavar="FILE", help="JSONL to write; - is stdout."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Give JSON, for machines.")]
ChannelOption = Annotated[
    ChannelName,
    typer.Option(
        "--channel",
        "-c",
        metavar="CHANNEL",
        help="x, facebook, instagram, google_review, app_review, helpdesk, email, chat or other.",
    ),
]


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work to its end."""
    return asyncio.run(work)


def one_of(text: str | None, source: str | None) -> None:
    """Either a text or a file of lines, and not both."""
    if (text is None) == (source is None):
        raise typer.BadParameter("give either one text or --input FILE")


def required(brand: str | None) -> str:
    """The brand, where a single text has nothing else to say whose it is."""
    if brand is None:
        raise typer.BadParameter("one text needs --brand")
    return brand


def valid(model: type[M], value: Mapping[str, Any]) -> M:
    """The value as one of our types, or InvalidInput in words."""
    from pydantic import ValidationError

    from service.cli.lines import in_words
    from service.errors import InvalidInput

    try:
        return model.model_validate(value)
    except ValidationError as exc:
        raise InvalidInput(in_words(exc)) from None


def brand_named(chosen: str | None, own: str | None) -> str:
    """The brand of the command line or of a line; InvalidInput where both name one, or neither."""
    from service.errors import InvalidInput

    if chosen and own and chosen != own:
        raise InvalidInput(
            f"brand: the line says {own!r} and --brand says {chosen!r}; leave one of them out"
        )
    if not (brand := chosen or own):
        raise InvalidInput("brand: missing; put it into the line or give --brand")
    return brand


class Brands:
    """Brands by id, read once per run."""

    def __init__(self, services: "Services", chosen: str | None) -> None:
        self._services = services
        self._chosen = chosen
        self._known: dict[str, Brand] = {}

    async def of(self, case: "Case") -> "Brand":
        """The brand of the command line or the case's own: two that differ are refused."""
        return await self.named(brand_named(self._chosen, case.brand))

    async def named(self, brand_id: str) -> "Brand":
        """A brand, or NotFound."""
        if brand_id not in self._known:
            self._known[brand_id] = await self._services.library.brand(brand_id)
        return self._known[brand_id]

    async def require_chosen(self) -> None:
        """Better one error at the start than the same one on every line."""
        if self._chosen is not None:
            await self.named(self._chosen)
