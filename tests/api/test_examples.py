import pytest
from pydantic import BaseModel

from service.api import examples
from service.api.shapes import PastReplies, Policies, RedraftRequest
from service.domain.brand import Brand
from service.domain.review import DecisionRequest
from service.domain.thread import Case, ReplyToCheck

LISTED = [
    (model, name, example["value"])
    for model, found in (
        (Case, examples.CASES),
        (ReplyToCheck, examples.REPLIES),
        (DecisionRequest, examples.DECISIONS),
        (RedraftRequest, examples.REDRAFTS),
        (Policies, examples.POLICIES),
        (PastReplies, examples.PAST_REPLIES),
        (Brand, examples.SETTINGS),
    )
    for name, example in found.items()
]


@pytest.mark.parametrize(("model", "name", "value"), LISTED, ids=lambda v: str(v)[:30])
def test_an_example_is_a_valid_body(model: type[BaseModel], name: str, value: object) -> None:
    sent = model.model_validate(value)
    assert sent.model_dump(exclude_unset=True), name
