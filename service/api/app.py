"""The application: `uvicorn --factory service.api.app:create_app`, or `amends serve`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from service import __version__
from service.api import (
    assignment,
    brands,
    checks,
    commitments,
    decisions,
    drafts,
    example_marks,
    health,
    knowledge,
    logs,
    mentions,
    queue,
    reports,
    style_notes,
    threads,
    triage,
)
from service.api.answers import document
from service.api.middleware import BodyLimit, Observed
from service.api.problems import answer_with_problems
from service.api.running import OpenModel, Running, in_background
from service.settings import Settings

_ABOUT = """\
Drafts replies to complaints that a human would be glad to sign, and holds each one until a human
decides. Send a key with every request; errors are `application/problem+json` with a stable `code`.
"""


def create_app(
    settings: Settings | None = None, *, open_model: OpenModel | None = None, warm_up: bool = True
) -> FastAPI:
    """The API over one set of settings.

    Tests hand in their own way to open a model; those that need none leave the warm-up out.
    """
    chosen = settings or Settings()
    logs.configure(chosen.log_level)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.running = Running(chosen, open_model, warm_up=warm_up)
        async with in_background(app.state.running):
            yield

    app = FastAPI(
        title="Amends",
        version=__version__,
        description=_ABOUT,
        lifespan=lifespan,
        strict_content_type=False,  # keys are no cookies: there is no cross-site request to fear
    )
    for noun in (
        drafts,
        decisions,
        assignment,
        checks,
        triage,
        brands,
        knowledge,
        mentions,
        queue,
        commitments,
        threads,
        style_notes,
        example_marks,
        reports,
        health,
    ):
        app.include_router(noun.router)
    answer_with_problems(app)
    app.add_middleware(
        BodyLimit, max_bytes=chosen.server.max_body_bytes, unless=mentions.is_streamed
    )
    app.add_middleware(Observed)  # added last, so outermost
    document(app)
    return app
