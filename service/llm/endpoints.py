"""Where models are reached: the names in the settings read into addresses and keys."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from service.errors import NoModelConfigured
from service.settings import LlmSettings

BUNDLED = "bundled"
BUNDLED_MODEL = "qwen2.5-coder-1.5b-instruct-q4_k_m"
_NOT_RUNNING = (
    "the bundled model has no server here: start Amends' own (`amends serve` does), or set"
    " AMENDS_LLM__API_BASE to the address of a running one"
)


@dataclass(frozen=True, kw_only=True)
class ModelEndpoint:
    """One model: the `name` shown to people, what litellm calls it, and how it is reached."""

    name: str
    litellm_model: str
    api_base: str | None = None
    api_key: SecretStr | None = None
    health_url: str | None = None
    at_once: int | None = None


def bundled_is_asked(settings: LlmSettings) -> bool:
    """Whether the settings name the bundled model and no server of it is running yet."""
    if settings.model == BUNDLED:
        return settings.api_base is None
    return BUNDLED in settings.fallbacks


def bundled_name(gguf: Path | None = None) -> str:
    """How the bundled model is named in provenance."""
    return f"{BUNDLED}/{gguf.stem if gguf else BUNDLED_MODEL}"


def endpoints(
    settings: LlmSettings, *, bundled_url: str | None = None
) -> tuple[ModelEndpoint, ...]:
    """The model that is asked first, then its fallbacks; `bundled_url` is a running LocalServer's.

    Raises NoModelConfigured when `bundled` is named and no address of its server is known.
    """
    names = (settings.model, *settings.fallbacks)
    return tuple(endpoint(name, settings, bundled_url=bundled_url) for name in names)


def endpoint(name: str, settings: LlmSettings, *, bundled_url: str | None = None) -> ModelEndpoint:
    """One model by its name: `bundled`, `bundled@ADDRESS`, or a litellm name."""
    kind, _, address = name.partition("@")
    if kind == BUNDLED or name == bundled_name(settings.gguf):
        return _bundled(settings, address or bundled_url or _bundled_base(settings))
    ours = _provider(name) == _provider(settings.model)
    return ModelEndpoint(
        name=name,
        litellm_model=name,
        # The address and the key belong to the first model's provider; sent to another
        # provider they would give the key away.
        api_base=settings.api_base if ours else None,
        api_key=settings.api_key if ours else None,
    )


def _bundled(settings: LlmSettings, address: str | None) -> ModelEndpoint:
    if not address:
        raise NoModelConfigured(_NOT_RUNNING)
    base = address.rstrip("/").removesuffix("/v1")
    return ModelEndpoint(
        name=bundled_name(settings.gguf),
        litellm_model="openai/bundled",
        api_base=f"{base}/v1",
        api_key=SecretStr("none-needed"),
        health_url=f"{base}/health",
        at_once=1,
    )


def _bundled_base(settings: LlmSettings) -> str | None:
    return settings.api_base if _provider(settings.model) == BUNDLED else None


def _provider(model: str) -> str:
    return model.partition("@")[0].partition("/")[0]
