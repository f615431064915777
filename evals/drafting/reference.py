"""A model that answers with the case's own reference: it shows what the scorers say of a reply that
a person would sign, and lets a suite run in seconds."""

import json
from contextvars import ContextVar

from evals.drafting.cases import EvalCase
from evals.drafting.suite import REFERENCE
from service.domain.draft import Usage
from service.errors import ModelUnavailable
from service.llm.client import ChatRequest, Completion

answering: ContextVar[EvalCase] = ContextVar("answering")
"""The case that is being drafted in this task."""


class ReferenceModel:
    """Gives the reference of the case that is being drafted."""

    @property
    def name(self) -> str:
        """As a suite's file names it."""
        return REFERENCE

    async def complete(self, request: ChatRequest) -> Completion:
        """The reference, as JSON where a schema is asked for."""
        text = answering.get().reference
        if not text:
            raise ModelUnavailable(f"case {answering.get().id} has no reference")
        said = json.dumps({"reply": text}, ensure_ascii=False) if request.schema else text
        return Completion(text=said, model=REFERENCE, usage=Usage(), seconds=0.0)

    async def ready(self) -> str | None:
        """It can always answer."""
        return None

    async def aclose(self) -> None:
        """It holds nothing."""
