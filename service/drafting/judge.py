"""The judge over a chat model: one small question per failure, asked at once and remembered."""

import asyncio
import hashlib
import html
import json
import re
from collections import OrderedDict
from collections.abc import Collection, Sequence

import structlog
from pydantic import ValidationError

from service.domain.base import Lenient, Text
from service.domain.draft import ChatMessage
from service.drafting.judge_evidence import EVIDENCE, evidence_for
from service.errors import ConfigurationError, ModelError
from service.guards.context import CheckContext
from service.guards.judging import JudgedFinding, Judgement
from service.guards.sources import customer_texts
from service.llm.client import ChatModel, ChatRequest
from service.llm.endpoints import BUNDLED, bundled_name
from service.llm.lenient_json import first_object
from service.prompting.judge_prompts import JudgePrompt, load_judge_prompt
from service.prompting.prompt_files import require_known
from service.settings import ChecksSettings
from service.text.fences import visible

_log = structlog.get_logger(__name__)

_AT_ONCE = 4
_KEPT = 2048
_MAX_TOKENS = 600
_MOST_OBJECTS = 20
_MOST_WORDS, _MOST_REASON = 600, 300
_THOUGHTS = re.compile(r"\A\s*<think>.*?(</think>|\Z)", re.DOTALL)
_MARKUP = re.compile(r"[<>]")
# A model that copies out a text makes its quotation marks and apostrophes plain, or curls them.
_ALIKE = {**dict.fromkeys("'’‘`", "['’‘`]"), **dict.fromkeys('"“”„', '["“”„]')}


class Answer(Lenient):
    """A model's answer to one question."""

    why: Text | None = None
    words: Text | None = None
    found: bool


# All required, and in this order: a model held to it gives its reason and its proof before it
# judges. Left free, a small one said "found" first and never quoted anything.
_SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {
        "why": {"type": "string"},
        "words": {"type": "string"},
        "found": {"type": "boolean"},
    },
    "required": ["why", "words", "found"],
    "additionalProperties": False,
}


class ModelJudge:
    """Asks a chat model about each failure that has a prompt; answers are kept by what was asked.

    Raises ConfigurationError at once for a failure without a prompt.
    """

    def __init__(self, model: ChatModel, settings: ChecksSettings) -> None:
        self._model = model
        self._other_model = settings.judge_model
        self._timeout_s = settings.judge_timeout_s
        self._prompts = tuple(_usable(load_judge_prompt(check)) for check in settings.judged)
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._kept: OrderedDict[str, Answer] = OrderedDict()

    async def judge(self, context: CheckContext, checks: Collection[str]) -> Judgement:
        """One question per check, all within one deadline; what comes in time counts."""
        asked = [one for one in self._prompts if one.check in checks and _applies(one, context)]
        until = asyncio.get_running_loop().time() + self._timeout_s
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._answer(one, context, until)) for one in asked]
        answers = [task.result() for task in tasks]
        found = (_finding(*pair, context) for pair in zip(asked, answers, strict=True))
        complete = bool(asked) and None not in answers
        return Judgement(tuple(one for one in found if one is not None), complete=complete)

    async def _answer(
        self, prompt: JudgePrompt, context: CheckContext, until: float
    ) -> Answer | None:
        messages = prompt.messages(evidence_for(prompt.variables, context))
        key = self._key(prompt, messages)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        answer = await self._asked(prompt.check, messages, until)
        if answer is not None:
            self._keep(key, answer)
        return answer

    async def _asked(
        self, check: str, messages: tuple[ChatMessage, ...], until: float
    ) -> Answer | None:
        try:
            async with asyncio.timeout_at(until), self._places:
                completion = await self._model.complete(self._request(messages))
        except (ModelError, TimeoutError) as exc:
            _log.warning("judge did not answer", check=check, error=type(exc).__name__)
            return None
        answer = read_answer(completion.text)
        if answer is None:
            _log.warning("judge's answer is not readable", check=check, cut=completion.cut)
        return answer

    def _request(self, messages: tuple[ChatMessage, ...]) -> ChatRequest:
        return ChatRequest(
            messages=messages,
            temperature=0.0,
            max_tokens=_MAX_TOKENS,
            schema=_SCHEMA,
            model=self._other_model,
            timeout_s=self._timeout_s,
        )

    def _key(self, prompt: JudgePrompt, messages: Sequence[ChatMessage]) -> str:
        """The messages hold the reply and its evidence, so their hash is the hash of both."""
        model = self._other_model or self._model.name
        told = [prompt.sha256, model, *(message.content for message in messages)]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def _keep(self, key: str, answer: Answer) -> None:
        self._kept[key] = answer
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)


def judge_of(settings: ChecksSettings, model: ChatModel) -> ModelJudge | None:
    """The judge that the settings ask for; None where it is off.

    Raises ConfigurationError for the bundled model, which finds nearly every fault in any reply.
    """
    if not settings.is_judged:
        return None
    if settings.judge_model in (None, BUNDLED) and model.name == bundled_name():
        raise ConfigurationError(
            "the bundled model is too small to judge replies: name another in AMENDS_CHECKS__JUDGE,"
            " or set it to off"
        )
    return ModelJudge(model, settings)


def read_answer(text: str) -> Answer | None:
    """The last object in the text that answers; None where none does.

    The last one, since a model that thinks aloud first may quote what the reply holds.
    """
    plain = _THOUGHTS.sub("", text)
    places = [match.start() for match in re.finditer(r"\{", plain)][-_MOST_OBJECTS:]
    for place in reversed(places):
        fields = first_object(plain, place)
        if fields is not None and "found" in fields:
            return _validated(fields)
    return None


def literal(words: str, text: str) -> str | None:
    """The words as they stand in the text, whatever quotes, spaces or capitals the model changed;
    None where they don't stand there."""
    wanted = html.unescape(words[:_MOST_WORDS]).split()
    pattern = r"\s+".join("".join(_ALIKE.get(c, re.escape(c)) for c in word) for word in wanted)
    match = re.search(pattern, text, re.IGNORECASE) if wanted else None
    return match[0] if match else None


def _validated(fields: dict[str, object]) -> Answer | None:
    try:
        return Answer.model_validate(fields)
    except ValidationError:
        return None


def _usable(prompt: JudgePrompt) -> JudgePrompt:
    where = f"judge prompt {prompt.check}/{prompt.version}.yaml"
    require_known(prompt.variables, EVIDENCE, where)
    return prompt


def _applies(prompt: JudgePrompt, context: CheckContext) -> bool:
    return not prompt.needs_policy or bool(context.policy or context.superseded)


def _finding(
    prompt: JudgePrompt, answer: Answer | None, context: CheckContext
) -> JudgedFinding | None:
    """What the answer says, in words that somebody really wrote; without those, nothing."""
    if answer is None or not answer.found:
        return None
    of_reply = prompt.words_from == "reply"
    texts = (context.reply,) if of_reply else customer_texts(context.case)
    words = next(filter(None, (literal(answer.words or "", text) for text in texts)), None)
    if words is None:
        _log.info("judge's words are not there", check=prompt.check)
        return None
    return JudgedFinding(
        check=prompt.check,
        words=words if of_reply else None,
        reason=_reason(answer.why) or prompt.description,
        suggestion=prompt.suggestion,
        evidence=None if of_reply else words,
    )


def _reason(why: str | None) -> str:
    """One short line without markup: it goes to reviewers, and into the prompt of a revision."""
    return " ".join(_MARKUP.sub("", visible(why or "")).split())[:_MOST_REASON]
