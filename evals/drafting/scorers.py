"""What a draft is measured by. A new scorer is one function and one line in `SCORERS`.

A bool is an assertion, a number a score, a string a label; a scorer that fails is reported by name
and left out of its figure, never counted as zero. None: the scorer has nothing to say here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import Levenshtein

from evals.drafting.cases import EvalCase
from evals.drafting.drafts import EvalDraft
from evals.drafting.items import Item
from evals.drafting.matching import is_broken, is_true
from evals.drafting.readiness import dangers, readiness
from evals.drafting.scene import Scene
from service.domain.triage import MoveKind
from service.guards.registry import CHECKS
from service.text.numbers import WORD

Value = bool | float | str


@dataclass(frozen=True)
class Scored:
    """A draft with its case; `scene` is None where there is no reply."""

    case: EvalCase
    draft: EvalDraft
    scene: Scene | None

    @cached_property
    def missing(self) -> tuple[Item, ...]:
        """What the reply must do and doesn't."""
        if self.scene is None:
            return self.case.must
        return tuple(item for item in self.case.must if not is_true(item, self.scene))

    @cached_property
    def broken(self) -> tuple[Item, ...]:
        """What the reply must not do and does."""
        if self.scene is None:
            return ()
        return tuple(item for item in self.case.must_not if is_broken(item, self.scene))


def ready(one: Scored) -> Value:
    """`send_ready`, `needs_edit` or `unusable`, by the rule in readiness.py."""
    if one.case.move is MoveKind.NO_REPLY and one.scene is None:
        return "send_ready"
    return readiness(
        scene=one.scene,
        holding=one.draft.holding,
        unowned=one.case.move is MoveKind.ESCALATE and one.draft.move is not MoveKind.ESCALATE,
        missing=one.missing,
        broken=one.broken,
    ).value


def danger(one: Scored) -> Value | None:
    """The dangers by name, `none` without any; a holding reply was not drafted."""
    if one.scene is None or one.draft.holding:
        return None
    return ", ".join(dangers(one.scene, one.broken)) or "none"


def must(one: Scored) -> Value | None:
    """The share of what it must do that it does."""
    return 1 - len(one.missing) / len(one.case.must) if one.case.must else None


def must_not(one: Scored) -> Value | None:
    """Whether it does nothing that it must not."""
    return not one.broken if one.case.must_not and one.scene else None


def issues(one: Scored) -> Value | None:
    """Whether every issue is spoken to."""
    if one.scene is None or not one.case.issues:
        return None
    return not one.scene.found("ignores_issue")


def move(one: Scored) -> Value:
    """Whether triage chose the expected move."""
    return one.draft.move is one.case.move


def kind(one: Scored) -> Value:
    """Whether triage took it for what it is."""
    return one.draft.kind is one.case.kind


def language(one: Scored) -> Value | None:
    """Whether the reply is in the language that is due."""
    return None if one.scene is None else not one.scene.found("wrong_language")


def length(one: Scored) -> Value | None:
    """Whether it fits the channel."""
    return None if one.scene is None else not one.scene.found("too_long")


def policy(one: Scored) -> Value | None:
    """The share of the passages it rests on that retrieval brought."""
    wanted = set(one.case.policy)
    return len(wanted & set(one.draft.policy)) / len(wanted) if wanted else None


def answered(one: Scored) -> Value | None:
    """Whether a drafted answer stands, and not a holding reply or nothing."""
    if one.case.move is MoveKind.NO_REPLY:
        return None
    return one.scene is not None and not one.draft.holding


def likeness(one: Scored) -> Value | None:
    """How near its words are to the reference's: 1 the same, 0 nothing in common."""
    if one.scene is None or not one.case.reference:
        return None
    texts = (one.scene.reply, one.case.reference)
    said, wanted = ([match.group().lower() for match in WORD.finditer(text)] for text in texts)
    return round(Levenshtein.normalized_similarity(said, wanted), 4)


def _check(name: str) -> "Scorer":
    def passes(one: Scored) -> Value | None:
        return None if one.scene is None else not one.scene.found(name)

    passes.__doc__ = f"Whether the check {name} finds nothing that counts."
    return passes


Scorer = Callable[[Scored], Value | None]
SCORERS: Mapping[str, Scorer] = {
    "ready": ready,
    "danger": danger,
    "must": must,
    "must_not": must_not,
    "issues": issues,
    "move": move,
    "kind": kind,
    "language": language,
    "length": length,
    "policy": policy,
    "answered": answered,
    "likeness": likeness,
    **{f"check:{name}": _check(name) for name in CHECKS},
}
"""Every scorer by its name."""
ALWAYS = ("ready", "danger")
"""What every figure rests on: scored also where a suite names others."""
