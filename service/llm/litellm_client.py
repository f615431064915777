"""The only litellm import: ChatModel over any provider, with our own deadline and retries."""

import asyncio
import logging
import os
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from functools import cache
from types import ModuleType
from typing import Any, Protocol

from service.domain.draft import Usage
from service.errors import (
    ConfigurationError,
    ModelError,
    ModelRefused,
    ModelRubbish,
    ModelTimeout,
    ModelUnavailable,
    NoModelConfigured,
)
from service.llm.client import ChatRequest, Completion
from service.llm.endpoints import ModelEndpoint, endpoint
from service.llm.model_errors import all_failed, may_mean_schema, translated
from service.llm.retrying import tried_again
from service.settings import LlmSettings

# The deadline is held outside. litellm keeps one client for each timeout it is given, open for as
# long as the process lives, so what is left of each deadline would leave one behind at every call.
_BACKSTOP_S = 600.0
_HEALTH_TIMEOUT_S = 1.0
# litellm asks on this machine then.
_NOT_NEEDED = {"OLLAMA_API_BASE"}
# These loggers write request bodies or keys in addresses when a host application turns them up.
_TALKATIVE = ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy", "openai", "httpx", "httpcore")


class _Answer(Protocol):
    """The part of litellm's ModelResponse that is read."""

    choices: list[Any]
    usage: Any


@cache
def warm_up() -> ModuleType:
    """Import and quieten litellm: 3 to 5 seconds the first time, so call it in a thread."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else the import fetches a price list
    _keep_loopback_off_proxies()
    import litellm

    litellm.telemetry = False
    litellm.drop_params = True
    litellm.suppress_debug_info = True
    litellm.turn_off_message_logging = True
    litellm.num_retries = 0
    litellm.DEFAULT_MAX_RETRIES = 0  # embeddings take it where a call says 0
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return litellm  # type: ignore[no-any-return, unused-ignore]


def _keep_loopback_off_proxies() -> None:
    """A company's proxy must not get the calls to the bundled server on this machine."""
    spared = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    for name in ("no_proxy", "NO_PROXY"):
        os.environ[name] = ",".join(filter(None, [spared, "127.0.0.1", "localhost"]))


def missing_keys(model: str, *, setting: str = "AMENDS_LLM__MODEL") -> list[str]:
    """The environment variables that this provider's model needs and that are not set.

    Raises ConfigurationError for a name that litellm can't place with any provider.
    """
    library = warm_up()
    try:
        library.get_llm_provider(model=model)
    except Exception as exc:
        raise ConfigurationError(
            f"{setting}: {model!r} names no provider: write it as provider/model"
        ) from exc
    found: dict[str, list[str]] = library.validate_environment(model=model)
    return [name for name in found["missing_keys"] if name not in _NOT_NEEDED]


async def lacking(model: ModelEndpoint, *, setting: str) -> str | None:
    """What is missing before a model can be asked, in words; it is asked nothing."""
    await asyncio.to_thread(warm_up)
    if model.api_key is not None or model.api_base is not None:
        return None
    try:
        missing = await asyncio.to_thread(missing_keys, model.name, setting=setting)
    except ConfigurationError as exc:
        return str(exc)
    return f"{' or '.join(missing)} is not set" if missing else None


async def close_connections() -> None:
    """Close litellm's connections, which everything that asks through it in this process shares."""
    if not warm_up.cache_info().currsize:
        return  # it was never loaded
    litellm = warm_up()
    await litellm.close_litellm_async_clients()
    # Closed clients stay in its cache, filed under their event loop's id, which may come again.
    litellm.in_memory_llm_clients_cache.flush_cache()


