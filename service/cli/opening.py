"""How a command gets at settings, services and a model; a test hands in its own."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from service.cli.printing import Tell, spinner

if TYPE_CHECKING:
    from pydantic import ValidationError

    from service.bootstrap import Services
    from service.llm.client import ChatModel
    from service.settings import Settings

START_S = 300.0
"""How long the bundled model may take: the first start joins a file of 1.1 GB."""


@dataclass(frozen=True)
class OpenModel:
    """A model, and the wait until it can answer."""

    chat: "ChatModel"
    ready: Callable[[Tell], Awaitable[None]]


def read_settings() -> "Settings":
    """The settings from the environment; a bad one is named by its variable."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from service.errors import ConfigurationError
    from service.settings import Settings

    try:
        return Settings()
    except ValidationError as exc:
        raise ConfigurationError(_bad_variables(exc)) from None
    except SettingsError as exc:
        # Its message names the field, and its cause would show the value, which may be a key.
        raise ConfigurationError(f"{exc}: set its parts one by one, AMENDS_GROUP__NAME") from None


def _bad_variables(exc: "ValidationError") -> str:
    from service.domain.wording import in_words

    return "; ".join(
        f"AMENDS_{'__'.join(str(part) for part in item['loc']).upper()}: "
        + in_words(item).replace("field", "setting")
        for item in exc.errors(include_url=False)
    )


@contextlib.asynccontextmanager
async def configured_model(settings: "Settings") -> AsyncIterator[OpenModel]:
    """The model that the settings name; the bundled one's server lives as long as the block."""
    from service.bootstrap import chat_model, start_bundled

    server = start_bundled(settings)

    async def ready(tell: Tell) -> None:
        if server is not None:
            await asyncio.to_thread(server.wait_ready, START_S, tell)

    try:
        yield OpenModel(chat_model(settings, server), ready)
    finally:
        if server is not None:
            server.stop()


def released_lock() -> Path:
    """The file that holds the hashes of the released prompts."""
    from service.prompting.template import prompt_folder

    return Path(str(prompt_folder() / "released.lock"))


@dataclass(frozen=True)
class Opening:
    """What every command starts from."""

    settings: Callable[[], "Settings"] = read_settings
    model: Callable[["Settings"], contextlib.AbstractAsyncContextManager[OpenModel]] = (
        configured_model
    )
    lock: Callable[[], Path] = released_lock

    @contextlib.asynccontextmanager
    async def services(self) -> AsyncIterator["Services"]:
        """Everything but a language model."""
        from service.bootstrap import open_services

        settings = self.settings()
        keep_logs_off_stdout(settings)
        async with open_services(settings) as services:
            yield services

    @contextlib.asynccontextmanager
    async def drafting(self) -> AsyncIterator["Services"]:
        """Everything, warm, with a model that can answer."""
        from service.bootstrap import open_services

        settings = self.settings()
        keep_logs_off_stdout(settings)
        async with (
            self.model(settings) as model,
            open_services(settings, model=model.chat) as services,
        ):
            with spinner("opening the language model and the embedding model") as tell:
                await asyncio.gather(model.ready(tell), services.warm_up())
            yield services


def opening_of(ctx: typer.Context) -> Opening:
    """The opening that this run was given, or the real one."""
    found = ctx.find_object(Opening)
    return found if found is not None else Opening()


def keep_logs_off_stdout(settings: "Settings") -> None:
    """Log to stderr, and at a person's terminal only what went wrong, unless asked for more."""
    import logging

    import structlog

    asked = settings.log_level if "log_level" in settings.model_fields_set else "warning"
    level = logging.getLevelNamesMapping().get(asked.upper(), logging.WARNING)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def at_once(settings: "Settings") -> int:
    """How many drafts the model takes at the same time; the bundled server takes one."""
    from service.llm.endpoints import BUNDLED

    return 1 if settings.llm.model.startswith(BUNDLED) else settings.llm.concurrency
