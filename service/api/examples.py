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
                {"check": "ungrounded_specific", "reason": "I rang the depot: the van broke down."}
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
ASSIGNMENTS: dict[str, Example] = {
    "over": {
        "summary": "Hand it over, with a word to whoever gets it",
        "value": {"to": "Marta", "note": "She called twice; the depot has the new slot."},
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
CHANGES: dict[str, Example] = {
    "kept": {
        "summary": "It was kept",
        "value": {"status": "kept", "by": "Marta", "expected_version": 1},
    },
    "moved": {
        "summary": "Somebody else keeps it, and later",
        "value": {
            "owner": "Zofia",
            "due_at": "2026-11-27T17:00:00Z",
            "note": "The depot answers on Friday.",
            "by": "Marta",
            "expected_version": 1,
        },
    },
}
NEWS: dict[str, Example] = {
    "visit": {
        "summary": "Something that may be told",
        "value": {"text": "The engineer comes on Friday between 9 and 11.", "by": "Marta"},
    },
}
RESOLUTIONS: dict[str, Example] = {
    "private": {
        "summary": "Solved in private: the words shape no public reply",
        "value": {
            "what": "Refunded €43.20 by phone, order 5512-AA.",
            "private": True,
            "by": "Marta",
        },
    },
    "public": {
        "summary": "Solved in a way that may be told",
        "value": {"what": "The new kettle arrived on Saturday.", "by": "Marta"},
    },
}
STYLE_NOTES: dict[str, Example] = {
    "own": {
        "summary": "A note for English replies on X",
        "value": {
            "text": "Write as one person: I, not we.",
            "by": "Zofia",
            "language": "en",
            "channel": "x",
            "edit_kind": "voice",
        },
    },
}
NOTE_DECISIONS: dict[str, Example] = {
    "accept": {
        "summary": "Accept it in other words, until the end of the season",
        "value": {
            "decision": "accept",
            "by": "Zofia",
            "text": "Say I, not we.",
            "expires_at": "2027-03-31T00:00:00Z",
        },
    },
    "retire": {"summary": "Let it go", "value": {"decision": "retire", "by": "Zofia"}},
}
MARKS: dict[str, Example] = {
    "mark": {"summary": "Marta wants to see more of it", "value": {"by": "Marta"}},
}
EXAMPLE_DECISIONS: dict[str, Example] = {
    "accept": {
        "summary": "Accept it with a better ending",
        "value": {
            "decision": "accept",
            "by": "Zofia",
            "reply": "You took the day off, and nobody came or rang. I'm sorry. I'm finding out "
            "what happened and will write to you here. Thank you for telling me.",
        },
    },
    "decline": {"summary": "Decline it", "value": {"decision": "decline", "by": "Zofia"}},
}
MENTIONS: dict[str, Example] = {
    "feed": {
        "summary": "A complaint that tags nobody, an edit, and a post that was taken down",
        "value": {
            "items": [
                {
                    "external_id": "x-1893",
                    "channel": "x",
                    "text": "day three without a fridge, tidewell says tomorrow. again.",
                    "author_name": "Ruth",
                    "author_handle": "@ruthinleeds",
                    "posted_at": "2026-11-22T08:12:00Z",
                    "conversation_id": "x-1893",
                },
                {
                    "external_id": "x-1871",
                    "channel": "x",
                    "event": "edited",
                    "text": "Tidewell took €40 twice. Second one is still gone.",
                    "revised_at": "2026-11-22T08:20:00Z",
                },
                {"external_id": "x-1860", "event": "deleted"},
            ]
        },
    },
}
