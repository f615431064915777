"""Questions that lead to policy passages, written by the chat model for a person to review."""

import re
from collections.abc import Sequence

from pydantic import Field, ValidationError

from service.domain.base import Lenient
from service.domain.brand import Brand
from service.domain.draft import ChatMessage
from service.domain.knowledge import MOST_ASKS, Asks, PolicyPassage
from service.llm.client import ChatModel, ChatRequest
from service.llm.lenient_json import first_object
from service.prompting.pins import pinned_template
from service.prompting.template import PromptTemplate
from service.text.fences import fence
from service.text.folding import fold
from service.text.personal_data import find_personal_data
from service.text.urls import links_in

PROMPT = "expand"
_ROUNDS = 2
_TOKENS_A_LINE = 60
_BRANDS_VOICE = re.compile(
    r"\W*(?:we|our|you (?:can|may|will|have|are)|please|contact us|"
    r"nasz\w*|oferujemy|prosimy|mozesz|moga panstwo|"
    r"nuestr[oa]s?|ofrecemos|puedes|puede usted|"
    r"wir|unsere?r?|sie (?:konnen|haben)|du kannst)(?!\w)(?![^?]*\?)"
)
_LANGUAGES = {"en": "English", "pl": "Polish", "es": "Spanish", "de": "German", "fr": "French"}


class _Answer(Lenient):
    asks: Asks = Field(min_length=1)


class AskWriter:
    """Asks the model about one passage at a time; nothing is stored."""

    def __init__(self, model: ChatModel, template: PromptTemplate | None = None) -> None:
        self._model = model
        self._template = template

    async def write(
        self, brand: Brand, passage: PolicyPassage, *, count: int, languages: Sequence[str] = ()
    ) -> tuple[str, ...]:
        """Lines that customers would write who need the passage; empty where none can be read."""
        template = self._template or pinned_template(PROMPT, brand)
        values = {
            "brand_name": brand.name,
            "languages": [_LANGUAGES.get(code, code) for code in languages or brand.languages],
            "count": min(count, MOST_ASKS),
            "title": passage.title or passage.id,
            "passage": fence("passage", passage.text[: template.max_passage_chars]),
        }
        messages = [
            ChatMessage(role="system", content=template.fill(template.system, values)),
            ChatMessage(role="user", content=template.fill(template.user, values)),
        ]
        for _ in range(_ROUNDS):
            text = await self._answered(messages, count)
            if asks := tuple(filter(_is_a_customers, read_asks(text, most=count))):
                return asks
            again = template.fill(template.revise, values)
            messages += [
                ChatMessage(role="assistant", content=text),
                ChatMessage(role="user", content=again),
            ]
        return ()

    async def _answered(self, messages: Sequence[ChatMessage], count: int) -> str:
        completion = await self._model.complete(
            ChatRequest(
                messages=tuple(messages),
                temperature=0.8,
                max_tokens=200 + _TOKENS_A_LINE * count,
                schema=_schema(count),
            )
        )
        return completion.text


def read_asks(text: str, *, most: int) -> tuple[str, ...]:
    """The lines of an answer, each once; empty where it holds none that can be kept."""
    found = first_object(text, max(text.find("{"), 0))
    lines = found.get("asks") if found else None
    if not isinstance(lines, list):
        return ()
    strings = [line for line in lines if isinstance(line, str) and len(line) <= 300]
    try:
        return _Answer.model_validate({"asks": strings[:most]}).asks
    except ValidationError:
        return ()


def _is_a_customers(line: str) -> bool:
    """No customer speaks for the brand, or hands out its addresses."""
    told = any(links_in(line)) or any(find_personal_data(line))
    return not told and _BRANDS_VOICE.match(fold(line)) is None


def _schema(count: int) -> dict[str, object]:
    line = {"type": "string", "maxLength": 300}
    asks = {"type": "array", "items": line, "minItems": 1, "maxItems": count}
    schema: dict[str, object] = {
        "type": "object",
        "properties": {"asks": asks},
        "required": ["asks"],
        "additionalProperties": False,
    }
    return schema
