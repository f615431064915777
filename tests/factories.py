"""Believable brands and cases for tests above the domain; small, so that they embed quickly."""

from typing import Any

from service.domain.brand import Brand
from service.domain.knowledge import PastReply, PolicyPassage
from service.domain.review import LOCAL_ADMIN, Caller, DecisionRequest
from service.domain.thread import Case

ADMIN: Caller = LOCAL_ADMIN

LAMPS = Brand.model_validate(
    {
        "id": "lampwick",
        "name": "Lampwick",
        "voice": "Warm and plain, one person who says I.",
        "languages": ["en", "pl", "es", "de"],
        "timezone": "Europe/Warsaw",
        "contact": {
            "private_channel": {"x": "a direct message to @lampwick", "google_review": "none"},
            "allowed_links": ["https://lampwick.example/help"],
            "never_in_public": ["order number", "address"],
        },
        "follow_up_windows": ["an update by 18:00 the next working day"],
        "escalation": [{"sensitivity": "safety", "owner": "Ines, product safety"}],
    }
)
POLICY = (
    PolicyPassage(
        id="broken-on-arrival",
        version="2",
        title="Broken on arrival",
        text="A lamp that arrives broken is replaced free of charge or refunded in full if you "
        "tell us within 14 days of delivery.",
    ),
    PolicyPassage(
        id="late-parcel",
        version="1",
        title="Late parcel",
        text="A parcel that is more than 5 days late entitles you to €10 back.",
    ),
    PolicyPassage(
        id="late-parcel",
        version="0",
        title="Late parcel",
        text="A parcel that is more than 5 days late entitles you to €4 back.",
        status="superseded",
    ),
)
PAST = (
    PastReply(
        id="pr-1",
        complaint="My desk lamp came with a cracked shade and I'm fed up",
        reply="A cracked shade on a new lamp, I'm sorry. A new one or your money back?",
        language="en",
        channel="x",
    ),
)
BROKEN = "My new lamp arrived with the glass smashed and the parcel was nine days late. Not happy."


def case(text: str = BROKEN, **more: Any) -> Case:
    """A public complaint on X."""
    return Case.model_validate({"channel": "x", "complaint": text, **more})


def decision(kind: str, *, version: int = 1, **more: Any) -> DecisionRequest:
    """A decision by Ola, on the given version."""
    return DecisionRequest.model_validate(
        {"decision": kind, "by": "ola", "expected_version": version, **more}
    )
