"""From edits to the notes they speak for: what is done again and again to like replies. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from service.domain.edits import EditKind, kinds_of
from service.domain.learning import EditedReply, Scope, StyleNote, StyleNoteStatus, StyleSign
from service.review.style_signs import SIGNS, Compared, signs_of

ENOUGH_DRAFTS, ENOUGH_THREADS = 3, 2
ENOUGH_TO_ASK_AGAIN = 5
"""So many newer drafts make a note worth another look that people turned down or let go."""

_WIDER: tuple[Callable[[Scope], Scope], ...] = (
    lambda scope: scope,
    lambda scope: Scope(language=scope.language, channel=scope.channel),
    lambda scope: Scope(language=scope.language),
    lambda _: Scope(),
)
"""From the narrowest to all replies: without the kind, the channel, the language."""


@dataclass(frozen=True)
class Proposal:
    """A note that edits speak for, with these edits."""

    sign: StyleSign
    scope: Scope
    edits: tuple[EditedReply, ...]

    @property
    def edit_kind(self) -> EditKind:
        """The kind of edit that it would spare people."""
        return SIGNS[self.sign].kind

    @property
    def text(self) -> str:
        """The note in words."""
        return SIGNS[self.sign].words(self.edits)

    @property
    def drafts(self) -> tuple[str, ...]:
        """The drafts that speak for it, the oldest decision first."""
        ordered = sorted(self.edits, key=lambda edit: (edit.decided_at, edit.draft_id))
        return tuple(edit.draft_id for edit in ordered)


def counted(edits: Sequence[EditedReply]) -> dict[EditKind, int]:
    """In how many replies each kind of edit was made, the most frequent first."""
    found = Counter(kind for edit in edits for kind in kinds_of(edit.findings))
    return dict(found.most_common())


def proposals(edits: Sequence[EditedReply]) -> list[Proposal]:
    """What people do again and again, each in the narrowest scope that holds enough of it."""
    compared = [Compared(edit) for edit in edits]
    done = [(one.edit, signs_of(one), signs_of(one.turned)) for one in compared]
    found: list[Proposal] = []
    for sign in StyleSign:
        for_it = [edit for edit, signs, _ in done if sign in signs]
        against = [edit for edit, _, undone in done if sign in undone]
        found += _of_sign(sign, for_it, against)
    return found


def _of_sign(
    sign: StyleSign, for_it: Sequence[EditedReply], against: Sequence[EditedReply]
) -> Iterator[Proposal]:
    """Where as much as half as many people do the contrary, there is no habit to write down."""
    for scope, edits in _groups(for_it, of_language=SIGNS[sign].of_language):
        contrary = sum(scope.holds(edit.scope) for edit in against)
        if len(edits) >= 2 * contrary:
            yield Proposal(sign, scope, tuple(edits))


def _groups(
    edits: Sequence[EditedReply], *, of_language: bool
) -> Iterator[tuple[Scope, list[EditedReply]]]:
    """Groups that are large enough, narrowest first; an edit speaks in one of them only."""
    left = list(edits)
    for wider in _WIDER[: -1 if of_language else None]:
        by_scope: defaultdict[Scope, list[EditedReply]] = defaultdict(list)
        for edit in left:
            by_scope[wider(edit.scope)].append(edit)
        for scope, group in by_scope.items():
            threads = {edit.thread_id for edit in group}
            if len(group) >= ENOUGH_DRAFTS and len(threads) >= ENOUGH_THREADS:
                left = [edit for edit in left if edit not in group]
                yield scope, group


def spoken_for(proposal: Proposal, note: StyleNote, now: datetime) -> bool:
    """Whether a note that waits, or that counts, says it already."""
    alive = note.status is StyleNoteStatus.PROPOSED or note.counts(now)
    return alive and note.sign is proposal.sign and note.scope.holds(proposal.scope)


def turned_down(proposal: Proposal, note: StyleNote, now: datetime) -> bool:
    """Whether people declined it or let it go, and too few edits since then speak for it."""
    if note.sign is not proposal.sign or note.scope != proposal.scope:
        return False
    ended = note.expires_at if note.status is StyleNoteStatus.ACCEPTED else note.decided_at
    if ended is None or ended > now:
        return False
    newer = sum(edit.decided_at > ended for edit in proposal.edits)
    return newer < ENOUGH_TO_ASK_AGAIN
