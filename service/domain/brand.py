"""A brand: its voice, contact rules, targets and settings, as `brand.yaml` holds them."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, field_validator

from service.domain.base import Frozen, Text
from service.domain.checks import CHECK_IDS, Severity
from service.domain.thread import Channel
from service.domain.triage import DeadlineClass, Sensitivity

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
DEFAULT_MINUTES = {DeadlineClass.URGENT: 15, DeadlineClass.NORMAL: 60, DeadlineClass.LOW: 480}


def _listed(value: object) -> object:
    return () if value is None else value


PromptName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
PromptVersion = Annotated[str, Field(pattern=r"^v[0-9]{1,6}$")]
"""As `amends prompt list` names them: `draft_reply: v1`."""

Listed = Annotated[tuple[Text, ...], BeforeValidator(_listed)]


class Mentions(Frozen):
    """How customers name the brand."""

    names: Listed = ()
    handles: Listed = ()
    hashtags: Listed = ()
    domains: Listed = ()


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


class ChannelTarget(Frozen):
    """How many minutes an answer may take on a channel, and in which hours that counts."""

    minutes: int = Field(ge=1)
    hours: str | None = None


class ResponseTargets(Frozen):
    """When an answer is due."""

    channels: dict[Channel, ChannelTarget] = Field(default_factory=dict)
    classes: dict[DeadlineClass, int] = Field(default_factory=dict)

    def minutes(self, channel: Channel, deadline_class: DeadlineClass) -> int:
        """Minutes until an answer is due: the stricter of the class's and the channel's."""
        by_class = self.classes.get(deadline_class, DEFAULT_MINUTES[deadline_class])
        target = self.channels.get(channel)
        if target is None or deadline_class is DeadlineClass.LOW:
            return by_class
        return min(by_class, target.minutes)


class EscalationRule(Frozen):
    """Who takes over: by sensitivity, or by a plain description matched by meaning."""

    sensitivity: Sensitivity | None = None
    words: Text | None = None
    owner: str


class CheckSetting(Frozen):
    """What a brand sets for one check."""

    severity: Severity | None = None
    options: dict[str, Any] = Field(default_factory=dict)


def _check_setting(value: object) -> object:
    return {"severity": value} if isinstance(value, str) else value


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
    follow_up_windows: Annotated[Listed, Field(min_length=1)] = ("an update within 24 hours",)
    escalation: tuple[EscalationRule, ...] = ()
    holding_replies: dict[str, tuple[Text, ...]] = Field(default_factory=dict)
    signature: Text = ""
    four_eyes: bool = False
    prompts: dict[PromptName, PromptVersion] = Field(default_factory=dict)
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

    def max_chars(self, channel: Channel) -> int:
        """How long a reply on that channel may be."""
        return self.contact.max_reply_chars.get(channel, DEFAULT_MAX_CHARS[channel])

    def answer_language(self, customer_language: str) -> str:
        """The customer's language where the brand speaks it, else the brand's first."""
        return customer_language if customer_language in self.languages else self.languages[0]
