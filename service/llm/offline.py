"""The chat model of commands that need none."""

from service.errors import ModelUnavailable
from service.llm.client import ChatRequest, Completion


class OfflineChatModel:
    """Stands where no model was opened; asking it is an error."""

    @property
    def name(self) -> str:
        """No model."""
        return "none"

    async def complete(self, request: ChatRequest) -> Completion:
        """Never answers."""
        raise ModelUnavailable("this command was started without a language model")

    async def ready(self) -> str | None:
        """Nothing is missing, since nothing is asked."""
        return None

    async def aclose(self) -> None:
        """Nothing to let go."""
