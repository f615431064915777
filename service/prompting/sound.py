"""All prompts at once, so that a broken one is named before a draft needs it."""

from service.prompting.judge_prompts import judged_checks, load_judge_prompt
from service.prompting.template import all_refs, load_template


def require_sound_prompts() -> None:
    """ConfigurationError, with the file, for the first prompt that can't be used as it is."""
    for name, version in all_refs():
        load_template(name, version)
    for check in judged_checks():
        load_judge_prompt(check)
