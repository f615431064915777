"""Brands: which there are, and how each is set."""

from typing import Annotated

from fastapi import APIRouter, Body

from service.api import examples
from service.api.access import Asking, Lead, Opened, OwnBrand, require_brand
from service.api.answers import body_problems, problems
from service.api.shapes import Brands, BrandShape
from service.domain.brand import Brand
from service.errors import InvalidInput
from service.prompting.pins import check_pins
from service.prompting.template import released

router = APIRouter(prefix="/v1/brands", tags=["brands"])


@router.get("", response_model=Brands, responses=problems(), summary="List brands")
async def list_brands(caller: Asking, services: Opened) -> Brands:
    """The brands that the key may touch."""
    brands = await services.library.all_brands()
    mine = [brand for brand in brands if caller.brand_id in (None, brand.id)]
    return Brands(items=tuple(BrandShape.of(brand) for brand in mine))


@router.get("/{brand}", response_model=BrandShape, responses=problems(404), summary="Show a brand")
async def show_brand(brand: OwnBrand) -> BrandShape:
    """The brand in one line."""
    return BrandShape.of(brand)


@router.get(
    "/{brand}/settings",
    response_model=Brand,
    responses=problems(404),
    summary="Show a brand's settings",
)
async def show_settings(brand: OwnBrand) -> Brand:
    """All that brand.yaml holds."""
    return brand


@router.put(
    "/{brand}/settings",
    response_model=Brand,
    responses=body_problems(),
    summary="Replace a brand's settings",
)
async def replace_settings(
    brand: str,
    wanted: Annotated[Brand, Body(openapi_examples=examples.SETTINGS)],
    caller: Lead,
    services: Opened,
) -> Brand:
    """What is left out falls back to its default. A brand that is not there yet is made."""
    require_brand(caller, brand)
    if wanted.id != brand:
        raise InvalidInput("id: it must be the brand of the address")
    check_pins(wanted, released())
    await services.library.replace(wanted, actor=caller.name)
    return wanted
