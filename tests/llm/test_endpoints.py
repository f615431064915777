from pathlib import Path

import pytest
from pydantic import SecretStr

from service.errors import NoModelConfigured
from service.llm.endpoints import bundled_name, endpoint, endpoints
from service.settings import LlmSettings, Settings

QWEN = "bundled/qwen2.5-coder-1.5b-instruct-q4_k_m"


def test_bundled_is_reached_at_its_server() -> None:
    (found,) = endpoints(LlmSettings(), bundled_url="http://127.0.0.1:4711")

    assert (found.name, found.at_once) == (QWEN, 1)
    assert found.api_base == "http://127.0.0.1:4711/v1"
    assert found.health_url == "http://127.0.0.1:4711/health"


def test_an_empty_variable_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tools that start containers hand an unset variable on as an empty one."""
    monkeypatch.setenv("AMENDS_LLM__MODEL", "")
    monkeypatch.setenv("AMENDS_LLM__API_BASE", "")
    assert Settings().llm == LlmSettings()


@pytest.mark.parametrize("base", ["http://127.0.0.1:4711", "http://127.0.0.1:4711/v1/"])
def test_a_worker_knows_the_server_by_its_address_alone(base: str) -> None:
    (found,) = endpoints(LlmSettings(model="bundled", api_base=base))

    assert found.api_base == "http://127.0.0.1:4711/v1"


def test_bundled_as_a_fallback_names_its_own_address() -> None:
    settings = LlmSettings(
        model="anthropic/claude-sonnet-4-5",
        fallbacks=("bundled@http://127.0.0.1:4711",),
        api_key=SecretStr("sk-1"),
    )

    first, fallback = endpoints(settings)

    assert first.api_key == SecretStr("sk-1")
    assert fallback.api_base == "http://127.0.0.1:4711/v1"


def test_bundled_without_a_server_says_what_to_do() -> None:
    with pytest.raises(NoModelConfigured, match="AMENDS_LLM__API_BASE"):
        endpoints(LlmSettings())


def test_key_and_address_never_go_to_another_provider() -> None:
    settings = LlmSettings(
        model="openai/a",
        fallbacks=("openai/b", "anthropic/c"),
        api_base="http://127.0.0.1:1/v1",
        api_key=SecretStr("sk-1"),
    )

    _, same, other = endpoints(settings)

    assert (same.api_base, same.api_key) == ("http://127.0.0.1:1/v1", SecretStr("sk-1"))
    assert (other.api_base, other.api_key) == (None, None)
    assert "sk-1" not in repr(same)


def test_another_gguf_is_named_by_its_file() -> None:
    settings = LlmSettings(gguf=Path("/models/tiny-q8.gguf"))

    assert bundled_name(settings.gguf) == "bundled/tiny-q8"
    assert endpoint("bundled/tiny-q8", settings, bundled_url="http://h:1").name == "bundled/tiny-q8"
