"""Whether a hostile post also complains about something: then that is still answered. Pure."""

from collections.abc import Sequence

from service.text.sentences import Sentence
from service.triage.cues import has_cue
from service.triage.hate import HostileSpan, Hostility
from service.triage.tagging import clauses_of

_PLAINLY = 0.5
_FEWEST_WORDS = 4
_ALL = "all"


def has_real_complaint(
    points: Sequence[Sentence], plain: Sequence[float], hostility: Hostility
) -> bool:
    """Whether a point is a complaint beyond the abuse; `plain`: how surely each is one."""
    shares = zip(points, plain, strict=True)
    return any(_complains(point, share, hostility) for point, share in shares)


def _complains(point: Sentence, share: float, hostility: Hostility) -> bool:
    inside = [s for s in hostility.spans if point.start <= s.start < point.end]
    left = _without(point, inside)
    if len(left.split()) < _FEWEST_WORDS and inside:
        return False
    negative = has_cue("negative", left) or has_cue("request", left)
    if hostility.hate:
        # Contempt reads like a complaint: only talk of the trade tells the two apart.
        return _about_trade(left) and (negative if inside else share > _PLAINLY)
    return (_about_trade(left) or negative) if inside else share > _PLAINLY or negative


def _about_trade(text: str) -> bool:
    """Whether something that one buys or is served is named."""
    return any(clause.at("business") for clause in clauses_of(text, _ALL))


def _without(point: Sentence, spans: Sequence[HostileSpan]) -> str:
    left = list(point.text)
    for span in spans:
        for place in range(span.start - point.start, min(span.end - point.start, len(left))):
            left[place] = " "
    return "".join(left)
