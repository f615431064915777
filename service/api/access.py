"""Who is asking, and what they may touch: the dependencies that every router shares."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Header, Path, Request, Security
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

from service.api.running import Running
from service.domain.brand import Brand
from service.domain.draft import Draft
from service.domain.review import Caller, Role
from service.errors import Forbidden, InvalidInput, NotReady

if TYPE_CHECKING:
    from service.bootstrap import Services
    from service.store.idempotency import Idempotency
else:
    # FastAPI evaluates annotations; the real class would import the whole house at start-up.
    Services = Idempotency = object

_bearer = HTTPBearer(
    auto_error=False, scheme_name="key", description="A key made by `amends key create`."
)
_header = APIKeyHeader(
    name="X-API-Key", auto_error=False, scheme_name="key_header", description="The same key."
)


async def _opened(request: Request) -> Services:
    running: Running = request.app.state.running
    return await running.services()


Opened = Annotated[Services, Depends(_opened)]
"""The services, open but perhaps not warm yet."""


async def _caller(
    services: Opened,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    header: Annotated[str | None, Security(_header)],
) -> Caller:
    return await services.keys.caller(bearer.credentials if bearer else header)


Asking = Annotated[Caller, Depends(_caller)]
"""Whose key was sent."""


def require_warm(services: Services) -> None:
    """NotReady while the models load."""
    if not services.warm:
        raise NotReady("the models are still loading: try again in a few seconds, or see /readyz")


async def _warm(services: Opened, _: Asking) -> Services:
    require_warm(services)
    return services


Warm = Annotated[Services, Depends(_warm)]
"""The services with their models loaded."""


def _needs(role: Role) -> Callable[[Caller], Awaitable[Caller]]:
    async def allowed(caller: Asking) -> Caller:
        if not caller.role.may_act_as(role):
            raise Forbidden(f"this needs the role {role.value}; the key has {caller.role.value}")
        return caller

    return allowed


Reviewer = Annotated[Caller, Depends(_needs(Role.REVIEWER))]
"""A caller who may decide, and see how it went."""
Lead = Annotated[Caller, Depends(_needs(Role.LEAD))]
"""A caller who may change what a brand knows and how it is set."""


def require_brand(caller: Caller, brand_id: str) -> None:
    """Forbidden when the key belongs to another brand, whether that one exists or not."""
    if caller.brand_id not in (None, brand_id):
        raise Forbidden(f"this key belongs to the brand {caller.brand_id!r} only")


def brand_for(caller: Caller, named: str | None) -> str:
    """The brand that a body is about: the one it names, else the key's own."""
    if named is not None:
        require_brand(caller, named)
        return named
    if caller.brand_id is None:
        raise InvalidInput("brand: name it, since this key is for all brands (GET /v1/brands)")
    return caller.brand_id


async def _own_brand(
    brand: Annotated[str, Path(description="the brand's id", examples=["tidewell"])],
    services: Opened,
    caller: Asking,
) -> Brand:
    require_brand(caller, brand)
    return await services.library.brand(brand)


OwnBrand = Annotated[Brand, Depends(_own_brand)]
"""The brand in the path, if the caller may touch it."""


async def _own_draft(
    draft_id: Annotated[str, Path(description="the draft's id")],
    services: Opened,
    caller: Asking,
) -> Draft:
    draft = await services.drafts.get(draft_id)
    require_brand(caller, draft.brand_id)
    return draft


OwnDraft = Annotated[Draft, Depends(_own_draft)]
"""The draft in the path, if the caller may touch it."""

OnceKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="repeat a request with the same key and body and nothing happens twice",
    ),
]


def once(caller: Caller, action: str, key: str | None, body: dict[str, Any]) -> Idempotency | None:
    """The request's key for that action; None when none was sent."""
    from service.store.idempotency import idempotency  # its imports wait for the services

    return idempotency(caller, action, key, body)