class LitellmChatModel:
    """Asks `models` in order until one answers, all within one deadline."""

    def __init__(self, settings: LlmSettings, *, models: Sequence[ModelEndpoint]) -> None:
        if not models:
            raise NoModelConfigured("no model to ask; set AMENDS_LLM__MODEL")
        self._settings = settings
        self._models = tuple(models)
        self._places = asyncio.Semaphore(settings.concurrency)
        self._own_places: dict[str, asyncio.Semaphore] = {}
        self._without_schema: set[str] = set()

    @property
    def name(self) -> str:
        """The model that is asked first."""
        return self._models[0].name

    async def complete(self, request: ChatRequest) -> Completion:
        """Answer within the deadline, or raise a ModelError that names every model tried."""
        await asyncio.to_thread(warm_up)  # no part of the deadline; nothing once it is loaded
        began = time.monotonic()
        deadline = began + (request.timeout_s or self._settings.timeout_s)
        models = self._order(request.model)
        failures: list[ModelError] = []
        for tried, model in enumerate(models):
            # What is left is shared out, so that a model that hangs leaves time for the next.
            share = (deadline - time.monotonic()) / (len(models) - tried)
            try:
                return await self._ask_within(model, request, share, began)
            except ModelError as exc:
                failures.append(exc)
        raise all_failed(failures)

    async def ready(self) -> str | None:
        """None when the first model can answer, else what is missing in words."""
        url = self._models[0].health_url
        return await _health(url) if url else None

    async def aclose(self) -> None:
        """Close the connections."""
        await close_connections()

    def _order(self, wanted: str | None) -> tuple[ModelEndpoint, ...]:
        if wanted is None or wanted == self.name:
            return self._models
        known = {model.name: model for model in self._models}
        first = known.get(wanted) or self._found(wanted)
        return (first, *(model for model in self._models[1:] if model != first))

    def _found(self, name: str) -> ModelEndpoint:
        bases = (model.api_base for model in self._models if model.health_url)
        try:
            return endpoint(name, self._settings, bundled_url=next(bases, None))
        except NoModelConfigured as exc:
            raise ModelUnavailable(str(exc)) from exc

    async def _ask_within(
        self, model: ModelEndpoint, request: ChatRequest, share: float, began: float
    ) -> Completion:
        until = time.monotonic() + share
        waiting = True
        try:
            async with asyncio.timeout(share), AsyncExitStack() as places:
                for place in self._places_of(model):
                    await places.enter_async_context(place)
                waiting = False
                answer = await self._ask_again(model, request, until)
        except TimeoutError as exc:
            what = "no free place, too many calls at once" if waiting else "no answer"
            raise ModelTimeout(f"{model.name}: {what} within {max(share, 0):.1f} s") from exc
        return _completion(answer, model, time.monotonic() - began)

    def _places_of(self, model: ModelEndpoint) -> list[asyncio.Semaphore]:
        if model.at_once is None:
            return [self._places]
        own = self._own_places.setdefault(model.name, asyncio.Semaphore(model.at_once))
        return [own, self._places]

    async def _ask_again(self, model: ModelEndpoint, request: ChatRequest, until: float) -> _Answer:
        return await tried_again(
            lambda: self._ask_plainer(model, request),
            attempts=self._settings.attempts,
            until=until,
            translate=lambda exc: translated(exc, model.name),
        )

    async def _ask_plainer(self, model: ModelEndpoint, request: ChatRequest) -> _Answer:
        """Ask; when the provider declines the answer's schema, ask once more without it."""
        with_schema = request.schema is not None and model.name not in self._without_schema
        try:
            return await self._ask(model, request, with_schema=with_schema)
        except Exception as exc:
            if not (with_schema and may_mean_schema(exc)):
                raise
        answer = await self._ask(model, request, with_schema=False)
        self._without_schema.add(model.name)
        return answer

    async def _ask(
        self, model: ModelEndpoint, request: ChatRequest, *, with_schema: bool
    ) -> _Answer:
        call = {**_where(model), **_what(request, with_schema=with_schema)}
        answer: _Answer = await warm_up().acompletion(**call, timeout=_BACKSTOP_S, max_retries=0)
        return answer


def _where(model: ModelEndpoint) -> dict[str, object]:
    key = model.api_key.get_secret_value() if model.api_key else None
    return {"model": model.litellm_model, "api_base": model.api_base, "api_key": key}


def _what(request: ChatRequest, *, with_schema: bool) -> dict[str, object]:
    shape = {"name": "answer", "schema": request.schema}
    wanted: dict[str, object | None] = {
        "messages": [message.model_dump() for message in request.messages],
        "temperature": request.temperature,
        "max_tokens": request.max_tokens,
        "stop": list(request.stop) or None,
        "seed": request.seed,
        "response_format": {"type": "json_schema", "json_schema": shape} if with_schema else None,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def _completion(answer: _Answer, model: ModelEndpoint, seconds: float) -> Completion:
    choice = answer.choices[0] if answer.choices else None
    finish = getattr(choice, "finish_reason", None)
    if finish == "content_filter":
        raise ModelRefused(f"{model.name}: its content policy cut the answer off")
    text = getattr(getattr(choice, "message", None), "content", None)
    if not isinstance(text, str) or not text.strip():
        raise ModelRubbish(f"{model.name}: the answer was empty")
    return Completion(
        text=text,
        model=model.name,
        usage=_usage(answer),
        seconds=seconds,
        cut=finish == "length",
    )


def _usage(answer: _Answer) -> Usage:
    counted = getattr(answer, "usage", None)
    return Usage(
        prompt_tokens=getattr(counted, "prompt_tokens", None) or 0,
        completion_tokens=getattr(counted, "completion_tokens", None) or 0,
    )


async def _health(url: str) -> str | None:
    import httpx

    try:
        async with httpx.AsyncClient(timeout=_HEALTH_TIMEOUT_S, trust_env=False) as client:
            status = (await client.get(url)).status_code
    except httpx.HTTPError:
        return "the bundled model's server does not answer yet"
    if status == httpx.codes.SERVICE_UNAVAILABLE:
        return "loading the model"
    return None if status == httpx.codes.OK else f"the bundled model's server answers {status}"
