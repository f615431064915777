"""The only reader of the environment: nested groups under the prefix AMENDS_.

`AMENDS_LLM__MODEL=anthropic/claude-sonnet-4-5` sets `settings.llm.model`.
"""

from pathlib import Path
from typing import Annotated, Self

from platformdirs import user_cache_path, user_data_path
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _split(value: object) -> object:
    if not isinstance(value, str):
        return value
    return [part.strip() for part in value.split(",") if part.strip()]


_BY_LITELLM = "litellm:"


def _named(value: str) -> str:
    """A model's name as it stands; of a provider's, provider and model have to be there."""
    named = value.removeprefix(_BY_LITELLM)
    if named != value and not all(named.partition("/")):
        raise ValueError("it should be written as litellm:provider/model")
    return value


class LlmSettings(_Group):
    """Which model drafts, and how it is asked."""

    model: str = Field(
        default="bundled",
        description="`bundled`, or any litellm name: `openai/...`, `anthropic/...`, `ollama/...`",
    )
    fallbacks: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="models tried in order when the first is down, with commas"
    )
    api_base: str | None = Field(default=None, description="address of an OpenAI-compatible server")
    api_key: SecretStr | None = Field(
        default=None, description="key for the model; the provider's own variable works too"
    )
    gguf: Path | None = Field(default=None, description="another GGUF file for the bundled server")
    threads: int | None = Field(
        default=None,
        ge=1,
        description="CPU threads of the bundled server; default: all cores for reading the "
        "prompt, all but one for writing",
    )
    temperature: float = Field(
        default=0.4, ge=0, le=2, description="sampling temperature of the first candidate"
    )
    max_tokens: int = Field(default=700, ge=32, description="longest answer in tokens")
    candidates: int | None = Field(
        default=None,
        ge=1,
        le=8,
        description="candidates per draft at most, until one is clean; default 3 for the bundled "
        "model, 1 for others",
    )
    timeout_s: float = Field(
        default=45.0, gt=0, description="deadline of one model call, retries included"
    )
    attempts: int = Field(default=2, ge=1, le=5, description="tries per model within that deadline")
    concurrency: int = Field(
        default=4, ge=1, description="calls at the same time; the bundled server takes one"
    )

    _split_fallbacks = field_validator("fallbacks", mode="before")(_split)


class DatabaseSettings(_Group):
    """Where the store is."""

    url: SecretStr | None = Field(
        default=None,
        description="`postgresql://user:password@host/name` (with pgvector); default: the embedded "
        "database in AMENDS_DATA_DIR",
    )
    pool_size: int = Field(
        default=10, ge=2, description="connections of one process to a PostgreSQL server"
    )

    @field_validator("url")
    @classmethod
    def _is_postgresql(cls, url: SecretStr | None) -> SecretStr | None:
        if url is None or url.get_secret_value().startswith(("postgresql://", "postgres://")):
            return url
        raise ValueError("it should begin with postgresql://")


class EmbeddingSettings(_Group):
    """Which embedding model searches go by; triage and checks have the bundled one."""

    model: str = Field(
        default="bundled",
        max_length=200,
        description="what searches go by: `bundled`, the folder of a sentence-transformers model, "
        "or `litellm:provider/model`",
    )
    api_base: str | None = Field(
        default=None,
        description="address of the embedding server; default: the drafting model's where it is "
        "of the same provider, else the provider's own",
    )
    api_key: SecretStr | None = Field(
        default=None, description="key for the embedding model; the provider's own variable works"
    )

    _is_named = field_validator("model")(_named)

    @property
    def provider_model(self) -> str | None:
        """The model of a provider; None for the bundled one and for a folder's."""
        return self.model.partition(_BY_LITELLM)[2] or None


