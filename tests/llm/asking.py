"""What the tests of the adapter share: a request, and a model that asks the stub."""

from pydantic import SecretStr

from evals.bench.stub_openai import StubOpenAi
from service.domain.draft import ChatMessage
from service.llm.client import ChatRequest
from service.llm.endpoints import ModelEndpoint, endpoints
from service.llm.litellm_client import LitellmChatModel
from service.settings import LlmSettings

KEY = "sk-SECRETKEY"
SECRET = "SECRETPROMPT"
TOO_LONG = f"request (5000 tokens) exceeds the available context size (4096 tokens): {SECRET}"
SCHEMA: dict[str, object] = {"type": "object", "properties": {"reply": {"type": "string"}}}
REQUEST = ChatRequest(messages=(ChatMessage(role="user", content=SECRET),))


def chat_model(stub: StubOpenAi, **changed: object) -> LitellmChatModel:
    settings = LlmSettings.model_validate(
        {
            "model": "openai/stub",
            "api_base": stub.base_url,
            "api_key": SecretStr(KEY),
            "timeout_s": 5,
            **changed,
        }
    )
    return LitellmChatModel(settings, models=endpoints(settings))


def asking(**changed: object) -> ChatRequest:
    return ChatRequest(**{**vars(REQUEST), **changed})


def at(stub: StubOpenAi, name: str) -> ModelEndpoint:
    return ModelEndpoint(
        name=name, litellm_model=f"openai/{name}", api_base=stub.base_url, api_key=SecretStr("k")
    )
