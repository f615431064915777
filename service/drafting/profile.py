"""How a model is best asked: a small local one differs from a capable one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from service.domain.brand import Brand
from service.domain.draft import ReplyProposal, Sampling
from service.domain.thread import Case
from service.domain.triage import MoveKind, Sensitivity
from service.drafting.holding import GRAVE
from service.errors import NotFound
from service.followup.unasked import UNASKED
from service.llm.endpoints import BUNDLED
from service.prompting.pins import pinned_template
from service.prompting.template import PromptTemplate, find_template
from service.settings import Settings

_CAPABLE, _SMALL = "draft_reply", "draft_sections"
_SMALL_MAX_TOKENS = 140
_SMALL_TEMPERATURE = 0.3
_MOST_ASKED = 16
"""More often no draft asks for words, so that the seeds of one try are not those of the next."""
# It called a smoking appliance safe, answered insults as if nothing had been said, and wrote under
# what was solved that it was broken still.
_BEYOND_SMALL = frozenset({MoveKind.ESCALATE, MoveKind.BOUNDARY_STATEMENT}) | UNASKED


@dataclass(frozen=True)
class Profile:
    """The prompt, the sampling and the limits of the model that drafts."""

    template: PromptTemplate
    sampling: Sampling
    schema: dict[str, object] | None
    is_small: bool

    def again(self, times: int) -> Self:
        """For a draft that people turned down so often: the same seeds would say the same."""
        sampling = self.sampling
        if not times or sampling.seed is None:
            return self
        seed = sampling.seed + _MOST_ASKED * times
        return replace(self, sampling=sampling.model_copy(update={"seed": seed}))

    def refusal(
        self, language: str, move: MoveKind, sensitivities: Iterable[Sensitivity] = ()
    ) -> str | None:
        """Why the model is not asked for this answer; None where it may write."""
        if not self.is_small:
            return None
        if language != "en":
            return f"the bundled model writes English only, not {language!r}"
        if move in _BEYOND_SMALL:
            return f"the bundled model is not trusted with the move {move.value}"
        if grave := GRAVE.keys() & sensitivities:
            return f"the bundled model is not trusted with what is about {min(grave).value}"
        return None


def profile_for(settings: Settings, case: Case, brand: Brand) -> Profile:
    """What applies to this case: its own options, then the settings, then the model's habit."""
    options = case.options
    small = (options.model or settings.llm.model) == BUNDLED
    template = _template(settings, options.prompt, brand, small=small)
    sampling = Sampling(
        temperature=_SMALL_TEMPERATURE if small else settings.llm.temperature,
        max_tokens=_SMALL_MAX_TOKENS if small else settings.llm.max_tokens,
        candidates=options.candidates or settings.llm.candidates or (3 if small else 1),
        seed=7 if small else None,
    )
    return Profile(
        template=template,
        sampling=sampling,
        schema=ReplyProposal.model_json_schema() if template.answer == "json" else None,
        is_small=small and settings.llm.gguf is None,
    )


def require_prompt(settings: Settings, case: Case) -> None:
    """NotFound, with the place that names it, for a prompt that there is not."""
    named = {
        "options.prompt": case.options.prompt,
        "AMENDS_DRAFTING__PROMPT": settings.drafting.prompt,
    }
    for place, ref in named.items():
        try:
            _for_drafts(ref or _CAPABLE)
        except NotFound as exc:
            raise NotFound(f"{place}: {exc}") from exc


def _template(
    settings: Settings, asked: str | None, brand: Brand, *, small: bool
) -> PromptTemplate:
    """The case names its own; else the settings name a prompt, and the brand may pin its version.

    The brand goes before a version in the settings: it is about its own drafts alone.
    """
    if asked:
        return _for_drafts(asked)
    usual = settings.drafting.prompt or (_SMALL if small else _CAPABLE)
    name = usual.partition("@")[0]
    return pinned_template(name, brand) if name in brand.prompts else find_template(usual)


def _for_drafts(ref: str) -> PromptTemplate:
    template = find_template(ref)
    if not template.moves:
        raise NotFound(f"{template.ref} drafts no reply: see `amends prompt list`")
    return template