class DraftingSettings(_Group):
    """How a draft is made and how long it may take."""

    prompt: str | None = Field(
        default=None,
        description="prompt as name or name@version; default: the one that fits the model",
    )
    revisions: int = Field(default=2, ge=0, le=4, description="revise rounds after a block")
    deadline_s: float = Field(default=90.0, gt=0, description="after this a holding reply is used")
    lease_s: float = Field(
        default=30.0, gt=1, description="a draft whose worker is silent this long is taken over"
    )
    max_claims: int = Field(
        default=3, ge=1, description="a draft that took down this many workers becomes `failed`"
    )
    recent_replies: int = Field(
        default=400, ge=0, description="how many recent public replies `canned` compares with"
    )


class RetrievalSettings(_Group):
    """How much evidence a draft gets."""

    policy: int = Field(default=4, ge=0, le=20, description="policy passages per draft")
    past_replies: int = Field(default=2, ge=0, le=10, description="past replies per draft")
    reranker: str | None = Field(
        default=None,
        description="who puts the found passages into their last order: the folder of a "
        "sentence-transformers CrossEncoder, or `litellm:provider/model`; default: nobody",
    )

    @field_validator("reranker")
    @classmethod
    def _is_folder_or_model(cls, reranker: str | None) -> str | None:
        return _named(reranker) if reranker else None

    @property
    def reranking_model(self) -> str | None:
        """The model of a provider that reranks; None for a folder's, or where nobody does."""
        return (self.reranker or "").partition(_BY_LITELLM)[2] or None

    @property
    def reranking_folder(self) -> str | None:
        """The folder of the CrossEncoder that reranks; None for a provider's, or for nobody."""
        return None if self.reranking_model else self.reranker


class ChecksSettings(_Group):
    """Whether a language model judges what the local checks let through."""

    judge: str = Field(
        default="off",
        min_length=1,
        description="who judges replies beside the local checks: `off`, `drafting model`, or any "
        "litellm name",
    )
    judge_timeout_s: float = Field(
        default=20.0, gt=0, description="after this a reply is left unjudged"
    )
    judged: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(
            "defensive",
            "blames_customer",
            "sarcasm_or_emotional",
            "contradicts_policy",
            "ungrounded_specific",
            "ungrounded_promise",
            "ignores_issue",
        ),
        description="the failures that are judged, one model call each, with commas",
    )

    _split_judged = field_validator("judged", mode="before")(_split)

    @property
    def is_judged(self) -> bool:
        """Whether there is a judge at all."""
        return self.judge != "off" and bool(self.judged)

    @property
    def judge_model(self) -> str | None:
        """The model that judges; None stands for the one that drafts."""
        return None if self.judge == "drafting model" else self.judge


class ServerSettings(_Group):
    """How the API listens."""

    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8080, ge=0, le=65535, description="port to listen on")
    workers: int = Field(default=1, ge=1, description="worker processes")
    max_body_bytes: int = Field(default=2_000_000, ge=1000, description="largest request body")


class Settings(BaseSettings):
    """All settings; every one has a default that works on a laptop."""

    model_config = SettingsConfigDict(
        env_prefix="AMENDS_",
        env_nested_delimiter="__",
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
    )

    data_dir: Path = Field(
        default_factory=lambda: user_data_path("amends"),
        description="where the embedded database lives",
    )
    cache_dir: Path = Field(
        default_factory=lambda: user_cache_path("amends"), description="where model files are kept"
    )
    log_level: str = Field(default="info", description="debug, info, warning or error")
    database: DatabaseSettings = DatabaseSettings()
    llm: LlmSettings = LlmSettings()
    embedding: EmbeddingSettings = EmbeddingSettings()
    drafting: DraftingSettings = DraftingSettings()
    retrieval: RetrievalSettings = RetrievalSettings()
    checks: ChecksSettings = ChecksSettings()
    server: ServerSettings = ServerSettings()

    def apart(self, folder: Path) -> Self:
        """These settings on an empty database in that folder, whichever the environment names."""
        return self.model_copy(update={"data_dir": folder, "database": DatabaseSettings()})

    @property
    def database_url(self) -> str:
        """The database as an address; it may hold a password, so it is never shown."""
        if self.database.url is None:
            return f"sqlite+aiosqlite:///{self.data_dir / 'amends.db'}"
        _, rest = self.database.url.get_secret_value().split("://", 1)
        return f"postgresql://{rest}"
