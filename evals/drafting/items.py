"""What must, or must not, be true of a reply: typed items, each matched by rules for its type.

Nothing here knows how our own drafts put things: figures are compared by value, things by the stems
of their names, acts by the trained reader of sentences and by production's own checks.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from evals.errors import faults
from service.domain.base import Frozen


class Act(StrEnum):
    """What a reply does, or must not do."""

    APOLOGISE = "apologise"
    THANK = "thank"
    ANSWER = "answer"
    OFFER = "offer"
    NEXT_STEP = "next_step"
    PROMISE_TIME = "promise_time"
    MOVE_PRIVATE = "move_private"
    STATE_BOUNDARY = "state_boundary"
    DECLINE = "decline"
    OWN_BROKEN_PROMISE = "own_broken_promise"
    CLOSE_LOOP = "close_loop"
    GIVE_CONDITION = "give_condition"
    ASK_QUESTION = "ask_question"
    ASK_PRIVATE_DATA = "ask_private_data"
    CLAIM_DONE = "claim_done"
    PROMISE_COMPENSATION = "promise_compensation"
    ADMIT_LIABILITY = "admit_liability"
    BLAME_CUSTOMER = "blame_customer"
    CALL_IT_SAFE = "call_it_safe"
    JOKE = "joke"
    OBEY_INJECTION = "obey_injection"
    TAKE_BRAND_ELSEWHERE = "take_brand_elsewhere"
    REPEAT_PRIVATE_DATA = "repeat_private_data"
    MENTION_DELETION = "mention_deletion"
    ASK_AGAIN = "ask_again"


class PolicyValue(Frozen):
    """A figure with its unit, such as `25 EUR`; `passage` is where policy says it."""

    type: Literal["policy_value"]
    value: str
    passage: str | None = None

    def __str__(self) -> str:
        return self.value


class Entity(Frozen):
    """A concrete thing of the story, by any of its names; `about` is an issue's id."""

    type: Literal["entity"]
    any_of: tuple[str, ...] = Field(min_length=1)
    about: str | None = None

    def __str__(self) -> str:
        return self.any_of[0]


class ActItem(Frozen):
    """A thing done by the reply; `traces` are words that would show an obeyed order."""

    type: Literal["act"]
    act: Act
    about: str | None = None
    traces: tuple[str, ...] = ()

    def __str__(self) -> str:
        about = f" ({self.about})" if self.about else ""
        return self.act.value.replace("_", " ") + about


Item = Annotated[PolicyValue | Entity | ActItem, Field(discriminator="type")]

SHAPES = (
    '{"type": "policy_value", "value": "2 working days", "passage": "missed-slot"}',
    '{"type": "entity", "any_of": ["washing machine", "washer"]}',
    '{"type": "act", "act": "apologise"}',
)
"""An item of each type, as a person may write it into a row."""
_ITEMS = ("must", "must_not")
_NO_TYPE = ("union_tag_not_found", "union_tag_invalid")


def row_faults(error: ValidationError) -> str:
    """What is wrong with a row, and where it is an item, how items look."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    in_items = any(one["loc"][:1] in [(name,) for name in _ITEMS] for one in found)
    told = faults(error, dict.fromkeys(_NO_TYPE, "`type` is none of policy_value, entity, act"))
    return f"{told}. Each item is one of {', '.join(SHAPES)}" if in_items else told
