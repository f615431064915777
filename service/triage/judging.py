"""From shares to a verdict: which kind, which sensitivities, which marks. Pure."""

from collections.abc import Mapping

from service.domain.triage import DANGERS, Kind, Sensitivity, Sentiment
from service.triage.hate import Hostility
from service.triage.post_reader import Mark, PostReading
from service.triage.reproach import NO_REPROACH, Reproach

REACH = 50_000
"""An author with so many followers is press of a kind."""
CUTS: Mapping[str, float] = {
    # A missed one is worse than a false one. Set on the dev split.
    **dict.fromkeys(Sensitivity, 0.25),
    Mark.NEEDS_PERSONAL_DATA: 0.5,
    Mark.UPSET: 0.3,
    Mark.CHASES: 0.3,
}
_SPAM, _SPAM_WITHOUT_A_SIGN = 0.9, 0.995
"""Below it is answered: a complaint taken for spam would never be."""
_IN_ONE_POINT = 0.95
"""A single point says that somebody may be harmed; what stands around it would hide that."""
_TAKEN_FOR = (Kind.ABUSE, Kind.MIXED, Kind.COMPLIMENT, Kind.QUESTION)
"""What "Thieves! Where is my money?" may be taken for, and is not."""
_HOSTILE = 0.15
"""A share from which on listed insults make a post a hostile one."""


def kind_of(
    read: PostReading,
    hostility: Hostility,
    *,
    sells: bool,
    reproach: Reproach = NO_REPROACH,
) -> Kind:
    """The likeliest kind; words that are listed as hostile tip what the reader leaves open.

    `sells`: it shows a sign of spam. `reproach`: what it demands and holds against the brand.

    Abuse with a real complaint inside is mixed, so that the complaint is still answered.
    """
    kind = _kind_by_words(read, hostility, sells=sells)
    if not reproach.demands:
        return kind
    if reproach.only and kind in _TAKEN_FOR:
        return Kind.COMPLAINT
    return Kind.MIXED if kind is Kind.ABUSE else kind


def _kind_by_words(read: PostReading, hostility: Hostility, *, sells: bool) -> Kind:
    best = _likeliest(read, spam_from=_SPAM if sells else _SPAM_WITHOUT_A_SIGN)
    if hostility.objects and best in (Kind.HATE, Kind.ABUSE):
        best = Kind.COMPLAINT  # somebody else's words are told
    if hostility.hate and best not in (Kind.HATE, Kind.MIXED):
        return Kind.MIXED if read.kinds[Kind.MIXED] > read.kinds[Kind.HATE] else Kind.HATE
    if hostility and not hostility.objects and best in (Kind.COMPLAINT, Kind.COMPLIMENT):
        hostile = {kind: read.kinds[kind] for kind in (Kind.MIXED, Kind.ABUSE)}
        worst = max(hostile, key=lambda kind: hostile[kind])
        return worst if hostile[worst] > _HOSTILE else best
    return best


def _likeliest(read: PostReading, *, spam_from: float) -> Kind:
    kinds = [kind for kind in Kind if kind is not Kind.SPAM or read.kinds[kind] >= spam_from]
    return max(kinds, key=lambda kind: read.kinds[kind])


def sensitivities_of(
    read: PostReading,
    *,
    hate: bool,
    followers: int | None,
    plain: frozenset[Sensitivity] = frozenset(),
) -> set[Sensitivity]:
    """What asks for careful hands; `plain`: what the words say plainly. Reach counts as press."""
    found = {one for one in Sensitivity if read.flags[one] >= CUTS[one]} | plain
    found |= {one for one in DANGERS if read.worst[one] >= _IN_ONE_POINT}
    if (followers or 0) >= REACH:
        found.add(Sensitivity.PRESS)
    if hate:
        found.add(Sensitivity.DISCRIMINATION)
    return found


def holds(read: PostReading, mark: Mark) -> bool:
    """Whether the mark holds of the post."""
    return read.flags[mark] >= CUTS[mark]


def sentiment_of(read: PostReading) -> Sentiment:
    """The likeliest sentiment."""
    return max(read.sentiments, key=lambda mood: read.sentiments[mood])
