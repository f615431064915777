import pytest

from service.domain.draft import ChatMessage
from service.errors import ModelTimeout
from service.llm.client import ChatModel, ChatRequest
from service.llm.scripted import ScriptedChatModel

REQUEST = ChatRequest(messages=(ChatMessage(role="user", content="Where is my parcel?"),))


async def test_answers_come_in_turn_and_requests_are_kept() -> None:
    model: ChatModel = ScriptedChatModel(["one", lambda request: request.messages[0].content])

    first = await model.complete(REQUEST)
    second = await model.complete(REQUEST)

    assert (first.text, first.model, first.cut) == ("one", "scripted", False)
    assert second.text == "Where is my parcel?"
    assert isinstance(model, ScriptedChatModel)
    assert model.requests == [REQUEST, REQUEST]


async def test_an_exception_in_the_script_is_raised() -> None:
    model = ScriptedChatModel([ModelTimeout("late"), "then"])

    with pytest.raises(ModelTimeout, match="late"):
        await model.complete(REQUEST)

    assert (await model.complete(REQUEST)).text == "then"


async def test_a_script_that_ran_out_fails_the_test() -> None:
    model = ScriptedChatModel(["only"])
    await model.complete(REQUEST)

    with pytest.raises(AssertionError, match="ran out after 1"):
        await model.complete(REQUEST)


async def test_the_last_answer_repeats_when_told() -> None:
    model = ScriptedChatModel(["a", "b"], repeat_last=True, delay_s=0.001)

    assert [(await model.complete(REQUEST)).text for _ in range(4)] == ["a", "b", "b", "b"]
    assert await model.ready() is None
    await model.aclose()
