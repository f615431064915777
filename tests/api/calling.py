"""The API as a client sees it, over a data folder that holds the sample brand and one more."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from service.api.app import create_app
from service.domain.brand import Brand
from service.domain.review import Role
from service.llm.scripted import Answer, ScriptedChatModel
from service.settings import Settings

if TYPE_CHECKING:
    from service.bootstrap import Services

SAMPLES = Path(__file__).parents[2] / "service" / "samples"
OTHER = Brand(id="brindle", name="Brindle", voice="Plain and kind.")
COMPLAINT = (
    "Took Thursday off for the washing machine, slot was 10 till 2. Nobody came, nobody rang."
)
REPLY = (
    "Declan, I'm sorry: you took Thursday off, and nobody came or rang. "
    "I'm finding out what happened and will write to you here by 18:00 the next working day.\n"
    "– Marta, Tidewell"
)
WARM_S = 120


def proposal(reply: str = REPLY) -> str:
    """What a capable model answers."""
    return json.dumps({"reply": reply, "citations": [], "commitments": [], "missing_facts": []})


def case(text: str = COMPLAINT, **fields: Any) -> dict[str, Any]:
    """A case about the sample brand."""
    return {"brand": "tidewell", "channel": "facebook", "complaint": text, **fields}


@dataclass
class Api:
    """An app that runs, and keys to it."""

    app: Any
    client: httpx.AsyncClient
    services: "Services"
    model: ScriptedChatModel

    async def key(self, role: Role = Role.ADMIN, brand: str | None = None) -> dict[str, str]:
        """The header of a new key."""
        made = await self.services.keys.create(
            name=f"{role.value} {brand}", role=role, brand_id=brand, actor="test"
        )
        return {"Authorization": f"Bearer {made.secret}"}

    async def draft(self, headers: dict[str, str], **fields: Any) -> dict[str, Any]:
        """A finished draft."""
        answer = await self.client.post("/v1/drafts", json=case(**fields), headers=headers)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found


@asynccontextmanager
async def running_app(
    settings: Settings, model: ScriptedChatModel, *, warm: bool = True
) -> AsyncIterator[Any]:
    """The app in its lifespan."""
    app = create_app(settings, open_model=lambda _: model, warm_up=warm)
    async with app.router.lifespan_context(app):
        yield app


def client_of(app: Any) -> httpx.AsyncClient:
    """A client without a network; an exception that gets out of the app fails the test."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://amends.test")


@asynccontextmanager
async def open_api(
    settings: Settings, *answers: Answer, delay_s: float = 0.0, warm: bool = True
) -> AsyncIterator[Api]:
    """The API, warm unless asked otherwise, with a model that says these things."""
    script = answers or (proposal(),)
    model = ScriptedChatModel(script, delay_s=delay_s, repeat_last=True)
    async with running_app(settings, model, warm=warm) as app, client_of(app) as client:
        services = await app.state.running.services()
        async with asyncio.timeout(WARM_S):
            while warm and (missing := await app.state.running.missing()):
                assert "broke" not in str(missing), missing
                await asyncio.sleep(0.02)
        yield Api(app, client, services, model)


async def fill(settings: Settings) -> None:
    """The sample brand, and another one."""
    from service.bootstrap import open_services

    async with open_services(settings) as services:
        await services.library.import_folder(SAMPLES / "tidewell", actor="test")
        await services.library.replace(OTHER, actor="test")
