import numpy as np
import pytest

from service.embedding.embedder import Embedder, Side
from service.settings import EmbeddingSettings

pytestmark = pytest.mark.slow


def test_a_query_is_embedded_once() -> None:
    """Triage, retrieval and the checks share vectors, and what comes again is not made again."""
    embedder = Embedder(EmbeddingSettings())
    first = embedder.embed(["The switch is loose.", "The cable is short."], Side.QUERY)
    again = embedder.embed(["The cable is short.", "It smells."], Side.QUERY)
    assert np.array_equal(first[1], again[0])
    assert embedder.texts_embedded == 3
