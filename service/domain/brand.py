"""A brand: its voice, contact rules, targets and settings, as `brand.yaml` holds them."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, field_validator, model_validator

from service.domain.base import Frozen, Text
from service.domain.checks import CHECK_IDS, Severity
from service.domain.hours import Calendar, ResponseTargets
from service.domain.team import Person, PersonName, RoutingRule, same_name, team_problem
from service.domain.thread import Channel
from service.domain.triage import DANGERS, Sensitivity

DEFAULT_MAX_CHARS = {
    Channel.X: 280,
    Channel.APP_REVIEW: 350,
    Channel.INSTAGRAM: 600,
    Channel.FACEBOOK: 700,
    Channel.GOOGLE_REVIEW: 700,
    Channel.EMAIL: 1600,
    Channel.HELPDESK: 1600,
    Channel.CHAT: 700,
    Channel.OTHER: 700,
}


def _listed(value: object) -> object:
    return () if value is None else value


PromptName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
PromptVersion = Annotated[str, Field(pattern=r"^v[0-9]{1,6}$")]
"""As `amends prompt list` names them: `draft_reply: v1`."""
Pins = dict[PromptName, PromptVersion]

Listed = Annotated[tuple[Text, ...], BeforeValidator(_listed)]


class Mentions(Frozen):
    """How customers name the brand."""

    names: Listed = ()
    handles: Listed = ()
    hashtags: Listed = ()
    domains: Listed = ()
    about: Text = Field(default="", max_length=500)
    """What the firm does, in one plain line: it tells a name from the same word."""


class Contact(Frozen):
    """Where a customer can go, and what must never be said in public."""

    private_channel: dict[Channel, Text] = Field(default_factory=dict)
    allowed_links: Listed = ()
    never_in_public: Listed = ()
    max_reply_chars: dict[Channel, int] = Field(default_factory=dict)

    def private_way(self, channel: Channel) -> str | None:
        """Words for the same platform's private channel; None where there is none."""
        words = self.private_channel.get(channel, "").strip()
        return None if not words or words.lower().startswith("none") else words


class EscalationRule(Frozen):
    """Who takes over: by sensitivity, or by a plain description matched by meaning."""

    sensitivity: Sensitivity | None = None
    words: Text | None = None
    owner: PersonName


def _off(value: object) -> object:
    """YAML takes a plain `off` for false."""
    return Severity.OFF if value is False else value


class CheckSetting(Frozen):
    """What a brand sets for one check."""

    severity: Annotated[Severity | None, BeforeValidator(_off)] = None
    options: dict[str, Any] = Field(default_factory=dict)


def _check_setting(value: object) -> object:
    return {"severity": value} if isinstance(value, str | bool) else value


class Brand(Frozen):
    """A tenant. Only id, name and voice are required; the rest has sane defaults."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")
    name: Text = Field(min_length=1)
    voice: Text = Field(min_length=1)
    languages: tuple[Annotated[str, Field(pattern=r"^[a-z]{2}$")], ...] = ("en",)
    timezone: str = "UTC"
    mentions: Mentions = Mentions()
    contact: Contact = Contact()
    community_guidelines: Text = ""
    response_targets: ResponseTargets = ResponseTargets()
    max_public_turns: int = Field(default=3, ge=1, le=50)
    """After so many answers in public the rest of a complaint goes to the private channel."""
    follow_up_windows: Annotated[Listed, Field(min_length=1)] = ("an update within 24 hours",)
    escalation: tuple[EscalationRule, ...] = ()
    team: tuple[Person, ...] = ()
    routing: tuple[RoutingRule, ...] = ()
    holding_replies: dict[str, tuple[Text, ...]] = Field(default_factory=dict)
    signature: Text = ""
    four_eyes: bool = False
    promise_owner: Literal["approver", "named"] = "approver"
    prompts: Pins = Field(default_factory=dict)
    checks: dict[str, Annotated[CheckSetting, BeforeValidator(_check_setting)]] = Field(
        default_factory=dict
    )

    @field_validator("languages")
    @classmethod
    def _at_least_one(cls, languages: tuple[str, ...]) -> tuple[str, ...]:
        if not languages:
            raise ValueError("list at least one language")
        return languages

    @field_validator("timezone")
    @classmethod
    def _real_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as exc:
            raise ValueError("not an IANA time zone such as Europe/Warsaw") from exc
        return name

    @field_validator("checks")
    @classmethod
    def _known_checks(cls, checks: dict[str, CheckSetting]) -> dict[str, CheckSetting]:
        unknown = sorted(set(checks) - CHECK_IDS)
        if unknown:
            raise ValueError(f"no such check: {', '.join(unknown)}")
        return checks

    @model_validator(mode="after")
    def _team_fits(self) -> Self:
        if problem := team_problem(self.team, self.routing):
            raise ValueError(problem)
        return self

    @property
    def unowned_dangers(self) -> tuple[Sensitivity, ...]:
        """Where somebody may come to harm and nobody who is still here takes it over."""
        gone = {person.name for person in self.team if person.left}
        owned = {one.sensitivity for one in self.escalation if one.owner not in gone}
        whole = (rule for rule in self.routing if rule.fits_all_of_a_sensitivity)
        owned |= {rule.sensitivity for rule in whole if not gone.issuperset(rule.to)}
        return tuple(one for one in Sensitivity if one in DANGERS and one not in owned)

    @property
    def zone(self) -> ZoneInfo:
        """The brand's time zone."""
        return ZoneInfo(self.timezone)

    def today(self, now: datetime) -> date:
        """The day it is where the brand is."""
        return now.astimezone(self.zone).date()

    @property
    def calendar(self) -> Calendar:
        """The days it goes by when it names a time."""
        return Calendar(self.zone, self.response_targets.holidays)

    def person(self, name: str) -> Person:
        """One of the team; of somebody whom it does not list, only the name is known."""
        alike = [person for person in self.team if same_name(person.name, name)]
        exact = (person for person in alike if person.name == name)
        return next(exact, alike[0] if alike else Person(name=name))

    def knows(self, name: str) -> bool:
        """Whether one of the team, or an owner of the rules, has this name; any without a team."""
        names = [person.name for person in self.team]
        owners = [rule.owner for rule in self.escalation]
        return not names or any(same_name(name, one) for one in (*names, *owners))

    def max_chars(self, channel: Channel) -> int:
        """How long a reply on that channel may be."""
        return self.contact.max_reply_chars.get(channel, DEFAULT_MAX_CHARS[channel])

    def answer_language(self, customer_language: str) -> str:
        """The customer's language where the brand speaks it, else the brand's first."""
        return customer_language if customer_language in self.languages else self.languages[0]
