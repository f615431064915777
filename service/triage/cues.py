"""Words that give something away: sensitivities, chasing, fury, the need for personal data."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from service.domain.triage import Sensitivity
from service.text.folding import fold

_HERE = Path(__file__).parent


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    listed = yaml.safe_load((_HERE / "lexicon.yaml").read_text(encoding="utf-8"))
    unwanted = yaml.safe_load((_HERE / "unwanted.yaml").read_text(encoding="utf-8"))
    sensitivities: Mapping[str, Mapping[str, list[str]]] = listed.pop("sensitivities")
    return {
        name: re.compile(r"(?<!\w)(?:" + "|".join(p for ps in langs.values() for p in ps) + ")")
        for name, langs in {**listed, **unwanted, **sensitivities}.items()
    }


def has_cue(name: str, text: str) -> bool:
    """Whether the text holds a wording of that list, in any language."""
    return _patterns()[name].search(fold(text)) is not None


def sensitivities_of(text: str, *, followers: int | None = None) -> tuple[Sensitivity, ...]:
    """What asks for careful hands; reach counts as press."""
    found = [s for s in Sensitivity if has_cue(s.value, text)]
    if (followers or 0) >= 50_000 and Sensitivity.PRESS not in found:
        found.append(Sensitivity.PRESS)
    return tuple(found)
