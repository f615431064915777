"""How a model is best asked: a small local one differs from a capable one."""

from dataclasses import dataclass

from service.domain.draft import ReplyProposal, Sampling
from service.domain.thread import Case
from service.llm.endpoints import BUNDLED
from service.prompting.template import PromptTemplate, find_template
from service.settings import Settings

_SMALL_MAX_TOKENS = 160
_SMALL_TEMPERATURE = 0.3


@dataclass(frozen=True)
class Profile:
    """The prompt, the sampling and the languages of the model that drafts."""

    template: PromptTemplate
    sampling: Sampling
    languages: frozenset[str] | None
    schema: dict[str, object] | None

    def writes(self, language: str) -> bool:
        """Whether the model can be trusted with that language."""
        return self.languages is None or language in self.languages


def profile_for(settings: Settings, case: Case) -> Profile:
    """What applies to this case: its own options, then the settings, then the model's habit."""
    options = case.options
    small = (options.model or settings.llm.model) == BUNDLED
    default_prompt = "draft_reply_compact" if small else "draft_reply"
    template = find_template(options.prompt or settings.drafting.prompt or default_prompt)
    sampling = Sampling(
        temperature=_SMALL_TEMPERATURE if small else settings.llm.temperature,
        max_tokens=_SMALL_MAX_TOKENS if small else settings.llm.max_tokens,
        candidates=options.candidates or settings.llm.candidates or (3 if small else 1),
        seed=7 if small else None,
    )
    return Profile(
        template=template,
        sampling=sampling,
        languages=frozenset({"en"}) if small and settings.llm.gguf is None else None,
        schema=ReplyProposal.model_json_schema() if template.answer == "json" else None,
    )
