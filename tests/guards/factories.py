"""Contexts for the tests of checks: a believable brand, and one call for everything else."""

from collections.abc import Sequence

from service.domain.brand import Brand, Contact, Mentions
from service.domain.hours import ResponseTargets
from service.domain.knowledge import FoundPassage, Scores
from service.domain.thread import Author, Case, Channel, Complaint, KnownFact, Message
from service.domain.triage import MoveKind
from service.guards.context import CheckContext

LAMPWICK = Brand(
    id="lampwick",
    name="Lampwick",
    voice="Warm and plain. Signs with a first name. Writes I, not we.",
    languages=("en", "pl", "es", "de"),
    timezone="Europe/Warsaw",
    mentions=Mentions(
        names=("Lampwick",), handles=("@lampwick", "@LampwickHelp"), domains=("lampwick.example",)
    ),
    contact=Contact(
        private_channel={
            Channel.X: "a direct message to @LampwickHelp",
            Channel.FACEBOOK: "Messenger",
            Channel.INSTAGRAM: "a direct message",
            Channel.GOOGLE_REVIEW: "none: answer in public",
            Channel.CHAT: "this chat",
        },
        allowed_links=("https://lampwick.example/help", "lampwick.example/returns"),
        never_in_public=("order number", "e-mail address", "phone number", "home address"),
    ),
    community_guidelines="Be kind. Insults and slurs are not accepted on our pages.",
    response_targets=ResponseTargets.model_validate(
        {"channels": {"x": {"minutes": 30, "hours": "08:00-20:00"}}}
    ),
    follow_up_windows=("an update by 18:00 the next working day", "an update within 48 hours"),
    signature="",
)
"""A shop for lamps that answers in four languages."""


def passage(
    text: str, *, passage_id: str = "p1", title: str = "", language: str = "en", version: str = "1"
) -> FoundPassage:
    """A passage of policy as the retriever hands it over."""
    return FoundPassage(
        id=passage_id,
        version=version,
        title=title,
        text=text,
        language=language,
        score=0.8,
        excerpt=text[:200],
        scores=Scores(vector=0.8),
    )


def _message(spoken: Message | str | tuple[str, str]) -> Message:
    """A message as it is, a plain text as the customer's, a pair as (author, text)."""
    if isinstance(spoken, Message):
        return spoken
    author, text = ("customer", spoken) if isinstance(spoken, str) else spoken
    return Message(author=Author(author), text=text)


def context(
    reply: str,
    *,
    complaint: str | Complaint = "My lamp arrived broken and nobody answers.",
    channel: Channel | str = "x",
    policy: Sequence[FoundPassage | str] = (),
    recent: Sequence[str] = (),
    language: str = "en",
    brand: Brand | None = None,
    thread: Sequence[Message | str | tuple[str, str]] = (),
    known: Sequence[KnownFact | str] = (),
    resolved: KnownFact | str | None = None,
    move: MoveKind = MoveKind.PUBLIC_REPLY,
    max_chars: int | None = None,
) -> CheckContext:
    """A reply with its case; plain texts stand for passages, messages and public facts."""
    facts = tuple(KnownFact(text=fact) if isinstance(fact, str) else fact for fact in known)
    case = Case.model_validate(
        {
            "channel": channel,
            "complaint": complaint,
            "thread": tuple(_message(spoken) for spoken in thread),
            "known": facts,
            "resolved": KnownFact(text=resolved) if isinstance(resolved, str) else resolved,
            "options": {"max_chars": max_chars},
        }
    )
    passages = tuple(
        passage(item, passage_id=f"p{place}") if isinstance(item, str) else item
        for place, item in enumerate(policy, start=1)
    )
    return CheckContext(
        reply=reply,
        case=case,
        brand=brand or LAMPWICK,
        language=language,
        move=move,
        policy=passages,
        recent_replies=tuple(recent),
    )
