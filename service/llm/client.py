"""What drafting asks of a language model."""

from dataclasses import dataclass
from typing import Protocol

from service.domain.draft import ChatMessage, Usage


@dataclass(frozen=True, kw_only=True)
class ChatRequest:
    """One question to a model. `schema` is the JSON schema of the answer, None for plain text;
    `turn` tells equal questions apart for who keeps answers, and is never sent."""

    messages: tuple[ChatMessage, ...]
    temperature: float = 0.4
    max_tokens: int = 700
    schema: dict[str, object] | None = None
    stop: tuple[str, ...] = ()
    seed: int | None = None
    model: str | None = None
    timeout_s: float | None = None
    turn: int = 0


@dataclass(frozen=True, kw_only=True)
class Completion:
    """What a model answered, as text, with what it cost. `cut`: it ran into `max_tokens`."""

    text: str
    model: str
    usage: Usage
    seconds: float
    cut: bool = False


class ChatModel(Protocol):
    """A chat model behind one method; every failure is a `ModelError`."""

    @property
    def name(self) -> str:
        """The model that is asked first."""
        ...

    async def complete(self, request: ChatRequest) -> Completion:
        """Answer within the deadline or raise ModelUnavailable, ModelTimeout or ModelRefused."""
        ...

    async def ready(self) -> str | None:
        """None when the model can answer, else what is missing in words."""
        ...

    async def aclose(self) -> None:
        """Let go of connections."""
        ...
