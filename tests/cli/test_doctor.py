import json
from pathlib import Path

import pytest
from pydantic import SecretStr

from evals.bench.stub_openai import StubOpenAi, embeddings
from service.settings import EmbeddingSettings, RetrievalSettings
from tests.cli.conftest import Cli
from tests.knowledge.cross_encoders import build

pytestmark = pytest.mark.slow
API = "litellm:cohere/rerank-v3.5"


def states(cli: Cli, *args: str) -> tuple[int, dict[str, str]]:
    result = cli("doctor", "--json", *args)
    return result.exit_code, {row["name"]: row["state"] for row in json.loads(result.stdout)}


def test_a_fresh_place_is_fine_but_has_no_brand(cli: Cli) -> None:
    code, found = states(cli)
    assert code == 0
    assert found["database"] == found["embedding"] == found["prompts"] == found["model"] == "ok"
    assert found["brands"] == "warn"
    assert "amends demo" in cli("doctor").stdout


def test_an_imported_brand_is_indexed(cli: Cli, tidewell: str) -> None:
    assert states(cli)[1]["brands"] == "ok"


def test_the_model_is_asked_only_when_told_to(cli: Cli) -> None:
    cli.answers = [AssertionError("asked")]
    assert states(cli)[1]["model"] == "ok"
    cli.answers = ["ready"]
    assert states(cli, "--ask")[1]["model"] == "ok"


def test_a_changed_prompt_and_a_broken_place_are_failures(cli: Cli) -> None:
    cli.lock.write_text(f"{'0' * 64} draft_reply@v1\n")
    cli.settings.data_dir.parent.mkdir(parents=True, exist_ok=True)
    cli.settings.data_dir.write_text("a file where a folder should be")
    code, found = states(cli)
    assert code == 1
    assert found["prompts"] == found["database"] == "fail"
    assert found["embedding"] == "ok"


def test_the_reranker_is_named_and_its_trouble_is_no_failure(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COHERE_API_KEY", raising=False)
    assert "reranker" not in states(cli)[1]
    folder = build(tmp_path / "orders")
    for reranker, state in ((folder, "ok"), ("/nowhere/orders", "warn"), (API, "warn")):
        chosen = RetrievalSettings(reranker=reranker)
        cli.settings = cli.settings.model_copy(update={"retrieval": chosen})
        code, found = states(cli)
        assert (code, found["reranker"]) == (0, state)
        shown = " ".join(cli("doctor").stdout.split())
        assert reranker.removeprefix("litellm:") in shown or "COHERE_API_KEY is not set" in shown


def test_a_providers_embedding_is_asked_only_when_told_to(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    chosen = EmbeddingSettings(model="litellm:openai/words")
    cli.settings = cli.settings.model_copy(update={"embedding": chosen})
    code, found = states(cli)
    assert (code, found["embedding"]) == (1, "fail")
    assert "OPENAI_API_KEY is not set" in " ".join(cli("doctor").stdout.split())
    with StubOpenAi(embeddings()) as stub:
        given = {"api_base": stub.base_url, "api_key": SecretStr("k")}
        cli.settings = cli.settings.model_copy(
            update={"embedding": chosen.model_copy(update=given)}
        )
        assert states(cli)[1]["embedding"] == "ok"
        assert stub.requests == []
        assert "64 numbers a text" in " ".join(cli("doctor", "--ask").stdout.split())
