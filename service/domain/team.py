"""Who works on a brand's drafts, and who gets which."""

import unicodedata
from typing import Annotated

from pydantic import Field

from service.domain.base import Frozen, Text, UtcTime
from service.domain.thread import Channel
from service.domain.triage import Kind, Sensitivity

NOBODY = "none"
LEFT = "left"
"""In the queue's filter these stand for drafts of nobody, and of people who left."""

_WITH_STROKES = str.maketrans("łŁøØđĐ", "lLoOdD")
"""Letters that Unicode does not take apart into a letter and its mark."""

PersonName = Annotated[str, Field(min_length=1, max_length=200)]
LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2}$")]


class Person(Frozen):
    """One of the brand's people; without languages they speak all that the brand does."""

    name: PersonName
    languages: tuple[LanguageCode, ...] = ()
    left: bool = False

    def speaks(self, language: str) -> bool:
        """Whether they can sign a reply in it."""
        return not self.languages or language in self.languages


class HandOver(Frozen):
    """A draft that went from one person, or from nobody, to another."""

    draft_id: str
    from_person: str | None = None
    to_person: PersonName
    by: str
    note: Text | None = None
    at: UtcTime


class AssignmentRequest(Frozen):
    """Who is to have a draft, and what they should know."""

    to: PersonName
    note: Text | None = Field(default=None, max_length=2000)


class RoutingRule(Frozen):
    """Who gets the drafts that all of this fits; what is absent fits every one."""

    channel: Channel | None = None
    language: LanguageCode | None = None
    sensitivity: Sensitivity | None = None
    kind: Kind | None = None
    to: tuple[PersonName, ...] = Field(min_length=1)

    @property
    def fits_all_of_a_sensitivity(self) -> bool:
        """Whether it asks for a sensitivity and nothing else."""
        return self.sensitivity is not None and not (self.channel or self.language or self.kind)


class Traits(Frozen):
    """What of a draft decides who gets it."""

    channel: Channel
    language: str | None = None
    """The language that the reply is written in."""
    kind: Kind | None = None
    sensitivities: tuple[Sensitivity, ...] = ()
    owner: str | None = None
    """Who takes it over by the brand's escalation rules."""

    def fit(self, rule: RoutingRule) -> bool:
        """Whether a rule speaks of it."""
        if rule.sensitivity is not None and rule.sensitivity not in self.sensitivities:
            return False
        pairs = (
            (rule.channel, self.channel),
            (rule.language, self.language),
            (rule.kind, self.kind),
        )
        return all(asked is None or asked == own for asked, own in pairs)


def same_name(one: str, other: str) -> bool:
    """Whether two names are one, however they were typed: capitals, accents and spaces aside."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    parts = unicodedata.normalize("NFKD", name.translate(_WITH_STROKES))
    letters = "".join(part for part in parts if not unicodedata.combining(part))
    return " ".join(letters.casefold().split())


def team_problem(team: tuple[Person, ...], routing: tuple[RoutingRule, ...]) -> str | None:
    """What is wrong with a team and its rules, in words."""
    names = [person.name for person in team]
    twins = sorted({name for name in names if names.count(name) > 1})
    if twins:
        return f"team: the same name twice: {', '.join(twins)}"
    if kept := sorted({NOBODY, LEFT}.intersection(names)):
        return f"team: {', '.join(kept)} means something else in the queue; write a full name"
    asked = {name for rule in routing for name in rule.to}
    if strangers := sorted(asked - set(names)) if team else []:
        return f"routing: not in the team: {', '.join(strangers)}"
    return None
