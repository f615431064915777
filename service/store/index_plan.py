"""What has to happen so that an index holds certain pieces under one embedding model. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

POLICY = "policy"
PAST_REPLY = "past_reply"


class Piece(NamedTuple):
    """One searchable piece: where it comes from, its place there, and its words."""

    source: str
    ref: str
    ordinal: int
    text: str


class Entry(NamedTuple):
    """A row of the index: its number, the one under which its words stand, its model."""

    id: int
    words_at: int
    model: str
    piece: Piece


@dataclass(frozen=True)
class IndexPlan:
    """The way from one state of a brand's index to another.

    `switches`: the brand is searched under another model so far, or not at all. Entries of `renew`
    that are another model's get a row beside them, those of this one a new vector. `unsaid` are the
    ones of `remove` whose words go with them. `vectors_in` says in which entry a text has its
    vector already; `missing` have to be embedded; `stays` is an entry that is right as it is, if
    there is one. `pieces` is how many there will be, `old` under which other models there are rows.
    """

    brand_id: str
    model: str
    switches: bool
    pieces: int
    add: tuple[Piece, ...]
    renew: tuple[Entry, ...]
    remove: tuple[int, ...]
    unsaid: tuple[int, ...]
    vectors_in: Mapping[str, int]
    missing: tuple[str, ...]
    stays: int | None
    old: frozenset[str]

    @property
    def past_complaints(self) -> frozenset[str]:
        """The texts to index that are complaints and no passages."""
        pieces = (*self.add, *(entry.piece for entry in self.renew))
        return frozenset(piece.text for piece in pieces if piece.source == PAST_REPLY)

    @property
    def any(self) -> bool:
        """Whether the index is not as it should be."""
        return bool(self.add or self.renew or self.remove or self.switches)


def plan_of(
    brand_id: str,
    there: Iterable[Entry],
    wanted: Sequence[Piece],
    *,
    model: str,
    searched_under: str | None,
    anew: bool,
) -> IndexPlan:
    """Compare the rows with the pieces; `anew` trusts no vector that is there."""
    pieces, entries = dict.fromkeys(wanted), list(there)
    mine = {entry.piece: entry for entry in entries if entry.model == model}
    others = {entry.piece: entry for entry in entries if entry.model != model}
    kept = {entry for side in (mine, others) for p, entry in side.items() if p in pieces}
    remove = [entry for entry in entries if entry not in kept]
    current = {} if anew else mine
    renew = tuple(
        mine.get(piece) or others[piece]
        for piece in pieces
        if piece not in current and (piece in mine or piece in others)
    )
    add = tuple(piece for piece in pieces if piece not in mine and piece not in others)
    vectors_in = {piece.text: entry.id for piece, entry in current.items()}
    needed = dict.fromkeys(piece.text for piece in (*add, *(entry.piece for entry in renew)))
    return IndexPlan(
        brand_id=brand_id,
        model=model,
        switches=bool(pieces) and searched_under != model,
        pieces=len(pieces),
        add=add,
        renew=renew,
        remove=tuple(entry.id for entry in remove),
        unsaid=_unsaid(remove, kept),
        vectors_in={text: vectors_in[text] for text in needed if text in vectors_in},
        missing=tuple(text for text in needed if text not in vectors_in),
        stays=next((current[piece].id for piece in pieces if piece in current), None),
        old=frozenset(entry.model for entry in entries if entry.model != model),
    )


def _unsaid(removed: Iterable[Entry], kept: Iterable[Entry]) -> tuple[int, ...]:
    """One entry for each place of words that no row needs any more."""
    needed = {entry.words_at for entry in kept}
    places = {entry.words_at: entry.id for entry in removed if entry.words_at not in needed}
    return tuple(places.values())
