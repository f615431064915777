"""The versions of prompts that a brand holds fast to, as its brand.yaml names them."""

from collections.abc import Mapping

import structlog

from service.domain.brand import Brand
from service.errors import ImportRefused
from service.prompting.template import PromptTemplate, all_refs, load_template, versions

log = structlog.get_logger(__name__)


def pinned_template(name: str, brand: Brand) -> PromptTemplate:
    """The version of a prompt that the brand pins; without a pin the newest one."""
    version = brand.prompts.get(name)
    if version is not None and version not in versions(name):
        # It was there at the import. A person reads the draft, and its provenance names the prompt.
        log.warning("pinned_prompt_missing", brand=brand.id, prompt=f"{name}@{version}")
        version = None
    return load_template(name, version)


def check_pins(brand: Brand, released: Mapping[str, str]) -> tuple[str, ...]:
    """Refuse a pin on what there is not; warn of pins whose words may still change."""
    if found := pin_problems(brand.prompts):
        raise ImportRefused([f"brand.yaml: {problem}" for problem in found])
    warnings = (_warning(load_template(*pin), released) for pin in brand.prompts.items())
    return tuple(warning for warning in warnings if warning)


def pin_problems(pins: Mapping[str, str]) -> list[str]:
    """The pins on what there is not, one line each."""
    found = (_problem(name, version) for name, version in pins.items())
    return [f"prompts: {problem}" for problem in found if problem]


def _problem(name: str, version: str) -> str | None:
    known = versions(name)
    if not known:
        names = sorted({there for there, _ in all_refs()})
        return f"no prompt {name!r}; there are {', '.join(names)}"
    if version not in known:
        return f"{name} has no version {version!r}; there are {', '.join(known)}"
    return None


def _warning(template: PromptTemplate, released: Mapping[str, str]) -> str | None:
    known = released.get(str(template.ref))
    if known is None:
        return (
            f"{template.ref} is pinned and not released, so its words may still change: "
            f"`amends prompt release {template.ref}`"
        )
    if known != template.sha256:
        return f"{template.ref} is pinned and was changed since its release: `amends doctor`"
    return None
