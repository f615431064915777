"""Probes: whether the process serves, and whether it can draft."""

from fastapi import APIRouter, Request, Response

from service.api.running import Running
from service.api.shapes import Health, Ready

router = APIRouter(tags=["health"])


@router.get("/healthz", response_model=Health, summary="Whether the process serves")
async def healthz() -> Health:
    """Always ok; a process that cannot say so is to be restarted."""
    return Health()


@router.get(
    "/readyz",
    response_model=Ready,
    response_model_exclude_none=True,
    responses={503: {"model": Ready, "description": "Not yet; `missing` says what in words."}},
    summary="Whether drafts can be made",
)
async def readyz(request: Request, response: Response) -> Ready:
    """Ready once the database is open, the models are loaded and the language model answers."""
    running: Running = request.app.state.running
    missing = await running.missing()
    if missing:
        response.status_code = 503
    warnings = await running.warnings()
    return Ready(ready=not missing, missing=missing or None, warnings=warnings or None)
