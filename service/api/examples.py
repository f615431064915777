"""Believable examples for every body, about the sample brand."""

from fastapi.openapi.models import Example

_LATE = {
    "id": "ticket-4711",
    "brand": "tidewell",
    "channel": "facebook",
    "thread_id": "fb-90210",
    "complaint": {
        "text": "Took Thursday off for the washing machine, slot was 10 till 2. Nobody came, "
        "nobody rang.",
        "author_name": "Declan",
        "posted_at": "2026-11-05T18:20:00Z",
        "external_id": "fb-90210-1",
    },
}
_SECOND_TIME = {
    "brand": "tidewell",
    "channel": "helpdesk",
    "thread": [
        {
            "author": "customer",
            "text": "The fridge hums so loudly that we can't sleep.",
            "posted_at": "2026-11-02T08:00:00Z",
        },
        {
            "author": "brand",
            "text": "I'm sorry about the noise. An engineer will ring you by Tuesday at 18:00.",
            "posted_at": "2026-11-02T09:30:00Z",
        },
    ],
    "complaint": {"text": "It's Wednesday and nobody has rung.", "author_name": "Ruth"},
    "known": [
        {"text": "The engineer was ill; a visit is booked for Friday between 9 and 11."},
        {"text": "The customer has already had two repairs.", "private": True},
    ],
    "options": {"wait_s": 0},
}

CASES: dict[str, Example] = {
    "least": {
        "summary": "Only the customer's words; the key knows the brand",
        "value": {"complaint": "Five weeks and the dishwasher is dead. Who do I talk to?"},
    },
    "post": {"summary": "A public post", "value": _LATE},
    "ticket": {
        "summary": "A ticket with its thread and what the agent knows",
        "value": _SECOND_TIME,
    },
    "closing": {
        "summary": "A closing update for a thread that is resolved",
        "value": {**_LATE, "resolved": {"text": "Delivered and connected on Saturday."}},
    },
}
REPLIES: dict[str, Example] = {
    "own": {
        "summary": "A reply that an agent wrote",
        "value": {
            **_LATE,
            "reply": "Declan, I'm sorry that you took Thursday off and nobody came or rang. "
            "I'm finding out what happened and will write to you here by 18:00 tomorrow.",
        },
    },
    "alone": {
        "summary": "Against named passages, compared with no recent replies",
        "value": {
            **_LATE,
            "reply": "We apologise if you feel inconvenienced.",
            "policy_ids": ["missed-slot"],
            "recent_replies": [],
        },
    },
}
DECISIONS: dict[str, Example] = {
    "approve": {
        "summary": "Approve it as it is",
        "value": {"decision": "approve", "by": "Marta", "expected_version": 1},
    },
    "edit": {
        "summary": "Write it anew; the text is checked and the version raised",
        "value": {
            "decision": "edit",
            "by": "Marta",
            "text": "Declan, I'm sorry. Nobody came on Thursday and nobody rang you.",
            "expected_version": 1,
        },
    },
    "override": {
        "summary": "Approve it against a blocking finding",
        "value": {
            "decision": "approve",
            "by": "Zofia",
            "expected_version": 2,
            "override": [
                {"check": "unsupported_facts", "reason": "I rang the depot: the van broke down."}
            ],
        },
    },
    "ignore": {
        "summary": "Leave it unanswered",
        "value": {
            "decision": "ignore",
            "by": "Marta",
            "reason": "The customer took the post down.",
            "expected_version": 1,
        },
    },
}
REDRAFTS: dict[str, Example] = {
    "soon": {"summary": "Wait ten seconds at most", "value": {"wait_s": 10}},
}
POLICIES: dict[str, Example] = {
    "one": {
        "summary": "The whole policy of a brand: one passage",
        "value": {
            "items": [
                {
                    "id": "missed-slot",
                    "version": "1.1",
                    "title": "When the van misses your delivery slot",
                    "text": "If our van misses the slot that you confirmed, you receive €20 as "
                    "store credit.",
                    "language": "en",
                    "status": "active",
                    "valid_from": "2026-06-01",
                    "asks": ["nobody came in my time slot", "czekałam cały dzień i nikt"],
                }
            ]
        },
    },
    "versions": {
        "summary": "A new version from January on, and the old one until then",
        "value": {
            "items": [
                {"id": "missed-slot", "version": "1.1", "text": "A missed slot gives €20."},
                {
                    "id": "missed-slot",
                    "version": "2",
                    "text": "A missed slot gives €30.",
                    "valid_from": "2027-01-01",
                },
            ]
        },
    },
}
PAST_REPLIES: dict[str, Example] = {
    "one": {
        "summary": "All past replies of a brand: one",
        "value": {
            "items": [
                {
                    "id": "reply-17",
                    "complaint": "The kettle leaks from the first day.",
                    "reply": "That's no way to start the day, sorry. Would you rather have a new "
                    "one or your money back?",
                    "language": "en",
                    "channel": "facebook",
                }
            ]
        },
    },
}
SETTINGS: dict[str, Example] = {
    "small": {
        "summary": "The least, and what most brands add",
        "value": {
            "id": "tidewell",
            "name": "Tidewell",
            "voice": "I'm Marta: first person, warm, plain, short sentences.",
            "languages": ["en", "pl"],
            "timezone": "Europe/Warsaw",
            "follow_up_windows": ["an update by 18:00 the next working day"],
            "escalation": [{"sensitivity": "safety", "owner": "Ewa Lis, product safety"}],
            "signature": "– Marta, Tidewell",
            "four_eyes": True,
        },
    },
}
